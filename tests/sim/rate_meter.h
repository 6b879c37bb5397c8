#pragma once
// Calendly's request limit: a number of requests per minute for each user, with whichever token.
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

// Thread-safe. Minutes begin with the first request and use the steady clock, since a stopped simulator clock must not stop them.
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
