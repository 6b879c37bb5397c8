#pragma once
// The head of an answer as bytes: status line, header lines, empty line. Pure, any thread.
#include <string>

#include "proxy/http/message.h"

namespace slotwire::http {

// Content-Length is the body's, also for a HEAD, whose answer has no body; 204 and 304 have none. `closes` adds "Connection:
// close". A header whose name or value contains a line break or another control character is left out, so that outside data
// cannot add a header or a second answer.
[[nodiscard]] std::string head_from_reply(const Reply& reply, bool closes);

// "Not Found" for 404; empty for an unknown status.
[[nodiscard]] std::string_view reason_of(int status);

}  // namespace slotwire::http
