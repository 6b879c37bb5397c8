#pragma once
// What may be sent upstream now: the account's rate limit as Calendly reports it, and a breaker against a Calendly that is
// down. Both are told the time, both thread-safe.
#include <chrono>
#include <mutex>
#include <optional>

#include "proxy/time/clock.h"

namespace slotwire::calendly {

// For whom a call is made. Background work gives way first, then what strangers may cause; a part of the limit is reserved for
// bookings and for what an admin does. A token that is only being tried is nobody's yet: what is left of the account's limit says
// nothing of its own, so its calls ask no budget and tell it nothing.
enum class Urgency { reserved, visitor, background, trial };

// How many calls of a minute's limit (unknown: a free plan's 50) must be left untouched by such a call: a fifth by background
// work, a tenth by visitors, at least one.
[[nodiscard]] int calls_left_alone(Urgency urgency, std::optional<int> limit);

// Follows X-RateLimit-Remaining between answers. Unknown until the first answer says it, and after each reset. An interface,
// because servers that share an account share its limit.
class Budget {
 public:
  virtual ~Budget() = default;
  // nullopt: go ahead, one call is taken off. Otherwise how long to wait for the reset, as soon as only
  // calls_left_alone() are left.
  [[nodiscard]] virtual std::optional<std::chrono::milliseconds> take(time::Tick now, Urgency urgency) = 0;
  virtual void note(std::optional<int> limit, std::optional<int> remaining, std::optional<std::chrono::seconds> reset,
                    time::Tick now) = 0;
  // Calendly said 429: nothing before then.
  virtual void exhausted_for(std::chrono::milliseconds wait, time::Tick now) = 0;
  // Another account is behind it from now on: nothing is known.
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

// Opens after five failures in a row, then lets one call through to look (after 5 s, doubling to 60 s).
class Breaker {
 public:
  // nullopt: go ahead. Every permission must be answered by one of the notes below.
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
