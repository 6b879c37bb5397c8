#pragma once
// Complete answers as ready bytes, so that a popular one costs a look-up and one write. One for each loop, so nothing is locked.
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "proxy/http/request_reader.h"

namespace slotwire::http {

struct Repeat {
  std::string status_line;                  // with CRLF; Date and X-Request-Id are inserted after it
  std::shared_ptr<const std::string> rest;  // the other headers, the empty line, the body
  int status = 200;
  std::size_t body_bytes = 0;
  std::chrono::steady_clock::time_point valid_until;
  std::uint64_t epoch = 0;  // from Server::forget_repeats
};

// Everything an answer may depend on, as a key; empty when this request must go to the handler.
[[nodiscard]] std::string repeat_key(const RequestHead& head);

class Repeats {
 public:
  static constexpr std::size_t kMaxBytes = 16 * 1024 * 1024;

  // Valid until the next call; nullptr when absent or expired.
  [[nodiscard]] const Repeat* find(const std::string& key, std::chrono::steady_clock::time_point now, std::uint64_t epoch);
  // Makes room by dropping expired answers first, then all of them: rebuilding one costs one ordinary answer.
  void put(std::string key, Repeat repeat, std::chrono::steady_clock::time_point now);
  [[nodiscard]] bool is_empty() const { return by_key_.empty(); }

 private:
  std::unordered_map<std::string, Repeat> by_key_;
  std::size_t bytes_ = 0;
};

}  // namespace slotwire::http
