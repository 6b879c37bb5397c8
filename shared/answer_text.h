#pragma once
// The parts that our JSON answers share: the envelope, days, instants and where an answer came from.
#include <optional>
#include <string>
#include <string_view>

#include "shared/answers.h"

namespace slotwire {

// {"success":...,"message":"...","data":{ with both braces still open.
[[nodiscard]] std::string open_envelope(bool success, std::string_view message);
// "key":"2026-01-05T10:00:00Z", or null.
void append_instant(std::string& out, std::string_view key, const std::optional<Instant>& instant);
// The last day is written inclusive. An empty range is written with its first day twice, since the format cannot express it.
void append_days(std::string& out, std::string_view first_key, std::string_view last_key, DayRange days);
// "cached", "stale", "complete", "fetchedAt", "windows". With several event types each window names its event type.
void append_provenance(std::string& out, const SlotsAnswer& answer);

}  // namespace slotwire
