#include "proxy/http/request_reader.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "proxy/text/ascii.h"

namespace slotwire::http {

using text::equal_ignoring_case;

namespace {

constexpr std::size_t kMaxLine = 8 * 1024;
constexpr std::size_t kMaxFields = 100;
constexpr std::size_t kMaxHead = 64 * 1024;

using Line = std::pair<std::size_t, std::size_t>;

// Checks every byte of a request. Almost none is bad, so there is no early exit: a loop without one is vectorized (sixteen bytes
// at a time). g++ does that only with -O3, which CMakeLists.txt sets for this file.
template <class IsBad>
bool has_any(std::string_view text, IsBad is_bad) {
  unsigned char found = 0;
  for (const char c : text) found = static_cast<unsigned char>(found | static_cast<unsigned char>(is_bad(c)));
  return found != 0;
}

std::optional<Refused> read_request_line(std::string_view line, RequestHead& head) {
  static constexpr Refused kMalformed{400, "The request line is malformed."};
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return kMalformed;
  head.method = line.substr(0, first);
  std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);

  if (!text::is_token(head.method)) return kMalformed;
  if (version == "HTTP/1.0") {
    head.is_http_1_0 = true;
    head.keeps_alive = false;
  } else if (version != "HTTP/1.1") {
    const bool is_other_version = version.size() == 8 && version.starts_with("HTTP/");
    return is_other_version ? Refused{505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."} : kMalformed;
  }

  // The absolute form: clients send it to proxies, and every server has to accept it (RFC 9112 3.2.2).
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() < scheme.size() || !equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    const std::size_t slash = target.find('/', scheme.size());
    if (slash == std::string_view::npos) return kMalformed;
    target.remove_prefix(slash);
    break;
  }
  const bool is_asterisk = target == "*" && head.method == "OPTIONS";
  if (!is_asterisk && !target.starts_with('/')) return kMalformed;
  if (has_any(target, [](char c) { return c <= 0x20 || c >= 0x7f || c == '#'; })) return kMalformed;
  const std::size_t mark = target.find('?');
  head.path = target.substr(0, mark);
  if (mark != std::string_view::npos) head.query = target.substr(mark + 1);
  return std::nullopt;
}

std::optional<Refused> read_field(std::string_view line, RequestHead& head) {
  if (line.front() == ' ' || line.front() == '\t') return Refused{400, "A header line is folded."};
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !text::is_token(line.substr(0, colon)))
    return Refused{400, "A header line is malformed."};
  const std::string_view value = text::trimmed(line.substr(colon + 1));
  head.fields.emplace_back(line.substr(0, colon), value);
  return std::nullopt;
}

