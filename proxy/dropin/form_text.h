#pragma once
// Queries and bodies as forms write them: "a=1&b=x+y". Pure.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/result.h"

namespace slotwire::dropin {

// Raw names and values, in their order; empty pairs left out. Borrows `form`.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>> raw_pairs(std::string_view form);
// '+' is a space. Errors: bad_input for a malformed percent-encoding.
[[nodiscard]] Result<std::string> form_decoded(std::string_view text);

// By the Content-Type of a body: "application/x-www-form-urlencoded", and "application/json" or any "application/...+json";
// parameters do not matter.
[[nodiscard]] bool is_form(std::string_view content_type);
[[nodiscard]] bool is_json_type(std::string_view content_type);

}  // namespace slotwire::dropin
