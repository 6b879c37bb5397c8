#pragma once
// Percent-encoding of URLs. Pure; any thread.
#include <optional>
#include <string>
#include <string_view>

namespace slotwire::text {

// nullopt when a '%' is not followed by two hex digits, or for %00. '+' stays as it is: that is a path's meaning.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace slotwire::text
