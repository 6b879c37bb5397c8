#include "tests/sim/planted.h"

#include <cstdio>

namespace slotwire::sim {
namespace {

constexpr std::array<const char*, 7> kWeekdays = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};

std::optional<std::chrono::minutes> clock_from_text(const std::string& text) {
  int hour = 0;
  int minute = 0;
  if (std::sscanf(text.c_str(), "%d:%d", &hour, &minute) != 2) return std::nullopt;
  return std::chrono::minutes(60 * hour + minute);
}

std::optional<std::vector<WallSpan>> spans_from(const Json& list) {
  std::vector<WallSpan> spans;
  for (const Json& pair : list) {
    const auto from = clock_from_text(pair.at(0).get<std::string>());
    const auto to = clock_from_text(pair.at(1).get<std::string>());
    if (!from || !to) return std::nullopt;
    spans.push_back({*from, *to});
  }
  return spans;
}

std::optional<int> limit_from(const Json& wish, const char* name, std::optional<int> before) {
  if (!wish.contains(name)) return before;
  return wish[name].is_null() ? std::nullopt : std::optional(wish[name].get<int>());
}

}  // namespace

std::optional<std::string> plant(Account& account, const Json& wish) {
  account.takes_by_chance = wish.value("takes_by_chance", account.takes_by_chance);
  if (wish.contains("hours")) {
    for (std::size_t i = 0; i < kWeekdays.size(); ++i) {
      const auto spans = spans_from(wish["hours"].value(kWeekdays.at(i), Json::array()));
      if (!spans) return "hours are not HH:MM";
      account.hours.weekly.at(i) = *spans;
    }
  }
  if (wish.contains("dates")) account.hours.dates.clear();
  const Json dates = wish.value("dates", Json::object());
  for (const auto& [date, list] : dates.items()) {
    const Result<Day> day = day_from_text(date);
    const auto spans = spans_from(list);
    if (!day || !spans) return "dates are not YYYY-MM-DD with HH:MM";
    account.hours.dates[*day] = *spans;
  }
  if (wish.contains("busy")) account.busy.clear();
  const Json meetings = wish.value("busy", Json::array());
  for (const Json& pair : meetings) {
    const Result<Instant> begin = instant_from_text(pair.at(0).get<std::string>());
    const Result<Instant> end = instant_from_text(pair.at(1).get<std::string>());
    if (!begin || !end) return "busy is not RFC 3339";
    account.busy.push_back({*begin, *end});
  }
  const Json limits = wish.value("limits", Json::object());
  account.limits = {limit_from(limits, "daily", account.limits.daily), limit_from(limits, "weekly", account.limits.weekly),
                    limit_from(limits, "monthly", account.limits.monthly)};
  return std::nullopt;
}

void plant(EventTypeRecord& type, const Json& wish) {
  type.before_buffer_min = wish.value("before_buffer", type.before_buffer_min);
  type.after_buffer_min = wish.value("after_buffer", type.after_buffer_min);
  type.increment_min = limit_from(wish, "start_time_increment", type.increment_min);
  type.notice_min = wish.value("notice", type.notice_min);
  type.daily_limit = limit_from(wish, "daily_limit", type.daily_limit);
  type.seats = wish.value("seats", type.seats);
  type.is_poll = wish.value("poll", type.is_poll);
}

}  // namespace slotwire::sim
