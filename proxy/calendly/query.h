#pragma once
// Text as it may stand in a query: everything but letters, digits and -._~ percent-encoded. Pure.
#include <string>
#include <string_view>

namespace slotwire::calendly {

[[nodiscard]] std::string query_encoded(std::string_view text);

}  // namespace slotwire::calendly
