#pragma once
// Suggests the word that was meant when an unknown one was typed. Pure.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slotwire::text {

// The word in `known` with the fewest typing errors (a wrong, missing or additional letter, or two swapped), if they are few
// enough: a third of the word's letters, at least one. nullopt when none is close enough.
[[nodiscard]] std::optional<std::string> nearest_word(std::string_view typed, const std::vector<std::string>& known);

}  // namespace slotwire::text
