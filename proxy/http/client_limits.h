#pragma once
// Limits how much one client may request: a token bucket for each address, in bounded memory. Any thread; time is an argument.
#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "shared/result.h"

namespace slotwire::http {

struct Rate {
  int at_once = 0;                     // 0: no limit
  std::chrono::milliseconds refill{};  // an empty bucket is full again after this long
  bool operator==(const Rate&) const = default;
};

// "600/30s" (also "20/1h", "60/1m", "500/500ms"), or "0": no limit. At most 1,000,000 requests and one day. Errors: bad_input.
[[nodiscard]] Result<Rate> rate_from_text(std::string_view text);

class ClientLimits {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Remembers at most `max_clients`. The least recently seen one is dropped first: its bucket has had the longest to refill.
  explicit ClientLimits(Rate rate, std::size_t max_clients = 50'000);

  // Takes one token of `client` (an address as in Request::client; IPv6 counts by /64). nullopt: allowed. Otherwise nothing is
  // taken, and the result is the time until the next token, rounded up, for Retry-After.
  [[nodiscard]] std::optional<std::chrono::seconds> take(std::string_view client, Time now);
  [[nodiscard]] std::size_t client_count() const;

 private:
  struct Bucket {
    std::string client;
    double tokens;
    Time at;
  };
  const Rate rate_;
  const std::size_t max_clients_;
  mutable std::mutex mutex_;
  std::list<Bucket> by_age_;                                                     // most recent first
  std::unordered_map<std::string_view, std::list<Bucket>::iterator> by_client_;  // keys are views of Bucket::client
};

}  // namespace slotwire::http
