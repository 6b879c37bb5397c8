#pragma once
// The head of an answer as bytes: status line, header lines, empty line. Pure, any thread.
#include <string>

#include "proxy/http/message.h"

namespace slotwire::http {

// Content-Length is that of the body, which the answer to a HEAD does not carry; 204 and 304 have none. `closes`: says that the
// connection ends with this answer. A header whose name or value holds a line break or another control character is left out,
// so that nothing which came from outside can add a header, or a second answer.
[[nodiscard]] std::string head_from_reply(const Reply& reply, bool closes);

// "Not Found" for 404; empty for a number that has no name.
[[nodiscard]] std::string_view reason_of(int status);

}  // namespace slotwire::http
