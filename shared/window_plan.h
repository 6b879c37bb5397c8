#pragma once
// Covers the days a caller needs with the fewest windows Calendly accepts. Pure: no clock, no I/O, any thread.
//
//   needed          . . 3 4 . . 7 8 9 . . . 13        longest = 7 days
//   windows             [3 ........ 9]      [13 ....... 19]
//
// A window always has its full length, since that costs no extra call. So two windows never overlap, and no needed day is left
// between them.
#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "shared/calendar.h"

namespace slotwire {

inline constexpr std::chrono::days kLongestWindowEver{31};  // Calendly's limit since 2026-07-09; 7 before; checked 2026-11

// Windows that cover `days` (ascending, repeats allowed), ascending, each `longest` long. Fewest possible: greedy from the
// first day not yet covered is optimal, ceil(n / longest) for n consecutive days.
// Errors: bad_input if `longest` is outside 1..31 days.
[[nodiscard]] Result<std::vector<DayRange>> windows_covering(std::span<const Day> days, std::chrono::days longest);

// The range to request from Calendly for a window: the window itself, but never before now + 60 s ("start_time must be in the
// future", with room for clock skew). nullopt when nothing of the window is left.
[[nodiscard]] std::optional<InstantRange> askable_range(DayRange window, Instant now);

}  // namespace slotwire
