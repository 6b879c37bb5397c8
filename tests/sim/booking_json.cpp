// Events and invitees as Calendly's JSON.
#include <algorithm>

#include "tests/sim/availability.h"
#include "tests/sim/booking_ledger.h"

namespace slotwire::sim {
namespace {

Json json_from_membership(const ScheduledEvent& event, const Account& account, EventView view) {
  Json member = {{"user", account.user_uri()}, {"user_email", "ada@example.com"}, {"user_name", account.name}};
  if (view == EventView::api) {
    const InstantRange wide = buffered(account, event);
    member["buffered_start_time"] = calendly_text_from_instant(wide.begin);
    member["buffered_end_time"] = calendly_text_from_instant(wide.end);
  }
  return member;
}

Json json_from_guests(const ScheduledEvent& event) {
  const std::string at = calendly_text_from_instant(event.created_at);
  Json guests = Json::array();
  for (const std::string& email : event.guests) guests.push_back({{"email", email}, {"created_at", at}, {"updated_at", at}});
  return guests;
}

// All six members, whichever were sent.
Json whole_tracking(const Json& sent) {
  Json tracking = {{"utm_campaign", nullptr}, {"utm_source", nullptr}, {"utm_medium", nullptr},
                   {"utm_content", nullptr},  {"utm_term", nullptr},   {"salesforce_uuid", nullptr}};
  if (sent.is_object()) tracking.update(sent);
  return tracking;
}

}  // namespace

std::string uri_of(const ScheduledEvent& event) { return uri_of("scheduled_events", event.uuid); }

std::string uri_of(const ScheduledEvent& event, const Invitee& invitee) { return uri_of(event) + "/invitees/" + invitee.uuid; }

Json json_from_cancellation(const Cancellation& cancellation) {
  return {{"canceled_by", cancellation.by},
          {"reason", cancellation.reason},
          {"canceler_type", cancellation.canceler_type},
          {"created_at", calendly_text_from_instant(cancellation.at)}};
}

Json json_from_event(const ScheduledEvent& event, const Account& account, EventView view) {
  const auto active = std::ranges::count(event.invitees, false, &Invitee::is_canceled);
  Json json = {{"uri", uri_of(event)},
               {"name", event.name},
               {"meeting_notes_plain", nullptr},
               {"meeting_notes_html", nullptr},
               {"status", event.is_canceled() ? "canceled" : "active"},
               {"start_time", calendly_text_from_instant(event.time.begin)},
               {"end_time", calendly_text_from_instant(event.time.end)},
               {"event_type", uri_of("event_types", event.event_type_uuid)},
               {"location", event.location},
               {"invitees_counter", {{"total", event.invitees.size()}, {"active", active}, {"limit", event.seats}}},
               {"event_memberships", Json::array({json_from_membership(event, account, view)})},
               {"event_guests", json_from_guests(event)},
               {"calendar_event", {{"kind", "google"}, {"external_id", "sim" + event.uuid}}},
               {"created_at", calendly_text_from_instant(event.created_at)},
               {"updated_at", calendly_text_from_instant(event.cancellation ? event.cancellation->at : event.created_at)}};
  if (event.cancellation) json["cancellation"] = json_from_cancellation(*event.cancellation);
  return json;
}

Json json_from_invitee(const ScheduledEvent& event, const Invitee& invitee, const std::string& page_base) {
  Json no_show = nullptr;
  if (invitee.no_show) {
    no_show = {{"uri", uri_of("invitee_no_shows", invitee.no_show->uuid)},
               {"created_at", calendly_text_from_instant(invitee.no_show->at)}};
  }
  Json json = {{"uri", uri_of(event, invitee)},
               {"event", uri_of(event)},
               {"name", invitee.name},
               {"first_name", invitee.first_name},
               {"last_name", invitee.last_name},
               {"email", invitee.email},
               {"timezone", invitee.timezone},
               {"status", invitee.is_canceled() ? "canceled" : "active"},
               {"text_reminder_number", invitee.text_reminder_number},
               {"questions_and_answers", invitee.answers},
               {"tracking", whole_tracking(invitee.tracking)},
               {"cancel_url", page_base + "/cancellations/" + invitee.uuid},
               {"reschedule_url", page_base + "/reschedulings/" + invitee.uuid},
               {"rescheduled", false},
               {"old_invitee", nullptr},
               {"new_invitee", nullptr},
               {"routing_form_submission", nullptr},
               {"payment", nullptr},
               {"no_show", std::move(no_show)},
               {"reconfirmation", nullptr},
               {"scheduling_method", nullptr},
               {"invitee_scheduled_by", nullptr},
               {"created_at", calendly_text_from_instant(invitee.created_at)},
               {"updated_at", calendly_text_from_instant(invitee.cancellation ? invitee.cancellation->at : invitee.created_at)}};
  if (invitee.cancellation) json["cancellation"] = json_from_cancellation(*invitee.cancellation);
  return json;
}

}  // namespace slotwire::sim
