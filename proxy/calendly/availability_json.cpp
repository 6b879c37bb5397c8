#include "proxy/calendly/availability_json.h"

#include <algorithm>

#include "shared/json_members.h"

namespace slotwire::calendly {
namespace {

using std::chrono::minutes;

Error unreadable(std::string_view what) {
  return {ErrorCode::calendly_unavailable, "Calendly's " + std::string(what) + " could not be read."};
}

std::optional<minutes> minutes_at(const Json& object, const char* key) {
  constexpr std::int64_t kMost = 24 * 60;
  const auto number = whole_number_from(member(object, key));
  return number && *number >= 0 && *number <= kMost ? std::optional(minutes(*number)) : std::nullopt;
}

// "09:30"; "24:00" is the end of the day.
std::optional<minutes> clock_from_text(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) return std::nullopt;
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  const minutes at(60 * two(0) + two(3));
  return two(3) < 60 && at <= std::chrono::hours(24) ? std::optional(at) : std::nullopt;
}

std::optional<std::vector<WallSpan>> spans_from(const Json& rule) {
  std::vector<WallSpan> spans;
  for (const Json& interval : list_at(rule, "intervals")) {
    const auto from = clock_from_text(text_at(interval, "from"));
    auto to = clock_from_text(text_at(interval, "to"));
    if (!from || !to) return std::nullopt;
    if (*to == minutes(0)) to = std::chrono::hours(24);
    if (*from < *to) spans.push_back({*from, *to});
  }
  return spans;
}

std::optional<Schedule> schedule_from(const Json& entry) {
  constexpr std::array<std::string_view, 7> kWeekdays = {"sunday",   "monday", "tuesday", "wednesday",
                                                         "thursday", "friday", "saturday"};
  // For an event type the rules are one level deeper.
  const Json& rule_set = member(entry, "availability_rule").is_object() ? member(entry, "availability_rule") : entry;
  Schedule schedule;
  schedule.timezone = text_at(rule_set, "timezone");
  schedule.is_default = flag_at(entry, "default", false);
  if (schedule.timezone.empty() || !member(rule_set, "rules").is_array()) return std::nullopt;
  for (const Json& rule : list_at(rule_set, "rules")) {
    auto spans = spans_from(rule);
    if (!spans) return std::nullopt;
    const std::string type = text_at(rule, "type");
    if (type == "date") {
      const Result<Day> day = day_from_text(text_at(rule, "date"));
      if (!day) return std::nullopt;
      schedule.dates[*day] = std::move(*spans);
    } else if (type == "wday") {
      const auto weekday = std::find(kWeekdays.begin(), kWeekdays.end(), text_at(rule, "wday"));
      if (weekday == kWeekdays.end()) return std::nullopt;
      schedule.weekly.at(static_cast<std::size_t>(weekday - kWeekdays.begin())) = std::move(*spans);
    }
  }
  return schedule;
}

std::optional<int> limit_at(const Json& object, const char* key) {
  const auto number = whole_number_from(member(object, key));
  return number && *number > 0 && *number < 1'000'000 ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

}  // namespace

Result<TypeSettings> type_settings_from_calendly(std::string_view json) {
  const Json document = json_from_text(json);
  const Json& type = member(document, "resource");
  const auto duration = minutes_at(type, "duration");
  if (!duration || *duration == minutes(0)) return unreadable("settings of the event type");
  TypeSettings settings;
  settings.name = text_at(type, "name");
  settings.is_active = flag_at(type, "active", true);
  settings.is_deleted = !text_at(type, "deleted_at").empty();
  settings.is_poll = text_at(type, "booking_method") == "poll";
  settings.is_group = text_at(type, "kind") == "group";
  settings.is_one_off = text_at(type, "type") == "AdhocEventType";
  settings.has_other_hosts = !text_at(type, "pooling_type").empty();
  settings.owner_uri = text_at(member(type, "profile"), "owner");
  settings.duration = *duration;
  const minutes increment = minutes_at(type, "start_time_increment").value_or(minutes(0));
  settings.increment = increment > minutes(0) ? increment : minutes(30);
  settings.before_buffer = minutes_at(type, "before_buffer").value_or(minutes(0));
  settings.after_buffer = minutes_at(type, "after_buffer").value_or(minutes(0));
  return settings;
}

Result<std::vector<Schedule>> schedules_from_calendly(std::string_view json) {
  const Json document = json_from_text(json);
  if (!member(document, "collection").is_array()) return unreadable("list of schedules");
  std::vector<Schedule> schedules;
  for (const Json& entry : list_at(document, "collection")) {
    auto schedule = schedule_from(entry);
    if (!schedule) return unreadable("list of schedules");
    schedules.push_back(std::move(*schedule));
  }
  return schedules;
}

Result<std::vector<BusyTime>> busy_times_from_calendly(std::string_view json) {
  const Json document = json_from_text(json);
  if (!member(document, "collection").is_array()) return unreadable("list of busy times");
  std::vector<BusyTime> found;
  for (const Json& entry : list_at(document, "collection")) {
    const auto begin = instant_at(entry, "start_time");
    const auto end = instant_at(entry, "end_time");
    if (!begin || !end) return unreadable("list of busy times");
    BusyTime busy;
    busy.time = {*begin, *end};
    busy.buffered = {std::min(*begin, instant_at(entry, "buffered_start_time").value_or(*begin)),
                     std::max(*end, instant_at(entry, "buffered_end_time").value_or(*end))};
    busy.is_booking = text_at(entry, "type") == "calendly";
    busy.event_uri = text_at(member(entry, "event"), "uri");
    found.push_back(std::move(busy));
  }
  return found;
}

Result<MeetingLimits> meeting_limits_from_calendly(std::string_view json) {
  const Json document = json_from_text(json);
  const Json& collection = list_at(document, "collection");
  if (!collection.is_array()) return unreadable("meeting limits");
  if (collection.empty()) return MeetingLimits{};
  return MeetingLimits{limit_at(collection[0], "daily_limit"), limit_at(collection[0], "weekly_limit"),
                       limit_at(collection[0], "monthly_limit")};
}

}  // namespace slotwire::calendly
