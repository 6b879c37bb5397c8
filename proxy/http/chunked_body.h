#pragma once
// Takes a body out of its chunks (RFC 9112 7.1) while they arrive, as strictly as the head is read, and for the same reason.
//
//   5\r\n hello\r\n 6;a=b\r\n  world\r\n 0\r\n Trailer: x\r\n \r\n   ->   "hello world"
//
// Chunk extensions and trailers mean nothing here and are dropped. Refused: sizes that are not 1 to 8 hexadecimal digits, data
// that ends elsewhere than its size says, bare CR or LF, controls, trailers that are no fields, long or many lines. No I/O.
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "proxy/http/request_reader.h"

namespace slotwire::http {

class ChunkedBody {
 public:
  struct Taken {
    std::size_t bytes = 0;     // of what was offered; the others are to be offered again, with what follows them
    bool is_complete = false;  // what follows is the next request
  };
  [[nodiscard]] std::variant<Taken, Refused> take(std::string_view bytes, std::size_t max_body_bytes);
  // What has come so far.
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
