#include "tests/sim/booking_ledger.h"

#include <algorithm>
#include <cstdio>

namespace slotwire::sim {

std::string BookingLedger::next_uuid(std::string_view kind) {
  char digits[24];
  std::snprintf(digits, sizeof digits, "%012d", ++last_number_);
  return std::string(kind) + digits;
}

const ScheduledEvent& BookingLedger::book(const EventTypeRecord& type, Instant start, Invitee invitee, Instant now) {
  invitee.uuid = next_uuid("INVT");
  invitee.created_at = now;
  for (ScheduledEvent& event : events_) {
    if (event.event_type_uuid == type.uuid && event.time.begin == start && !event.canceled) {
      event.invitees.push_back(std::move(invitee));
      return event;
    }
  }
  events_.push_back({.uuid = next_uuid("EVNT"),
                     .event_type_uuid = type.uuid,
                     .name = type.name,
                     .time = {start, start + std::chrono::minutes(type.duration_min)},
                     .cancel_reason = {},
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

bool BookingLedger::host_is_busy(std::string_view event_type_uuid, InstantRange time) const {
  return std::ranges::any_of(events_, [&](const ScheduledEvent& event) {
    if (event.canceled || (event.event_type_uuid == event_type_uuid && event.time.begin == time.begin)) return false;
    return event.time.begin < time.end && time.begin < event.time.end;
  });
}

int BookingLedger::invitees_at(std::string_view event_type_uuid, Instant start) const {
  int count = 0;
  for (const ScheduledEvent& event : events_) {
    if (event.canceled || event.event_type_uuid != event_type_uuid || event.time.begin != start) continue;
    count += static_cast<int>(std::ranges::count(event.invitees, false, &Invitee::canceled));
  }
  return count;
}

ScheduledEvent* BookingLedger::find_event(std::string_view uuid) {
  const auto at = std::ranges::find(events_, uuid, &ScheduledEvent::uuid);
  return at == events_.end() ? nullptr : &*at;
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

std::string uri_of(const ScheduledEvent& event) { return uri_of("scheduled_events", event.uuid); }

std::string uri_of(const ScheduledEvent& event, const Invitee& invitee) { return uri_of(event) + "/invitees/" + invitee.uuid; }

Json json_from_event(const ScheduledEvent& event, const Account& account) {
  const auto active = std::ranges::count(event.invitees, false, &Invitee::canceled);
  Json json = {{"uri", uri_of(event)},
               {"name", event.name},
               {"status", event.canceled ? "canceled" : "active"},
               {"start_time", calendly_text_from_instant(event.time.begin)},
               {"end_time", calendly_text_from_instant(event.time.end)},
               {"event_type", uri_of("event_types", event.event_type_uuid)},
               {"location", nullptr},
               {"invitees_counter", {{"total", event.invitees.size()}, {"active", active}, {"limit", event.invitees.size()}}},
               {"event_memberships", Json::array({{{"user", account.user_uri()}, {"user_name", account.name}}})},
               {"event_guests", Json::array()},
               {"created_at", calendly_text_from_instant(event.created_at)},
               {"updated_at", calendly_text_from_instant(event.created_at)}};
  if (event.canceled) {
    json["cancellation"] = {{"canceled_by", account.name}, {"reason", event.cancel_reason}, {"canceler_type", "host"}};
  }
  return json;
}

Json json_from_invitee(const ScheduledEvent& event, const Invitee& invitee, const std::string& page_base) {
  return {{"uri", uri_of(event, invitee)},
          {"event", uri_of(event)},
          {"name", invitee.name},
          {"first_name", nullptr},
          {"last_name", nullptr},
          {"email", invitee.email},
          {"timezone", invitee.timezone},
          {"status", invitee.canceled ? "canceled" : "active"},
          {"questions_and_answers", invitee.answers},
          {"tracking", invitee.tracking.is_null() ? Json{{"utm_campaign", nullptr},
                                                         {"utm_source", nullptr},
                                                         {"utm_medium", nullptr},
                                                         {"utm_content", nullptr},
                                                         {"utm_term", nullptr},
                                                         {"salesforce_uuid", nullptr}}
                                                  : invitee.tracking},
          {"cancel_url", page_base + "/cancellations/" + invitee.uuid},
          {"reschedule_url", page_base + "/reschedulings/" + invitee.uuid},
          {"rescheduled", false},
          {"created_at", calendly_text_from_instant(invitee.created_at)},
          {"updated_at", calendly_text_from_instant(invitee.created_at)}};
}

}  // namespace slotwire::sim
