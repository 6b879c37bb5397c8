#pragma once
// Checks a booking before a start is given away; shared by the API and the booking pages.
#include <variant>

#include "tests/sim/world.h"

namespace slotwire::sim {

struct Booked {
  Json event;
  Json invitee;
};

// Books the start if it is free, and notifies subscribers; otherwise answers 400 with code already_filled. The caller has locked
// the world.
[[nodiscard]] std::variant<Booked, Answer> book_start(World& world, const EventTypeRecord& type, Instant start, Invitee invitee,
                                                      const Surroundings& around);

// Notifies subscribers of "invitee.created" or "invitee.canceled". The caller has locked the world.
void announce(World& world, const std::string& name, const ScheduledEvent& event, const Invitee& invitee);

// The invitee of a POST /invitees, or the answer that refuses names, place, questions, tracking or guests. The time is not
// checked.
[[nodiscard]] std::variant<Invitee, Answer> invitee_from(const Account& account, const EventTypeRecord& type, const Json& body);
// Requires a body that invitee_from has accepted.
[[nodiscard]] Surroundings surroundings_from(const EventTypeRecord& type, const Json& body);

}  // namespace slotwire::sim
