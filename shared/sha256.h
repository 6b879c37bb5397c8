#pragma once
// SHA-256 (FIPS 180-4) for both browser and proxy; not for secrets. Pure; any thread.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace slotwire {

using Sha256Digest = std::array<std::uint8_t, 32>;

// Takes its input piece by piece. A copy continues from the original's state, so texts with a common beginning hash it once.
class Sha256 {
 public:
  void feed(std::string_view text);
  [[nodiscard]] Sha256Digest digest() const;

 private:
  void take_block();

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> block_{};
  std::uint64_t fed_ = 0;  // bytes in all
};

}  // namespace slotwire
