#pragma once
// A secret in memory: wiped when it goes, never copied by accident, and no stream or formatter takes it.
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace slotwire::secrets {

// Overwrites the characters where they lie, in a way the optimiser may not drop, and empties the string.
void wipe(std::string& text);

class SecretString {
 public:
  SecretString() = default;
  explicit SecretString(std::string_view text);
  // Takes the text over and wipes where it came from.
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

  // Not a std::string: short ones would live inside the object, and a move would leave them behind.
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

template <class Stream>
Stream& operator<<(Stream&, const SecretString&) = delete;

// First 12 hex digits of SHA-256: enough to see that two secrets differ, too little to learn anything of one.
[[nodiscard]] std::string fingerprint_of(const SecretString& secret);

}  // namespace slotwire::secrets
