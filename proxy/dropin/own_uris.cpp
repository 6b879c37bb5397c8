#include "proxy/dropin/own_uris.h"

#include <algorithm>

#include "proxy/text/ascii.h"

namespace slotwire::proxy {
namespace {

std::string comparable(std::string_view host) {
  for (const std::string_view port : {std::string_view(":80"), std::string_view(":443")}) {
    if (host.ends_with(port)) host.remove_suffix(port.size());
  }
  return lowered(host);
}

}  // namespace

std::optional<std::string> canonical_uri(std::string_view text, const OwnHosts& own) {
  constexpr std::string_view kPrefix = "/calendly/v2/";
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return std::nullopt;
  const std::string scheme = comparable(text.substr(0, scheme_end));
  if (scheme != "https" && scheme != "http") return std::nullopt;
  const std::string_view after = text.substr(scheme_end + 3);
  const std::size_t path_at = after.find('/');
  if (path_at == std::string_view::npos) return std::nullopt;
  const std::string host = comparable(after.substr(0, path_at));
  if (std::none_of(own.begin(), own.end(), [&](const std::string& each) { return comparable(each) == host; }))
    return std::nullopt;
  const std::string_view path = after.substr(path_at, after.find_first_of("?#") - path_at);
  const std::size_t prefix_at = path.find(kPrefix);
  if (prefix_at == std::string_view::npos) return std::nullopt;
  return std::string(kCalendlyOrigin) + '/' + std::string(after.substr(path_at + prefix_at + kPrefix.size()));
}

}  // namespace slotwire::proxy
