#pragma once
// The known free slots of one event type: one cell for each UTC day, with its slots and the time of the fetch.
//
//   windows as they arrive          cells
//   [05..11] fetched 10:00    ->    05 06 07 08 09 10 11
//   [09..15] fetched 10:02    ->    05 06 07 08 09'10'11'12 13 14 15      ' replaced whole by the newer fetch
//
// Merging is order-independent and idempotent. Not thread-safe; the owner locks.
#include <span>
#include <vector>

#include "shared/calendar.h"
#include "shared/slot.h"

namespace slotwire {

struct DayCell {
  Day day;
  Instant fetched_at;
  std::vector<Slot> slots;  // ascending by start, one for each instant
  bool operator==(const DayCell&) const = default;
};

// Splits an answer into one cell for each day of `window`. Days without slots get a cell too: "no slots" is also knowledge. Slots
// outside the window are dropped, and so are repeats of an instant. Which of two different repeats stays does not depend on their
// order.
[[nodiscard]] std::vector<DayCell> cells_from_window(DayRange window, std::vector<Slot> slots, Instant fetched_at);

class DayCells {
 public:
  // Stores the cell if its day is unknown or its data older. A cell of the same age is united with the stored one.
  void merge(DayCell cell);
  void merge(std::vector<DayCell> cells);
  void forget(Day day);

  // Valid until the next change; nullptr for an unknown day.
  [[nodiscard]] const DayCell* find(Day day) const;

  // Days of `range` that are unknown or were fetched before `oldest`, ascending.
  [[nodiscard]] std::vector<Day> days_older_than(Instant oldest, DayRange range) const;
  // Known slots with start in `range`, ascending.
  [[nodiscard]] std::vector<Slot> slots_in(InstantRange range) const;
  // Ascending by day; valid until the next change.
  [[nodiscard]] std::span<const DayCell> all() const { return cells_; }

 private:
  [[nodiscard]] std::vector<DayCell>::const_iterator first_from(Day day) const;

  std::vector<DayCell> cells_;  // ascending by day; a sorted vector because a tree would double this file's size in the WASM
};

}  // namespace slotwire
