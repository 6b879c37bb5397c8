#pragma once
// HMAC-SHA256 under a secret, and the comparison that goes with it. Pure; any thread.
#include <string>
#include <string_view>

#include "proxy/secrets/secret_string.h"

namespace slotwire::secrets {

// 64 hex digits.
[[nodiscard]] std::string hmac_sha256_hex(const SecretString& key, std::string_view text);

// Compares in a time that does not depend on where the texts differ.
[[nodiscard]] bool is_same(std::string_view given, std::string_view expected);

}  // namespace slotwire::secrets
