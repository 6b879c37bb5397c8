#include "proxy/calendly/budget.h"

#include <algorithm>

#include "shared/time_between.h"

namespace slotwire::calendly {
namespace {

using std::chrono::ceil;
using std::chrono::milliseconds;

constexpr int kFailuresToOpen = 5;
constexpr milliseconds kFirstPause{5'000};
constexpr milliseconds kLongestPause{60'000};
constexpr int kFreePlan = 50;

}  // namespace

int calls_left_alone(Urgency urgency, std::optional<int> limit) {
  const int known = limit.value_or(kFreePlan);
  switch (urgency) {
    case Urgency::reserved:
    case Urgency::trial:
      return 0;
    case Urgency::visitor:
      return std::max(1, known / 10);
    case Urgency::background:
      return std::max(1, known / 5);
  }
  return 0;
}

std::optional<milliseconds> LocalBudget::take(time::Tick now, Urgency urgency) {
  const std::lock_guard lock(mutex_);
  if (remaining_ && now >= reset_at_) remaining_.reset();
  if (!remaining_) return std::nullopt;
  if (*remaining_ <= calls_left_alone(urgency, limit_)) return ceil<milliseconds>(time_between(now, reset_at_));
  --*remaining_;
  return std::nullopt;
}

void LocalBudget::note(std::optional<int> limit, std::optional<int> remaining, std::optional<std::chrono::seconds> reset,
                       time::Tick now) {
  if (!remaining || !reset) return;
  const std::lock_guard lock(mutex_);
  limit_ = limit;
  const time::Tick reset_at = now + *reset;
  // Answers of parallel calls arrive in any order: within one period the smallest number is the newest.
  const bool is_same_period = remaining_ && now < reset_at_ && time_between(reset_at_, reset_at) < std::chrono::seconds(3);
  remaining_ = is_same_period ? std::min(*remaining_, *remaining) : *remaining;
  reset_at_ = is_same_period ? std::max(reset_at_, reset_at) : reset_at;
}

void LocalBudget::exhausted_for(milliseconds wait, time::Tick now) {
  const std::lock_guard lock(mutex_);
  remaining_ = 0;
  reset_at_ = now + wait;
}

void LocalBudget::forget() {
  const std::lock_guard lock(mutex_);
  limit_.reset();
  remaining_.reset();
}

std::optional<int> LocalBudget::remaining(time::Tick now) const {
  const std::lock_guard lock(mutex_);
  if (remaining_ && now >= reset_at_) return std::nullopt;
  return remaining_;
}

std::optional<milliseconds> Breaker::take(time::Tick now) {
  const std::lock_guard lock(mutex_);
  if (!is_open_) return std::nullopt;
  if (is_probing_) return std::chrono::seconds(1);
  if (now < probe_at_) return ceil<milliseconds>(time_between(now, probe_at_));
  is_probing_ = true;
  return std::nullopt;
}

void Breaker::note_success() {
  const std::lock_guard lock(mutex_);
  failures_in_row_ = 0;
  is_open_ = is_probing_ = false;
}

void Breaker::note_failure(time::Tick now) {
  const std::lock_guard lock(mutex_);
  ++failures_in_row_;
  if (is_probing_) {
    is_probing_ = false;
    pause_ = std::min(pause_ * 2, kLongestPause);
    probe_at_ = now + pause_;
  } else if (!is_open_ && failures_in_row_ >= kFailuresToOpen) {
    is_open_ = true;
    pause_ = kFirstPause;
    probe_at_ = now + pause_;
  }
}

bool Breaker::is_open() const {
  const std::lock_guard lock(mutex_);
  return is_open_;
}

}  // namespace slotwire::calendly
