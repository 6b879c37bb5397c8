#pragma once
// Decides what may be sent to Calendly now: follows the account's rate limit as Calendly reports it, and stops calling a Calendly
// that is down (circuit breaker). Time is an argument; thread-safe.
#include <chrono>
#include <mutex>
#include <optional>

#include "proxy/time/clock.h"

namespace slotwire::calendly {

// On whose behalf a call is made. Background work gives way first, then calls that strangers may cause; a part of the limit is
// reserved for bookings and for an admin's actions. A trial call tests a token that may belong to another account: the known
// limit does not apply to it, so it neither asks nor updates the budget.
enum class Urgency { reserved, visitor, background, trial };

// How many calls of a minute's limit (if unknown: a free plan's 50) such a call must leave untouched: background work a fifth,
// visitors a tenth, at least one.
[[nodiscard]] int calls_left_alone(Urgency urgency, std::optional<int> limit);

// Tracks X-RateLimit-Remaining. Unknown until the first answer, and after each reset. An interface, because servers that share an
// account share its limit.
class Budget {
 public:
  virtual ~Budget() = default;
  // nullopt: go ahead, and one call is counted. Otherwise how long to wait for the reset, once only calls_left_alone() are left.
  [[nodiscard]] virtual std::optional<std::chrono::milliseconds> take(time::Tick now, Urgency urgency) = 0;
  virtual void note(std::optional<int> limit, std::optional<int> remaining, std::optional<std::chrono::seconds> reset,
                    time::Tick now) = 0;
  // Calendly answered 429: no call before `wait` has passed.
  virtual void exhausted_for(std::chrono::milliseconds wait, time::Tick now) = 0;
  // Another account is used from now on: its limit is unknown.
  virtual void forget() = 0;
  // Cheap; never blocks.
  [[nodiscard]] virtual std::optional<int> remaining(time::Tick now) const = 0;
};

// In this process's memory.
class LocalBudget final : public Budget {
 public:
  [[nodiscard]] std::optional<std::chrono::milliseconds> take(time::Tick now, Urgency urgency) override;
  void note(std::optional<int> limit, std::optional<int> remaining, std::optional<std::chrono::seconds> reset,
            time::Tick now) override;
  void exhausted_for(std::chrono::milliseconds wait, time::Tick now) override;
  void forget() override;
  [[nodiscard]] std::optional<int> remaining(time::Tick now) const override;

 private:
  mutable std::mutex mutex_;
  std::optional<int> limit_;
  std::optional<int> remaining_;
  time::Tick reset_at_{};
};

// Opens after five failures in a row. Then lets one call through to test (after 5 s, doubling to 60 s).
class Breaker {
 public:
  // nullopt: go ahead. Every permission must be followed by one of the notes below.
  [[nodiscard]] std::optional<std::chrono::milliseconds> take(time::Tick now);
  void note_success();
  void note_failure(time::Tick now);
  [[nodiscard]] bool is_open() const;

 private:
  mutable std::mutex mutex_;
  int failures_in_row_ = 0;
  bool is_open_ = false;
  bool is_probing_ = false;
  std::chrono::milliseconds pause_{};
  time::Tick probe_at_{};
};

}  // namespace slotwire::calendly
