#pragma once
// The dates of a slots request: from query parameters to a range. Pure.
#include <optional>
#include <string>
#include <string_view>

#include "proxy/time/zones.h"
#include "shared/calendar.h"
#include "shared/result.h"

namespace slotwire::slots {

struct AskedRange {
  InstantRange range;
  DayRange days;  // that the range touches, in `timezone`
  std::string timezone;
};

// What the request calls the two: error details name the field that is wrong.
struct RangeNames {
  std::string_view start = "start_date";
  std::string_view end = "end_date";
};

// Dates are inclusive and in `timezone` (default UTC); RFC 3339 instants make a half-open range. Default: today and 13 days
// more, or 14 days from the start given. Errors: invalid_date_range naming start_date, end_date or timezone, for anything
// malformed, reversed, empty, over 92 days or more than five years ahead (the first two by `names`).
[[nodiscard]] Result<AskedRange> asked_range(const std::optional<std::string>& start_date,
                                             const std::optional<std::string>& end_date,
                                             const std::optional<std::string>& timezone, const time::Zones& zones, Instant now,
                                             RangeNames names = {});

// A day (its beginning in `zone`) or an instant. Errors: invalid_date_range naming `field`, for what is neither, or more than
// five years ahead.
[[nodiscard]] Result<Instant> asked_instant(const std::string& text, std::string_view field, const ZoneOffsets& zone,
                                            Instant now);

}  // namespace slotwire::slots
