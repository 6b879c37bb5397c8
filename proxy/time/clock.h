#pragma once
// The current time, passed in as an object so that tests can set it.
#include <chrono>

#include "shared/calendar.h"

namespace slotwire::time {

// Monotonic; for waiting, deadlines and measuring. Not affected when the wall clock is set.
using Tick = std::chrono::steady_clock::time_point;

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
  [[nodiscard]] virtual Tick tick() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
  [[nodiscard]] Tick tick() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace slotwire::time
