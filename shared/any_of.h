#pragma once
// Several event types as one: an instant is free when any of them has it free. Pure.
//
//   sales-30     09:00  10:00          10:30          09:00 sales
//   support-30          10:00  10:15           ->     10:00 sales | support: in turn, or the first that was named
//                                                     10:15 support, 10:30 sales
//
// Nothing here depends on the days in which the times came: the union of cells is the cells of the union.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/answers.h"
#include "shared/part_of_day.h"

namespace slotwire {

// Whose an instant is that several have.
//   fair   each in turn, by a number made of event type and instant: the same for everybody, on every server, whatever the order
//          in which they were named, and the others' turns stay when one of them has no time.
//   order  the first that was named.
enum class Turn { fair, order };
[[nodiscard]] std::string_view name_from_turn(Turn turn);  // "fair", "order"
[[nodiscard]] std::optional<Turn> turn_from_name(std::string_view name);

struct TypeSlots {
  std::string_view uri;         // borrowed
  std::span<const Slot> slots;  // borrowed; ascending, one for each instant
};

// Ascending by start. Those of one instant stand side by side, the one whose turn it is first, the others in their order after
// it. Slot::of is the place in `types`; of two with one uri only the first counts.
[[nodiscard]] std::vector<Slot> any_of(std::span<const TypeSlots> types, Turn turn);

// One that was named and cannot be asked: there is none of that name (any more), or nobody could say whether there is.
struct MissingType {
  std::string name;  // as it was named
  ErrorCode error = ErrorCode::event_type_not_found;
};

// {"success":true,...}: the answer of several event types, with `types` and slots as any_of() gives them. Lengths may differ:
// each slot and each alternative has its own end, and "duration" is null unless all are as long. What is said of an event type is
// said of all when it is the same, and left empty otherwise; names stand beside each other.
[[nodiscard]] std::string json_from_any_of(const SlotsAnswer& answer, Turn turn, std::span<const MissingType> missing = {});

// The same of what is free next.
struct NextAnswer {
  SlotsAnswer found;
  std::vector<MissingType> missing;
  Turn turn = Turn::fair;
  std::optional<Instant> after;  // as it was asked; none: from now on
  std::optional<PartOfDay> part;
  Instant looked_until;  // the last second that was looked at: what is free later may be asked for after it
};
[[nodiscard]] std::string json_from_next(const NextAnswer& answer);

}  // namespace slotwire
