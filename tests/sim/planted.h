#pragma once
// Reasons why nothing is free, set by tests: hours, calendars, limits, buffers, notice.
//
//   host:            hours ({"monday": [["09:00", "12:00"], ...]}, other weekdays are off), dates ({"2026-01-06": [] is off}),
//                    busy ([[RFC 3339, RFC 3339]]: meetings in the host's calendar), limits ({"daily", "weekly", "monthly"}),
//                    takes_by_chance (false: every time that is not free has a reason that the API shows)
//   an event type:   before_buffer, after_buffer, start_time_increment, notice, daily_limit (minutes; null removes a limit),
//                    seats, poll
#include <optional>
#include <string>

#include "tests/sim/account.h"

namespace slotwire::sim {

// Applies the settings; returns what is wrong with them, or nullopt. Throws Json::exception for a value of another type.
[[nodiscard]] std::optional<std::string> plant(Account& account, const Json& wish);
void plant(EventTypeRecord& type, const Json& wish);

}  // namespace slotwire::sim
