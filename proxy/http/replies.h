#pragma once
// Replies in the API's envelope, so that every refusal reads alike whoever sends it.
#include <string>
#include <string_view>

#include "proxy/http/message.h"
#include "shared/result.h"

namespace slotwire::proxy {

[[nodiscard]] Reply reply_from_text(int status, std::string content_type, std::string body);
[[nodiscard]] Reply json_reply(int status, std::string json);
// {"success":false,...} with Retry-After when the error has one, and Cache-Control: no-store. `data_json` is an object.
[[nodiscard]] Reply error_reply(int status, const Error& error, std::string_view data_json = "{}");

}  // namespace slotwire::proxy
