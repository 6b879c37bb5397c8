// Endpoints about the host's availability.
#include <algorithm>
#include <array>
#include <cstdio>

#include "tests/sim/availability.h"
#include "tests/sim/endpoints.h"

namespace slotwire::sim {
namespace {

// `start_time` and `end_time`, both required, in this order.
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

// Other users are refused.
std::optional<Answer> wrong_user(const Call& call) {
  const Account& account = call.world.account;
  if (call.parameter("user") == account.user_uri()) return std::nullopt;
  return invalid_argument(account.error_text, "user", "user is required and must be a user you may read");
}

Answer user_busy_times(Call& call) {
  const Account& account = call.world.account;
  if (auto refusal = wrong_user(call)) return *refusal;
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
    const InstantRange wide = buffered(account, event);
    collection.push_back({{"type", "calendly"},
                          {"start_time", calendly_text_from_instant(event.time.begin)},
                          {"end_time", calendly_text_from_instant(event.time.end)},
                          {"buffered_start_time", calendly_text_from_instant(wide.begin)},
                          {"buffered_end_time", calendly_text_from_instant(wide.end)},
                          {"event", {{"uri", uri_of(event)}}}});
  }
  for (const InstantRange& busy : account.busy) {
    if (busy.end <= range.begin || range.end <= busy.begin) continue;
    collection.push_back({{"type", "external"},
                          {"start_time", calendly_text_from_instant(busy.begin)},
                          {"end_time", calendly_text_from_instant(busy.end)}});
  }
  std::sort(collection.begin(), collection.end(),
            [](const Json& a, const Json& b) { return a["start_time"].get<std::string>() < b["start_time"].get<std::string>(); });
  return answer_from(200, {{"collection", collection}});
}

std::string clock_text(std::chrono::minutes at) {
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(at.count() / 60), static_cast<int>(at.count() % 60));
  return text;
}

Json json_from_spans(const std::vector<WallSpan>& spans) {
  Json intervals = Json::array();
  for (const WallSpan& span : spans) intervals.push_back({{"from", clock_text(span.from)}, {"to", clock_text(span.to)}});
  return intervals;
}

Json json_from_hours(const Hours& hours) {
  constexpr std::array<const char*, 7> kWeekdays = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
  Json rules = Json::array();
  for (std::size_t i = 0; i < kWeekdays.size(); ++i) {
    rules.push_back({{"type", "wday"}, {"wday", kWeekdays.at(i)}, {"intervals", json_from_spans(hours.weekly.at(i))}});
  }
  for (const auto& [day, spans] : hours.dates) {
    rules.push_back({{"type", "date"}, {"date", text_from_day(day)}, {"intervals", json_from_spans(spans)}});
  }
  return rules;
}

Answer user_availability_schedules(Call& call) {
  const Account& account = call.world.account;
  if (auto refusal = wrong_user(call)) return *refusal;
  const Json schedule = {{"uri", uri_of("user_availability_schedule", "SCHDAAAAAAAAAAAA")},
                         {"default", true},
                         {"name", "Working hours"},
                         {"user", account.user_uri()},
                         {"timezone", account.timezone},
                         {"rules", json_from_hours(account.hours)}};
  return answer_from(200, {{"collection", Json::array({schedule})}});
}

// In the form that programs expect: no public document describes it (checked 2026-11).
Answer event_type_availability_schedules(Call& call) {
  const Account& account = call.world.account;
  if (account.find_event_type(uuid_of(call.parameter("event_type"), "event_types")) == nullptr) return resource_not_found();
  const Json rule = {{"timezone", account.timezone}, {"user", account.user_uri()}, {"rules", json_from_hours(account.hours)}};
  const Json pagination = {{"count", 1}, {"next_page", nullptr}, {"next_page_token", nullptr}};
  return answer_from(200, {{"collection", Json::array({{{"availability_setting", "host"}, {"availability_rule", rule}}})},
                           {"pagination", pagination}});
}

Answer user_meeting_limits(Call& call) {
  const Account& account = call.world.account;
  if (call.parameter("user") != account.user_uri()) return permission_denied();
  const auto number = [](std::optional<int> limit) { return limit ? Json(*limit) : Json(nullptr); };
  const Json limits = {{"user", account.user_uri()},
                       {"daily_limit", number(account.limits.daily)},
                       {"weekly_limit", number(account.limits.weekly)},
                       {"monthly_limit", number(account.limits.monthly)}};
  return answer_from(200, {{"collection", Json::array({limits})}});
}

constexpr Endpoint kEndpoints[] = {
    {"event_type_available_times", "GET", "/event_type_available_times", "availability:read", event_type_available_times},
    {"user_busy_times", "GET", "/user_busy_times", "availability:read", user_busy_times},
    {"user_availability_schedules", "GET", "/user_availability_schedules", "availability:read", user_availability_schedules},
    {"event_type_availability_schedules", "GET", "/event_type_availability_schedules", "availability:read",
     event_type_availability_schedules},
    {"user_meeting_limits", "GET", "/user_meeting_limits", "availability:read", user_meeting_limits},
};

}  // namespace

std::span<const Endpoint> availability_endpoints() { return kEndpoints; }

}  // namespace slotwire::sim
