// The WASM module that finds a booking's proof of work: four kilobytes, loaded only by pages whose proxy requires a proof.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "shared/proof_of_work.h"

namespace {

constexpr std::size_t kLongestText = 512;
char text[kLongestText];

}  // namespace

extern "C" {

// Buffer for the text, kLongestText bytes.
char* proof_text() { return text; }

// The first number from `from` on, among `count`, that is a proof; -1 if there is none (shared/proof_of_work.h).
double proof_find(std::uint32_t bytes, std::int32_t bits, std::uint32_t from, std::uint32_t count) {
  if (bytes > kLongestText) return -1;
  const auto found = slotwire::proof_among({text, bytes}, bits, from, count);
  return found ? static_cast<double>(*found) : -1;
}
}
