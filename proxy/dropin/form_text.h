#pragma once
// Recognizes the type of a body by its Content-Type. Pure.
#include <string_view>

namespace slotwire::dropin {

// "application/x-www-form-urlencoded", and "application/json" or any "application/...+json"; parameters are ignored.
[[nodiscard]] bool is_form(std::string_view content_type);
[[nodiscard]] bool is_json_type(std::string_view content_type);

}  // namespace slotwire::dropin
