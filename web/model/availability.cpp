#include "web/model/availability.h"

#include <algorithm>

#include "shared/window_plan.h"

namespace slotwire::web {
namespace chrono = std::chrono;

const Availability::DayStatus* Availability::find_status(Day day) const {
  const auto found = std::lower_bound(statuses_.begin(), statuses_.end(), day,
                                      [](const DayStatus& status, Day each) { return status.day < each; });
  return found == statuses_.end() || found->day != day ? nullptr : &*found;
}

Availability::DayStatus& Availability::status_of(Day day) {
  auto found = statuses_.begin();
  while (found != statuses_.end() && found->day < day) ++found;
  if (found == statuses_.end() || found->day != day) found = statuses_.insert(found, DayStatus{day});
  return *found;
}

Availability::Window Availability::wait_for(DayRange days) {
  waiting_.push_back({next_id_++, days});
  return waiting_.back();
}

std::optional<DayRange> Availability::take_waiting(std::uint32_t id) {
  const auto asked = std::find_if(waiting_.begin(), waiting_.end(), [id](const Window& window) { return window.id == id; });
  if (asked == waiting_.end()) return std::nullopt;
  const DayRange days = asked->days;
  waiting_.erase(asked);
  return days;
}

std::vector<Availability::Window> Availability::request_days(std::span<const Day> days, Instant now) {
  std::vector<Day> missing;
  for (const Day day : days) {
    const DayStatus* status = find_status(day);
    if ((status && status->failure) || is_waiting_for(day)) continue;
    if (!status || !status->answered_at || *status->answered_at + kRecheckAfter <= now) missing.push_back(day);
  }
  std::vector<Window> windows;
  const auto plan = windows_covering(missing, kLongestWindowEver);
  if (!plan) return windows;
  for (const DayRange& window : *plan) windows.push_back(wait_for(window));
  return windows;
}

std::optional<Availability::Window> Availability::request_again(Day day) {
  if (is_waiting_for(day)) return std::nullopt;
  status_of(day).failure.reset();
  return wait_for({day, day + chrono::days{1}});
}

std::vector<Availability::Window> Availability::request_known_again(DayRange days) {
  std::vector<DayRange> stretches;
  for (DayStatus& status : statuses_) {
    const Day day = status.day;
    if (!status.answered_at || !days.contains(day) || is_waiting_for(day)) continue;
    status.failure.reset();
    if (!stretches.empty() && stretches.back().end == day && stretches.back().length() < kLongestWindowEver) {
      stretches.back().end += chrono::days{1};
    } else {
      stretches.push_back({day, day + chrono::days{1}});
    }
  }
  std::vector<Window> windows;
  for (const DayRange& stretch : stretches) windows.push_back(wait_for(stretch));
  return windows;
}

void Availability::forget_failures() {
  for (DayStatus& status : statuses_) status.failure.reset();
}

bool Availability::is_waiting() const {
  for (const Window& window : waiting_)
    for (Day day = window.days.begin; day < window.days.end; day += chrono::days{1})
      if (!cells_.find(day)) return true;
  return false;
}

std::optional<Instant> Availability::answered_at(Day day) const {
  const DayStatus* status = find_status(day);
  return status ? status->answered_at : std::nullopt;
}

bool Availability::take_answer(std::uint32_t id, const SlotsAnswer& answer, Instant now) {
  const std::optional<DayRange> range = take_waiting(id);
  if (!range) return false;
  for (AnsweredWindow window : answer.windows) {
    // The answer has no slots for days that were not requested, even if its window includes them.
    window.days = {std::max(window.days.begin, range->begin), std::min(window.days.end, range->end)};
    for (Day day = window.days.begin; day < window.days.end; day += chrono::days{1}) {
      DayStatus& status = status_of(day);
      status.stale_from.reset();
      if (window.source == WindowSource::failed) {
        // With several event types, the slots of the others are shown together with this failure.
        if (answer.types.size() > 1 || !cells_.find(day))
          status.failure = {std::string(name_from_code(window.error.value_or(ErrorCode::internal))), {}};
        continue;
      }
      status.failure.reset();
      status.answered_at = now;
      if (window.source == WindowSource::stale) status.stale_from = window.fetched_at.value_or(now);
    }
    if (window.source == WindowSource::failed) continue;
    const Instant fetched_at = window.fetched_at.value_or(now);
    // Two fetches in the same second have the same timestamp. The later answer is the truth, so it is not merged with the first.
    for (Day day = window.days.begin; day < window.days.end; day += chrono::days{1})
      if (const DayCell* known = cells_.find(day); known && known->fetched_at <= fetched_at) cells_.forget(day);
    cells_.merge(cells_from_window(window.days, answer.slots, fetched_at));
  }
  // A requested day that no window contains must not be requested again and again.
  for (Day day = range->begin; day < range->end; day += chrono::days{1}) {
    DayStatus& status = status_of(day);
    if (!cells_.find(day) && !status.failure) status.failure = {std::string(name_from_code(ErrorCode::internal)), {}};
  }
  return true;
}

bool Availability::take_failure(std::uint32_t id, const Failure& failure) {
  const std::optional<DayRange> range = take_waiting(id);
  if (!range) return false;
  for (Day day = range->begin; day < range->end; day += chrono::days{1}) {
    DayStatus& status = status_of(day);
    status.failure = failure;
    if (const DayCell* cell = cells_.find(day); cell && !status.stale_from) status.stale_from = cell->fetched_at;
  }
  return true;
}

void Availability::forget_failures_due(Instant now) {
  for (DayStatus& status : statuses_)
    if (status.failure && status.failure->retry_at && *status.failure->retry_at <= now) status.failure.reset();
}

Knowledge Availability::knowledge_of(Day day) const {
  if (cells_.find(day)) return Knowledge::known;
  if (is_waiting_for(day)) return Knowledge::loading;
  return failure_of(day) ? Knowledge::failed : Knowledge::not_requested;
}

const Failure* Availability::failure_of(Day day) const {
  const DayStatus* status = find_status(day);
  return status && status->failure ? &*status->failure : nullptr;
}

std::optional<Instant> Availability::oldest_stale(DayRange days) const {
  std::optional<Instant> oldest;
  for (const DayStatus& status : statuses_)
    if (status.stale_from && days.contains(status.day) && (!oldest || *status.stale_from < *oldest)) oldest = status.stale_from;
  return oldest;
}

std::optional<Instant> Availability::next_check(std::span<const Day> days) const {
  std::optional<Instant> next;
  const auto offer = [&next](Instant at) { next = next ? std::min(*next, at) : at; };
  for (const Day day : days) {
    const DayStatus* status = find_status(day);
    if (status && status->failure) {
      if (status->failure->retry_at) offer(*status->failure->retry_at);
    } else if (status && status->answered_at) {
      offer(*status->answered_at + kRecheckAfter);
    }
  }
  return next;
}

bool Availability::is_waiting_for(Day day) const {
  return std::any_of(waiting_.begin(), waiting_.end(), [day](const Window& window) { return window.days.contains(day); });
}

}  // namespace slotwire::web
