#include "proxy/text/ascii.h"

#include <algorithm>
#include <array>

namespace slotwire::text {

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower_ascii);
  return out;
}

bool is_token(std::string_view text) {
  static constexpr auto kInTokens = [] {
    std::array<bool, 256> in{};
    for (int c = 0; c < 256; ++c) in[static_cast<std::size_t>(c)] = c < 128 && is_letter_or_digit(static_cast<char>(c));
    for (const char c : std::string_view("!#$%&'*+-.^_`|~")) in[static_cast<unsigned char>(c)] = true;
    return in;
  }();
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return kInTokens[static_cast<unsigned char>(c)]; });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> list_items(std::string_view text) {
  std::vector<std::string_view> items;
  std::size_t begin = 0;
  bool quoted = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '"') quoted = !quoted;
    if (i < text.size() && (text[i] != ',' || quoted)) continue;
    const std::string_view item = trimmed(text.substr(begin, i - begin));
    if (!item.empty()) items.push_back(item);
    begin = i + 1;
  }
  return items;
}

}  // namespace slotwire::text
