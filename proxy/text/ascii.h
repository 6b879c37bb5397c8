#pragma once
// ASCII rules of HTTP: case-insensitive comparison, tokens, lists. Pure; any thread.
#include <string_view>
#include <vector>

namespace slotwire::proxy {

[[nodiscard]] char lower_ascii(char c);
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b);
[[nodiscard]] bool is_control(char c);               // but for tabs
[[nodiscard]] bool is_token(std::string_view text);  // RFC 9110 5.6.2, not empty
// Without spaces and tabs at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);
// The parts between commas, trimmed, empty ones left out; commas inside "quotes" do not split.
[[nodiscard]] std::vector<std::string_view> list_items(std::string_view text);

}  // namespace slotwire::proxy
