#pragma once
// Checks `Calendly-Webhook-Signature: t=<unix seconds>,v1=<hex>`: the body must be signed with our key, and recently. Pure; any
// thread. Facts about Calendly: its published API documents, checked 2026-11.
#include <string>
#include <string_view>

#include "proxy/secrets/secret_string.h"
#include "shared/calendar.h"
#include "shared/result.h"

namespace slotwire::secrets {

// A signature is valid this long before and after the time it names; a longer period would allow replays.
inline constexpr std::chrono::seconds kSignatureAge{180};

// Compares HMAC-SHA256 over "<t>.<raw body>" with the header's v1 values, in constant time. Returns an id of the delivery, 64 hex
// digits, which is the same for a replay. Errors: bad_signature in every case; the detail says whether it is the header, the
// signature or the age.
[[nodiscard]] Result<std::string> checked_webhook_signature(std::string_view header, std::string_view raw_body,
                                                            const SecretString& key, Instant now);

// 32 random bytes as 64 hex digits.
[[nodiscard]] SecretString fresh_signing_key();

}  // namespace slotwire::secrets