// Reads the fields that decide framing and authority. Leniency would be dangerous here, since a proxy in front may have used the
// other one of two fields.
std::optional<Refused> read_framing(RequestHead& head, std::size_t max_body_bytes) {
  std::size_t hosts = 0;
  std::size_t authorizations = 0;
  std::size_t content_types = 0;
  std::optional<std::string_view> length;
  std::size_t transfer_encodings = 0;
  for (const auto& [name, value] : head.fields) {
    if (equal_ignoring_case(name, "host")) {
      ++hosts;
    } else if (equal_ignoring_case(name, "content-length")) {
      if (length) return Refused{400, "There are two Content-Length headers."};
      length = value;
    } else if (equal_ignoring_case(name, "transfer-encoding")) {
      ++transfer_encodings;
      head.is_chunked = equal_ignoring_case(value, "chunked");
    } else if (equal_ignoring_case(name, "authorization")) {
      if (++authorizations > 1) return Refused{400, "There are two Authorization headers."};
    } else if (equal_ignoring_case(name, "content-type")) {
      if (++content_types > 1) return Refused{400, "There are two Content-Type headers."};
    } else if (equal_ignoring_case(name, "content-encoding")) {
      if (!equal_ignoring_case(value, "identity")) return Refused{415, "Request bodies are taken without Content-Encoding."};
    } else if (equal_ignoring_case(name, "expect")) {
      if (!equal_ignoring_case(value, "100-continue")) return Refused{417, "Only the expectation 100-continue is known here."};
      head.expects_continue = !head.is_http_1_0;
    } else if (equal_ignoring_case(name, "connection")) {
      for (const std::string_view option : text::list_items(value)) {
        if (equal_ignoring_case(option, "close")) head.keeps_alive = false;
        if (equal_ignoring_case(option, "keep-alive") && head.is_http_1_0) head.keeps_alive = true;
      }
    }
  }
  if (hosts > 1 || (hosts == 0 && !head.is_http_1_0)) return Refused{400, "Exactly one Host header is needed."};
  if (transfer_encodings > 0) {
    if (length) return Refused{400, "Content-Length and Transfer-Encoding exclude each other."};
    if (head.is_http_1_0) return Refused{400, "HTTP/1.0 knows no Transfer-Encoding."};
    if (transfer_encodings > 1 || !head.is_chunked) return Refused{400, "The only Transfer-Encoding taken here is chunked."};
  }
  if (!length) return std::nullopt;

  const bool is_number =
      !length->empty() && std::all_of(length->begin(), length->end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number) return Refused{400, "The Content-Length is not a number."};
  const auto [end, problem] = std::from_chars(length->data(), length->data() + length->size(), head.body_bytes);
  if (problem != std::errc{} || head.body_bytes > max_body_bytes) return Refused{413, "The body is too large."};
  return std::nullopt;
}

std::optional<Refused> check_line(std::string_view line) {
  if (has_any(line, [](char c) { return text::is_control(c); }))
    return Refused{400, "The request has a control character in its head."};
  return std::nullopt;
}

Refused too_long(std::size_t lines_before) {
  if (lines_before == 0) return Refused{414, "The address is too long."};
  return Refused{431, "A header line is too long."};
}

}  // namespace

std::string_view RequestHead::field(std::string_view name) const {
  for (const auto& [field, value] : fields) {
    if (equal_ignoring_case(field, name)) return value;
  }
  return {};
}

void HeadReader::restart() {
  line_begin_ = 0;
  looked_at_ = 0;
  lines_.clear();
}

std::variant<NeedsMore, Refused, RequestHead> HeadReader::read(std::string_view bytes, std::size_t max_body_bytes) {
  for (;;) {
    const std::size_t feed = bytes.find('\n', looked_at_);
    const std::size_t line_end = std::min(feed, bytes.size());
    if (line_end - line_begin_ > kMaxLine) return too_long(lines_.size());
    if (line_end > kMaxHead) return Refused{431, "The headers are too long."};
    if (feed == std::string_view::npos) {
      looked_at_ = bytes.size();
      return NeedsMore{};
    }
    if (feed == line_begin_ || bytes[feed - 1] != '\r') return Refused{400, "Lines end with CR LF."};
    const Line line{line_begin_, feed - 1 - line_begin_};
    line_begin_ = looked_at_ = feed + 1;
    if (line.second == 0) {
      // Sloppy clients leave one empty line before a request (RFC 9112 2.2).
      if (lines_.empty() && line.first == 0) continue;
      break;
    }
    if (const auto refused = check_line(bytes.substr(line.first, line.second))) return *refused;
    if (lines_.size() > kMaxFields) return Refused{431, "There are too many headers."};
    lines_.push_back(line);
  }
  if (lines_.empty()) return Refused{400, "The request line is malformed."};

  RequestHead head;
  head.head_bytes = line_begin_;
  head.fields.reserve(lines_.size());
  if (const auto refused = read_request_line(bytes.substr(lines_[0].first, lines_[0].second), head)) return *refused;
  for (std::size_t i = 1; i < lines_.size(); ++i) {
    if (const auto refused = read_field(bytes.substr(lines_[i].first, lines_[i].second), head)) return *refused;
  }
  if (const auto refused = read_framing(head, max_body_bytes)) return *refused;
  return head;
}

}  // namespace slotwire::http
