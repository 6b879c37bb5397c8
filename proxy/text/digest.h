#pragma once
// SHA-256 for names that follow from content, such as ETags. Not for secrets: those have their own files.
#include <cstddef>
#include <string>
#include <string_view>

namespace slotwire::proxy {

// The first `bytes` (at most 32) of the digest as lower-case hex.
[[nodiscard]] std::string sha256_hex(std::string_view text, std::size_t bytes);

}  // namespace slotwire::proxy
