// A chunked body: taken in pieces as at once, as a second, slower reading has it, and never past its end.
#include <algorithm>
#include <optional>
#include <string>

#include "proxy/http/chunked_body.h"
#include "tests/fuzz/fuzz.h"

namespace {

using slotwire::fuzz::holds;
using slotwire::fuzz::Input;
using slotwire::http::ChunkedBody;
using slotwire::http::Refused;

constexpr std::size_t kMaxBody = 4096;

struct Outcome {
  bool is_refused = false;
  bool is_complete = false;
  std::size_t bytes = 0;  // of the whole, that were used
  std::string body;
};

// As RFC 9112 7.1 has it, line by line, of bytes that are all there; nothing of it is shared with the reader. nullopt: it is not
// whole, or no chunked body, which this does not tell apart.
std::optional<Outcome> slowly(std::string_view bytes) {
  Outcome outcome;
  const auto next_line = [&]() -> std::optional<std::string> {
    std::string line;
    for (;;) {
      if (outcome.bytes + 1 >= bytes.size()) return std::nullopt;
      const char c = bytes[outcome.bytes++];
      if (c == '\r' && bytes[outcome.bytes] == '\n') {
        ++outcome.bytes;
        return line.size() < 1024 ? std::optional(line) : std::nullopt;
      }
      if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) return std::nullopt;
      line += c;
    }
  };
  for (;;) {
    const auto line = next_line();
    if (!line) return std::nullopt;
    const std::string digits = line->substr(0, line->find(';'));
    if (digits.empty() || digits.size() > 8 || digits.find_first_not_of("0123456789abcdefABCDEF") != digits.npos)
      return std::nullopt;
    const std::size_t size = std::stoull(digits, nullptr, 16);
    if (size == 0) break;
    if (outcome.body.size() + size > kMaxBody || outcome.bytes + size > bytes.size()) return std::nullopt;
    outcome.body += bytes.substr(outcome.bytes, size);
    outcome.bytes += size;
    const auto end = next_line();
    if (!end || !end->empty()) return std::nullopt;
  }
  for (int trailers = 0;; ++trailers) {
    const auto line = next_line();
    if (!line) return std::nullopt;
    if (line->empty()) break;
    const std::size_t colon = line->find(':');
    constexpr char kToken[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
    if (trailers >= 20 || colon == line->npos || colon == 0 || line->substr(0, colon).find_first_not_of(kToken) != line->npos)
      return std::nullopt;
  }
  outcome.is_complete = true;
  return outcome;
}

// Offers `bytes` a piece at a time, and what was not taken again with what follows, as a connection does.
template <class Step>
Outcome taken(std::string_view bytes, Step step) {
  ChunkedBody body;
  Outcome outcome;
  for (std::size_t have = 0; have < bytes.size();) {
    have = std::min(bytes.size(), have + step());
    const std::string offered(bytes.substr(outcome.bytes, have - outcome.bytes));
    const auto result = body.take(offered, kMaxBody);
    if (std::holds_alternative<Refused>(result)) {
      outcome.is_refused = true;
      return outcome;
    }
    const auto& took = std::get<ChunkedBody::Taken>(result);
    holds(took.bytes <= offered.size(), "no more is taken than was offered");
    outcome.bytes += took.bytes;
    holds(body.body().size() <= kMaxBody, "no body is larger than it may be");
    if (took.is_complete) {
      outcome.is_complete = true;
      break;
    }
    holds(offered.size() - took.bytes <= 1025, "what waits for its line's end is short");
  }
  outcome.body = body.body();
  return outcome;
}

}  // namespace

FUZZ_TARGET(chunked_body) {
  const Outcome at_once = taken(bytes, [&] { return bytes.size(); });
  Input choices(bytes);
  const Outcome in_pieces = taken(bytes, [&] { return 1 + choices.up_to(30); });
  holds(at_once.is_refused == in_pieces.is_refused, "refused in pieces as at once");
  const std::optional<Outcome> slow = slowly(bytes);
  holds(slow.has_value() == at_once.is_complete, "whole as RFC 9112 has it, or not");
  if (at_once.is_refused) return;
  holds(at_once.is_complete == in_pieces.is_complete && at_once.bytes == in_pieces.bytes && at_once.body == in_pieces.body,
        "the same body in pieces as at once");
  if (slow) holds(slow->bytes == at_once.bytes && slow->body == at_once.body, "the body and its end as RFC 9112 has them");
}
