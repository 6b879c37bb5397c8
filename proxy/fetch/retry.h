#pragma once
// Decides when to retry a failed call: after 1, 2, 4 s with 20 % jitter, or the wait the server requested, within one deadline.
// All retries are decided here. Pure.
#include <chrono>
#include <optional>

namespace slotwire::fetch {

using Tick = std::chrono::steady_clock::time_point;

// The properties of a failure that decide whether another attempt is useful.
struct RetryHint {
  bool is_retryable = false;
  std::optional<std::chrono::milliseconds> asked_wait = {};  // earlier attempts would be refused
};

class Retry {
 public:
  static constexpr int kMostAttempts = 4;

  explicit Retry(Tick deadline) : deadline_(deadline) {}

  void begin_attempt() { ++attempts_; }
  // How long to wait before the next attempt. nullopt when there should be none: not retryable, no attempts left, or too little
  // time would remain before the deadline. `chance` is anywhere in [-1, 1].
  [[nodiscard]] std::optional<std::chrono::milliseconds> wait_after(const RetryHint& failure, Tick now, double chance) const;
  // True when repeating a successful call is useful because the data changed while it was under way.
  [[nodiscard]] bool may_ask_again(Tick now) const;
  [[nodiscard]] std::chrono::milliseconds left(Tick now) const;
  [[nodiscard]] int attempts() const { return attempts_; }
  [[nodiscard]] Tick deadline() const { return deadline_; }
  // A caller with a later deadline has joined.
  void extend_to(Tick deadline) { deadline_ = deadline > deadline_ ? deadline : deadline_; }

 private:
  Tick deadline_;
  int attempts_ = 0;
};

}  // namespace slotwire::fetch
