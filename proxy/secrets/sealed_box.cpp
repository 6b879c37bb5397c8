#include "proxy/secrets/sealed_box.h"

#include <cassert>
#include <memory>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <stdexcept>

namespace slotwire::secrets {
namespace {

constexpr std::string_view kMagic = "SWB1";
constexpr std::size_t kIdSize = 8;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kHeaderSize = kMagic.size() + kIdSize;
constexpr std::size_t kSmallest = kHeaderSize + kNonceSize + kTagSize;
constexpr std::size_t kLargest = 64 * 1024;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
int length_of(std::string_view text) { return static_cast<int>(text.size()); }

std::string derived(std::string_view secret, std::string_view purpose, std::size_t size) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr),
                                                                            &EVP_PKEY_CTX_free);
  std::string out(size, '\0');
  constexpr std::string_view kSalt = "slotwire sealed box";
  if (!context || EVP_PKEY_derive_init(context.get()) <= 0 || EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) <= 0 ||
      EVP_PKEY_CTX_set1_hkdf_salt(context.get(), bytes_of(kSalt), length_of(kSalt)) <= 0 ||
      EVP_PKEY_CTX_set1_hkdf_key(context.get(), bytes_of(secret), length_of(secret)) <= 0 ||
      EVP_PKEY_CTX_add1_hkdf_info(context.get(), bytes_of(purpose), length_of(purpose)) <= 0 ||
      EVP_PKEY_derive(context.get(), bytes_of(out), &size) <= 0) {
    throw std::runtime_error("HKDF is not available in this OpenSSL");
  }
  return out;
}

std::string associated_data(std::string_view header, std::string_view identity) {
  std::string out(header);
  out += identity;
  return out;
}

Error unreadable() {
  return {ErrorCode::token_unreadable, "The stored token cannot be opened with the configured key; set a new token."};
}

}  // namespace

SealedBox::SealedBox(std::span<const SecretString> keys) {
  assert(!keys.empty());
  for (const SecretString& key : keys) {
    std::string bytes = derived(key.reveal(), "key", 32);
    keys_.push_back({SecretString::taken_from(bytes), derived(key.reveal(), "key id", kIdSize)});
  }
}

Result<std::string> SealedBox::seal(const SecretString& secret, std::string_view identity) const {
  const Key& key = keys_.front();
  std::string blob(kMagic);
  blob += key.id;
  const std::string aad = associated_data(blob, identity);
  std::string nonce(kNonceSize, '\0');
  if (RAND_bytes(bytes_of(nonce), length_of(nonce)) != 1) return Error{ErrorCode::internal, "No random numbers available."};
  blob += nonce;
  const std::size_t text_at = blob.size();
  blob.resize(text_at + secret.size() + kTagSize);

  const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  unsigned char* out = bytes_of(blob) + text_at;
  int written = 0;
  if (!cipher ||
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key.bytes.reveal()), bytes_of(nonce)) != 1 ||
      EVP_EncryptUpdate(cipher.get(), nullptr, &written, bytes_of(aad), length_of(aad)) != 1 ||
      EVP_EncryptUpdate(cipher.get(), out, &written, bytes_of(secret.reveal()), length_of(secret.reveal())) != 1 ||
      EVP_EncryptFinal_ex(cipher.get(), out + written, &written) != 1 ||
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTagSize), out + secret.size()) != 1) {
    return Error{ErrorCode::internal, "Encryption failed."};
  }
  return blob;
}

Result<SecretString> SealedBox::open(std::string_view blob, std::string_view identity) const {
  if (blob.size() < kSmallest || blob.size() > kLargest || !blob.starts_with(kMagic)) return unreadable();
  const std::string_view header = blob.substr(0, kHeaderSize);
  const std::string_view nonce = blob.substr(kHeaderSize, kNonceSize);
  const std::string_view text = blob.substr(kHeaderSize + kNonceSize, blob.size() - kSmallest);
  std::string tag(blob.substr(blob.size() - kTagSize));
  const std::string aad = associated_data(header, identity);

  for (const Key& key : keys_) {
    if (header.substr(kMagic.size()) != key.id) continue;
    const Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    std::string plain(text.size(), '\0');
    int written = 0;
    const bool is_open =
        cipher &&
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key.bytes.reveal()), bytes_of(nonce)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), nullptr, &written, bytes_of(aad), length_of(aad)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), bytes_of(plain), &written, bytes_of(text), length_of(text)) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagSize), tag.data()) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), bytes_of(plain) + written, &written) == 1;
    if (is_open) return SecretString::taken_from(plain);
    wipe(plain);  // GCM decrypts before it verifies, so the result of a forged blob must be wiped
  }
  return unreadable();
}

bool SealedBox::is_sealed_by_first_key(std::string_view blob) const {
  return blob.size() >= kHeaderSize && blob.substr(kMagic.size(), kIdSize) == keys_.front().id;
}

}  // namespace slotwire::secrets
