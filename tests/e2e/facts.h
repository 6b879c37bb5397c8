#pragma once
// Facts about JSON objects in few words, and what departs from them. A fact is a line "name kind":
//
//   text number flag list object   as JSON has them
//   time                           "2020-01-02T20:00:00.000000Z", with six decimals or none
//   uri                            "https://api.calendly.com/..."
//   a|b|c                          one of these texts
//
// "kind?" may be null as well; "~name kind" need not be there at all.
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/http.h"

namespace slotwire::e2e {

// Sentences: members that are missing, that no fact names, that are of another kind. Empty when the object is as the facts say.
[[nodiscard]] std::vector<std::string> departures(const Json& object, std::string_view facts);

}  // namespace slotwire::e2e
