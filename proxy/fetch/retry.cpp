#include "proxy/fetch/retry.h"

#include <algorithm>
#include <cstdint>

#include "shared/time_between.h"

namespace slotwire::fetch {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kUsefulRest{250};

}  // namespace

milliseconds Retry::left(Tick now) const {
  return std::max(milliseconds(0), std::chrono::duration_cast<milliseconds>(time_between(now, deadline_)));
}

bool Retry::may_ask_again(Tick now) const { return attempts_ < kMostAttempts && left(now) > kUsefulRest; }

std::optional<milliseconds> Retry::wait_after(const RetryHint& failure, Tick now, double chance) const {
  constexpr double kJitter = 0.2;
  if (!failure.is_retryable || attempts_ >= kMostAttempts) return std::nullopt;
  milliseconds wait;
  if (failure.asked_wait) {
    wait = *failure.asked_wait;  // no jitter: an earlier call than requested would be refused again
  } else {
    const double seconds = static_cast<double>(1 << (std::max(attempts_, 1) - 1)) * (1.0 + kJitter * chance);
    wait = milliseconds(static_cast<std::int64_t>(seconds * 1000.0));
  }
  if (wait > left(now) - kUsefulRest) return std::nullopt;
  return wait;
}

}  // namespace slotwire::fetch
