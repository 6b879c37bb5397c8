#pragma once
// What has no table of its own as one column of text: a day's slots, short lists. Written and read here only.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/slot.h"

namespace slotwire::store {

// "start_us places url\n" for each. After the places ":decimals" or ":decimals:offset_min" where the start is not listed in
// the usual style, so that what older versions wrote reads as ever.
[[nodiscard]] std::string text_from_slots(const std::vector<Slot>& slots);
// nullopt for text that text_from_slots did not write.
[[nodiscard]] std::optional<std::vector<Slot>> slots_from_text(std::string_view text);

// Separated by commas.
[[nodiscard]] std::string text_from_minutes(const std::vector<std::chrono::minutes>& minutes);
// What cannot be read is left out: no database may keep the program from starting.
[[nodiscard]] std::vector<std::chrono::minutes> minutes_from_text(std::string_view text);
[[nodiscard]] std::string text_from_names(const std::vector<std::string>& names);
[[nodiscard]] std::vector<std::string> names_from_text(std::string_view text);

// "line\n" for each; a line break in one becomes a space.
[[nodiscard]] std::string text_from_lines(const std::vector<std::string>& lines);
[[nodiscard]] std::vector<std::string> lines_from_text(std::string_view text);

}  // namespace slotwire::store
