#pragma once
// A day's slots as one column of text: "start_us places url\n" for each. Written and read here only.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/slot.h"

namespace slotwire::proxy {

[[nodiscard]] std::string text_from_slots(const std::vector<Slot>& slots);
// nullopt for text that text_from_slots did not write.
[[nodiscard]] std::optional<std::vector<Slot>> slots_from_text(std::string_view text);

}  // namespace slotwire::proxy
