#include <algorithm>

#include "tests/sim/endpoints.h"

namespace slotwire::sim {
namespace {

Json json_from_webhook(const WebhookSubscription& webhook, const Account& account) {
  return {{"uri", uri_of("webhook_subscriptions", webhook.uuid)},
          {"callback_url", webhook.url},
          {"state", "active"},
          {"events", webhook.events},
          {"scope", webhook.scope},
          {"organization", account.organization_uri()},
          {"user", webhook.scope == "user" ? Json(account.user_uri()) : Json(nullptr)},
          {"creator", account.user_uri()},
          {"retry_started_at", nullptr},
          {"created_at", calendly_text_from_instant(webhook.created_at)},
          {"updated_at", calendly_text_from_instant(webhook.created_at)}};
}

Answer create_webhook(Call& call) {
  World& world = call.world;
  const Account& account = world.account;
  WebhookSubscription webhook{.uuid = {},
                              .url = text_of(call.body, "url"),
                              .events = {},
                              .scope = text_of(call.body, "scope"),
                              .signing_key = text_of(call.body, "signing_key"),
                              .creator_uri = account.user_uri()};
  if (!webhook.url.starts_with("https://") && !webhook.url.starts_with("http://")) {
    return invalid_arguments({{"url", "url is not valid"}});
  }
  if (text_of(call.body, "organization") != account.organization_uri()) {
    return invalid_arguments({{"organization", "organization is required"}});
  }
  if (webhook.scope != "user" && webhook.scope != "organization") {
    return invalid_arguments({{"scope", "scope must be user or organization"}});
  }
  if (webhook.scope == "user" && text_of(call.body, "user") != account.user_uri()) {
    return invalid_arguments({{"user", "user is required for scope user"}});
  }
  const Json events = call.body.value("events", Json::array());
  for (const Json& event : events) {
    if (event.is_string()) webhook.events.push_back(event.get<std::string>());
  }
  for (const std::string& event : webhook.events) {
    if (account.webhook_events_refused.contains(event))
      return invalid_arguments({{"events", "events is invalid for this scope: " + event}});
  }
  if (webhook.events.empty()) return invalid_arguments({{"events", "events must not be empty"}});
  if (std::ranges::find(world.ledger.webhooks, webhook.url, &WebhookSubscription::url) != world.ledger.webhooks.end()) {
    return problem(409, "Already Exists", "Hook with this url already exists");
  }
  webhook.uuid = world.ledger.next_uuid("HOOK");
  webhook.created_at = world.clock.now();
  world.ledger.webhooks.push_back(webhook);
  return answer_from(201, {{"resource", json_from_webhook(webhook, account)}});
}

Answer list_webhooks(Call& call) {
  Json all = Json::array();
  for (const WebhookSubscription& webhook : call.world.ledger.webhooks) {
    all.push_back(json_from_webhook(webhook, call.world.account));
  }
  return paged(call, "webhook_subscriptions", all);
}

Answer webhook(Call& call) {
  const auto& webhooks = call.world.ledger.webhooks;
  const auto found = std::ranges::find(webhooks, call.request.matches[1].str(), &WebhookSubscription::uuid);
  if (found == webhooks.end()) return resource_not_found();
  return answer_from(200, {{"resource", json_from_webhook(*found, call.world.account)}});
}

Answer delete_webhook(Call& call) {
  const auto removed = std::erase_if(call.world.ledger.webhooks, [&](const WebhookSubscription& webhook) {
    return webhook.uuid == call.request.matches[1].str();
  });
  if (removed == 0) return resource_not_found();
  return Answer{.status = 204, .body = ""};
}

constexpr Endpoint kEndpoints[] = {
    {"webhook_subscriptions", "POST", "/webhook_subscriptions", "webhooks:write", create_webhook},
    {"webhook_list", "GET", "/webhook_subscriptions", "webhooks:read", list_webhooks},
    {"webhook", "GET", "/webhook_subscriptions/([A-Za-z0-9_-]+)", "webhooks:read", webhook},
    {"webhook_delete", "DELETE", "/webhook_subscriptions/([A-Za-z0-9_-]+)", "webhooks:write", delete_webhook},
};

}  // namespace

std::span<const Endpoint> webhook_endpoints() { return kEndpoints; }

}  // namespace slotwire::sim
