#pragma once
// Whose share of the account's calls pays for a request.
#include "proxy/fetch/shares.h"
#include "proxy/http/message.h"

namespace slotwire::routes {

[[nodiscard]] fetch::Client payer_of(const http::Request& request);

}  // namespace slotwire::routes
