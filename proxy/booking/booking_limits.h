#pragma once
// How many bookings Calendly accepts from one account: limits of that endpoint, in addition to the limit of all calls. Pure. From
// Calendly's release notes of 2026-04-15, checked 2026-11: a paid account 10 a minute, 50 an hour, 100 a day. A trial has 5 a day
// and a large contract more; the limit of a trial is learned from its refusals.
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
  std::optional<std::chrono::seconds> wait;       // until another booking is possible; none: possible now
};
// `sent`: when bookings were sent, ascending, covering at least the last day.
[[nodiscard]] BookingUsage usage_from(std::span<const Instant> sent, Instant now);

}  // namespace slotwire::booking
