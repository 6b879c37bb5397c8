#include "tests/e2e/jwt_text.h"

#include <cstdint>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace slotwire::e2e {

std::string base64url(const std::string& bytes) {
  constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const unsigned char byte : bytes) {
    bits = (bits << 8) | byte;
    for (count += 8; count >= 6; count -= 6) out += kLetters[(bits >> (count - 6)) & 63];
  }
  if (count > 0) out += kLetters[(bits << (6 - count)) & 63];
  return out;
}

std::string jwt_from(const nlohmann::json& header, const nlohmann::json& claims, const std::string& secret) {
  const std::string text = base64url(header.dump()) + "." + base64url(claims.dump());
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest, &size);
  return text + "." + base64url(std::string(reinterpret_cast<char*>(digest), size));
}

std::string jwt_for(const std::string& role, std::chrono::seconds lasts) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch();
  return jwt_from({{"alg", "HS256"}, {"typ", "JWT"}}, {{"sub", "tester"}, {"role", role}, {"exp", (now + lasts).count()}},
                  kJwtSecret);
}

}  // namespace slotwire::e2e
