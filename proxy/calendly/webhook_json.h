#pragma once
// Webhooks as values: bodies of `/webhook_subscriptions`, their answers, and Calendly's deliveries.
// Facts about Calendly: its published API documents, checked 2026-11.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/secrets/secret_string.h"
#include "shared/calendar.h"
#include "shared/result.h"

namespace slotwire::calendly {

enum class WebhookEvents { bookings, bookings_and_types };

struct WebhookWish {
  std::string callback_url;
  std::string organization_uri;
  std::string user_uri;
  const secrets::SecretString& signing_key;  // borrowed for the call
  // It is undocumented whether a user's own subscription may include event types, so expect a refusal.
  WebhookEvents events = WebhookEvents::bookings;
};
// Subscribes to new and canceled bookings, and to changes of event types if wanted, of this user only. That needs no rights in
// the organization, and visitors see only this user's event types. Contains the key: wipe it after use.
[[nodiscard]] std::string json_for_webhook(const WebhookWish& wish);
// The new subscription's uri. Errors: calendly_unavailable when the answer has none.
[[nodiscard]] Result<std::string> webhook_uri_from_calendly(std::string_view json);

struct ListedWebhook {
  std::string uri;
  std::string callback_url;
  std::string state;  // "active" or "disabled"
};
struct WebhookPage {
  std::vector<ListedWebhook> webhooks;
  std::optional<std::string> next_page_token;
};
// Errors: calendly_unavailable when there is no list.
[[nodiscard]] Result<WebhookPage> webhooks_from_calendly(std::string_view json);

struct Delivery {
  enum class Kind { booked, canceled, types, other };  // types: an event type was created, changed or deleted
  Kind kind = Kind::other;
  // The time of the booking; nullopt when the delivery has none that we can read.
  std::optional<InstantRange> time;
};
// Any bytes are safe to pass. A reschedule arrives as one delivery of each kind. Errors: bad_input when it is not a JSON object.
[[nodiscard]] Result<Delivery> delivery_from_json(std::string_view json);

}  // namespace slotwire::calendly
