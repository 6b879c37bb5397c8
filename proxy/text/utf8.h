#pragma once
// Checks that bytes are valid UTF-8. Pure; any thread.
#include <string_view>

namespace slotwire::text {

// RFC 3629: shortest forms only, no surrogates, nothing past U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view bytes);

}  // namespace slotwire::text
