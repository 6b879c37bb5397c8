#pragma once
// What a booking must bring before a start is given away; the API and the booking pages share it.
#include <variant>

#include "tests/sim/world.h"

namespace slotwire::sim {

struct Booked {
  Json event;
  Json invitee;
};

// Books if the start is free, and tells subscribers. Answers 400 with code already_filled when it is not. The world is locked by
// the caller.
[[nodiscard]] std::variant<Booked, Answer> book_start(World& world, const EventTypeRecord& type, Instant start, Invitee invitee,
                                                      const Surroundings& around);

// Tells subscribers of "invitee.created" or "invitee.canceled". The world is locked by the caller.
void announce(World& world, const std::string& name, const ScheduledEvent& event, const Invitee& invitee);

// An invitee of POST /invitees; or why it is refused, apart from the time: names, place, questions, tracking, guests.
[[nodiscard]] std::variant<Invitee, Answer> invitee_from(const Account& account, const EventTypeRecord& type, const Json& body);
// Of a body that invitee_from has taken.
[[nodiscard]] Surroundings surroundings_from(const EventTypeRecord& type, const Json& body);

}  // namespace slotwire::sim
