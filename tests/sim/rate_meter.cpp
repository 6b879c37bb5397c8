#include "tests/sim/rate_meter.h"

#include <algorithm>

namespace slotwire::sim {

RateState RateMeter::count_request(int limit) {
  constexpr std::chrono::seconds kPeriod(60);
  std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (!minute_began_ || now - *minute_began_ >= kPeriod) {
    minute_began_ = now;
    used_ = 0;
  }
  const bool is_over = used_ >= limit;
  if (!is_over) ++used_;
  return {.limit = limit,
          .remaining = std::max(0, limit - used_),
          .until_reset = std::chrono::ceil<std::chrono::seconds>(*minute_began_ + kPeriod - now),
          .is_over = is_over};
}

void RateMeter::reset() {
  std::lock_guard lock(mutex_);
  minute_began_.reset();
  used_ = 0;
}

}  // namespace slotwire::sim
