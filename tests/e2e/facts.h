#pragma once
// Describes the members of JSON objects as short facts, and lists deviations. A fact is a line "name kind":
//
//   text number flag list object   the JSON type
//   time                           "2020-01-02T20:00:00.000000Z", with six decimals or none
//   uri                            "https://api.calendly.com/..."
//   a|b|c                          one of these texts
//
// "kind?" may be null too; "~name kind" may be missing.
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/http.h"

namespace slotwire::e2e {

// A sentence for each member that is missing, that no fact names, or that has another kind. Empty if the object matches.
[[nodiscard]] std::vector<std::string> deviations(const Json& object, std::string_view facts);

}  // namespace slotwire::e2e
