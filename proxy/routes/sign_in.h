#pragma once
// Who sent a request: the claims of its bearer token.
#include "proxy/http/message.h"
#include "proxy/secrets/jwt.h"
#include "shared/result.h"

namespace slotwire::proxy {

// Errors: unauthorized without `Authorization: Bearer ...`, and as claims_from_jwt.
[[nodiscard]] Result<Claims> claims_from_request(const Request& request, const SecretString& secret, Instant now);

}  // namespace slotwire::proxy
