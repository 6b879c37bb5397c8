#pragma once
// Text as it may stand in a query: everything but letters, digits and -._~ percent-encoded. Pure.
#include <string>
#include <string_view>

namespace slotwire::proxy {

[[nodiscard]] std::string query_encoded(std::string_view text);

}  // namespace slotwire::proxy
