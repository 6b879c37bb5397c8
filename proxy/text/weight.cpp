#include "proxy/text/weight.h"

#include "proxy/text/ascii.h"

namespace slotwire::text {
namespace {

// "0", "1", "0.5", "0.125", "1.000" in thousandths.
std::optional<int> weight_from_text(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  int weight = (text[0] - '0') * 1000;
  if (text.size() == 1) return weight;
  if (text[1] != '.') return std::nullopt;
  int place = 100;
  for (const char digit : text.substr(2)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    weight += (digit - '0') * place;
    place /= 10;
  }
  return weight <= 1000 ? std::optional(weight) : std::nullopt;
}

std::optional<int> weight_from_parameter(std::string_view parameter) {
  parameter = trimmed(parameter);
  if (parameter.size() < 3 || !equal_ignoring_case(parameter.substr(0, 2), "q=")) return std::nullopt;
  return weight_from_text(parameter.substr(2));
}

}  // namespace

Weighted weighted_from_item(std::string_view item) {
  const std::size_t semicolon = item.find(';');
  const std::string_view name = trimmed(item.substr(0, semicolon));
  if (semicolon == std::string_view::npos) return {name, 1000};
  return {name, weight_from_parameter(item.substr(semicolon + 1))};
}

}  // namespace slotwire::text
