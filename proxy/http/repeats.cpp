#include "proxy/http/repeats.h"

#include "proxy/text/ascii.h"

namespace slotwire::http {
namespace {

std::size_t size_of(const std::string& key, const Repeat& repeat) { return key.size() + repeat.rest->size() + 256; }

}  // namespace

std::string repeat_key(const RequestHead& head) {
  if (head.method != "GET" || head.body_bytes != 0 || head.is_chunked || head.is_http_1_0 || !head.keeps_alive) return {};
  std::string_view accept_encoding;
  std::string_view origin;
  std::string_view if_none_match;
  std::string_view host;
  std::string_view accept_language;
  for (const auto& [name, value] : head.fields) {
    std::string_view* const slot = text::equal_ignoring_case(name, "accept-encoding")   ? &accept_encoding
                                   : text::equal_ignoring_case(name, "origin")          ? &origin
                                   : text::equal_ignoring_case(name, "if-none-match")   ? &if_none_match
                                   : text::equal_ignoring_case(name, "host")            ? &host
                                   : text::equal_ignoring_case(name, "accept-language") ? &accept_language
                                                                                        : nullptr;
    if (slot != nullptr) {
      if (!slot->empty()) return {};  // sent twice: rare enough to leave to the handler
      *slot = value;
    } else if (text::equal_ignoring_case(name, "authorization") || text::equal_ignoring_case(name, "cookie")) {
      return {};
    } else if (text::equal_ignoring_case(name, "cache-control") || text::equal_ignoring_case(name, "pragma")) {
      return {};  // the client limits an answer's age: only the handler can decide that
    }
  }
  // Pages are in the reader's language; the API's answers are the same for all languages.
  if (head.path.starts_with("/api/")) accept_language = {};
  // None of the parts can contain '\n'.
  std::string key;
  key.reserve(head.path.size() + head.query.size() + accept_encoding.size() + origin.size() + if_none_match.size() + host.size() +
              accept_language.size() + 6);
  for (const std::string_view part : {head.path, head.query, accept_encoding, origin, if_none_match, host, accept_language}) {
    key += part;
    key += '\n';
  }
  return key;
}

const Repeat* Repeats::find(const std::string& key, std::chrono::steady_clock::time_point now, std::uint64_t epoch) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  if (found->second.valid_until > now && found->second.epoch == epoch) return &found->second;
  bytes_ -= size_of(found->first, found->second);
  by_key_.erase(found);
  return nullptr;
}

void Repeats::put(std::string key, Repeat repeat, std::chrono::steady_clock::time_point now) {
  const std::size_t size = size_of(key, repeat);
  if (size > kMaxBytes / 4) return;
  if (const auto old = by_key_.find(key); old != by_key_.end()) {
    bytes_ -= size_of(old->first, old->second);
    by_key_.erase(old);
  }
  if (bytes_ + size > kMaxBytes) {
    std::erase_if(by_key_, [&](const auto& entry) {
      if (entry.second.valid_until > now) return false;
      bytes_ -= size_of(entry.first, entry.second);
      return true;
    });
  }
  if (bytes_ + size > kMaxBytes) {
    by_key_.clear();
    bytes_ = 0;
  }
  bytes_ += size;
  by_key_.emplace(std::move(key), std::move(repeat));
}

}  // namespace slotwire::http
