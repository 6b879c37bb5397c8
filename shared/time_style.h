#pragma once
// How Calendly wrote an instant, so that it can be written to it in the very same text. Pure: any thread.
//
//   "2026-12-01T20:00:00Z"            {0}
//   "2026-12-01T20:00:00.000000Z"     {6}: what is written when nobody knows better
//   "2026-12-01T22:00:00.000+02:00"   {3, true, 120}
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/calendar.h"

namespace slotwire {

inline constexpr int kMostDecimals = 9;

// Four bytes, which fit where a Slot has room for them.
struct TimeStyle {
  std::uint8_t decimals = 6;
  bool has_offset = false;  // an offset in numbers; otherwise 'Z'
  std::int16_t offset_min = 0;
  auto operator<=>(const TimeStyle&) const = default;
};

[[nodiscard]] std::string text_in_style(Instant instant, TimeStyle style);
// The style in which text_in_style gives this very text back. nullopt for what is no instant, and for what no style writes:
// a small 't', more than nine decimals, decimals past the sixth that are no zeros, "-00:00", hour 24.
[[nodiscard]] std::optional<TimeStyle> style_of(std::string_view text);

}  // namespace slotwire
