#pragma once
// Decodes a chunked body (RFC 9112 7.1) as it arrives. As strict as the reader of heads, and for the same reason.
//
//   5\r\n hello\r\n 6;a=b\r\n  world\r\n 0\r\n Trailer: x\r\n \r\n   ->   "hello world"
//
// Chunk extensions and trailers are checked and dropped. Refused: sizes that are not 1 to 8 hexadecimal digits, data that is not
// followed by CRLF, bare CR or LF, control characters, malformed trailers, long or many lines. No I/O.
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "proxy/http/request_reader.h"

namespace slotwire::http {

class ChunkedBody {
 public:
  struct Taken {
    std::size_t bytes = 0;     // consumed of the bytes offered; offer the rest again together with the bytes that follow
    bool is_complete = false;  // the bytes that follow belong to the next request
  };
  [[nodiscard]] std::variant<Taken, Refused> take(std::string_view bytes, std::size_t max_body_bytes);
  // The body as far as it has arrived.
  [[nodiscard]] std::string& body() { return body_; }

 private:
  enum class Expected { size, data, end_of_data, trailer };

  [[nodiscard]] bool read_line(std::string_view line);

  std::string body_;
  Expected expected_ = Expected::size;
  std::size_t chunk_left_ = 0;
  std::size_t trailers_ = 0;
};

}  // namespace slotwire::http
