#pragma once
// Calendly's request limit: so many in each minute for each user, whatever token they come with.
#include <mutex>
#include <optional>

#include "shared/calendar.h"

namespace slotwire::sim {

struct RateState {
  int limit = 0;
  int remaining = 0;
  std::chrono::seconds until_reset{};
  bool is_over = false;
};

// Safe from any thread. Minutes run from the first request on, by the machine's steady clock: a held clock must not stop them.
class RateMeter {
 public:
  [[nodiscard]] RateState count_request(int limit);
  void reset();

 private:
  std::mutex mutex_;
  std::optional<std::chrono::steady_clock::time_point> minute_began_;
  int used_ = 0;
};

}  // namespace slotwire::sim
