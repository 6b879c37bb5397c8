#pragma once
// Computes the free starts of a host who has working hours in a zone, a calendar, meeting limits and bookings. Deterministic: the
// same account, bookings and time of the request give the same slots.
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

// The start, if it is free, with the number of remaining places.
[[nodiscard]] std::optional<FreeStart> free_start_at(const Account& account, const BookingLedger& ledger,
                                                     const EventTypeRecord& type, Instant start, Instant now);

// The event's time including the buffers of its event type.
[[nodiscard]] InstantRange buffered(const Account& account, const ScheduledEvent& event);

// True if the tz database of this machine knows the zone.
[[nodiscard]] bool is_known_zone(const std::string& name);

}  // namespace slotwire::sim
