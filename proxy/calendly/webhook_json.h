#pragma once
// Webhooks: bodies of `/webhook_subscriptions`, their answers, and what Calendly delivers, as values.
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
  // Whether the user's own subscription may tell of event types no document settles: be ready for a refusal.
  WebhookEvents events = WebhookEvents::bookings;
};
// Asks for bookings that are made and canceled, and for event types that change, of this user alone: no rights in the
// organization are needed for that, and visitors are shown this user's event types. Holds the key: to be wiped after use.
[[nodiscard]] std::string json_for_webhook(const WebhookWish& wish);
// The new subscription's uri. Errors: calendly_unavailable when there is none in it.
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
  enum class Kind { booked, canceled, types, other };  // types: one was made, changed or deleted
  Kind kind = Kind::other;
  // When the booking is; nullopt when the delivery does not say so in a way that we can read.
  std::optional<InstantRange> time;
};
// Any bytes are safe to pass; a reschedule comes as one delivery of each kind. Errors: bad_input when it is no JSON object.
[[nodiscard]] Result<Delivery> delivery_from_json(std::string_view json);

}  // namespace slotwire::calendly
