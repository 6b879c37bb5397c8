#pragma once
// How many bookings Calendly takes of one account: limits of that endpoint alone, beside the one of all calls. Pure.
// Calendly's release notes of 2026-04-15, checked 2026-11: a paid account 10 a minute, 50 an hour, 100 a day. A trial has 5 a
// day and a large contract more; a trial's limit is learned from its refusals.
#include <array>
#include <chrono>
#include <optional>
#include <span>

#include "shared/calendar.h"

namespace slotwire::booking {

struct BookingLimit {
  std::chrono::seconds within;
  int at_most;
};
inline constexpr std::array<BookingLimit, 3> kBookingLimits = {
    {{std::chrono::minutes(1), 10}, {std::chrono::hours(1), 50}, {std::chrono::hours(24), 100}}};

struct BookingUsage {
  std::array<int, kBookingLimits.size()> sent{};  // in the same order
  std::optional<std::chrono::seconds> wait;       // until there is room for one more; none: there is room now
};
// `sent` holds when bookings were sent, ascending, over a day at least.
[[nodiscard]] BookingUsage usage_from(std::span<const Instant> sent, Instant now);

}  // namespace slotwire::booking
