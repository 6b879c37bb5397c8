#pragma once
// The simulator's clock: the machine's, shifted by an offset or stopped, so that a test can choose the day.
#include <mutex>
#include <optional>

#include "shared/calendar.h"

namespace slotwire::sim {

// Thread-safe.
class Clock {
 public:
  [[nodiscard]] Instant now() const;
  [[nodiscard]] bool is_held() const;
  void hold_at(Instant instant);
  void run_with_offset(std::chrono::microseconds offset);

 private:
  mutable std::mutex mutex_;
  std::optional<Instant> held_at_;
  std::chrono::microseconds offset_{};
};

}  // namespace slotwire::sim
