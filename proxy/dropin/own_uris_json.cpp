#include <nlohmann/json.hpp>

#include "proxy/dropin/own_uris.h"

namespace slotwire::proxy {

Result<std::string> with_canonical_uris(std::string_view json, const OwnHosts& own) {
  if (!nlohmann::json::accept(json)) return bad_input("body", "is not JSON");
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
    // Read by the library: slashes may be escaped, as PHP writes them.
    const auto mapped = canonical_uri(nlohmann::json::parse(literal).get<std::string>(), own);
    out += mapped ? nlohmann::json(*mapped).dump() : std::string(literal);
  }
  return out;
}

}  // namespace slotwire::proxy
