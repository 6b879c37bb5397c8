#pragma once
// What somebody may have meant who typed a word that is not there. Pure.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace slotwire::app {

// The one of `known` that is fewest letters away (typed wrongly, left out, too many, two in the wrong order), if that is few
// enough to be a slip: a third of the word, and one of a short one. nullopt when none is.
[[nodiscard]] std::optional<std::string> nearest_word(std::string_view typed, const std::vector<std::string>& known);

}  // namespace slotwire::app
