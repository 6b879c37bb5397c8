#pragma once
// Subtraction of points in time that cannot overflow. Pure; any thread.
#include <chrono>

namespace slotwire {

// The time from one point to another, negative when `to` is earlier. Points may lie as far apart as there are: what does not fit
// is the longest time there is, so that what "never" and "always" stand for can be subtracted. Of any clock.
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
