#include "proxy/calendly/webhook_json.h"

#include "shared/json_members.h"
#include "shared/json_text.h"

namespace slotwire::calendly {
std::string json_for_webhook(const WebhookWish& wish) {
  std::string out;
  out.reserve(1024 +
              wish.callback_url.size());  // the string must not grow, since that would leave a copy of the key in freed memory
  out += R"({"events":["invitee.created","invitee.canceled")";
  if (wish.events == WebhookEvents::bookings_and_types)
    out += R"(,"event_type.created","event_type.updated","event_type.deleted")";
  out += R"(],"scope":"user")";
  append_json_field(out, "url", wish.callback_url);
  append_json_field(out, "organization", wish.organization_uri);
  append_json_field(out, "user", wish.user_uri);
  append_json_field(out, "signing_key", wish.signing_key.reveal());
  out += '}';
  return out;
}

Result<std::string> webhook_uri_from_calendly(std::string_view json) {
  const Json document = json_from_text(json);
  std::string uri = text_at(member(document, "resource"), "uri");
  if (uri.empty()) return Error{ErrorCode::calendly_unavailable, "Calendly's answer could not be read."};
  return uri;
}

Result<WebhookPage> webhooks_from_calendly(std::string_view json) {
  const Json document = json_from_text(json);
  const Json& collection = member(document, "collection");
  if (!collection.is_array()) return Error{ErrorCode::calendly_unavailable, "Calendly's list of webhooks could not be read."};
  WebhookPage page;
  for (const Json& entry : collection) {
    page.webhooks.push_back({text_at(entry, "uri"), text_at(entry, "callback_url"), text_at(entry, "state")});
  }
  page.next_page_token = next_page_token_in(document);
  return page;
}

Result<Delivery> delivery_from_json(std::string_view json) {
  const Json document = json_from_text(json);
  if (!document.is_object()) return Error{ErrorCode::bad_input, "The body must be a JSON object."};
  Delivery delivery;
  const std::string event = text_at(document, "event");
  if (event == "invitee.created") delivery.kind = Delivery::Kind::booked;
  if (event == "invitee.canceled") delivery.kind = Delivery::Kind::canceled;
  if (event == "event_type.created" || event == "event_type.updated" || event == "event_type.deleted")
    delivery.kind = Delivery::Kind::types;
  const Json& booking = member(member(document, "payload"), "scheduled_event");
  const auto start = instant_at(booking, "start_time");
  const auto end = instant_at(booking, "end_time");
  if (start && end && *start <= *end) delivery.time = InstantRange{*start, *end};
  return delivery;
}

}  // namespace slotwire::calendly
