#include "shared/proof_of_work.h"

#include <array>
#include <bit>
#include <cstddef>
#include <limits>

#include "shared/sha256.h"

namespace slotwire {
namespace {

Sha256 begun(std::string_view text) {
  Sha256 hash;
  hash.feed(text);
  hash.feed(".");
  return hash;
}

bool has_zero_bits(Sha256 hash, std::uint32_t number, int bits) {
  std::array<char, 10> digits{};
  std::size_t at = digits.size();
  do digits[--at] = static_cast<char>('0' + number % 10);
  while ((number /= 10) != 0);
  hash.feed(std::string_view(digits.data() + at, digits.size() - at));
  int zeros = 0;
  for (const std::uint8_t byte : hash.digest()) {
    zeros += std::countl_zero(byte);
    if (byte != 0) break;
  }
  return zeros >= bits;
}

}  // namespace

bool is_proof(std::string_view text, std::uint32_t number, int bits) { return has_zero_bits(begun(text), number, bits); }

std::optional<std::uint32_t> proof_among(std::string_view text, int bits, std::uint32_t from, std::uint32_t count) {
  const Sha256 hash = begun(text);
  for (std::uint32_t tried = 0; tried < count; ++tried) {
    if (has_zero_bits(hash, from + tried, bits)) return from + tried;
    if (from + tried == std::numeric_limits<std::uint32_t>::max()) break;
  }
  return std::nullopt;
}

}  // namespace slotwire
