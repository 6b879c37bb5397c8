#pragma once
// A schedule's hours as stretches of time, and the starts that they leave room for. Pure.
#include <chrono>
#include <vector>

#include "proxy/why/facts.h"

namespace slotwire::why {

// The first instant at which a clock of the zone shows this time of this day. One that the zone skips: when it does.
[[nodiscard]] Instant instant_at(const ZoneOffsets& zone, Day day, std::chrono::minutes time);

// What of a schedule counts; all but `as_set` answer "what if".
enum class Reading {
  as_set,
  without_dates,          // by the weekdays alone
  without_clock_changes,  // as if each day were 24 hours long
  whole_days,             // as if the host worked all the time
};

// Hours that begin on a day of the schedule's zone that the range touches, each as it was set: the last may end after the range.
// Ascending by schedule and begin; empty ones are left out.
[[nodiscard]] std::vector<InstantRange> open_hours(const std::vector<HostHours>& hours, InstantRange range, Reading reading);

// Starts in the range at which an event of this length fits into the hours, ascending, each once.
[[nodiscard]] std::vector<Instant> starts_in(const std::vector<InstantRange>& open, const calendly::TypeSettings& type,
                                             InstantRange range);

}  // namespace slotwire::why
