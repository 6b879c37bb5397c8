#pragma once
// The error for an event type that does not exist. Pure; any thread.
#include <string_view>

#include "shared/result.h"

namespace slotwire::connection {

// event_type_not_found with the requested name: at most 200 bytes of it, whole characters, with `?` for control characters, since
// it may be printed to a terminal. `field` is the name of the input.
[[nodiscard]] Error unknown_type(std::string_view name, std::string_view field = "eventType");

}  // namespace slotwire::connection
