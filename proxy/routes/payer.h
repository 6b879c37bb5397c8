#pragma once
// Of whose share of the account's calls a request is paid.
#include "proxy/fetch/shares.h"
#include "proxy/http/message.h"

namespace slotwire::proxy {

[[nodiscard]] fetch::Client payer_of(const Request& request);

}  // namespace slotwire::proxy
