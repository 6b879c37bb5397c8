#include <algorithm>
#include <charconv>

#include "tests/sim/availability.h"
#include "tests/sim/endpoints.h"

namespace slotwire::sim {
namespace {

constexpr std::string_view kPageTokenPrefix = "page_";

Answer users_me(Call& call) { return answer_from(200, {{"resource", json_from_user(call.world.account, call.world.page_base)}}); }

Answer user(Call& call) {
  if (call.request.matches[1].str() != call.world.account.user_uuid) return resource_not_found();
  return users_me(call);
}

// Lists name whose they are; another account's are refused.
std::optional<Answer> wrong_owner(const Call& call) {
  const Account& account = call.world.account;
  const std::string user = call.parameter("user");
  const std::string organization = call.parameter("organization");
  if (user.empty() && organization.empty()) {
    return invalid_argument(account.error_text, "user", "one of user or organization is required");
  }
  if ((!user.empty() && user != account.user_uri()) || (!organization.empty() && organization != account.organization_uri())) {
    return problem(403, "Permission Denied", "You do not have permission to access this resource.");
  }
  return std::nullopt;
}

Answer event_types(Call& call) {
  if (auto refusal = wrong_owner(call)) return *refusal;
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
                          {"start_time", calendly_text_from_instant(free.start)},
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
    if (event.canceled || event.time.end <= range.begin || range.end <= event.time.begin) continue;
    collection.push_back({{"type", "calendly"},
                          {"start_time", calendly_text_from_instant(event.time.begin)},
                          {"end_time", calendly_text_from_instant(event.time.end)},
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
  for (const char* weekday : {"monday", "tuesday", "wednesday", "thursday", "friday"}) {
    const Json morning = {{"from", "09:00"}, {"to", "12:00"}};
    const Json afternoon = {{"from", "13:00"}, {"to", "17:00"}};
    rules.push_back({{"type", "wday"}, {"wday", weekday}, {"intervals", Json::array({morning, afternoon})}});
  }
  const Json schedule = {{"uri", uri_of("user_availability_schedules", "SCHDAAAAAAAAAAAA")},
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

std::string scheduling_url_of(const World& world, const EventTypeRecord& type, Instant start) {
  const std::string text = text_from_instant(start);
  return world.page_base + "/" + world.account.slug + "/" + type.slug + "/" + text + "?month=" + text.substr(0, 7) +
         "&date=" + text.substr(0, 10);
}

Answer paged(const Call& call, std::string_view path, const Json& all) {
  const ErrorTextPlace place = call.world.account.error_text;
  std::size_t count = 20;
  if (call.request.has_param("count")) {
    const std::string text = call.parameter("count");
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failure != std::errc() || end != text.data() + text.size() || count < 1 || count > 100) {
      return invalid_argument(place, "count", "count must be between 1 and 100");
    }
  }
  std::size_t first = 0;
  if (call.request.has_param("page_token")) {
    const std::string token = call.parameter("page_token");
    const std::string_view digits = std::string_view(token).substr(std::min(token.size(), kPageTokenPrefix.size()));
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), first);
    if (!token.starts_with(kPageTokenPrefix) || failure != std::errc() || first >= std::max<std::size_t>(all.size(), 1)) {
      return invalid_argument(place, "page_token", "page_token is not valid");
    }
  }
  const std::size_t end = std::min(all.size(), first + count);
  const auto token_at = [&](std::size_t at) { return std::string(kPageTokenPrefix) + std::to_string(at); };
  const auto address = [&](const std::string& token) {
    return std::string(kUriBase) + "/" + std::string(path) + "?count=" + std::to_string(count) + "&page_token=" + token;
  };
  Json pagination = {{"count", end - first},
                     {"next_page", nullptr},
                     {"next_page_token", nullptr},
                     {"previous_page", nullptr},
                     {"previous_page_token", nullptr}};
  if (end < all.size()) {
    pagination["next_page_token"] = token_at(end);
    pagination["next_page"] = address(token_at(end));
  }
  if (first > 0) {
    const std::string token = token_at(first - std::min(first, count));
    pagination["previous_page_token"] = token;
    pagination["previous_page"] = address(token);
  }
  Json collection = Json::array();
  for (std::size_t at = first; at < end; ++at) collection.push_back(all[at]);
  return answer_from(200, {{"collection", collection}, {"pagination", pagination}});
}

}  // namespace slotwire::sim
