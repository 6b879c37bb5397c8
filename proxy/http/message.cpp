#include "proxy/http/message.h"

#include <algorithm>

#include "proxy/text/ascii.h"
#include "shared/percent.h"

namespace slotwire::http {

void Headers::set(std::string name, std::string value) {
  std::erase_if(fields_, [&](const auto& field) { return text::equal_ignoring_case(field.first, name); });
  add(std::move(name), std::move(value));
}

void Headers::add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& [field, value] : fields_) {
    if (text::equal_ignoring_case(field, name)) return value;
  }
  return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(fields_.begin(), fields_.end(),
                                                [&](const auto& field) { return text::equal_ignoring_case(field.first, name); }));
}

std::optional<std::string> Request::query_value(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    // In a query '+' is a space (forms write it so); "%2B" is the plus of "+02:00".
    const auto decoded = [](std::string_view text) {
      std::string spaced(text);
      std::replace(spaced.begin(), spaced.end(), '+', ' ');
      return percent_decoded(spaced);
    };
    if (decoded(pair.substr(0, equals)) != name) continue;
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    // A malformed encoding is handed on as it stands, for the route to refuse with the field's name.
    return decoded(value).value_or(std::string(value));
  }
  return std::nullopt;
}

}  // namespace slotwire::http
