#pragma once
// A puzzle that takes whoever solves it about 2^bits hashes, and whoever checks it one: what a booking may cost a script, and a
// person does not notice. The proof of a text is a number after which "text.number" has a SHA-256 that begins with so many zero
// bits. Pure; any thread; the same in the proxy and in the page.
#include <cstdint>
#include <optional>
#include <string_view>

namespace slotwire {

[[nodiscard]] bool is_proof(std::string_view text, std::uint32_t number, int bits);

// The first proof from `from` on among the next `count` numbers (those past 2^32 are none).
[[nodiscard]] std::optional<std::uint32_t> proof_among(std::string_view text, int bits, std::uint32_t from, std::uint32_t count);

}  // namespace slotwire
