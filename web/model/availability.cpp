#include "web/model/availability.h"

#include <algorithm>

#include "shared/window_plan.h"

namespace slotwire::web {
namespace chrono = std::chrono;

const Availability::Heard* Availability::find_heard(Day day) const {
  const auto found =
      std::lower_bound(heard_.begin(), heard_.end(), day, [](const Heard& heard, Day each) { return heard.day < each; });
  return found == heard_.end() || found->day != day ? nullptr : &*found;
}

Availability::Heard& Availability::heard_of(Day day) {
  auto found = heard_.begin();
  while (found != heard_.end() && found->day < day) ++found;
  if (found == heard_.end() || found->day != day) found = heard_.insert(found, Heard{day});
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

std::vector<Availability::Window> Availability::ask_for(std::span<const Day> days, Instant now) {
  std::vector<Day> missing;
  for (const Day day : days) {
    const Heard* heard = find_heard(day);
    if ((heard && heard->failure) || is_waiting_for(day)) continue;
    if (!heard || !heard->answered_at || *heard->answered_at + kRecheckAfter <= now) missing.push_back(day);
  }
  std::vector<Window> windows;
  const auto plan = windows_covering(missing, kLongestWindowEver);
  if (!plan) return windows;
  for (const DayRange& window : *plan) windows.push_back(wait_for(window));
  return windows;
}

std::optional<Availability::Window> Availability::ask_again(Day day) {
  if (is_waiting_for(day)) return std::nullopt;
  heard_of(day).failure.reset();
  return wait_for({day, day + chrono::days{1}});
}

std::vector<Availability::Window> Availability::ask_again_known(DayRange days) {
  std::vector<DayRange> stretches;
  for (Heard& heard : heard_) {
    const Day day = heard.day;
    if (!heard.answered_at || !days.contains(day) || is_waiting_for(day)) continue;
    heard.failure.reset();
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
  for (Heard& heard : heard_) heard.failure.reset();
}

bool Availability::is_waiting() const {
  for (const Window& window : waiting_)
    for (Day day = window.days.begin; day < window.days.end; day += chrono::days{1})
      if (!cells_.find(day)) return true;
  return false;
}

std::optional<Instant> Availability::answered_at(Day day) const {
  const Heard* heard = find_heard(day);
  return heard ? heard->answered_at : std::nullopt;
}

bool Availability::take_answer(std::uint32_t id, const SlotsAnswer& answer, Instant now) {
  const std::optional<DayRange> range = take_waiting(id);
  if (!range) return false;
  for (AnsweredWindow window : answer.windows) {
    // The answer has no slots for days that were not requested, even if its window includes them.
    window.days = {std::max(window.days.begin, range->begin), std::min(window.days.end, range->end)};
    for (Day day = window.days.begin; day < window.days.end; day += chrono::days{1}) {
      Heard& heard = heard_of(day);
      heard.stale_from.reset();
      if (window.source == WindowSource::failed) {
        // With several event types, the slots of the others are shown together with this failure.
        if (answer.types.size() > 1 || !cells_.find(day))
          heard.failure = {std::string(name_from_code(window.error.value_or(ErrorCode::internal))), {}};
        continue;
      }
      heard.failure.reset();
      heard.answered_at = now;
      if (window.source == WindowSource::stale) heard.stale_from = window.fetched_at.value_or(now);
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
    Heard& heard = heard_of(day);
    if (!cells_.find(day) && !heard.failure) heard.failure = {std::string(name_from_code(ErrorCode::internal)), {}};
  }
  return true;
}

bool Availability::take_failure(std::uint32_t id, const Failure& failure) {
  const std::optional<DayRange> range = take_waiting(id);
  if (!range) return false;
  for (Day day = range->begin; day < range->end; day += chrono::days{1}) {
    Heard& heard = heard_of(day);
    heard.failure = failure;
    if (const DayCell* cell = cells_.find(day); cell && !heard.stale_from) heard.stale_from = cell->fetched_at;
  }
  return true;
}

void Availability::forget_failures_due(Instant now) {
  for (Heard& heard : heard_)
    if (heard.failure && heard.failure->retry_at && *heard.failure->retry_at <= now) heard.failure.reset();
}

Knowledge Availability::knowledge_of(Day day) const {
  if (cells_.find(day)) return Knowledge::known;
  if (is_waiting_for(day)) return Knowledge::loading;
  return failure_of(day) ? Knowledge::failed : Knowledge::unasked;
}

const Failure* Availability::failure_of(Day day) const {
  const Heard* heard = find_heard(day);
  return heard && heard->failure ? &*heard->failure : nullptr;
}

std::optional<Instant> Availability::oldest_stale(DayRange days) const {
  std::optional<Instant> oldest;
  for (const Heard& heard : heard_)
    if (heard.stale_from && days.contains(heard.day) && (!oldest || *heard.stale_from < *oldest)) oldest = heard.stale_from;
  return oldest;
}

std::optional<Instant> Availability::next_check(std::span<const Day> days) const {
  std::optional<Instant> next;
  const auto offer = [&next](Instant at) { next = next ? std::min(*next, at) : at; };
  for (const Day day : days) {
    const Heard* heard = find_heard(day);
    if (heard && heard->failure) {
      if (heard->failure->retry_at) offer(*heard->failure->retry_at);
    } else if (heard && heard->answered_at) {
      offer(*heard->answered_at + kRecheckAfter);
    }
  }
  return next;
}

bool Availability::is_waiting_for(Day day) const {
  return std::any_of(waiting_.begin(), waiting_.end(), [day](const Window& window) { return window.days.contains(day); });
}

}  // namespace slotwire::web
