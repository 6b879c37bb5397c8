#pragma once
// Reads the dates of a slots request from its query parameters. Pure.
#include <optional>
#include <string>
#include <string_view>

#include "proxy/time/zones.h"
#include "shared/calendar.h"
#include "shared/result.h"

namespace slotwire::slots {

struct AskedRange {
  InstantRange range;
  DayRange days;  // the days in `timezone` that the range touches
  std::string timezone;
};

// The request's names for the two parameters, used in error details.
struct RangeNames {
  std::string_view start = "start_date";
  std::string_view end = "end_date";
};

// Dates are inclusive and in `timezone` (default UTC); RFC 3339 instants make a half-open range. Default: today and the 13 days
// after it, or 14 days from the given start. Errors: invalid_date_range naming the start, the end (both by `names`) or timezone,
// for anything malformed, reversed, empty, over 92 days or more than five years ahead.
[[nodiscard]] Result<AskedRange> asked_range(const std::optional<std::string>& start_date,
                                             const std::optional<std::string>& end_date,
                                             const std::optional<std::string>& timezone, const time::Zones& zones, Instant now,
                                             RangeNames names = {});

// A day (its beginning in `zone`) or an instant. Errors: invalid_date_range naming `field`, for anything else and for more than
// five years ahead.
[[nodiscard]] Result<Instant> asked_instant(const std::string& text, std::string_view field, const ZoneOffsets& zone,
                                            Instant now);

}  // namespace slotwire::slots
