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
  for (const QueryPair& pair : query_pairs(query)) {
    // A malformed encoding is passed on unchanged, so that the route refuses it with the field's name.
    if (query_decoded(pair.name) == name) return query_decoded(pair.value).value_or(std::string(pair.value));
  }
  return std::nullopt;
}

}  // namespace slotwire::http
