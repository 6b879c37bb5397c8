#pragma once
// Says that there is no such event type. Pure; any thread.
#include <string_view>

#include "shared/result.h"

namespace slotwire::connection {

// event_type_not_found, with the name as it was asked for: 200 bytes of it at most, whole characters, and `?` for control
// characters, since it may end up in a terminal. `field` is what the input is called there.
[[nodiscard]] Error unknown_type(std::string_view name, std::string_view field = "eventType");

}  // namespace slotwire::connection
