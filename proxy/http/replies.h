#pragma once
// Replies in the API's envelope, so that all refusals have one form.
#include <functional>
#include <string>
#include <string_view>

#include "proxy/http/message.h"
#include "shared/result.h"

namespace slotwire::http {

[[nodiscard]] Reply reply_from_text(int status, std::string content_type, std::string body);
[[nodiscard]] Reply json_reply(int status, std::string json);
// {"success":false,...} with Retry-After if the error has one, and Cache-Control: no-store. `data_json` is an object.
[[nodiscard]] Reply error_reply(int status, const Error& error, std::string_view data_json = "{}");

// The address of a refused request: raw, possibly cut short or empty, since the request may have been unreadable. Use it only to
// choose the wording.
struct AskedAt {
  std::string_view path;
  std::string_view host;  // from the Host header, as far as it arrived
};
// Words the refusals that happen before or without a route. Callers of one API may expect a shape of their own.
using Refusals = std::function<Reply(const AskedAt& asked, int status, const Error& error)>;
// error_reply for every address.
[[nodiscard]] Reply refusal_in_envelope(const AskedAt& asked, int status, const Error& error);

}  // namespace slotwire::http
