#pragma once
// ASCII rules, above all those of HTTP: comparison without case, tokens, lists. Pure; any thread.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "shared/ascii.h"

namespace slotwire::text {

using slotwire::is_letter_or_digit;
using slotwire::lower_ascii;

[[nodiscard]] std::string lowered(std::string_view text);
[[nodiscard]] inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower_ascii(a[i]) != lower_ascii(b[i])) return false;
  }
  return true;
}
[[nodiscard]] constexpr bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}  // but for tabs
[[nodiscard]] bool is_token(std::string_view text);  // RFC 9110 5.6.2, not empty
// Without spaces and tabs at either end.
[[nodiscard]] std::string_view trimmed(std::string_view text);
// The parts between commas, trimmed, without empty ones; commas inside "quotes" do not split.
[[nodiscard]] std::vector<std::string_view> list_items(std::string_view text);

}  // namespace slotwire::text
