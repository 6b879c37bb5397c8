#pragma once
// The starts that fit into a host's hours, each with every cause that takes it away. Pure.
#include <set>
#include <vector>

#include "proxy/why/causes.h"
#include "proxy/why/facts.h"
#include "proxy/why/hours.h"

namespace slotwire::why {

struct Start {
  Instant at;
  // past, a limit, all_booked, group_full, busy, buffers: each is sufficient alone. Empty: no known cause
  std::set<Cause> taken_by;
};

// Ascending. Empty when the event type or its hours are unknown. Unread facts take away nothing.
[[nodiscard]] std::vector<Start> starts_of(const Facts& facts, InstantRange range, Reading reading = Reading::as_set);

// The periods over which limits count meetings: the week from Sunday, the calendar month.
[[nodiscard]] DayRange week_of(Day day);
[[nodiscard]] DayRange month_of(Day day);

// A time when the host is occupied, and its extent with the buffers of the booking and of the event type.
struct Kept {
  InstantRange time;
  InstantRange buffered;
  bool is_booking = false;
};
// From the known facts, without the event type's own group bookings that have free places. Ascending by begin.
[[nodiscard]] std::vector<Kept> kept_times(const Facts& facts);

}  // namespace slotwire::why
