#include "proxy/secrets/secret_string.h"

#include <array>
#include <cstring>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <utility>

namespace slotwire::proxy {

void wipe(std::string& text) {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

SecretString::SecretString(std::string_view text) : bytes_(std::make_unique<char[]>(text.size())), size_(text.size()) {
  if (!text.empty()) std::memcpy(bytes_.get(), text.data(), text.size());
}

SecretString SecretString::taken_from(std::string& text) {
  SecretString secret(text);
  wipe(text);
  return secret;
}

SecretString::SecretString(SecretString&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

SecretString& SecretString::operator=(SecretString&& other) noexcept {
  if (this != &other) {
    wipe_bytes();
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

SecretString::~SecretString() { wipe_bytes(); }

void SecretString::wipe_bytes() noexcept {
  if (bytes_) OPENSSL_cleanse(bytes_.get(), size_);
}

std::string fingerprint_of(const SecretString& secret) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  const std::string_view text = secret.reveal();
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < 6; ++i) {
    out += kHex[digest[i] >> 4];
    out += kHex[digest[i] & 15];
  }
  return out;
}

}  // namespace slotwire::proxy
