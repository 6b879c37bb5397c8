#pragma once
// The body of `POST /scheduling_links` and its answer.
#include <string>
#include <string_view>

#include "shared/result.h"

namespace slotwire::proxy {

[[nodiscard]] std::string json_for_scheduling_link(std::string_view event_type_uri);
// Errors: calendly_unavailable when there is no https (or, for a simulator, http) booking_url in it.
[[nodiscard]] Result<std::string> booking_url_from_calendly(std::string_view json);

}  // namespace slotwire::proxy
