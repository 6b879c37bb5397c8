#pragma once
// Request bodies as values; of the routes, only this file uses nlohmann/json. Unknown fields are ignored; wrong ones are named.
#include <string>
#include <string_view>
#include <vector>

#include "proxy/connection/connection.h"
#include "proxy/secrets/secret_string.h"
#include "shared/result.h"

namespace slotwire::routes {

// {"accessToken": "..."}; checked as check_token_text does. Errors: bad_input.
[[nodiscard]] Result<secrets::SecretString> token_from_body(std::string_view body);

struct PublicConfiguration {
  std::string calendly_username;
  std::vector<connection::PublicEventType> types;
};
// {"calendlyUsername": "...", "eventTypes": [{"name","slug","duration" in minutes}]}. Errors: bad_input.
[[nodiscard]] Result<PublicConfiguration> public_configuration_from_body(std::string_view body);

// {"publicUrl": "https://..."}. Errors: bad_input.
[[nodiscard]] Result<std::string> public_url_from_body(std::string_view body);

// {"eventType": "uri, uuid or slug"}. Errors: bad_input.
[[nodiscard]] Result<std::string> event_type_from_body(std::string_view body);

struct AssistantSwitch {
  std::string event_type;  // uri, uuid or slug
  bool is_open = false;
};
// {"eventType": "...", "open": true}. Errors: bad_input.
[[nodiscard]] Result<AssistantSwitch> assistant_switch_from_body(std::string_view body);

}  // namespace slotwire::routes
