#pragma once
// A schedule's hours as ranges of instants, and the starts that fit into them. Pure.
#include <chrono>
#include <vector>

#include "proxy/why/facts.h"

namespace slotwire::why {

// The first instant at which a clock of the zone shows this time on this day. For a time that the zone skips: the moment of the
// change.
[[nodiscard]] Instant instant_at(const ZoneOffsets& zone, Day day, std::chrono::minutes time);

// Which parts of a schedule to use; all but `as_set` answer a "what if".
enum class Reading {
  as_set,
  without_dates,          // by the weekdays only
  without_clock_changes,  // as if each day were 24 hours long
  whole_days,             // as if the host worked around the clock
};

// Hours that begin on a day of the schedule's zone that the range touches, at their full length: the last may end after the
// range. Ascending by schedule and begin, without empty ones.
[[nodiscard]] std::vector<InstantRange> open_hours(const std::vector<HostHours>& hours, InstantRange range, Reading reading);

// Starts in the range at which an event of this length fits into the hours; ascending, without repeats.
[[nodiscard]] std::vector<Instant> starts_in(const std::vector<InstantRange>& open, const calendly::TypeSettings& type,
                                             InstantRange range);

}  // namespace slotwire::why
