#include "shared/window_plan.h"

#include <algorithm>
#include <cassert>

namespace slotwire {
namespace {

constexpr std::chrono::seconds kClockSkewRoom{60};

}  // namespace

Result<std::vector<DayRange>> windows_covering(std::span<const Day> days, std::chrono::days longest) {
  if (longest < std::chrono::days{1} || longest > kLongestWindowEver) {
    return Error{ErrorCode::bad_input, "a window is 1 to 31 days long"};
  }
  assert(std::is_sorted(days.begin(), days.end()));
  std::vector<DayRange> windows;
  for (const Day day : days) {
    if (windows.empty() || day >= windows.back().end) windows.push_back({day, day + longest});
  }
  return windows;
}

std::optional<InstantRange> askable_range(DayRange window, Instant now) {
  const Instant begin = std::max<Instant>(window.begin, now + kClockSkewRoom);
  if (begin >= Instant{window.end}) return std::nullopt;
  return InstantRange{begin, window.end};
}

}  // namespace slotwire
