#include <functional>

#include "proxy/dropin/own_uris.h"
#include "shared/json_members.h"

namespace slotwire::dropin {
namespace {

using Mapping = std::function<std::optional<std::string>(const std::string& text)>;

// Rewrites every string for which `map` returns a value; all other bytes stay as they are. The text must be JSON.
std::string with_mapped_strings(std::string_view json, const Mapping& map) {
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    const std::size_t quote = std::min(json.find('"'), json.size());
    out += json.substr(0, quote);
    json.remove_prefix(quote);
    if (json.empty()) break;
    std::size_t end = 1;
    while (json[end] != '"') end += json[end] == '\\' ? 2 : 1;
    const std::string_view literal = json.substr(0, end + 1);
    json.remove_prefix(literal.size());
    // Parsed by the library, since slashes may be escaped, as PHP does.
    const auto mapped = map(Json::parse(literal).get<std::string>());
    out += mapped ? Json(*mapped).dump() : std::string(literal);
  }
  return out;
}

}  // namespace

Result<std::string> with_canonical_uris(std::string_view json, const OwnNames& own) {
  if (is_nested_too_deep(json)) return bad_input("body", "is nested too deep");
  if (!Json::accept(json)) return bad_input("body", "is not JSON");
  return with_mapped_strings(json, [&](const std::string& text) { return canonical_uri(text, own); });
}

std::string with_own_uris(std::string_view json, std::string_view own_url) {
  if (is_nested_too_deep(json) || !Json::accept(json)) return std::string(json);
  const std::string origin = std::string(kCalendlyOrigin) + '/';
  return with_mapped_strings(json, [&](const std::string& text) -> std::optional<std::string> {
    if (!text.starts_with(origin)) return std::nullopt;
    return std::string(own_url) + text.substr(kCalendlyOrigin.size());
  });
}

}  // namespace slotwire::dropin
