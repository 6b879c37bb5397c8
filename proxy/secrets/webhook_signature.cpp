#include "proxy/secrets/webhook_signature.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdexcept>
#include <vector>

#include "proxy/secrets/hmac.h"
#include "proxy/text/ascii.h"
#include "proxy/text/digest.h"

namespace slotwire::secrets {
namespace {

// A header with thousands of signatures would be an attempt to keep us busy comparing.
constexpr std::size_t kMostSignatures = 8;
constexpr std::size_t kLongestHeader = 2048;

Error refused(std::string why) { return {ErrorCode::bad_signature, std::move(why)}; }

struct SignatureHeader {
  std::string_view time;  // in the text that is signed
  std::vector<std::string_view> signatures;
};

SignatureHeader parts_of(std::string_view header) {
  SignatureHeader parts;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(','), header.size());
    const std::string_view part = text::trimmed(header.substr(0, end));
    header.remove_prefix(std::min(end + 1, header.size()));
    if (part.starts_with("t=")) parts.time = part.substr(2);
    if (part.starts_with("v1=") && parts.signatures.size() < kMostSignatures) parts.signatures.push_back(part.substr(3));
  }
  return parts;
}

}  // namespace

Result<std::string> checked_webhook_signature(std::string_view header, std::string_view raw_body, const SecretString& key,
                                              Instant now) {
  if (key.empty() || header.empty() || header.size() > kLongestHeader) return refused("The delivery is not signed.");
  const SignatureHeader parts = parts_of(header);
  std::int64_t seconds = 0;
  const auto [end, failure] = std::from_chars(parts.time.data(), parts.time.data() + parts.time.size(), seconds);
  const bool is_number = !parts.time.empty() && failure == std::errc() && end == parts.time.data() + parts.time.size();
  if (!is_number || parts.signatures.empty()) return refused("The signature cannot be read.");

  std::string signed_text;
  signed_text.reserve(parts.time.size() + 1 + raw_body.size());
  signed_text += parts.time;
  signed_text += '.';
  signed_text += raw_body;
  const std::string expected = hmac_sha256_hex(key, signed_text);
  bool is_signed = false;
  for (const std::string_view given : parts.signatures) is_signed |= is_same(given, expected);
  if (!is_signed) return refused("The signature is wrong.");
  // Checked after the signature, so that a client without the key learns nothing about our clock.
  const std::int64_t now_s = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  if (seconds < now_s - kSignatureAge.count() || seconds > now_s + kSignatureAge.count()) {
    return refused("The delivery was signed too long ago, or one of the clocks is wrong.");
  }
  return expected;
}

SecretString fresh_signing_key() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw std::runtime_error("no random bytes");
  std::string hex = text::hex_from(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return SecretString::taken_from(hex);
}

}  // namespace slotwire::secrets
