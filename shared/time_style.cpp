#include "shared/time_style.h"

#include <algorithm>
#include <cstdlib>

namespace slotwire {
namespace {

constexpr std::size_t kUpToSeconds = 19;  // "2026-12-01T20:00:00"
constexpr std::size_t kDecimalsKept = 6;
constexpr std::size_t kOffsetLength = 6;  // "+02:00"

// The text must be an instant.
std::int16_t offset_at_end(std::string_view text) {
  const std::string_view offset = text.substr(text.size() - kOffsetLength);
  const auto digit = [&](std::size_t at) { return offset[at] - '0'; };
  const int minutes = (digit(1) * 10 + digit(2)) * 60 + digit(4) * 10 + digit(5);
  return static_cast<std::int16_t>(offset[0] == '-' ? -minutes : minutes);
}

void append_two_digits(std::string& out, int number) {
  out += static_cast<char>('0' + number / 10);
  out += static_cast<char>('0' + number % 10);
}

}  // namespace

std::string text_in_style(Instant instant, TimeStyle style) {
  const std::string full = calendly_text_from_instant(instant + std::chrono::minutes(style.offset_min));
  std::string out = full.substr(0, kUpToSeconds);
  if (style.decimals > 0) {
    out.append(full, kUpToSeconds, 1 + std::min<std::size_t>(style.decimals, kDecimalsKept));
    out.append(style.decimals - std::min<std::size_t>(style.decimals, kDecimalsKept), '0');
  }
  if (!style.has_offset) return out + 'Z';
  out += style.offset_min < 0 ? '-' : '+';
  append_two_digits(out, std::abs(style.offset_min) / 60);
  out += ':';
  append_two_digits(out, std::abs(style.offset_min) % 60);
  return out;
}

std::optional<TimeStyle> style_of(std::string_view text) {
  const auto instant = instant_from_text(text);
  if (!instant) return std::nullopt;
  TimeStyle style;
  style.has_offset = text.back() != 'Z' && text.back() != 'z';
  if (style.has_offset) style.offset_min = offset_at_end(text);
  const std::size_t first = kUpToSeconds + 1;
  const std::size_t decimals = text[kUpToSeconds] == '.' ? text.find_first_not_of("0123456789", first) - first : 0;
  if (decimals > std::size_t{kMostDecimals}) return std::nullopt;
  style.decimals = static_cast<std::uint8_t>(decimals);
  return text_in_style(*instant, style) == text ? std::optional(style) : std::nullopt;
}

}  // namespace slotwire
