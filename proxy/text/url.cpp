#include "proxy/text/url.h"

#include <algorithm>
#include <utility>

#include "proxy/text/ascii.h"

namespace slotwire::text {
namespace {

bool is_port(std::string_view text) {
  return text.empty() || (text.size() >= 2 && text.size() <= 6 && text.front() == ':' &&
                          text.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

}  // namespace

std::optional<Url> url_from_text(std::string_view text) {
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos || scheme_end == 0) return std::nullopt;
  Url url;
  url.scheme = text.substr(0, scheme_end);
  text.remove_prefix(scheme_end + 3);
  url.authority = text.substr(0, text.find_first_of("/?#"));
  url.rest = text.substr(url.authority.size());
  const std::size_t bracket = url.authority.starts_with('[') ? url.authority.find(']') : 0;
  if (bracket == std::string_view::npos) return std::nullopt;
  url.host = url.authority.substr(0, url.authority.find(':', bracket));
  url.port = url.authority.substr(url.host.size());
  return is_port(url.port) ? std::optional(url) : std::nullopt;
}

std::string origin_from_text(std::string_view text) {
  std::string origin = lowered(trimmed(text));
  while (origin.ends_with('/')) origin.pop_back();
  const std::optional<Url> url = url_from_text(origin);
  if (!url || url->host.empty() || !url->rest.empty() || url->authority.find_first_of("@* \t") != std::string_view::npos)
    return {};
  const bool is_usual_port = (url->scheme == "https" && url->port == ":443") || (url->scheme == "http" && url->port == ":80");
  if (is_usual_port) origin.resize(origin.size() - url->port.size());
  return origin;
}

}  // namespace slotwire::text
