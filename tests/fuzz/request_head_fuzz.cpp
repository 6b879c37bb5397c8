// The head of a request: where it ends must not depend on how the bytes came, and what is taken must mean one thing alone.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "proxy/http/repeats.h"
#include "proxy/http/request_reader.h"
#include "tests/fuzz/fuzz.h"

namespace {

using slotwire::fuzz::holds;
using slotwire::fuzz::Input;
using slotwire::http::HeadReader;
using slotwire::http::NeedsMore;
using slotwire::http::Refused;
using slotwire::http::RequestHead;
using Read = std::variant<NeedsMore, Refused, RequestHead>;

constexpr std::size_t kMaxBody = 1024 * 1024;

void hold_alike(const Read& a, const Read& b) {
  holds(a.index() == b.index(), "bytes in pieces are read as bytes at once");
  if (const auto* refused = std::get_if<Refused>(&a)) {
    holds(refused->status == std::get<Refused>(b).status && refused->why == std::get<Refused>(b).why,
          "refused for the same reason");
  }
  if (const auto* head = std::get_if<RequestHead>(&a)) {
    const auto& other = std::get<RequestHead>(b);
    holds(head->method == other.method && head->path == other.path && head->query == other.query &&
              head->fields == other.fields && head->head_bytes == other.head_bytes && head->body_bytes == other.body_bytes &&
              head->is_chunked == other.is_chunked && head->is_http_1_0 == other.is_http_1_0 &&
              head->keeps_alive == other.keeps_alive && head->expects_continue == other.expects_continue,
          "the same head");
  }
}

// A head as plainly as it can be written. What a careful reader makes of it is what the first one made.
std::string written(const RequestHead& head) {
  std::string out(head.method);
  out += ' ';
  out += head.path;
  if (!head.query.empty()) out += '?' + std::string(head.query);
  out += head.is_http_1_0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
  for (const auto& [name, value] : head.fields) out += std::string(name) + ": " + std::string(value) + "\r\n";
  return out + "\r\n";
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::size_t count_of(const RequestHead& head, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(head.fields.begin(), head.fields.end(), [&](const auto& field) { return lowered(field.first) == name; }));
}

// What two readers could disagree about, told from the bytes themselves and not by the reader's own means.
void hold_sound(std::string_view bytes, const RequestHead& head) {
  holds(head.head_bytes >= 4 && head.head_bytes <= bytes.size(), "a head ends within the bytes");
  const std::string_view text = bytes.substr(0, head.head_bytes);
  holds(text.ends_with("\r\n\r\n"), "a head ends with an empty line");
  holds(text.find("\r\n\r\n") + 4 == text.size(), "and with the first one");
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '\n') holds(i > 0 && text[i - 1] == '\r', "no bare LF");
    if (c == '\r') holds(i + 1 < text.size() && text[i + 1] == '\n', "no bare CR");
    holds(c >= 0x20 || c == '\r' || c == '\n' || c == '\t', "no controls");
    holds(c != 0x7f, "no DEL");
  }
  holds(head.path.starts_with('/') || head.path == "*", "a path begins with a slash");
  holds(head.path.find_first_of("?# ") == head.path.npos, "a path ends where a query begins");
  holds(!head.is_chunked || count_of(head, "content-length") == 0, "no two framings");
  holds(count_of(head, "content-length") <= 1 && count_of(head, "transfer-encoding") <= 1 && count_of(head, "host") <= 1 &&
            count_of(head, "authorization") <= 1 && count_of(head, "content-type") <= 1,
        "what must be there once is there once");
  holds(count_of(head, "host") == 1 || head.is_http_1_0, "HTTP/1.1 names its host");
  holds(count_of(head, "transfer-encoding") == (head.is_chunked ? 1U : 0U), "chunked, or no transfer encoding at all");
  holds(head.body_bytes <= kMaxBody, "no body is larger than it may be");
  for (const auto& [name, value] : head.fields) {
    if (lowered(name) == "content-length")
      holds(head.body_bytes == std::strtoull(std::string(value).c_str(), nullptr, 10), "its length");
    holds(!name.empty() && name.find_first_of(" \t:") == name.npos, "a name is a token");
  }
}

}  // namespace

FUZZ_TARGET(request_head) {
  const Read at_once = HeadReader().read(bytes, kMaxBody);

  HeadReader in_pieces;
  Read read = NeedsMore{};
  Input choices(bytes);
  for (std::size_t have = 0; have < bytes.size() && std::holds_alternative<NeedsMore>(read);) {
    have = std::min(bytes.size(), have + 1 + choices.up_to(40));
    // In memory of its own: what is read past its end is seen.
    const std::vector<char> part(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(have));
    read = in_pieces.read(std::string_view(part.data(), part.size()), kMaxBody);
    if (!std::holds_alternative<NeedsMore>(read)) {
      // Later bytes change nothing of what was decided; views are made anew, into the bytes that stay.
      HeadReader again;
      const Read whole = again.read(bytes, kMaxBody);
      if (const auto* head = std::get_if<RequestHead>(&read)) {
        holds(std::holds_alternative<RequestHead>(whole) && std::get<RequestHead>(whole).head_bytes == head->head_bytes,
              "a head is a head, whatever follows");
        hold_alike(whole, read);
      } else {
        holds(std::holds_alternative<Refused>(whole), "what is refused stays refused");
      }
    }
  }
  if (std::holds_alternative<NeedsMore>(read) && !bytes.empty()) hold_alike(at_once, in_pieces.read(bytes, kMaxBody));

  const auto* head = std::get_if<RequestHead>(&at_once);
  if (!head) return;
  hold_sound(bytes, *head);
  const std::string plain = written(*head);
  const Read plainly = HeadReader().read(plain, kMaxBody);
  holds(std::holds_alternative<RequestHead>(plainly), "what was taken is taken again when it is written plainly");
  const auto& same = std::get<RequestHead>(plainly);
  holds(same.fields == head->fields && same.body_bytes == head->body_bytes && same.is_chunked == head->is_chunked &&
            same.path == head->path && same.query == head->query && same.keeps_alive == head->keeps_alive,
        "and means the same");
  // A key that two different questions share would hand one the other's answer.
  const std::string key = slotwire::http::repeat_key(*head);
  holds(key.empty() || (std::count(key.begin(), key.end(), '\n') == 7 && !head->has("authorization") && !head->has("cookie")),
        "an answer is repeated for nobody who said who they are");
}
