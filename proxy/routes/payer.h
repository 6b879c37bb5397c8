#pragma once
// Of whose share of the account's calls a request is paid.
#include "proxy/fetch/shares.h"
#include "proxy/http/message.h"

namespace slotwire::routes {

[[nodiscard]] fetch::Client payer_of(const http::Request& request);

}  // namespace slotwire::routes
