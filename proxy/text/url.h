#pragma once
// Splits web addresses into parts, and compares origins. Pure; any thread.
#include <optional>
#include <string>
#include <string_view>

namespace slotwire::text {

// Views of the original text: "https://example.com:8443/a?b".
struct Url {
  std::string_view scheme;     // "https", as written
  std::string_view authority;  // "example.com:8443"; includes a user, if given
  std::string_view host;       // "example.com", "[::1]"; may be empty
  std::string_view port;       // ":8443"; empty: none
  std::string_view rest;       // "/a?b": from the first '/', '?' or '#' on
};
// nullopt for text without a scheme, or with a port that is not a number.
[[nodiscard]] std::optional<Url> url_from_text(std::string_view text);

// Scheme, host and port in the form in which origins are compared: lower case, no slash at the end, a port only when it is not
// the scheme's default. Empty: not an origin.
[[nodiscard]] std::string origin_from_text(std::string_view text);

}  // namespace slotwire::text
