#include "proxy/pages/words.h"

#include <algorithm>
#include <cstdlib>

#include "shared/slot.h"

namespace slotwire::pages {
namespace {

// The pattern with each "{c}" replaced by `value(c)`.
template <class Value>
std::string written(std::string_view pattern, Value value) {
  std::string text;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '{' && at + 2 < pattern.size()) {
      text += value(pattern[at + 1]);
      at += 2;
    } else {
      text += pattern[at];
    }
  }
  return text;
}

std::string date_text(const Language& language, std::string_view pattern, Day day) {
  const std::chrono::year_month_day date(day);
  return written(pattern, [&](char part) -> std::string {
    switch (part) {
      case 'w':
        return std::string(language.weekdays.at(std::chrono::weekday(day).c_encoding()));
      case 'm':
        return std::string(language.months.at(static_cast<unsigned>(date.month()) - 1));
      case 'd':
        return number_text(language, static_cast<unsigned>(date.day()));
      default:
        return number_text(language, static_cast<int>(date.year()));
    }
  });
}

}  // namespace

std::string day_text(const Language& language, Day day) { return date_text(language, language.day, day); }

std::string days_text(const Language& language, DayRange days) {
  const Day last = days.end - std::chrono::days(1);
  const std::string text = date_text(language, language.date, days.begin);
  return last > days.begin ? text + " – " + date_text(language, language.date, last) : text;
}

std::string length_text(const Language& language, std::chrono::minutes m) {
  const auto hours = m.count() / 60;
  const auto rest = m.count() % 60;
  if (hours == 0) return words(language, "length-minute", rest);
  return words(language, "length-hour", hours) + (rest == 0 ? "" : ' ' + words(language, "length-minute", rest));
}

std::string age_text(const Language& language, std::chrono::seconds age) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(age).count();
  if (minutes < 120) return words(language, "ago-minute", std::max<long long>(minutes, 1));
  if (minutes < 48 * 60) return words(language, "ago-hour", minutes / 60);
  return words(language, "ago-day", minutes / (24 * 60));
}

std::string offset_text(std::chrono::seconds offset) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
  if (minutes == 0) return "UTC";
  std::string text = minutes < 0 ? "UTC-" : "UTC+";
  text += std::to_string(std::abs(minutes) / 60);
  if (const auto rest = std::abs(minutes) % 60; rest != 0) text += (rest < 10 ? ":0" : ":") + std::to_string(rest);
  return text;
}

std::string clock_text(const Language& language, Instant instant, const ZoneOffsets& zone) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(zone.local_time_of(instant)).count();
  const auto hour = minutes / 60;
  const std::string text = written(language.clock, [&](char part) -> std::string {
    switch (part) {
      case 'h':
        return language.has_halves ? number_text(language, hour % 12 == 0 ? 12 : hour % 12) : number_text(language, hour, 2);
      case 'n':
        return number_text(language, minutes % 60, 2);
      default:
        return std::string(language.halves.at(hour < 12 ? 0 : 1));
    }
  });
  return zone.is_ambiguous(instant) ? words(language, "again", text, offset_text(zone.offset_at(instant))) : text;
}

std::string day_and_clock_text(const Language& language, Instant instant, const ZoneOffsets& zone) {
  return words(language, "day-status", day_text(language, zone.local_day_of(instant)), clock_text(language, instant, zone));
}

std::string zone_text(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string zone_sentence(const Language& language, std::string_view zone, bool is_hosts) {
  return words(language, is_hosts ? "zone-of-host" : "zone-changed", zone_text(zone));
}

std::string_view place_text(const Language& language, std::string_view location_kind) {
  if (location_kind.empty() || location_kind == "custom") return {};
  if (location_kind == kSeveralPlaces) return words(language, "place-several");
  for (const std::string_view known : {"physical", "inbound_call", "outbound_call", "ask_invitee"}) {
    if (location_kind == known) return words(language, "place-" + std::string(known));
  }
  return words(language, "place-online");
}

}  // namespace slotwire::pages
