#include "proxy/secrets/secret_string.h"

#include <cstring>
#include <openssl/crypto.h>
#include <utility>

#include "proxy/text/digest.h"

namespace slotwire::secrets {

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

std::string fingerprint_of(const SecretString& secret) { return text::sha256_hex(secret.reveal(), 6); }

}  // namespace slotwire::secrets
