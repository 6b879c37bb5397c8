#include "proxy/dropin/own_uris.h"

#include <algorithm>

#include "proxy/text/ascii.h"
#include "proxy/text/url.h"

namespace slotwire::dropin {
namespace {

std::string comparable(std::string_view host) {
  for (const std::string_view port : {std::string_view(":80"), std::string_view(":443")}) {
    if (host.ends_with(port)) host.remove_suffix(port.size());
  }
  return text::lowered(host);
}

}  // namespace

bool is_api_host(std::string_view host, const std::vector<std::string>& api_hosts) {
  const std::string wanted = comparable(host);
  const std::string_view name = std::string_view(wanted).substr(0, wanted.rfind(':'));
  return std::any_of(api_hosts.begin(), api_hosts.end(), [&](const std::string& each) {
    const std::string known = comparable(each);
    return known == wanted || known == name;
  });
}

std::optional<std::string> canonical_uri(std::string_view text, const OwnNames& own) {
  constexpr std::string_view kPrefix = "/calendly/v2/";
  const std::optional<text::Url> url = text::url_from_text(text);
  if (!url || !url->rest.starts_with('/')) return std::nullopt;
  const std::string scheme = text::lowered(url->scheme);
  if (scheme != "https" && scheme != "http") return std::nullopt;
  const std::string host = comparable(url->authority);
  const bool is_api = is_api_host(host, own.api_hosts);
  if (!is_api &&
      std::none_of(own.hosts.begin(), own.hosts.end(), [&](const std::string& each) { return comparable(each) == host; })) {
    return std::nullopt;
  }
  const std::string_view path = url->rest.substr(0, url->rest.find_first_of("?#"));
  const std::size_t prefix_at = path.find(kPrefix);
  if (prefix_at != std::string_view::npos) {
    return std::string(kCalendlyOrigin) + '/' + std::string(url->rest.substr(prefix_at + kPrefix.size()));
  }
  if (!is_api || path.size() < 2) return std::nullopt;
  return std::string(kCalendlyOrigin) + std::string(url->rest);
}

}  // namespace slotwire::dropin
