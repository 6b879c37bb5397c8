#include <algorithm>

#include "web/model/month_grid.h"
#include "web/model/picker.h"

namespace slotwire::web {
namespace chrono = std::chrono;

namespace {

char lowered(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

bool contains_text(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return lowered(a) == lowered(b); }) != text.end();
}

}  // namespace

Day today(const PickerState& state) { return state.zone.local_day_of(state.now); }

Day last_day(const PickerState& state) {
  return days_of(month_of(today(state)) + kHorizon).end - chrono::days{1};
}

bool is_bookable_day(const PickerState& state, Day day) { return today(state) <= day && day <= last_day(state); }

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

const Failure* failure_of(const PickerState& state, DayRange days) {
  for (const Day utc : utc_days_of(state, days))
    if (const Failure* failure = state.availability.failure_of(utc)) return failure;
  return nullptr;
}

std::vector<Slot> free_slots(const PickerState& state, DayRange days) {
  InstantRange range = state.zone.instants_of(days);
  range.begin = std::max(range.begin, state.now + chrono::microseconds{1});
  if (range.end <= range.begin) return {};
  return state.availability.cells().slots_in(range);
}

std::vector<const ZoneChoice*> found_zones(const PickerState& state) {
  std::vector<const ZoneChoice*> found;
  for (const ZoneChoice& zone : state.zones) {
    // "new york" must find America/New_York, whatever the label says.
    std::string name = zone.name;
    std::replace(name.begin(), name.end(), '_', ' ');
    if (contains_text(zone.label, state.zone_search) || contains_text(name, state.zone_search)) found.push_back(&zone);
  }
  return found;
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
      if (slot.start > state.now && local > day) return {NextFree::Outcome::found, local};
    }
  }
  return {NextFree::Outcome::none, end};
}

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
    return Stage::picking;
  }
  if (state.catalogue) return state.catalogue->types.empty() ? Stage::no_types : Stage::choosing_type;
  if (!state.catalogue_failure) return Stage::loading_types;
  return state.catalogue_failure->code == "not_connected" ? Stage::not_configured : Stage::types_failed;
}

}  // namespace slotwire::web
