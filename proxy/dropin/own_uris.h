#pragma once
// Calendly names its things by URIs of its own host; clients that build them from their base URL name ours. Here ours become
// Calendly's. Pure.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/result.h"

namespace slotwire::proxy {

// What Calendly's URIs begin with, whatever CALENDLY_API_BASE_URL is: they are names, not addresses.
inline constexpr std::string_view kCalendlyOrigin = "https://api.calendly.com";

// Hosts by which this client reaches us ("slots.example.com", "127.0.0.1:3000"). Whoever names a wrong one changes what its
// own request means and nothing else, so headers of anybody may be believed.
using OwnHosts = std::vector<std::string>;

// "https://api.calendly.com/event_types/ABC" for "http(s)://<own host>[/anything]/calendly/v2/event_types/ABC"; nullopt for
// everything else.
[[nodiscard]] std::optional<std::string> canonical_uri(std::string_view text, const OwnHosts& own);

// The same for every string in a JSON text; all other bytes stay. Errors: bad_input when it is not JSON.
[[nodiscard]] Result<std::string> with_canonical_uris(std::string_view json, const OwnHosts& own);

}  // namespace slotwire::proxy
