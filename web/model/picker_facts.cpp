#include <algorithm>

#include "web/model/month_grid.h"
#include "web/model/picker_state.h"

namespace slotwire::web {
namespace chrono = std::chrono;

namespace {

bool is_gone(const PickerState& state, const Slot& slot) {
  return slot.invitees_remaining <= 1 && std::any_of(state.gone.begin(), state.gone.end(), [&slot](const Slot& gone) {
           return gone.start == slot.start && gone.of == slot.of;
         });
}

}  // namespace

Day today(const PickerState& state) { return state.zone.local_day_of(state.now); }

Day last_day(const PickerState& state) { return days_of(month_of(today(state)) + kHorizon).end - chrono::days{1}; }

bool is_bookable_day(const PickerState& state, Day day) { return today(state) <= day && day <= last_day(state); }

int first_day_of_week(const PickerState& state) { return state.options.first_day.value_or(state.locale.first_day); }

DayRange shown_days(const PickerState& state) {
  if (state.options.view != View::week) return days_of(state.month);
  const Day first = start_of_week(state.cursor, first_day_of_week(state));
  return {first, first + chrono::days{7}};
}

std::optional<Day> last_open_day(const PickerState& state) {
  const auto cells = state.availability.cells().all();
  auto last = cells.end();
  while (last != cells.begin() && (last - 1)->slots.empty()) --last;
  if (last == cells.begin() || cells.end() - last < kNotOpenAfter.count()) return std::nullopt;
  --last;
  // Days in between that were never requested could have free times.
  if (cells.back().day - last->day != chrono::days{cells.end() - last - 1}) return std::nullopt;
  return state.zone.local_day_of(last->slots.back().start);
}

std::vector<Day> utc_days_of(const PickerState& state, DayRange days) {
  DayRange range = utc_days_touching(state.zone.instants_of(days));
  range.begin = std::max(range.begin, utc_day_of(state.now));
  std::vector<Day> result;
  for (Day day = range.begin; day < range.end; day += chrono::days{1}) result.push_back(day);
  return result;
}

Knowledge knowledge_of(const PickerState& state, Day day) {
  Knowledge worst = Knowledge::known;
  for (const Day utc : utc_days_of(state, {day, day + chrono::days{1}}))
    worst = std::max(worst, state.availability.knowledge_of(utc));
  return worst;
}

bool is_known(const PickerState& state, DayRange days) {
  const auto needed = utc_days_of(state, days);
  return std::all_of(needed.begin(), needed.end(),
                     [&state](Day day) { return state.availability.knowledge_of(day) == Knowledge::known; });
}

const Failure* failure_of(const PickerState& state, DayRange days) {
  for (const Day utc : utc_days_of(state, days))
    if (const Failure* failure = state.availability.failure_of(utc)) return failure;
  return nullptr;
}

std::vector<Slot> free_slots(const PickerState& state, DayRange days) {
  InstantRange range = state.zone.instants_of(days);
  range.begin = std::max(range.begin, state.now + chrono::microseconds{1});
  if (range.end <= range.begin) return {};
  std::vector<Slot> slots = state.availability.cells().slots_in(range);
  std::erase_if(slots, [&state](const Slot& slot) { return is_gone(state, slot); });
  return slots;
}

std::optional<Slot> slot_at(const PickerState& state, Instant start) {
  const std::vector<Slot> slots = state.availability.cells().slots_in({start, start + chrono::microseconds{1}});
  return slots.empty() || is_gone(state, slots.front()) ? std::nullopt : std::optional(slots.front());
}

const EventType& type_of(const PickerState& state, std::uint16_t of) {
  return state.types[std::min<std::size_t>(of, state.types.size() - 1)];
}

std::vector<Slot> nearest_slots(const PickerState& state, Instant start) {
  const Day day = state.zone.local_day_of(start);
  std::vector<Slot> slots = free_slots(state, {day - kNotOpenAfter, day + kNotOpenAfter});
  // The nearest slots are adjacent: the farther end is removed until few enough are left.
  auto first = slots.begin(), last = slots.end();
  while (last - first > static_cast<std::ptrdiff_t>(kNearest)) {
    if (start - first->start > (last - 1)->start - start)
      ++first;
    else
      --last;
  }
  return {first, last};
}

NextFree next_free_after(const PickerState& state, Day day) {
  const Day end = std::min(day + kSearchAhead, last_day(state));
  for (const Day utc : utc_days_of(state, {day + chrono::days{1}, end + chrono::days{1}})) {
    const DayCell* cell = state.availability.cells().find(utc);
    if (!cell) {
      if (state.availability.failure_of(utc)) return {NextFree::Outcome::failed, day};
      return {NextFree::Outcome::searching, day, utc};
    }
    for (const Slot& slot : cell->slots) {
      const Day local = state.zone.local_day_of(slot.start);
      if (slot.start > state.now && local > day && !is_gone(state, slot)) return {NextFree::Outcome::found, local};
    }
  }
  return {NextFree::Outcome::none, end};
}

NextFree first_free(const PickerState& state) { return next_free_after(state, today(state) - chrono::days{1}); }

bool is_form_shown(const PickerState& state) { return state.form == Form::open || state.form == Form::sending; }

const EventType* chosen_type(const PickerState& state) {
  if (!state.catalogue) return nullptr;
  for (const EventType& type : state.catalogue->types)
    if (type.uri == state.type || type.slug == state.type || uuid_from_uri(type.uri) == state.type) return &type;
  return nullptr;
}

Stage stage_of(const PickerState& state) {
  if (state.catalogue && state.catalogue->mode == ConnectionMode::none) return Stage::not_configured;
  if (!state.type.empty()) {
    if (state.catalogue && state.catalogue->mode == ConnectionMode::public_links) return Stage::public_link;
    if (!state.has_answer) {
      const Failure* failure = state.availability.failure_of(utc_day_of(state.now));
      if (failure && failure->code == "event_type_not_found") return Stage::unknown_type;
      if (failure && failure->code == "not_connected") return Stage::not_configured;
    }
    return state.booked ? Stage::booked : Stage::picking;
  }
  if (state.catalogue) return state.catalogue->types.empty() ? Stage::no_types : Stage::choosing_type;
  if (!state.catalogue_failure) return Stage::loading_types;
  return state.catalogue_failure->code == "not_connected" ? Stage::not_configured : Stage::types_failed;
}

const Failure* panel_failure(const PickerState& state) {
  const Stage stage = stage_of(state);
  if (stage == Stage::types_failed) return &*state.catalogue_failure;
  if (stage != Stage::picking || state.has_answer) return nullptr;
  return failure_of(state, shown_days(state));
}

std::string day_id(Day day) { return "day:" + text_from_day(day); }
std::string month_id(Day first) { return "month:" + text_from_day(first); }

double ms_from(Instant instant) { return static_cast<double>(instant.time_since_epoch().count()) / 1000.0; }
double number_from(Day day) { return static_cast<double>(day.time_since_epoch().count()); }

}  // namespace slotwire::web
