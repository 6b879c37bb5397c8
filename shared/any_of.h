#pragma once
// Several event types as one: an instant is free when any of them has it free. Pure.
//
//   sales-30     09:00  10:00          10:30          09:00 sales
//   support-30          10:00  10:15           ->     10:00 sales | support: in turn, or the first in the request
//                                                     10:15 support, 10:30 sales
//
// The result does not depend on which days' answers brought the times: the union of cells is the cells of the union.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/answers.h"
#include "shared/part_of_day.h"

namespace slotwire {

// Decides which event type gets an instant that several have free.
//   fair   in turn, by a hash of event type and instant: the same for every visitor, on every server, in any order of the
//   request. When one event type has no time, the turns of the others do not change.
//   order  the first event type in the request.
enum class Turn { fair, order };
[[nodiscard]] std::string_view name_from_turn(Turn turn);  // "fair", "order"
[[nodiscard]] std::optional<Turn> turn_from_name(std::string_view name);

struct TypeSlots {
  std::string_view uri;         // borrowed
  std::span<const Slot> slots;  // borrowed; ascending, one for each instant
};

// Ascending by start. Slots of one instant are adjacent: first the event type whose turn it is, then the others in the order of
// `types`. Slot::of is the index in `types`. Of two entries with the same uri only the first counts.
[[nodiscard]] std::vector<Slot> any_of(std::span<const TypeSlots> types, Turn turn);

// An event type of the request that could not be included: it does not exist (any more), or its existence could not be checked.
struct MissingType {
  std::string name;  // as written in the request
  ErrorCode error = ErrorCode::event_type_not_found;
};

// {"success":true,...}: the answer for several event types, with `types` and the slots as any_of() returns them. Lengths may
// differ, so each slot and each alternative has its own end; "duration" is null unless all lengths are equal. Other properties
// are set when all event types share the value, and empty otherwise. Names are joined.
[[nodiscard]] std::string json_from_any_of(const SlotsAnswer& answer, Turn turn, std::span<const MissingType> missing = {});

// The answer to "what is free next" for several event types.
struct NextAnswer {
  SlotsAnswer found;
  std::vector<MissingType> missing;
  Turn turn = Turn::fair;
  std::optional<Instant> after;  // from the request; none: from now on
  std::optional<PartOfDay> part;
  Instant looked_until;  // the last second that was searched; ask with a later `after` for later times
};
[[nodiscard]] std::string json_from_next(const NextAnswer& answer);

}  // namespace slotwire
