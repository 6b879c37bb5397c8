#pragma once
// The starts that a host's hours leave room for, each with all that takes it. Pure.
#include <set>
#include <vector>

#include "proxy/why/causes.h"
#include "proxy/why/facts.h"
#include "proxy/why/hours.h"

namespace slotwire::why {

struct Start {
  Instant at;
  // past, a limit, all_booked, group_full, busy, buffers: each would do alone. Empty: nothing that is known takes it
  std::set<Cause> taken_by;
};

// Ascending. Empty when the event type or its hours are not known. What could not be read takes nothing.
[[nodiscard]] std::vector<Start> starts_of(const Facts& facts, InstantRange range, Reading reading = Reading::as_set);

// Over which meetings are counted for limits: the week from Sunday, the calendar month.
[[nodiscard]] DayRange week_of(Day day);
[[nodiscard]] DayRange month_of(Day day);

// What keeps the host, and the times around it that buffers keep: those of what was booked, and those of the event type.
struct Kept {
  InstantRange time;
  InstantRange buffered;
  bool is_booking = false;
};
// Of what `facts` know; a table of the event type's own group with places left is not among them. Ascending by begin.
[[nodiscard]] std::vector<Kept> kept_times(const Facts& facts);

}  // namespace slotwire::why
