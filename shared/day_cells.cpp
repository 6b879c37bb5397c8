#include "shared/day_cells.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace slotwire {
namespace {

// Of two slots at one instant the one with fewer places stays: showing too few is the safer error.
void sort_without_repeats(std::vector<Slot>& slots) {
  // Insertion sort: the slots are mostly in order, and the code is part of the widget.
  const auto is_before = [](const Slot& a, const Slot& b) {
    return std::tie(a.start, a.invitees_remaining, a.scheduling_url, a.listed_in) <
           std::tie(b.start, b.invitees_remaining, b.scheduling_url, b.listed_in);
  };
  for (std::size_t end = 1; end < slots.size(); ++end)
    for (std::size_t at = end; at > 0 && is_before(slots[at], slots[at - 1]); --at) std::swap(slots[at], slots[at - 1]);
  const auto same_instant = [](const Slot& a, const Slot& b) { return a.start == b.start; };
  slots.erase(std::unique(slots.begin(), slots.end(), same_instant), slots.end());
}

}  // namespace

std::vector<DayCell> cells_from_window(DayRange window, std::vector<Slot> slots, Instant fetched_at) {
  std::vector<DayCell> cells;
  for (Day day = window.begin; day < window.end; day += std::chrono::days{1}) cells.push_back({day, fetched_at, {}});
  sort_without_repeats(slots);
  for (Slot& slot : slots) {
    const Day day = utc_day_of(slot.start);
    if (window.contains(day)) cells[static_cast<std::size_t>((day - window.begin).count())].slots.push_back(std::move(slot));
  }
  return cells;
}

std::vector<DayCell>::const_iterator DayCells::first_from(Day day) const {
  return std::lower_bound(cells_.begin(), cells_.end(), day, [](const DayCell& cell, Day each) { return cell.day < each; });
}

void DayCells::merge(DayCell cell) {
  auto known = cells_.begin() + (first_from(cell.day) - cells_.cbegin());
  if (known == cells_.end() || known->day != cell.day) {
    sort_without_repeats(cell.slots);
    cells_.insert(known, std::move(cell));
  } else if (known->fetched_at < cell.fetched_at) {
    sort_without_repeats(cell.slots);
    *known = std::move(cell);
  } else if (known->fetched_at == cell.fetched_at) {
    std::move(cell.slots.begin(), cell.slots.end(), std::back_inserter(known->slots));
    sort_without_repeats(known->slots);
  }
}

void DayCells::merge(std::vector<DayCell> cells) {
  for (DayCell& cell : cells) merge(std::move(cell));
}

void DayCells::forget(Day day) {
  const auto known = first_from(day);
  if (known != cells_.end() && known->day == day) cells_.erase(known);
}

const DayCell* DayCells::find(Day day) const {
  const auto known = first_from(day);
  return known == cells_.end() || known->day != day ? nullptr : &*known;
}

std::vector<Day> DayCells::days_older_than(Instant oldest, DayRange range) const {
  std::vector<Day> days;
  auto known = first_from(range.begin);
  for (Day day = range.begin; day < range.end; day += std::chrono::days{1}) {
    if (known != cells_.end() && known->day == day) {
      if (known->fetched_at < oldest) days.push_back(day);
      ++known;
    } else {
      days.push_back(day);
    }
  }
  return days;
}

std::vector<Slot> DayCells::slots_in(InstantRange range) const {
  std::vector<Slot> slots;
  const DayRange days = utc_days_touching(range);
  for (auto cell = first_from(days.begin); cell != cells_.end() && cell->day < days.end; ++cell) {
    for (const Slot& slot : cell->slots) {
      if (range.contains(slot.start)) slots.push_back(slot);
    }
  }
  return slots;
}

}  // namespace slotwire
