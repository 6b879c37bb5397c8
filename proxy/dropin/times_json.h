#pragma once
// Available times as bytes: the position of each start in Calendly's answer, and one answer merged from several. An entry's bytes
// are never changed: clients may read fields that we do not know.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/dropin/api_answer.h"
#include "shared/calendar.h"
#include "shared/result.h"

namespace slotwire::dropin {

// Any bytes are safe to pass. Errors: calendly_unavailable when it is not {"collection":[...]}, or when an entry has no readable
// start_time, since a shortened list would look like fewer free times.
[[nodiscard]] Result<std::vector<TimeExtent>> times_from_calendly(std::string_view json);

[[nodiscard]] bool is_json(std::string_view text);

// The `start_time` in a booking's body, JSON or form; nullopt when there is none that can be read.
[[nodiscard]] std::optional<Instant> start_time_in(std::string_view body, std::string_view content_type);

// {"collection":[...]}: the entries of `parts`, in their order, that start in [first, last], both ends included. Of entries with
// the same start the first is used.
[[nodiscard]] std::string merged_times(const std::vector<SharedAnswer>& parts, Instant first, Instant last);

}  // namespace slotwire::dropin
