#pragma once
// `Calendly-Webhook-Signature: t=<unix seconds>,v1=<hex>`: was this body signed with our key, and just now? Pure; any thread.
// Facts about Calendly: its published API documents, checked 2026-11.
#include <string>
#include <string_view>

#include "proxy/secrets/secret_string.h"
#include "shared/calendar.h"
#include "shared/result.h"

namespace slotwire::secrets {

// A signature is believed this long after, and before, the time it names: longer ones could be replayed.
inline constexpr std::chrono::seconds kSignatureAge{180};

// HMAC-SHA256 over "<t>.<raw body>" against any of the header's v1 values, in constant time. Returns what tells this delivery
// from others: the same for its replay, 64 hex digits. Errors: bad_signature, whatever is wrong; the detail says whether it
// is the header, the signature or the age.
[[nodiscard]] Result<std::string> checked_webhook_signature(std::string_view header, std::string_view raw_body,
                                                            const SecretString& key, Instant now);

// 32 random bytes as 64 hex digits.
[[nodiscard]] SecretString fresh_signing_key();

}  // namespace slotwire::secrets
