#pragma once
// A time zone as a table of UTC offsets, filled from the caller's zone data (the browser's Intl, the proxy's tz database).
// Pure; safe to share between threads once built.
//
//   instants   ----0--------------t1-----------------t2------->
//   offset         first_offset    after(t1)          after(t2)
//
// These are ordinary results here, not errors: days of 23, 24 and 25 hours, days that do not exist (a zone that crosses the date
// line), and midnights that do not exist or happen twice.
#include <chrono>
#include <span>
#include <vector>

#include "shared/calendar.h"
#include "shared/slot.h"

namespace slotwire {

struct ZoneTransition {
  Instant at;
  std::chrono::seconds offset_after;  // east of UTC is positive
  bool operator==(const ZoneTransition&) const = default;
};

class ZoneOffsets {
 public:
  // UTC.
  ZoneOffsets() = default;
  // `transitions` must be ascending; `first_offset` holds before the first one.
  ZoneOffsets(std::chrono::seconds first_offset, std::vector<ZoneTransition> transitions);

  [[nodiscard]] std::chrono::seconds offset_at(Instant instant) const;
  [[nodiscard]] Day local_day_of(Instant instant) const;
  // Time since local midnight as a clock on the wall shows it; 0 <= result < 24 h.
  [[nodiscard]] std::chrono::microseconds local_time_of(Instant instant) const;
  // True when the wall clock shows this local time twice (the hour that repeats when clocks go back).
  [[nodiscard]] bool is_ambiguous(Instant instant) const;

  // The first instant whose local day is `day` or later.
  [[nodiscard]] Instant start_of(Day day) const;
  // [start_of(begin), start_of(end)); empty for a day the zone skipped.
  [[nodiscard]] InstantRange instants_of(DayRange days) const;

 private:
  std::chrono::seconds first_offset_{0};
  std::vector<ZoneTransition> transitions_;  // ascending
};

struct DaySlots {
  Day day;                      // in the visitor's zone
  std::span<const Slot> slots;  // borrowed from the caller's slots
};

// Groups ascending slots by the visitor's days: only days that have slots, ascending.
[[nodiscard]] std::vector<DaySlots> slots_by_day(std::span<const Slot> slots, const ZoneOffsets& zone);

}  // namespace slotwire
