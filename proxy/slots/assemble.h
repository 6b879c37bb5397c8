#pragma once
// Builds a visitor's answer from the known days. Pure.
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "proxy/fetch/machine.h"
#include "proxy/slots/slot_query.h"
#include "shared/answers.h"
#include "shared/result.h"
#include "shared/slot.h"

namespace slotwire::slots {

// The payload of our cells (fetch::Cell::payload): the day's free starts, ascending.
using DaySlots = std::vector<Slot>;
[[nodiscard]] const DaySlots& slots_of(const fetch::Cell& cell);

// The answer from the outcomes of all UTC days that were needed. Slots that have begun by `now` are left out, also from copies.
// Errors: the first day's error when every day failed, so that a failure never looks like "no free slots".
[[nodiscard]] Result<SlotsAnswer> assembled_answer(const EventType& type, const SlotQuery& query, const fetch::Outcomes& outcomes,
                                                   Instant now);

// The moment at which an answer stops being true by itself: its first cell expires, or its first slot begins. `now` for answers
// that are stale or incomplete; `now + idle` when no day was needed.
[[nodiscard]] Instant fresh_until(const SlotsAnswer& answer, const fetch::Outcomes& outcomes, Instant now,
                                  std::chrono::seconds idle);

// Serialises and compresses: the expensive part, done once per answer.
[[nodiscard]] std::shared_ptr<const PreparedAnswer> prepared_from(
    const SlotsAnswer& answer, Instant fresh_until, const std::function<std::string(const SlotsAnswer&)>& json = json_from_slots);
// The same for any other body; its tag covers the whole body.
[[nodiscard]] std::shared_ptr<const PreparedAnswer> prepared_from_json(std::string json);
[[nodiscard]] std::shared_ptr<const PreparedAnswer> prepared_public_link(std::string_view scheduling_url, Instant fresh_until);

}  // namespace slotwire::slots
