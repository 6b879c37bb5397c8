#include "proxy/booking/booking_limits.h"

#include <algorithm>

#include "shared/time_between.h"

namespace slotwire::booking {

BookingUsage usage_from(std::span<const Instant> sent, Instant now) {
  BookingUsage usage;
  for (std::size_t i = 0; i < kBookingLimits.size(); ++i) {
    const auto& [within, at_most] = kBookingLimits.at(i);
    const auto first = std::upper_bound(sent.begin(), sent.end(), now - within);
    const auto count = sent.end() - first;
    usage.sent.at(i) = static_cast<int>(count);
    if (count < at_most) continue;
    // The booking that has to leave the period so that at_most - 1 are left.
    const Instant oldest = *(sent.end() - at_most);
    const auto wait = std::chrono::ceil<std::chrono::seconds>(time_between(now, oldest + within));
    usage.wait = std::max({wait, usage.wait.value_or(wait), std::chrono::seconds(1)});
  }
  return usage;
}

}  // namespace slotwire::booking
