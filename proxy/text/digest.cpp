#include "proxy/text/digest.h"

#include <algorithm>
#include <array>
#include <openssl/sha.h>

namespace slotwire::text {

std::string hex_from(std::span<const unsigned char> bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string sha256_hex(std::string_view text, std::size_t bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return hex_from(std::span(digest).first(std::min(bytes, digest.size())));
}

}  // namespace slotwire::text
