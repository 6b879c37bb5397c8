#include "proxy/calendly/retry.h"

#include <random>

namespace slotwire::proxy {

using std::chrono::milliseconds;

Chance system_chance() {
  return [] {
    thread_local std::minstd_rand engine{std::random_device{}()};
    return std::uniform_real_distribution<double>(-1.0, 1.0)(engine);
  };
}

std::optional<milliseconds> wait_before_retry(const CallFailure& failure, int attempts, milliseconds left, double chance) {
  constexpr int kRetries = 3;
  constexpr double kJitter = 0.2;
  constexpr milliseconds kUsefulRest{250};
  if (!failure.is_retryable || attempts > kRetries) return std::nullopt;
  milliseconds wait;
  if (failure.asked_wait) {
    wait = *failure.asked_wait;  // no jitter downwards: earlier than asked would be refused again
  } else {
    const double seconds = static_cast<double>(1 << (attempts - 1)) * (1.0 + kJitter * chance);
    wait = milliseconds(static_cast<std::int64_t>(seconds * 1000.0));
  }
  if (wait + kUsefulRest > left) return std::nullopt;
  return wait;
}

}  // namespace slotwire::proxy
