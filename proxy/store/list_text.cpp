#include "proxy/store/list_text.h"

#include <charconv>
#include <cstdint>

namespace slotwire::proxy {

std::string text_from_names(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ",") + name;
  return out;
}

std::vector<std::string> names_from_text(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    out.emplace_back(text.substr(0, comma));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return out;
}

std::string text_from_minutes(const std::vector<std::chrono::minutes>& minutes) {
  std::vector<std::string> names;
  for (const auto each : minutes) names.push_back(std::to_string(each.count()));
  return text_from_names(names);
}

std::vector<std::chrono::minutes> minutes_from_text(std::string_view text) {
  std::vector<std::chrono::minutes> out;
  for (const std::string& name : names_from_text(text)) {
    std::int64_t count = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), count).ec == std::errc()) out.emplace_back(count);
  }
  return out;
}

}  // namespace slotwire::proxy
