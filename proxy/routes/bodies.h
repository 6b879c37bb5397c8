#pragma once
// Request bodies into values: the routes' one door to nlohmann/json. Unknown fields are ignored; wrong ones are named.
#include <string>
#include <string_view>
#include <vector>

#include "proxy/booking/booking_wish.h"
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

struct ReadWish {
  booking::BookingWish wish;
  std::vector<ErrorDetail> problems;  // fields that are missing or of the wrong type: all of them
};
// {eventType, start, invitee{name,email,timezone}, answers?:[{position?,question?,answer}], location?:{kind,location?},
// tracking?:{...}}. An answer is a text, or for several choices a list of texts. Errors: bad_input when it is no object.
[[nodiscard]] Result<ReadWish> booking_wish_from_body(std::string_view body);

}  // namespace slotwire::routes
