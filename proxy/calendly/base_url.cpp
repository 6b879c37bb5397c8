// Apart from the transport, so that reading the configuration links no HTTP library.

#include <optional>

#include "proxy/calendly/httplib_transport.h"
#include "proxy/text/url.h"

namespace slotwire::calendly {
namespace {

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

}  // namespace

Result<BaseUrl> base_url_from_text(std::string_view text) {
  const auto wrong = [](std::string why) { return bad_input("CALENDLY_API_BASE_URL", std::move(why)); };
  const std::optional<text::Url> parts = text::url_from_text(text);
  if (!parts) return wrong("must start with https://, and its port be a number");
  if (parts->host.empty() || parts->authority.find_first_of("@ ") != std::string_view::npos) return wrong("has no usable host");
  if (parts->scheme != "https" && !(parts->scheme == "http" && is_loopback(parts->host))) {
    return wrong("must be https (http only for this machine itself): the access token is sent there");
  }
  BaseUrl url;
  url.origin = std::string(parts->scheme) + "://" + std::string(parts->authority);
  url.prefix = std::string(parts->rest);
  while (url.prefix.ends_with('/')) url.prefix.pop_back();
  if (url.prefix.find_first_of("?# ") != std::string::npos) return wrong("must not have a query");
  return url;
}

}  // namespace slotwire::calendly
