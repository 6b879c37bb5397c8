// The module that a booking's proof of work is found with: four kilobytes that only pages load whose proxy asks for one.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "shared/proof_of_work.h"

namespace {

constexpr std::size_t kLongestText = 512;
char text[kLongestText];

}  // namespace

extern "C" {

// Where the text goes; it has room for kLongestText bytes.
char* proof_text() { return text; }

// The first proof among `count` numbers from `from` on, -1 if there is none (shared/proof_of_work.h).
double proof_find(std::uint32_t bytes, std::int32_t bits, std::uint32_t from, std::uint32_t count) {
  if (bytes > kLongestText) return -1;
  const auto found = slotwire::proof_among({text, bytes}, bits, from, count);
  return found ? static_cast<double>(*found) : -1;
}
}
