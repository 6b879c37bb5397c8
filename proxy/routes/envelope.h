#pragma once
// What all routes share: the success envelope, and which HTTP status an error code has.
#include <string>
#include <string_view>

#include "proxy/http/message.h"
#include "shared/result.h"

namespace slotwire::routes {

enum class Audience { visitor, admin };  // a missing scope is the admin's mistake and the visitor's bad luck

[[nodiscard]] int status_from_code(ErrorCode code, Audience audience);
// Adds Retry-After to every 503 that may pass by itself.
[[nodiscard]] http::Reply reply_from_error(Error error, Audience audience, std::string_view data_json = "{}");
// {"success":true,"message":...,"data":<data_json>}, not to be stored by anyone.
[[nodiscard]] http::Reply success_reply(std::string_view message, std::string_view data_json);

// Errors: unsupported_media_type when the request does not say that it carries JSON.
[[nodiscard]] Result<Done> check_is_json(const http::Request& request);

}  // namespace slotwire::routes
