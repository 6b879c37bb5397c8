#include "tests/sim/booking_ledger.h"

#include <algorithm>
#include <cstdio>

namespace slotwire::sim {

std::string BookingLedger::next_uuid(std::string_view kind) {
  char digits[24];
  std::snprintf(digits, sizeof digits, "%012d", ++last_number_);
  return std::string(kind) + digits;
}

const ScheduledEvent& BookingLedger::book(const EventTypeRecord& type, Instant start, Invitee invitee, const Surroundings& around,
                                          Instant now) {
  invitee.uuid = next_uuid("INVT");
  invitee.created_at = now;
  for (ScheduledEvent& event : events_) {
    if (event.event_type_uuid == type.uuid && event.time.begin == start && !event.is_canceled()) {
      event.invitees.push_back(std::move(invitee));
      event.guests.insert(event.guests.end(), around.guests.begin(), around.guests.end());
      return event;
    }
  }
  events_.push_back({.uuid = next_uuid("EVNT"),
                     .event_type_uuid = type.uuid,
                     .name = type.name,
                     .time = {start, start + std::chrono::minutes(type.duration_min)},
                     .seats = type.seats,
                     .location = around.location,
                     .guests = around.guests,
                     .cancellation = std::nullopt,
                     .created_at = now,
                     .invitees = {std::move(invitee)}});
  return events_.back();
}

void BookingLedger::block(std::string_view event_type_uuid, Instant start) {
  blocked_.emplace(std::string(event_type_uuid), start);
}

bool BookingLedger::is_blocked(std::string_view event_type_uuid, Instant start) const {
  return blocked_.contains({std::string(event_type_uuid), start});
}

int BookingLedger::invitees_at(std::string_view event_type_uuid, Instant start) const {
  int count = 0;
  for (const ScheduledEvent& event : events_) {
    if (event.is_canceled() || event.event_type_uuid != event_type_uuid || event.time.begin != start) continue;
    count += static_cast<int>(std::ranges::count(event.invitees, false, &Invitee::is_canceled));
  }
  return count;
}

ScheduledEvent* BookingLedger::find_event(std::string_view uuid) {
  const auto at = std::ranges::find(events_, uuid, &ScheduledEvent::uuid);
  return at == events_.end() ? nullptr : &*at;
}

BookingLedger::Found BookingLedger::find_invitee(std::string_view uuid) {
  for (ScheduledEvent& event : events_) {
    const auto at = std::ranges::find(event.invitees, uuid, &Invitee::uuid);
    if (at != event.invitees.end()) return {&event, &*at};
  }
  return {};
}

BookingLedger::Found BookingLedger::find_no_show(std::string_view uuid) {
  for (ScheduledEvent& event : events_) {
    for (Invitee& invitee : event.invitees) {
      if (invitee.no_show && invitee.no_show->uuid == uuid) return {&event, &invitee};
    }
  }
  return {};
}

std::string BookingLedger::add_link(std::string_view event_type_uuid) {
  std::string id = next_uuid("link-");
  links_.emplace(id, SingleUseLink{std::string(event_type_uuid)});
  return id;
}

SingleUseLink* BookingLedger::find_link(std::string_view id) {
  const auto at = links_.find(id);
  return at == links_.end() ? nullptr : &at->second;
}

}  // namespace slotwire::sim
