#pragma once
// Finds where a character of UTF-8 ends. Pure; any thread.
#include <cstddef>
#include <string_view>

namespace slotwire {

// Length of the well-formed sequence at `at` (RFC 3629, table of section 4), 0 if there is none.
[[nodiscard]] std::size_t utf8_length_at(std::string_view text, std::size_t at);

}  // namespace slotwire
