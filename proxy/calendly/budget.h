#pragma once
// What may be sent upstream now: the account's rate limit as Calendly reports it, and a breaker against a Calendly that is
// down. Both are told the time, both thread-safe.
#include <chrono>
#include <mutex>
#include <optional>

#include "proxy/time/clock.h"

namespace slotwire::proxy {

// Background work gives way first.
enum class Urgency { visitor, background };

// Follows X-RateLimit-Remaining between answers. Unknown until the first answer says it, and after each reset.
class Budget {
 public:
  // nullopt: go ahead, one call is taken off. Otherwise how long to wait for the reset. Background work stops while a fifth
  // of the limit is left; at zero nothing goes.
  [[nodiscard]] std::optional<std::chrono::milliseconds> take(Tick now, Urgency urgency);
  void note(std::optional<int> limit, std::optional<int> remaining, std::optional<std::chrono::seconds> reset, Tick now);
  // Calendly said 429: nothing before then.
  void exhausted_for(std::chrono::milliseconds wait, Tick now);
  [[nodiscard]] std::optional<int> remaining(Tick now) const;

 private:
  mutable std::mutex mutex_;
  std::optional<int> limit_;
  std::optional<int> remaining_;
  Tick reset_at_{};
};

// Opens after five failures in a row, then lets one call through to look (after 5 s, doubling to 60 s).
class Breaker {
 public:
  // nullopt: go ahead. Every permission must be answered by one of the notes below.
  [[nodiscard]] std::optional<std::chrono::milliseconds> take(Tick now);
  void note_success();
  void note_failure(Tick now);
  [[nodiscard]] bool is_open() const;

 private:
  mutable std::mutex mutex_;
  int failures_in_row_ = 0;
  bool is_open_ = false;
  bool is_probing_ = false;
  std::chrono::milliseconds pause_{};
  Tick probe_at_{};
};

}  // namespace slotwire::proxy
