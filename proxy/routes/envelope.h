#pragma once
// Shared by all routes: the success envelope, and the HTTP status of each error code.
#include <string>
#include <string_view>

#include "proxy/http/message.h"
#include "shared/result.h"

namespace slotwire::routes {

enum class Audience { visitor, admin };  // a missing scope is the admin's mistake, but a server error for a visitor

[[nodiscard]] int status_from_code(ErrorCode code, Audience audience);
// Adds Retry-After to every 503 that may go away by itself.
[[nodiscard]] http::Reply reply_from_error(Error error, Audience audience, std::string_view data_json = "{}");
// {"success":true,"message":...,"data":<data_json>}, with no-store.
[[nodiscard]] http::Reply success_reply(std::string_view message, std::string_view data_json);

// Errors: unsupported_media_type unless the request declares a JSON body.
[[nodiscard]] Result<Done> check_is_json(const http::Request& request);

}  // namespace slotwire::routes
