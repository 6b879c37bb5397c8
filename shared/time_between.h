#pragma once
// Subtraction of points in time that cannot overflow. Pure; any thread.
#include <chrono>

namespace slotwire {

// The time from one point to another, negative when `to` is earlier. The result saturates: a difference that does not fit is the
// longest duration, so that the extreme values that stand for "never" and "always" can be subtracted. Works with any clock.
template <class Clock, class Duration>
[[nodiscard]] constexpr Duration time_between(std::chrono::time_point<Clock, Duration> from,
                                              std::chrono::time_point<Clock, Duration> to) {
  const Duration begin = from.time_since_epoch();
  const Duration end = to.time_since_epoch();
  if (begin < Duration::zero() && end > Duration::max() + begin) return Duration::max();
  if (begin > Duration::zero() && end < Duration::min() + begin) return Duration::min();
  return end - begin;
}

}  // namespace slotwire
