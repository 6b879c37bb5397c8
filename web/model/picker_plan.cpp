// Consequences of events: default choices, windows to request, what the page is told, and when it must wake the widget.
#include <algorithm>

#include "web/model/detail.h"
#include "web/model/month_grid.h"
#include "web/model/picker.h"

namespace slotwire::web {
namespace chrono = std::chrono;

void Picker::pick_defaults() {
  const Day first = today(state_);
  if (state_.day && *state_.day < first) {  // midnight has passed
    state_.day.reset();
    state_.is_day_automatic = true;
  }
  if (days_of(state_.month).end <= first) state_.month = month_of(first);
  state_.cursor = std::clamp(state_.cursor, first, last_day(state_));
  if (month_of(state_.cursor) != state_.month) state_.cursor = std::max(days_of(state_.month).begin, first);
  const bool is_over = state_.chosen && *state_.chosen <= state_.now;
  // An open form is not closed because its slot is gone: the form shows that itself.
  if (is_form_shown(state_)) {
    if (is_over && state_.form != Form::sending) lose_slot();
  } else if (is_over) {
    drop_choice();
  } else if (state_.chosen && !slot_at(state_, *state_.chosen)) {
    notice_taken();
  }

  if (!state_.is_day_automatic || state_.day) return;
  const DayRange shown = shown_days(state_);
  // A day is the first free one only if all days before it are known.
  for (Day day = std::max(shown.begin, first); day < shown.end; day += chrono::days{1}) {
    if (!free_slots(state_, {day, day + chrono::days{1}}).empty()) return take_default(day);
    if (knowledge_of(state_, day) != Knowledge::known) return;
  }
  if (!state_.is_month_automatic) return;
  const NextFree next = next_free_after(state_, shown.end - chrono::days{1});
  if (next.outcome != NextFree::Outcome::found) return;
  state_.is_month_automatic = false;
  take_default(next.day);
}

// If the focus is on the cursor while data is loading, it moves with the cursor.
void Picker::take_default(Day day) {
  const bool is_waited_for = state_.focus == day_id(state_.cursor);
  state_.day = day;
  state_.cursor = day;
  state_.month = month_of(day);
  if (is_waited_for) move_focus(day_id(day));
}

void Picker::plan() {
  // Today is always needed: the loader has already requested the 31 days from today, and the first window equals that request.
  std::vector<Day> wanted{utc_day_of(state_.now)};
  const DayRange shown = shown_days(state_);
  const std::vector<Day> page = utc_days_of(state_, shown);
  wanted.insert(wanted.end(), page.begin(), page.end());
  if (free_slots(state_, shown).empty() && is_known(state_, shown)) {
    const NextFree next = next_free_after(state_, shown.end - chrono::days{1});
    if (next.wanted) wanted.push_back(*next.wanted);
  }
  for (const Availability::Window& window : state_.availability.request_days(wanted, state_.now))
    actions_.push_back(FetchSlots{window.id, state_.type, window.days});
}

void Picker::report_state() {
  const Stage stage = stage_of(state_);
  const DayRange shown = shown_days(state_);
  const Failure* failure = !state_.type.empty()       ? failure_of(state_, shown)
                           : state_.catalogue_failure ? &*state_.catalogue_failure
                                                      : nullptr;
  const std::string code = failure ? failure->code : std::string();
  if (code != reported_failure_ && !code.empty()) {
    actions_.push_back(Emit{"error", Detail{}.text("code", code).done()});
  }
  reported_failure_ = code;

  const std::optional<Instant> stale = stage == Stage::picking ? state_.availability.oldest_stale(shown) : std::nullopt;
  if (stale && stale != reported_stale_)
    actions_.push_back(Emit{"stale", Detail{}.text("fetchedAt", text_from_instant(*stale)).done()});
  reported_stale_ = stale;

  const bool is_waiting = state_.availability.is_waiting();
  if (stage == Stage::picking && state_.has_answer && was_loading_ && !is_waiting && !failure) {
    const std::size_t count = free_slots(state_, shown).size();
    if (count == 0)
      announce(
          state_.options.view == View::week
              ? words_.message("week-none")
              : filled(words_.message("month-none"), words_.formatted(Format::month_title, static_cast<int>(state_.month.year()),
                                                                      static_cast<unsigned>(state_.month.month()))));
    else if (is_result_awaited_ && !state_.is_day_automatic && state_.day && shown.contains(*state_.day))
      announce_day();
    else if (is_result_awaited_)
      announce(words_.formatted(Format::free_times, static_cast<double>(count), 0));
  }
  was_loading_ = is_waiting;
  is_result_awaited_ = is_result_awaited_ && is_waiting;

  const bool is_ready = stage != Stage::loading_types && (stage != Stage::picking || state_.has_answer);
  if (is_ready && !is_ready_reported_) {
    is_ready_reported_ = true;
    actions_.push_back(Emit{"ready", "{}"});
  }
}

// Announces the visible trouble, once. A notice that is not a failure is announced only while focus is in the widget.
void Picker::announce_trouble() {
  const Node* found = nullptr;
  for (const std::string_view id : {"state-text", "notice", "search-failed"})
    if (!found) found = find_node(screen_.root, id);
  std::string trouble = found ? found->id + reported_failure_ : std::string();
  if (trouble == announced_trouble_) return;
  if (found && (!reported_failure_.empty() || !state_.focus.empty())) announce(found->text);
  announced_trouble_ = std::move(trouble);
}

void Picker::wake_later() {
  std::optional<Instant> next;
  if (stage_of(state_) == Stage::picking) {
    next = state_.availability.next_check(utc_days_of(state_, shown_days(state_)));
    // The age of stale copies is shown in minutes.
    if (reported_stale_) next = std::min(next.value_or(Instant::max()), state_.now + chrono::minutes{1});
    const std::vector<Slot> ahead = free_slots(state_, {today(state_), today(state_) + chrono::days{1}});
    if (!ahead.empty()) next = std::min(next.value_or(Instant::max()), ahead.front().start);
  }
  if (const Failure* failure = panel_failure(state_); failure && failure->retry_at) {
    // The seconds until the retry are counted down on the screen: one wake-up and one frame for each.
    const auto wait = chrono::ceil<chrono::seconds>(*failure->retry_at - state_.now);
    next = std::max(*failure->retry_at - wait + chrono::seconds{1}, state_.now + chrono::milliseconds{1});
  }
  if (next == wake_at_ || !next) return;
  wake_at_ = next;
  actions_.push_back(Wake{*next});
}

}  // namespace slotwire::web
