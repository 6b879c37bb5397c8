#pragma once
// Addresses of the web, taken apart, and origins. Pure; any thread.
#include <optional>
#include <string>
#include <string_view>

namespace slotwire::text {

// Views of the text it was read from: "https://example.com:8443/a?b".
struct Url {
  std::string_view scheme;     // "https", as it is written
  std::string_view authority;  // "example.com:8443"; a user is left in it
  std::string_view host;       // "example.com", "[::1]"; may be empty
  std::string_view port;       // ":8443"; empty: none is named
  std::string_view rest;       // "/a?b": from the first '/', '?' or '#' on
};
// nullopt for what has no scheme, or a port that is no number.
[[nodiscard]] std::optional<Url> url_from_text(std::string_view text);

// Scheme, host and perhaps a port, in the form in which origins are compared: lower case, no slash at the end, a port only when
// it is not the scheme's usual one. Empty: no origin.
[[nodiscard]] std::string origin_from_text(std::string_view text);

}  // namespace slotwire::text
