#pragma once
// A puzzle that takes about 2^bits hashes to solve and one to check. It makes bookings expensive for a script; a visitor does not
// notice it. A proof of a text is a number for which the SHA-256 of "text.number" begins with `bits` zero bits. Pure; any thread;
// the same code runs in the proxy and in the page.
#include <cstdint>
#include <optional>
#include <string_view>

namespace slotwire {

[[nodiscard]] bool is_proof(std::string_view text, std::uint32_t number, int bits);

// The first proof among the `count` numbers that start at `from` (numbers past 2^32 are no proofs).
[[nodiscard]] std::optional<std::uint32_t> proof_among(std::string_view text, int bits, std::uint32_t from, std::uint32_t count);

}  // namespace slotwire
