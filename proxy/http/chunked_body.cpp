#include "proxy/http/chunked_body.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "proxy/text/ascii.h"

namespace slotwire::http {
namespace {

constexpr std::size_t kMaxLine = 1024;
constexpr std::size_t kMaxTrailers = 20;
constexpr Refused kMalformed{400, "The body's chunks are malformed."};

std::optional<std::uint32_t> size_from(std::string_view text) {
  std::uint32_t size = 0;
  if (text.empty() || text.size() > 8) return std::nullopt;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), size, 16);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return size;
}

}  // namespace

std::variant<ChunkedBody::Taken, Refused> ChunkedBody::take(std::string_view bytes, std::size_t max_body_bytes) {
  for (std::size_t at = 0;;) {
    if (expected_ == Expected::data) {
      const std::string_view data = bytes.substr(at, chunk_left_);
      body_ += data;
      at += data.size();
      chunk_left_ -= data.size();
      if (chunk_left_ > 0) return Taken{at, false};
      expected_ = Expected::end_of_data;
    }
    const std::string_view rest = bytes.substr(at);
    const std::size_t feed = rest.find('\n');
    if (std::min(feed, rest.size()) > kMaxLine) return Refused{400, "A line between the body's chunks is too long."};
    if (feed == std::string_view::npos) return Taken{at, false};
    if (feed == 0 || rest[feed - 1] != '\r') return kMalformed;
    const std::string_view line = rest.substr(0, feed - 1);
    at += feed + 1;
    if (expected_ == Expected::trailer && line.empty()) return Taken{at, true};
    if (!read_line(line)) return kMalformed;
    if (chunk_left_ > max_body_bytes - body_.size()) return Refused{413, "The body is too large."};
  }
}

// False: the line is malformed.
bool ChunkedBody::read_line(std::string_view line) {
  if (std::any_of(line.begin(), line.end(), text::is_control)) return false;
  switch (expected_) {
    case Expected::end_of_data:
      expected_ = Expected::size;
      return line.empty();
    case Expected::trailer:
      return ++trailers_ <= kMaxTrailers && text::is_token(line.substr(0, line.find(':'))) &&
             line.find(':') != std::string_view::npos;
    case Expected::size: {
      const std::optional<std::uint32_t> size = size_from(line.substr(0, line.find(';')));
      if (!size) return false;
      chunk_left_ = *size;
      expected_ = chunk_left_ > 0 ? Expected::data : Expected::trailer;
      return true;
    }
    case Expected::data:
      break;
  }
  return false;
}

}  // namespace slotwire::http
