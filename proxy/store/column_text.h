#pragma once
// Writes and reads values that are stored as text in one column: a day's slots, short lists.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/slot.h"

namespace slotwire::store {

// "start_us places url\n" for each slot. If the start is not in Calendly's usual style, ":decimals" or ":decimals:offset_min"
// follows the places, so that text from older versions can still be read.
[[nodiscard]] std::string text_from_slots(const std::vector<Slot>& slots);
// nullopt for text that text_from_slots did not write.
[[nodiscard]] std::optional<std::vector<Slot>> slots_from_text(std::string_view text);

// Separated by commas.
[[nodiscard]] std::string text_from_minutes(const std::vector<std::chrono::minutes>& minutes);
// Unreadable entries are left out: no content of the database may keep the program from starting.
[[nodiscard]] std::vector<std::chrono::minutes> minutes_from_text(std::string_view text);
[[nodiscard]] std::string text_from_names(const std::vector<std::string>& names);
[[nodiscard]] std::vector<std::string> names_from_text(std::string_view text);

// "line\n" for each line; a line break inside a line becomes a space.
[[nodiscard]] std::string text_from_lines(const std::vector<std::string>& lines);
[[nodiscard]] std::vector<std::string> lines_from_text(std::string_view text);

}  // namespace slotwire::store
