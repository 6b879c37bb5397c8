#pragma once
// The rule for a zone's future, from the last line of its compiled file (POSIX TZ: RFC 9636, section 3.3). Compiled tables end in
// 2037, and the library and C runtimes differ in whether they read this rule. Pure.
#include <chrono>
#include <string_view>
#include <vector>

#include "shared/zone_offsets.h"

namespace slotwire::time {

// Changes of offset by `rule` ("CET-1CEST,M3.5.0,M10.5.0/3") in the years [first, last), ascending. Empty for a zone that never
// changes, and for a rule in a form that no current zone uses.
[[nodiscard]] std::vector<ZoneTransition> transitions_by_rule(std::string_view rule, std::chrono::year first,
                                                              std::chrono::year last);

}  // namespace slotwire::time
