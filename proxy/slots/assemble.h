#pragma once
// From what is known of each day to the answer a visitor gets. Pure.
#include <chrono>
#include <map>
#include <memory>
#include <optional>

#include "proxy/slots/cell_cache.h"
#include "proxy/slots/slot_query.h"
#include "shared/answers.h"
#include "shared/result.h"
#include "shared/slot.h"

namespace slotwire::proxy {

// How one UTC day of a request came out. `cached` has no cell only when the source is failed.
struct DayOutcome {
  WindowSource source = WindowSource::failed;
  CachedCell cached;
  std::optional<Error> error;
};

// The answer from the outcomes of all UTC days that were needed. Slots that have begun by `now` are left out, whatever a
// copy says. Errors: the first day's error when every day failed, so that a failure never looks like "no free slots".
[[nodiscard]] Result<SlotsAnswer> assembled_answer(const EventType& type, const SlotQuery& query,
                                                   const std::map<Day, DayOutcome>& outcomes, Instant now);

// The moment an answer stops being true by itself: its first cell grows old, or its first slot begins. `now` for answers
// that are stale or incomplete; `idle` from now when no day was needed.
[[nodiscard]] Instant fresh_until(const SlotsAnswer& answer, const std::map<Day, DayOutcome>& outcomes, Instant now,
                                  std::chrono::seconds idle);

// Serialises and compresses: the expensive part, done once for each answer.
[[nodiscard]] std::shared_ptr<const PreparedAnswer> prepared_from(const SlotsAnswer& answer, Instant fresh_until);
// Any other body, tagged over all of it.
[[nodiscard]] std::shared_ptr<const PreparedAnswer> prepared_from_json(std::string json);
[[nodiscard]] std::shared_ptr<const PreparedAnswer> prepared_public_link(std::string_view scheduling_url, Instant fresh_until);

}  // namespace slotwire::proxy
