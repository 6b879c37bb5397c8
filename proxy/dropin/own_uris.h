#pragma once
// Calendly names its things by URIs of its own host; clients that build them from their base URL name ours. Here ours become
// Calendly's. Pure.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/result.h"

namespace slotwire::dropin {

// What Calendly's URIs begin with, whatever CALENDLY_API_BASE_URL is: they are names, not addresses.
inline constexpr std::string_view kCalendlyOrigin = "https://api.calendly.com";

struct OwnNames {
  // Hosts by which this client reaches us ("slots.example.com", "127.0.0.1:3000"). Whoever names a wrong one changes what its
  // own request means and nothing else, so headers of anybody may be believed.
  std::vector<std::string> hosts;
  // Hosts on which the root is the API (CALENDLY_API_HOSTS). Without a port: on any.
  std::vector<std::string> api_hosts;
};

// True for "API.slots.example.com:8443" when that host, or that host and port, is among `api_hosts`.
[[nodiscard]] bool is_api_host(std::string_view host, const std::vector<std::string>& api_hosts);

// "https://api.calendly.com/event_types/ABC" for "http(s)://<own host>[/anything]/calendly/v2/event_types/ABC" and for
// "http(s)://<API host>/event_types/ABC"; nullopt for everything else.
[[nodiscard]] std::optional<std::string> canonical_uri(std::string_view text, const OwnNames& own);

// The same for every string in a JSON text, or every value of a form; all other bytes stay. Errors: bad_input when it is not
// JSON, or a form with a malformed percent-encoding.
[[nodiscard]] Result<std::string> with_canonical_uris(std::string_view json, const OwnNames& own);
[[nodiscard]] Result<std::string> with_canonical_uris_in_form(std::string_view form, const OwnNames& own);

// The other way, for programs that follow URIs as addresses: every string in a JSON text that begins with Calendly's origin
// begins with `own_url` ("https://slots.example.com/calendly/v2"). What is not JSON comes back as it is.
[[nodiscard]] std::string with_own_uris(std::string_view json, std::string_view own_url);

}  // namespace slotwire::dropin
