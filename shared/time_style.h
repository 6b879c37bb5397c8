#pragma once
// How Calendly wrote an instant, so that we can send it back in exactly the same text. Pure: any thread.
//
//   "2026-12-01T20:00:00Z"            {0}
//   "2026-12-01T20:00:00.000000Z"     {6}: the default when the style is unknown
//   "2026-12-01T22:00:00.000+02:00"   {3, true, 120}
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/calendar.h"

namespace slotwire {

inline constexpr int kMostDecimals = 9;

// Four bytes, so that it fits into padding that Slot already has.
struct TimeStyle {
  std::uint8_t decimals = 6;
  bool has_offset = false;  // a numeric offset; otherwise 'Z'
  std::int16_t offset_min = 0;
  auto operator<=>(const TimeStyle&) const = default;
};

[[nodiscard]] std::string text_in_style(Instant instant, TimeStyle style);
// The style with which text_in_style reproduces this text. nullopt for text that is not an instant, and for text that no style
// produces: a lower-case 't', more than nine decimals, non-zero decimals past the sixth, "-00:00", hour 24.
[[nodiscard]] std::optional<TimeStyle> style_of(std::string_view text);

}  // namespace slotwire
