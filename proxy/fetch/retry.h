#pragma once
// When to try a failed call again: after 1, 2, 4 s with 20 % jitter, or what the other side asked for, inside one deadline.
// The one place that decides it. Pure.
#include <chrono>
#include <optional>

namespace slotwire::fetch {

using Tick = std::chrono::steady_clock::time_point;

// What of a failure decides whether another attempt is worth it.
struct RetryHint {
  bool is_retryable = false;
  std::optional<std::chrono::milliseconds> asked_wait = {};  // nothing earlier will be answered
};

class Retry {
 public:
  static constexpr int kMostAttempts = 4;

  explicit Retry(Tick deadline) : deadline_(deadline) {}

  void begin_attempt() { ++attempts_; }
  // How long to wait before the next attempt; nullopt when there should be none: not retryable, all attempts made, or the wait
  // would not end early enough before the deadline to be of use. `chance` is anywhere in [-1, 1].
  [[nodiscard]] std::optional<std::chrono::milliseconds> wait_after(const RetryHint& failure, Tick now, double chance) const;
  // The same question answered once more is of use: somebody changed the answer while it was under way.
  [[nodiscard]] bool may_ask_again(Tick now) const;
  [[nodiscard]] std::chrono::milliseconds left(Tick now) const;
  [[nodiscard]] int attempts() const { return attempts_; }
  [[nodiscard]] Tick deadline() const { return deadline_; }
  // Somebody who has the whole time before them waits for it from now on.
  void extend_to(Tick deadline) { deadline_ = deadline > deadline_ ? deadline : deadline_; }

 private:
  Tick deadline_;
  int attempts_ = 0;
};

}  // namespace slotwire::fetch
