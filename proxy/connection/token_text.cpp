// Apart from the connection, so that reading request bodies links nothing else of it.

#include <algorithm>

#include "proxy/connection/connection.h"

namespace slotwire::connection {
namespace {

constexpr std::size_t kLongestToken = 8 * 1024;

}  // namespace

Result<Done> check_token_text(std::string_view token) {
  if (token.empty()) return bad_input("accessToken", "must not be empty");
  if (token.size() > kLongestToken) return bad_input("accessToken", "must be at most 8192 characters");
  const auto is_wrong = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f; };
  if (std::any_of(token.begin(), token.end(), is_wrong)) {
    return bad_input("accessToken", "must not have spaces, line breaks or other control characters");
  }
  return Done{};
}

}  // namespace slotwire::connection
