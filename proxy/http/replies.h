#pragma once
// Replies in the API's envelope, so that every refusal reads alike whoever sends it.
#include <functional>
#include <string>
#include <string_view>

#include "proxy/http/message.h"
#include "shared/result.h"

namespace slotwire::http {

[[nodiscard]] Reply reply_from_text(int status, std::string content_type, std::string body);
[[nodiscard]] Reply json_reply(int status, std::string json);
// {"success":false,...} with Retry-After when the error has one, and Cache-Control: no-store. `data_json` is an object.
[[nodiscard]] Reply error_reply(int status, const Error& error, std::string_view data_json = "{}");

// How what is refused before, or without, a route is worded, by the address it was asked at: raw, perhaps cut short or empty,
// since the request need not have been readable. Callers of one API may expect another's shape.
using Refusals = std::function<Reply(std::string_view path, int status, const Error& error)>;
// error_reply, wherever it was asked.
[[nodiscard]] Reply refusal_in_envelope(std::string_view path, int status, const Error& error);

}  // namespace slotwire::http
