#pragma once
// A secret in memory: wiped on destruction, never copied by accident, and not accepted by streams or formatters.
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace slotwire::secrets {

// Overwrites the characters in place, in a way that the optimiser cannot remove, and empties the string.
void wipe(std::string& text);

class SecretString {
 public:
  SecretString() = default;
  explicit SecretString(std::string_view text);
  // Takes over the text and wipes the original.
  [[nodiscard]] static SecretString taken_from(std::string& text);

  SecretString(SecretString&& other) noexcept;
  SecretString& operator=(SecretString&& other) noexcept;
  SecretString(const SecretString&) = delete;
  SecretString& operator=(const SecretString&) = delete;
  ~SecretString();

  [[nodiscard]] SecretString clone() const { return SecretString(reveal()); }
  // Borrowed; valid while this lives. Named so that every use shows up in a search.
  [[nodiscard]] std::string_view reveal() const { return {bytes_.get(), size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 private:
  void wipe_bytes() noexcept;

  // Not a std::string: short strings are stored inside the object, and a move would leave their bytes behind.
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

template <class Stream>
Stream& operator<<(Stream&, const SecretString&) = delete;

// First 12 hex digits of SHA-256: enough to tell two secrets apart, too few to learn anything about one.
[[nodiscard]] std::string fingerprint_of(const SecretString& secret);

}  // namespace slotwire::secrets
