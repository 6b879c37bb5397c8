#pragma once
// Bytes as hex, and SHA-256 for names derived from content, such as ETags. Pure; any thread.
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace slotwire::text {

// Lower-case hex.
[[nodiscard]] std::string hex_from(std::span<const unsigned char> bytes);

// The first `bytes` (at most 32) of the digest as lower-case hex.
[[nodiscard]] std::string sha256_hex(std::string_view text, std::size_t bytes);

}  // namespace slotwire::text
