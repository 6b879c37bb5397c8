#include "proxy/store/column_text.h"

#include <charconv>
#include <cstdint>
#include <utility>

namespace slotwire::store {
namespace {

constexpr int kMinutesOfADay = 24 * 60;

// Cuts a number off the front of `text` and returns it.
template <class Number>
std::optional<Number> taken_number(std::string_view& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, char separator) {
  if (!text.starts_with(separator)) return false;
  text.remove_prefix(1);
  return true;
}

void append_style(std::string& out, TimeStyle style) {
  if (style == TimeStyle()) return;
  out += ':' + std::to_string(style.decimals);
  if (style.has_offset) out += ':' + std::to_string(style.offset_min);
}

std::optional<TimeStyle> taken_style(std::string_view& text) {
  TimeStyle style;
  if (!take(text, ':')) return style;
  const auto decimals = taken_number<std::uint8_t>(text);
  if (!decimals || *decimals > kMostDecimals) return std::nullopt;
  style.decimals = *decimals;
  style.has_offset = take(text, ':');
  if (!style.has_offset) return style;
  const auto offset_min = taken_number<std::int16_t>(text);
  if (!offset_min || *offset_min <= -kMinutesOfADay || *offset_min >= kMinutesOfADay) return std::nullopt;
  style.offset_min = *offset_min;
  return style;
}

std::optional<Slot> slot_from(std::string_view line) {
  const auto start_us = taken_number<std::int64_t>(line);
  if (!start_us || !take(line, ' ')) return std::nullopt;
  // Times outside 1970..9999 can neither be written as text nor calculated with safely.
  constexpr std::int64_t kLastUs = 253'402'300'799'999'999;
  if (*start_us < 0 || *start_us > kLastUs) return std::nullopt;
  const auto places = taken_number<int>(line);
  if (places && *places < 0) return std::nullopt;
  const auto style = places ? taken_style(line) : std::nullopt;
  if (!style || !take(line, ' ')) return std::nullopt;
  return Slot(Instant(std::chrono::microseconds(*start_us)), *places, std::string(line), *style);
}

}  // namespace

std::string text_from_slots(const std::vector<Slot>& slots) {
  std::string out;
  for (const Slot& slot : slots) {
    out += std::to_string(slot.start.time_since_epoch().count());
    out += ' ';
    out += std::to_string(slot.invitees_remaining);
    append_style(out, slot.listed_in);
    out += ' ';
    for (const char c : slot.scheduling_url) {
      if (c != '\n') out += c;
    }
    out += '\n';
  }
  return out;
}

std::optional<std::vector<Slot>> slots_from_text(std::string_view text) {
  std::vector<Slot> slots;
  while (!text.empty()) {
    const std::size_t line_end = text.find('\n');
    if (line_end == std::string_view::npos) return std::nullopt;
    auto slot = slot_from(text.substr(0, line_end));
    if (!slot) return std::nullopt;
    slots.push_back(std::move(*slot));
    text.remove_prefix(line_end + 1);
  }
  return slots;
}

std::string text_from_names(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ",") + name;
  return out;
}

std::vector<std::string> names_from_text(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    out.emplace_back(text.substr(0, comma));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return out;
}

std::string text_from_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    for (const char c : line) out += c == '\n' ? ' ' : c;
    out += '\n';
  }
  return out;
}

std::vector<std::string> lines_from_text(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

std::string text_from_minutes(const std::vector<std::chrono::minutes>& minutes) {
  std::vector<std::string> names;
  for (const auto each : minutes) names.push_back(std::to_string(each.count()));
  return text_from_names(names);
}

std::vector<std::chrono::minutes> minutes_from_text(std::string_view text) {
  std::vector<std::chrono::minutes> out;
  for (const std::string& name : names_from_text(text)) {
    constexpr std::int64_t kMost = 31 * 24 * 60;
    std::string_view rest = name;
    const auto count = taken_number<std::int64_t>(rest);
    if (count && rest.empty() && *count > 0 && *count <= kMost) out.emplace_back(*count);
  }
  return out;
}

}  // namespace slotwire::store
