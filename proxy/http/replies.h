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

// Where something was asked: raw, perhaps cut short or empty, since the request need not have been readable. Good enough to
// choose words by, and for nothing else.
struct AskedAt {
  std::string_view path;
  std::string_view host;  // of the Host field, as far as it came
};
// How what is refused before, or without, a route is worded. Callers of one API may expect another's shape.
using Refusals = std::function<Reply(const AskedAt& asked, int status, const Error& error)>;
// error_reply, wherever it was asked.
[[nodiscard]] Reply refusal_in_envelope(const AskedAt& asked, int status, const Error& error);

}  // namespace slotwire::http
