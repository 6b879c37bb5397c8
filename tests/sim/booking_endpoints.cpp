#include <algorithm>
#include <array>

#include "tests/sim/availability.h"
#include "tests/sim/booking_rules.h"
#include "tests/sim/endpoints.h"

namespace slotwire::sim {
namespace {

constexpr std::array<std::string_view, 3> kOwners = {"organization", "user", "group"};

Answer create_link(Call& call) {
  const Account& account = call.world.account;
  const Json most = call.body.value("max_event_count", Json());
  if (most != Json(1) && most != Json("1")) {
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
  if (auto refusal = wrong_owner(call, kOwners)) return *refusal;
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
    if (!status.empty() && status != (event.is_canceled() ? "canceled" : "active")) continue;
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
  const std::string status = call.parameter("status");
  Json all = Json::array();
  for (const Invitee& invitee : event->invitees) {
    if (!email.empty() && invitee.email != email) continue;
    if (!status.empty() && status != (invitee.is_canceled() ? "canceled" : "active")) continue;
    all.push_back(json_from_invitee(*event, invitee, call.world.page_base));
  }
  return paged(call, "scheduled_events/" + event->uuid + "/invitees", all);
}

Answer event_invitee(Call& call) {
  const auto found = call.world.ledger.find_invitee(call.request.matches[2].str());
  if (found.event == nullptr || found.event->uuid != call.request.matches[1].str()) return resource_not_found();
  return answer_from(200, {{"resource", json_from_invitee(*found.event, *found.invitee, call.world.page_base)}});
}

Answer cancel_event(Call& call) {
  World& world = call.world;
  ScheduledEvent* event = world.ledger.find_event(call.request.matches[1].str());
  if (event == nullptr) return resource_not_found();
  if (event->is_canceled()) return problem(403, "Permission Denied", "Event is already canceled");
  const std::string reason = text_of(call.body, "reason");
  if (world.account.refuses_cancel_reasons && !reason.empty()) return invalid_arguments({{"reason", "is invalid"}});
  event->cancellation =
      Cancellation{world.account.name, reason.empty() ? Json(nullptr) : Json(reason), "host", world.clock.now()};
  for (Invitee& invitee : event->invitees) {
    if (invitee.is_canceled()) continue;
    invitee.cancellation = event->cancellation;
    announce(world, "invitee.canceled", *event, invitee);
  }
  return answer_from(201, {{"resource", json_from_cancellation(*event->cancellation)}});
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
  if ((type->is_poll || type->is_paid) && !account.books_polls_and_paid) return permission_denied();
  const std::string start_text = text_of(call.body, "start_time");
  const Result<Instant> start = instant_from_text(start_text);
  if (!start) return invalid_arguments({{"event.start_time", "is invalid"}});
  if (account.books_only_listed_text && start_text != listed_text(account, *start))
    return invalid_arguments({{"event.start_time", "is invalid"}});
  auto invitee = invitee_from(account, *type, call.body);
  if (auto* refusal = std::get_if<Answer>(&invitee)) return *refusal;
  auto outcome = book_start(world, *type, *start, std::move(std::get<Invitee>(invitee)), surroundings_from(*type, call.body));
  if (auto* refusal = std::get_if<Answer>(&outcome)) return *refusal;
  world.ledger.api_bookings.push_back(now);
  return answer_from(201, {{"resource", std::get<Booked>(outcome).invitee}});
}

constexpr Endpoint kEndpoints[] = {
    {"scheduling_links", "POST", "/scheduling_links", "scheduling_links:write", create_link},
    {"scheduled_events", "GET", "/scheduled_events", "scheduled_events:read", scheduled_events},
    {"scheduled_event", "GET", "/scheduled_events/([A-Za-z0-9_-]+)", "scheduled_events:read", scheduled_event},
    {"event_invitees", "GET", "/scheduled_events/([A-Za-z0-9_-]+)/invitees", "scheduled_events:read", event_invitees},
    {"event_invitee", "GET", "/scheduled_events/([A-Za-z0-9_-]+)/invitees/([A-Za-z0-9_-]+)", "scheduled_events:read",
     event_invitee},
    {"cancellation", "POST", "/scheduled_events/([A-Za-z0-9_-]+)/cancellation", "scheduled_events:write", cancel_event},
    {"invitees", "POST", "/invitees", "scheduled_events:write", create_invitee},
};

}  // namespace

std::span<const Endpoint> booking_endpoints() { return kEndpoints; }

}  // namespace slotwire::sim
