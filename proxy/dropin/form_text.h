#pragma once
// What kind of text a body is, by its Content-Type. Pure.
#include <string_view>

namespace slotwire::dropin {

// By the Content-Type of a body: "application/x-www-form-urlencoded", and "application/json" or any "application/...+json";
// parameters do not matter.
[[nodiscard]] bool is_form(std::string_view content_type);
[[nodiscard]] bool is_json_type(std::string_view content_type);

}  // namespace slotwire::dropin
