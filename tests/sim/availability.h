#pragma once
// Which starts are free: a host who works by hours in a zone, has a calendar, takes so many meetings, and has been booked here
// and there. Deterministic: the same account, bookings and instant of asking give the same slots.
#include <vector>

#include "tests/sim/account.h"
#include "tests/sim/booking_ledger.h"

namespace slotwire::sim {

struct FreeStart {
  Instant start;
  int invitees_remaining = 1;
};

// Ascending free starts within [range.begin, range.end], both ends included, later than `now` and within the horizon.
[[nodiscard]] std::vector<FreeStart> free_starts(const Account& account, const BookingLedger& ledger, const EventTypeRecord& type,
                                                 InstantRange range, Instant now);

// The start if it is free, with the places that are left.
[[nodiscard]] std::optional<FreeStart> free_start_at(const Account& account, const BookingLedger& ledger,
                                                     const EventTypeRecord& type, Instant start, Instant now);

// With the buffers of its own type.
[[nodiscard]] InstantRange buffered(const Account& account, const ScheduledEvent& event);

// True if the tz database of this machine knows the zone.
[[nodiscard]] bool is_known_zone(const std::string& name);

}  // namespace slotwire::sim
