#pragma once
// Days and instants, and their text forms. Pure: no clock, any thread.
//
// A Day is a calendar date without a zone; comments name the zone where it matters (a "UTC day", a "visitor's day").
// An Instant is a point on the UTC time line, to the microsecond because Calendly prints six decimals.
// Ranges are half-open: [begin, end).
#include <chrono>
#include <string>
#include <string_view>

#include "shared/result.h"

namespace slotwire {

using Day = std::chrono::sys_days;
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

struct DayRange {
  Day begin;
  Day end;
  bool operator==(const DayRange&) const = default;
  [[nodiscard]] std::chrono::days length() const { return end - begin; }
  [[nodiscard]] bool contains(Day day) const { return begin <= day && day < end; }
};

struct InstantRange {
  Instant begin;
  Instant end;
  bool operator==(const InstantRange&) const = default;
  [[nodiscard]] bool contains(Instant instant) const { return begin <= instant && instant < end; }
};

// "2026-02-28"; exactly ten characters, years 1970..9999, the date must exist. Errors: bad_input with an empty field name.
[[nodiscard]] Result<Day> day_from_text(std::string_view text);
[[nodiscard]] std::string text_from_day(Day day);

// RFC 3339: "2026-01-06T14:00:00Z", any offset, any number of decimals (past the sixth they are cut), 't', 'z' and a space
// for 'T' accepted. Hour 24 means the next midnight and takes only zeros after it (Calendly's own examples have it).
// Leap seconds (":60") are refused: no slot starts on one. Years 1970..9999, in UTC too. Errors: bad_input.
[[nodiscard]] Result<Instant> instant_from_text(std::string_view text);

// "2026-01-06T14:00:00Z"; decimals only when there is a fraction.
[[nodiscard]] std::string text_from_instant(Instant instant);
// "2026-01-06T14:00:00.000000Z": always six decimals, as Calendly prints them and expects them.
[[nodiscard]] std::string calendly_text_from_instant(Instant instant);

// The UTC day an instant falls on.
[[nodiscard]] Day utc_day_of(Instant instant);
// The UTC days that a range of instants touches; empty for an empty range.
[[nodiscard]] DayRange utc_days_touching(InstantRange range);

}  // namespace slotwire
