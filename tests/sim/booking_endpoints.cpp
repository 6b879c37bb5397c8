#include <algorithm>

#include "tests/sim/availability.h"
#include "tests/sim/booking_rules.h"
#include "tests/sim/endpoints.h"

namespace slotwire::sim {
namespace {

std::string text_of(const Json& object, const char* key) {
  const auto at = object.is_object() ? object.find(key) : object.end();
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

Answer create_link(Call& call) {
  const Account& account = call.world.account;
  if (call.body.value("max_event_count", Json()) != Json(1)) {
    return invalid_argument(account.error_text, "max_event_count", "max_event_count must be 1");
  }
  if (text_of(call.body, "owner_type") != "EventType") {
    return invalid_argument(account.error_text, "owner_type", "owner_type must be EventType");
  }
  const std::string owner = text_of(call.body, "owner");
  const EventTypeRecord* type = account.find_event_type(uuid_of(owner, "event_types"));
  if (type == nullptr) return resource_not_found();
  const std::string id = call.world.ledger.add_link(type->uuid);
  return answer_from(
      201,
      {{"resource",
        {{"booking_url", call.world.page_base + "/d/" + id + "/" + type->slug}, {"owner", owner}, {"owner_type", "EventType"}}}});
}

Answer scheduled_events(Call& call) {
  const Account& account = call.world.account;
  const std::string user = call.parameter("user");
  const std::string organization = call.parameter("organization");
  if (user != account.user_uri() && organization != account.organization_uri()) {
    return invalid_argument(account.error_text, "user", "one of user or organization is required");
  }
  Result<Instant> from = Instant::min();
  Result<Instant> to = Instant::max();
  if (call.request.has_param("min_start_time")) from = instant_from_text(call.parameter("min_start_time"));
  if (call.request.has_param("max_start_time")) to = instant_from_text(call.parameter("max_start_time"));
  if (!from) return invalid_argument(account.error_text, "min_start_time", "min_start_time is not a valid timestamp");
  if (!to) return invalid_argument(account.error_text, "max_start_time", "max_start_time is not a valid timestamp");

  std::vector<const ScheduledEvent*> found;
  const std::string status = call.parameter("status");
  const std::string invitee_email = call.parameter("invitee_email");
  for (const ScheduledEvent& event : call.world.ledger.events()) {
    if (event.time.begin < *from || event.time.begin > *to) continue;
    if (!status.empty() && status != (event.canceled ? "canceled" : "active")) continue;
    if (!invitee_email.empty() && std::ranges::find(event.invitees, invitee_email, &Invitee::email) == event.invitees.end()) {
      continue;
    }
    found.push_back(&event);
  }
  std::ranges::stable_sort(found, {}, [](const ScheduledEvent* event) { return event->time.begin; });
  if (call.parameter("sort") == "start_time:desc") std::ranges::reverse(found);
  Json all = Json::array();
  for (const ScheduledEvent* event : found) all.push_back(json_from_event(*event, account));
  return paged(call, "scheduled_events", all);
}

Answer scheduled_event(Call& call) {
  const ScheduledEvent* event = call.world.ledger.find_event(call.request.matches[1].str());
  if (event == nullptr) return resource_not_found();
  return answer_from(200, {{"resource", json_from_event(*event, call.world.account)}});
}

Answer event_invitees(Call& call) {
  const ScheduledEvent* event = call.world.ledger.find_event(call.request.matches[1].str());
  if (event == nullptr) return resource_not_found();
  const std::string email = call.parameter("email");
  Json all = Json::array();
  for (const Invitee& invitee : event->invitees) {
    if (email.empty() || invitee.email == email) all.push_back(json_from_invitee(*event, invitee, call.world.page_base));
  }
  return paged(call, "scheduled_events/" + event->uuid + "/invitees", all);
}

Answer cancel_event(Call& call) {
  ScheduledEvent* event = call.world.ledger.find_event(call.request.matches[1].str());
  if (event == nullptr) return resource_not_found();
  if (event->canceled) return problem(403, "Permission Denied", "Event is already canceled");
  event->canceled = true;
  event->cancel_reason = text_of(call.body, "reason");
  for (Invitee& invitee : event->invitees) {
    invitee.canceled = true;
    announce(call.world, "invitee.canceled", *event, invitee);
  }
  return answer_from(201, {{"resource",
                            {{"canceled_by", call.world.account.name},
                             {"reason", event->cancel_reason},
                             {"canceler_type", "host"},
                             {"created_at", calendly_text_from_instant(call.world.clock.now())}}}});
}

// Calendly's own limits for this endpoint: 5 a day on a trial; 10 a minute, 50 an hour and 100 a day when paid.
bool is_over_booking_limits(const World& world, Instant now) {
  const auto since = [&](std::chrono::seconds age) {
    return std::ranges::count_if(world.ledger.api_bookings, [&](Instant at) { return at > now - age; });
  };
  using namespace std::chrono_literals;
  if (!world.account.on_paid_plan) return since(24h) >= 5;
  return since(1min) >= 10 || since(1h) >= 50 || since(24h) >= 100;
}

Answer create_invitee(Call& call) {
  World& world = call.world;
  const Account& account = world.account;
  if (!account.may_book) return problem(403, "Permission Denied", "Your plan does not include this endpoint.");
  const Instant now = world.clock.now();
  if (is_over_booking_limits(world, now)) {
    return problem(429, "Too Many Requests", "You have reached the limit of bookings for your plan.");
  }
  const EventTypeRecord* type = account.find_event_type(uuid_of(text_of(call.body, "event_type"), "event_types"));
  if (type == nullptr) return resource_not_found();
  const std::string start_text = text_of(call.body, "start_time");
  const Result<Instant> start = instant_from_text(start_text);
  if (!start || calendly_text_from_instant(*start) != start_text) {
    return invalid_argument(account.error_text, "start_time", "start_time is not one that was listed");
  }
  const Json who = call.body.value("invitee", Json::object());
  Invitee invitee{.uuid = {},
                  .name = text_of(who, "name"),
                  .email = text_of(who, "email"),
                  .timezone = text_of(who, "timezone"),
                  .answers = call.body.value("questions_and_answers", Json::array()),
                  .tracking = call.body.value("tracking", Json())};
  if (invitee.name.empty()) invitee.name = text_of(who, "first_name");
  if (invitee.name.empty()) return invalid_argument(account.error_text, "invitee.name", "name is required");
  if (invitee.email.find('@') == std::string::npos) {
    return invalid_argument(account.error_text, "invitee.email", "email is not valid");
  }
  if (!is_known_zone(invitee.timezone)) {
    return invalid_argument(account.error_text, "invitee.timezone", "timezone is not valid");
  }
  if (auto refusal = refusal_of_details(account, *type, call.body)) return *refusal;
  auto outcome = book_start(world, *type, *start, std::move(invitee));
  if (auto* refusal = std::get_if<Answer>(&outcome)) return *refusal;
  world.ledger.api_bookings.push_back(now);
  return answer_from(201, {{"resource", std::get<Booked>(outcome).invitee}});
}

Json json_from_webhook(const WebhookSubscription& webhook, const Account& account) {
  return {{"uri", uri_of("webhook_subscriptions", webhook.uuid)},
          {"callback_url", webhook.url},
          {"state", "active"},
          {"events", webhook.events},
          {"scope", webhook.scope},
          {"organization", account.organization_uri()},
          {"user", webhook.scope == "user" ? Json(account.user_uri()) : Json(nullptr)},
          {"creator", account.user_uri()}};
}

Answer create_webhook(Call& call) {
  World& world = call.world;
  const Account& account = world.account;
  WebhookSubscription webhook{.uuid = {},
                              .url = text_of(call.body, "url"),
                              .events = {},
                              .scope = text_of(call.body, "scope"),
                              .signing_key = text_of(call.body, "signing_key")};
  if (!webhook.url.starts_with("https://") && !webhook.url.starts_with("http://")) {
    return invalid_argument(account.error_text, "url", "url is not valid");
  }
  if (text_of(call.body, "organization") != account.organization_uri()) {
    return invalid_argument(account.error_text, "organization", "organization is required");
  }
  if (webhook.scope != "user" && webhook.scope != "organization") {
    return invalid_argument(account.error_text, "scope", "scope must be user or organization");
  }
  if (webhook.scope == "user" && text_of(call.body, "user") != account.user_uri()) {
    return invalid_argument(account.error_text, "user", "user is required for scope user");
  }
  const Json events = call.body.value("events", Json::array());
  for (const Json& event : events) {
    if (event.is_string()) webhook.events.push_back(event.get<std::string>());
  }
  if (webhook.events.empty()) return invalid_argument(account.error_text, "events", "events must not be empty");
  if (std::ranges::find(world.ledger.webhooks, webhook.url, &WebhookSubscription::url) != world.ledger.webhooks.end()) {
    return problem(409, "Already Exists", "Hook with this url already exists");
  }
  webhook.uuid = world.ledger.next_uuid("HOOK");
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

Answer delete_webhook(Call& call) {
  const auto removed = std::erase_if(call.world.ledger.webhooks, [&](const WebhookSubscription& webhook) {
    return webhook.uuid == call.request.matches[1].str();
  });
  if (removed == 0) return resource_not_found();
  return Answer{.status = 204, .body = ""};
}

constexpr Endpoint kEndpoints[] = {
    {"scheduling_links", "POST", "/scheduling_links", "scheduling_links:write", create_link},
    {"scheduled_events", "GET", "/scheduled_events", "scheduled_events:read", scheduled_events},
    {"scheduled_event", "GET", "/scheduled_events/([A-Za-z0-9_-]+)", "scheduled_events:read", scheduled_event},
    {"event_invitees", "GET", "/scheduled_events/([A-Za-z0-9_-]+)/invitees", "scheduled_events:read", event_invitees},
    {"cancellation", "POST", "/scheduled_events/([A-Za-z0-9_-]+)/cancellation", "scheduled_events:write", cancel_event},
    {"invitees", "POST", "/invitees", "scheduled_events:write", create_invitee},
    {"webhook_subscriptions", "POST", "/webhook_subscriptions", "webhooks:write", create_webhook},
    {"webhook_list", "GET", "/webhook_subscriptions", "webhooks:read", list_webhooks},
    {"webhook_delete", "DELETE", "/webhook_subscriptions/([A-Za-z0-9_-]+)", "webhooks:write", delete_webhook},
};

}  // namespace

std::span<const Endpoint> booking_endpoints() { return kEndpoints; }

}  // namespace slotwire::sim
