#pragma once
// What our JSON answers have in common: how they begin, and how days, instants and where an answer came from are written.
#include <optional>
#include <string>
#include <string_view>

#include "shared/answers.h"

namespace slotwire {

// {"success":...,"message":"...","data":{ and nothing closed yet.
[[nodiscard]] std::string open_envelope(bool success, std::string_view message);
// "key":"2026-01-05T10:00:00Z", or null.
void append_instant(std::string& out, std::string_view key, const std::optional<Instant>& instant);
// Shown with their last day inclusive; an empty range shows its first day twice, having no other way to be said.
void append_days(std::string& out, std::string_view first_key, std::string_view last_key, DayRange days);
// "cached", "stale", "complete", "fetchedAt", "windows": each window says of which event type it is when there are several.
void append_provenance(std::string& out, const SlotsAnswer& answer);

}  // namespace slotwire
