#pragma once
// Seals secrets for storage with AES-256-GCM. Does not know where blobs are stored.
//
//   blob = "SWB1" | key id (8) | nonce (12) | ciphertext | tag (16)
//   associated data = "SWB1" | key id | the record's identity, so a blob moved to another record does not open
//
// Keys are derived by HKDF-SHA256 from the operator's keys. The key id is HKDF output too, and reveals nothing about the key.
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/secrets/secret_string.h"
#include "shared/result.h"

namespace slotwire::secrets {

class SealedBox {
 public:
  // The first of `keys` seals; all of them open. Needs at least one.
  explicit SealedBox(std::span<const SecretString> keys);

  // A fresh random nonce each time, so equal secrets give different blobs. Errors: internal when OpenSSL fails.
  [[nodiscard]] Result<std::string> seal(const SecretString& secret, std::string_view identity) const;
  // Errors: token_unreadable for any blob that differs in any byte from what seal returned for this identity and one of the keys.
  [[nodiscard]] Result<SecretString> open(std::string_view blob, std::string_view identity) const;
  // False when an older key sealed it: it should be sealed again.
  [[nodiscard]] bool is_sealed_by_first_key(std::string_view blob) const;

 private:
  struct Key {
    SecretString bytes;
    std::string id;
  };
  std::vector<Key> keys_;
};

}  // namespace slotwire::secrets
