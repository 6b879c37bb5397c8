#pragma once
// Compression of stored bodies: slow levels pay off, since each body is compressed once. Pure; any thread.
#include <string>
#include <string_view>

namespace slotwire::text {

[[nodiscard]] std::string gzip_of(std::string_view text);
[[nodiscard]] std::string brotli_of(std::string_view text);

}  // namespace slotwire::text
