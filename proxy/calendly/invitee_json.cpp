#include "proxy/calendly/invitee_json.h"

#include <algorithm>

#include "shared/json_members.h"
#include "shared/json_text.h"

namespace slotwire::calendly {
namespace {

std::optional<BookedInvitee> invitee_from(const Json& object) {
  BookedInvitee invitee{text_at(object, "uri"),          text_at(object, "event"),      text_at(object, "email"),
                        text_at(object, "status"),       link_at(object, "cancel_url"), link_at(object, "reschedule_url"),
                        instant_at(object, "created_at")};
  if (invitee.uri.empty() || invitee.event_uri.empty()) return std::nullopt;
  return invitee;
}

Error unreadable() { return {ErrorCode::calendly_unavailable, "Calendly's answer to a booking could not be read."}; }

}  // namespace

std::string json_for_invitee(const InviteeOrder& order) {
  Json body = {{"event_type", order.event_type_uri},
               {"start_time", text_in_style(order.start, order.listed_in)},
               {"invitee", {{"name", order.name}, {"email", order.email}, {"timezone", order.timezone}}}};
  if (order.place) {
    body["location"]["kind"] = order.place->kind;
    if (!order.place->text.empty()) body["location"]["location"] = order.place->text;
  }
  if (!order.guests.empty()) body["event_guests"] = order.guests;
  for (const InviteeOrder::Answer& answer : order.answers) {
    body["questions_and_answers"].push_back(
        {{"question", answer.question}, {"answer", answer.text}, {"position", answer.position}});
  }
  if (std::any_of(order.tracking.begin(), order.tracking.end(), [](const std::string& text) { return !text.empty(); })) {
    for (std::size_t i = 0; i < kTrackingKeys.size(); ++i) {
      body["tracking"][std::string(kTrackingKeys.at(i))] = order.tracking.at(i).empty() ? Json() : Json(order.tracking.at(i));
    }
  }
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<BookedInvitee> invitee_from_calendly(std::string_view json) {
  auto invitee = invitee_from(member(json_from_text(json), "resource"));
  if (!invitee) return unreadable();
  return std::move(*invitee);
}

Result<InviteePage> invitees_from_calendly(std::string_view json) {
  const Json document = json_from_text(json);
  const Json& collection = member(document, "collection");
  if (!collection.is_array()) return unreadable();
  InviteePage page;
  for (const Json& entry : collection) {
    auto invitee = invitee_from(entry);
    if (!invitee) return unreadable();
    page.invitees.push_back(std::move(*invitee));
  }
  page.next_page_token = next_page_token_in(document);
  return page;
}

std::string json_for_scheduling_link(std::string_view event_type_uri) {
  std::string out = R"({"max_event_count":1,"owner_type":"EventType","owner":)";
  append_json_string(out, event_type_uri);
  return out + "}";
}

Result<std::string> booking_url_from_calendly(std::string_view json) {
  const Json document = json_from_text(json);
  std::string url = link_at(member(document, "resource"), "booking_url");
  if (url.empty()) return Error{ErrorCode::calendly_unavailable, "Calendly's answer could not be read."};
  return url;
}

}  // namespace slotwire::calendly
