#include "web/model/availability.h"

#include <algorithm>

#include "shared/window_plan.h"

namespace slotwire::web {
namespace chrono = std::chrono;

std::vector<Availability::Window> Availability::ask_for(std::span<const Day> days, Instant now) {
  std::vector<Day> missing;
  for (const Day day : days) {
    if (failed_.contains(day) || is_waiting_for(day)) continue;
    const auto answered = answered_at_.find(day);
    if (answered == answered_at_.end() || answered->second + kRecheckAfter <= now) missing.push_back(day);
  }
  std::vector<Window> windows;
  const auto plan = windows_covering(missing, kLongestWindowEver);
  if (!plan) return windows;
  for (const DayRange& window : *plan) {
    windows.push_back({next_id_, window});
    waiting_.emplace(next_id_++, window);
  }
  return windows;
}

std::optional<Availability::Window> Availability::ask_again(Day day) {
  if (is_waiting_for(day)) return std::nullopt;
  failed_.erase(day);
  const Window window{next_id_++, {day, day + chrono::days{1}}};
  waiting_.emplace(window.id, window.days);
  return window;
}

std::vector<Availability::Window> Availability::ask_again_known(DayRange days) {
  std::vector<DayRange> stretches;
  for (auto it = answered_at_.lower_bound(days.begin); it != answered_at_.end() && it->first < days.end; ++it) {
    const Day day = it->first;
    if (is_waiting_for(day)) continue;
    failed_.erase(day);
    if (!stretches.empty() && stretches.back().end == day && stretches.back().length() < kLongestWindowEver) {
      stretches.back().end += chrono::days{1};
    } else {
      stretches.push_back({day, day + chrono::days{1}});
    }
  }
  std::vector<Window> windows;
  for (const DayRange& stretch : stretches) {
    windows.push_back({next_id_, stretch});
    waiting_.emplace(next_id_++, stretch);
  }
  return windows;
}

bool Availability::is_waiting() const {
  for (const auto& [id, days] : waiting_)
    for (Day day = days.begin; day < days.end; day += chrono::days{1})
      if (!cells_.find(day)) return true;
  return false;
}

std::optional<Instant> Availability::answered_at(Day day) const {
  const auto found = answered_at_.find(day);
  return found == answered_at_.end() ? std::nullopt : std::optional(found->second);
}

bool Availability::take_answer(std::uint32_t id, SlotsAnswer answer, Instant now) {
  const auto asked = waiting_.find(id);
  if (asked == waiting_.end()) return false;
  const DayRange range = asked->second;
  waiting_.erase(asked);
  for (AnsweredWindow& window : answer.windows) {
    // Of days that were not asked for an answer has no slots to tell, even where its window goes on.
    window.days = {std::max(window.days.begin, range.begin), std::min(window.days.end, range.end)};
    for (Day day = window.days.begin; day < window.days.end; day += chrono::days{1}) {
      stale_.erase(day);
      if (window.source == WindowSource::failed) {
        if (!cells_.find(day)) failed_[day] = {std::string(name_from_code(window.error.value_or(ErrorCode::internal))), {}};
        continue;
      }
      failed_.erase(day);
      answered_at_[day] = now;
      if (window.source == WindowSource::stale) stale_[day] = window.fetched_at.value_or(now);
    }
    if (window.source == WindowSource::failed) continue;
    const Instant fetched_at = window.fetched_at.value_or(now);
    // Two looks in one second bear the same time: the later answer tells what is gone since, so it is not united with the first.
    for (Day day = window.days.begin; day < window.days.end; day += chrono::days{1})
      if (const DayCell* known = cells_.find(day); known && known->fetched_at <= fetched_at) cells_.forget(day);
    cells_.merge(cells_from_window(window.days, answer.slots, fetched_at));
  }
  // A day that was asked for and that no window speaks of must not be asked for again and again.
  for (Day day = range.begin; day < range.end; day += chrono::days{1})
    if (!cells_.find(day) && !failed_.contains(day)) failed_[day] = {std::string(name_from_code(ErrorCode::internal)), {}};
  return true;
}

bool Availability::take_failure(std::uint32_t id, const Failure& failure) {
  const auto asked = waiting_.find(id);
  if (asked == waiting_.end()) return false;
  const DayRange range = asked->second;
  waiting_.erase(asked);
  for (Day day = range.begin; day < range.end; day += chrono::days{1}) {
    failed_[day] = failure;
    if (const DayCell* cell = cells_.find(day)) stale_.emplace(day, cell->fetched_at);
  }
  return true;
}

void Availability::forget_failures_due(Instant now) {
  std::erase_if(failed_, [now](const auto& failed) { return failed.second.retry_at && *failed.second.retry_at <= now; });
}

Knowledge Availability::knowledge_of(Day day) const {
  if (cells_.find(day)) return Knowledge::known;
  if (is_waiting_for(day)) return Knowledge::loading;
  return failed_.contains(day) ? Knowledge::failed : Knowledge::unasked;
}

const Failure* Availability::failure_of(Day day) const {
  const auto found = failed_.find(day);
  return found == failed_.end() ? nullptr : &found->second;
}

std::optional<Instant> Availability::oldest_stale(DayRange days) const {
  std::optional<Instant> oldest;
  for (auto it = stale_.lower_bound(days.begin); it != stale_.end() && it->first < days.end; ++it)
    if (!oldest || it->second < *oldest) oldest = it->second;
  return oldest;
}

std::optional<Instant> Availability::next_check(std::span<const Day> days) const {
  std::optional<Instant> next;
  const auto offer = [&next](Instant at) { next = next ? std::min(*next, at) : at; };
  for (const Day day : days) {
    if (const Failure* failure = failure_of(day)) {
      if (failure->retry_at) offer(*failure->retry_at);
    } else if (const auto answered = answered_at_.find(day); answered != answered_at_.end()) {
      offer(answered->second + kRecheckAfter);
    }
  }
  return next;
}

bool Availability::is_waiting_for(Day day) const {
  return std::any_of(waiting_.begin(), waiting_.end(), [day](const auto& asked) { return asked.second.contains(day); });
}

}  // namespace slotwire::web
