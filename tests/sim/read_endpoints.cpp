#include <algorithm>
#include <array>

#include "tests/sim/availability.h"
#include "tests/sim/endpoints.h"

namespace slotwire::sim {
namespace {

constexpr std::array<std::string_view, 2> kOwners = {"user", "organization"};

Answer users_me(Call& call) { return answer_from(200, {{"resource", json_from_user(call.world.account, call.world.page_base)}}); }

Answer user(Call& call) {
  if (call.request.matches[1].str() != call.world.account.user_uuid) return resource_not_found();
  return users_me(call);
}

Answer event_types(Call& call) {
  if (auto refusal = wrong_owner(call, kOwners)) return *refusal;
  const std::string active = call.parameter("active");
  Json all = Json::array();
  int position = 0;
  for (const EventTypeRecord& type : call.world.account.event_types) {
    if (!active.empty() && type.active != (active == "true")) continue;
    all.push_back(json_from_event_type(type, call.world.account, call.world.page_base, position++));
  }
  return paged(call, "event_types", all);
}

Answer event_type(Call& call) {
  const EventTypeRecord* type = call.world.account.find_event_type(call.request.matches[1].str());
  if (type == nullptr) return resource_not_found();
  return answer_from(200, {{"resource", json_from_event_type(*type, call.world.account, call.world.page_base, 0)}});
}

Answer update_event_type(Call& call) {
  auto& types = call.world.account.event_types;
  const auto type = std::ranges::find(types, call.request.matches[1].str(), &EventTypeRecord::uuid);
  if (type == types.end()) return resource_not_found();
  const Json name = call.body.value("name", Json(type->name));
  if (!name.is_string() || name.get<std::string>().empty()) {
    return invalid_argument(call.world.account.error_text, "name", "name must not be empty");
  }
  type->name = name.get<std::string>();
  return event_type(call);
}

// `start_time` and `end_time`, both required, in order.
std::variant<InstantRange, Answer> asked_range(const Call& call) {
  const ErrorTextPlace place = call.world.account.error_text;
  for (const char* name : {"start_time", "end_time"}) {
    if (!call.request.has_param(name)) return invalid_argument(place, name, std::string(name) + " is required");
  }
  const Result<Instant> start = instant_from_text(call.parameter("start_time"));
  if (!start) return invalid_argument(place, "start_time", "start_time is not a valid timestamp");
  const Result<Instant> end = instant_from_text(call.parameter("end_time"));
  if (!end) return invalid_argument(place, "end_time", "end_time is not a valid timestamp");
  if (*end <= *start) return invalid_argument(place, "end_time", "end_time must be after start_time");
  return InstantRange{*start, *end};
}

Answer range_too_long(const Account& account, int longest_days) {
  return invalid_argument(account.error_text, "end_time",
                          longest_days == 7 ? "date range can be no greater than 1 week (7 days)"
                                            : "date range can be no greater than " + std::to_string(longest_days) + " days");
}

Answer calendar_trouble() { return problem(424, "External Calendar Error", "The host's connected calendar could not be read."); }

Answer event_type_available_times(Call& call) {
  World& world = call.world;
  const Account& account = world.account;
  world.counters.note_window(call.parameter("event_type"), call.parameter("start_time"), call.parameter("end_time"));
  if (!call.request.has_param("event_type")) {
    return invalid_argument(account.error_text, "event_type", "event_type is required");
  }
  auto asked = asked_range(call);
  if (const auto* refusal = std::get_if<Answer>(&asked)) return *refusal;
  const InstantRange range = std::get<InstantRange>(asked);
  const Instant now = world.clock.now();
  if (range.begin <= now) return invalid_argument(account.error_text, "start_time", "start_time must be in the future");
  if (range.end - range.begin > std::chrono::days(account.longest_range_days)) {
    return range_too_long(account, account.longest_range_days);
  }
  const EventTypeRecord* type = account.find_event_type(uuid_of(call.parameter("event_type"), "event_types"));
  if (type == nullptr) return resource_not_found();
  if (account.has_calendar_trouble) return calendar_trouble();

  Json collection = Json::array();
  for (const FreeStart& free : free_starts(account, world.ledger, *type, range, now)) {
    if (free.start == range.end && !account.shows_end_edge) continue;
    collection.push_back({{"status", "available"},
                          {"invitees_remaining", free.invitees_remaining},
                          {"start_time", listed_text(account, free.start)},
                          {"scheduling_url", scheduling_url_of(world, *type, free.start)}});
  }
  return answer_from(200, {{"collection", collection}});
}

Answer user_busy_times(Call& call) {
  const Account& account = call.world.account;
  if (call.parameter("user") != account.user_uri()) {
    return invalid_argument(account.error_text, "user", "user is required and must be a user you may read");
  }
  auto asked = asked_range(call);
  if (const auto* refusal = std::get_if<Answer>(&asked)) return *refusal;
  const InstantRange range = std::get<InstantRange>(asked);
  if (range.begin <= call.world.clock.now()) {
    return invalid_argument(account.error_text, "start_time", "start_time must be in the future");
  }
  if (range.end - range.begin > std::chrono::days(7)) return range_too_long(account, 7);
  if (account.has_calendar_trouble) return calendar_trouble();
  Json collection = Json::array();
  for (const ScheduledEvent& event : call.world.ledger.events()) {
    if (event.is_canceled() || event.time.end <= range.begin || range.end <= event.time.begin) continue;
    const std::string begin = calendly_text_from_instant(event.time.begin);
    const std::string end = calendly_text_from_instant(event.time.end);
    collection.push_back({{"type", "calendly"},
                          {"start_time", begin},
                          {"end_time", end},
                          {"buffered_start_time", begin},
                          {"buffered_end_time", end},
                          {"event", {{"uri", uri_of(event)}}}});
  }
  return answer_from(200, {{"collection", collection}});
}

Answer user_availability_schedules(Call& call) {
  const Account& account = call.world.account;
  if (call.parameter("user") != account.user_uri()) {
    return invalid_argument(account.error_text, "user", "user is required and must be a user you may read");
  }
  Json rules = Json::array();
  const Json morning = {{"from", "09:00"}, {"to", "12:00"}};
  const Json afternoon = {{"from", "13:00"}, {"to", "17:00"}};
  for (const std::string day : {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}) {
    const bool is_worked = !day.starts_with('s');
    rules.push_back(
        {{"type", "wday"}, {"wday", day}, {"intervals", is_worked ? Json::array({morning, afternoon}) : Json::array()}});
  }
  const Json schedule = {{"uri", uri_of("user_availability_schedule", "SCHDAAAAAAAAAAAA")},
                         {"default", true},
                         {"name", "Working hours"},
                         {"user", account.user_uri()},
                         {"timezone", account.timezone},
                         {"rules", rules}};
  return answer_from(200, {{"collection", Json::array({schedule})}});
}

constexpr Endpoint kEndpoints[] = {
    {"users_me", "GET", "/users/me", "users:read", users_me},
    {"user", "GET", "/users/([A-Za-z0-9_-]+)", "users:read", user},
    {"event_types", "GET", "/event_types", "event_types:read", event_types},
    {"event_type", "GET", "/event_types/([A-Za-z0-9_-]+)", "event_types:read", event_type},
    {"event_type_update", "PATCH", "/event_types/([A-Za-z0-9_-]+)", "event_types:write", update_event_type},
    {"event_type_available_times", "GET", "/event_type_available_times", "availability:read", event_type_available_times},
    {"user_busy_times", "GET", "/user_busy_times", "availability:read", user_busy_times},
    {"user_availability_schedules", "GET", "/user_availability_schedules", "availability:read", user_availability_schedules},
};

}  // namespace

std::span<const Endpoint> read_endpoints() { return kEndpoints; }

std::string uuid_of(std::string_view uri, std::string_view collection) {
  const std::string prefix = uri_of(collection, "");
  return uri.starts_with(prefix) ? std::string(uri.substr(prefix.size())) : std::string();
}

std::string text_of(const Json& object, const char* key) {
  const auto at = object.is_object() ? object.find(key) : object.end();
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::optional<Answer> wrong_owner(const Call& call, std::span<const std::string_view> names) {
  const Account& account = call.world.account;
  std::vector<Complaint> unnamed;
  for (const std::string_view name : names) {
    const std::string uri = call.parameter(std::string(name).c_str());
    if (!uri.empty() && uri != account.user_uri() && uri != account.organization_uri()) return permission_denied();
    if (uri.empty()) unnamed.push_back({std::string(name), {}});
  }
  if (unnamed.size() < names.size()) return std::nullopt;
  std::ranges::sort(unnamed, {}, &Complaint::parameter);
  std::string alternatives = unnamed.front().parameter;
  if (unnamed.size() == 3) alternatives = "organization, group or user";
  if (unnamed.size() == 2) alternatives = "organization or user";
  for (Complaint& complaint : unnamed) complaint.text = "At least one of " + alternatives + " must be filled";
  return invalid_arguments(unnamed);
}

std::string scheduling_url_of(const World& world, const EventTypeRecord& type, Instant start) {
  const std::string text = text_from_instant(start);
  const std::string page = page_of(type, world.account, world.page_base) + "/" + text;
  if (world.account.plain_times) return page;
  return page + "?month=" + text.substr(0, 7) + "&date=" + text.substr(0, 10);
}

}  // namespace slotwire::sim
