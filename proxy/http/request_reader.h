#pragma once
// Decides where a request begins and ends, before any other code looks at it. Strict wherever two readers could disagree (RFC
// 9112), because request smuggling uses disagreements between a server and the proxy in front of it. No I/O, no clock.
//
//   bytes so far -> read_head: more needed | refused (status, why) | a head: views into the bytes, body length known
//
// Refused: bare LF or CR, NUL and other control characters, folded lines, space before ':', two or no Host (HTTP/1.1), two
// Authorization or Content-Type fields, two Content-Length fields or a list in one, Content-Encoding (415), lines over 8 kB, more
// than 100 fields, heads over 64 kB. Also a Transfer-Encoding that is not exactly `chunked`, comes with a Content-Length, or
// comes in HTTP/1.0.
#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace slotwire::http {

// Views into the bytes that were read.
struct RequestHead {
  std::string_view method;
  std::string_view path;                                              // raw, starts with '/', or "*"
  std::string_view query;                                             // raw, without '?'
  std::vector<std::pair<std::string_view, std::string_view>> fields;  // values trimmed
  std::size_t head_bytes = 0;  // including the empty line, and an empty line before the head
  std::size_t body_bytes = 0;  // from Content-Length
  bool is_chunked = false;     // chunked_body.h then finds the end of the body
  bool is_http_1_0 = false;
  bool keeps_alive = true;
  bool expects_continue = false;

  // The first field of that name; data() is null when absent.
  [[nodiscard]] std::string_view field(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return field(name).data() != nullptr; }
};

struct NeedsMore {};
struct Refused {
  int status = 400;
  std::string_view why;  // a sentence, static
};

// Reads one head after another. Remembers how far it has searched, so that a client that sends byte by byte costs no more than
// others.
class HeadReader {
 public:
  // `bytes` starts at the beginning of the request and only grows between calls, until restart().
  [[nodiscard]] std::variant<NeedsMore, Refused, RequestHead> read(std::string_view bytes, std::size_t max_body_bytes);
  void restart();

 private:
  std::size_t line_begin_ = 0;
  std::size_t looked_at_ = 0;
  std::vector<std::pair<std::size_t, std::size_t>> lines_;  // begin, length without CRLF
};

}  // namespace slotwire::http
