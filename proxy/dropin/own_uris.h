#pragma once
// Calendly identifies its resources by URIs on its own host. Clients that build such URIs from their base URL use our host; this
// turns them into Calendly's, and back. Pure.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/result.h"

namespace slotwire::dropin {

// Calendly's URIs begin with this whatever CALENDLY_API_BASE_URL is: they are names, not addresses.
inline constexpr std::string_view kCalendlyOrigin = "https://api.calendly.com";

struct OwnNames {
  // The hosts under which this client reaches us ("slots.example.com", "127.0.0.1:3000"). They may come from untrusted headers: a
  // wrong host only changes the meaning of the client's own request.
  std::vector<std::string> hosts;
  // Hosts whose root is the API (CALENDLY_API_HOSTS). Without a port: any port.
  std::vector<std::string> api_hosts;
};

// True for "API.slots.example.com:8443" when that host, or host and port, is in `api_hosts`.
[[nodiscard]] bool is_api_host(std::string_view host, const std::vector<std::string>& api_hosts);

// "https://api.calendly.com/event_types/ABC" for "http(s)://<own host>[/anything]/calendly/v2/event_types/ABC" and for
// "http(s)://<API host>/event_types/ABC"; nullopt for everything else.
[[nodiscard]] std::optional<std::string> canonical_uri(std::string_view text, const OwnNames& own);

// The same for every string in a JSON text, or every value of a form; all other bytes stay as they are. Errors: bad_input for
// invalid JSON, or a form with a malformed percent-encoding.
[[nodiscard]] Result<std::string> with_canonical_uris(std::string_view json, const OwnNames& own);
[[nodiscard]] Result<std::string> with_canonical_uris_in_form(std::string_view form, const OwnNames& own);

// The reverse, for programs that use URIs as addresses: in every string of a JSON text that begins with Calendly's origin,
// replaces it by `own_url` ("https://slots.example.com/calendly/v2"). Text that is not JSON is returned unchanged.
[[nodiscard]] std::string with_own_uris(std::string_view json, std::string_view own_url);

}  // namespace slotwire::dropin
