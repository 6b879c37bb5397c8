#include "tests/sim/clock.h"

namespace slotwire::sim {

Instant Clock::now() const {
  std::lock_guard lock(mutex_);
  if (held_at_) return *held_at_;
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) + offset_;
}

bool Clock::is_held() const {
  std::lock_guard lock(mutex_);
  return held_at_.has_value();
}

void Clock::hold_at(Instant instant) {
  std::lock_guard lock(mutex_);
  held_at_ = instant;
}

void Clock::run_with_offset(std::chrono::microseconds offset) {
  std::lock_guard lock(mutex_);
  held_at_.reset();
  offset_ = offset;
}

}  // namespace slotwire::sim
