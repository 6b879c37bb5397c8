#include "proxy/pages/words.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "shared/slot.h"

namespace slotwire::pages {
namespace {

constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                                      "July",    "August",   "September", "October", "November", "December"};

std::string month_and_day(Day day) {
  const std::chrono::year_month_day date(day);
  return std::string(kMonths.at(static_cast<unsigned>(date.month()) - 1)) + ' ' +
         std::to_string(static_cast<unsigned>(date.day()));
}

std::string counted(long long number, std::string_view one) {
  return std::to_string(number) + ' ' + std::string(one) + (number == 1 ? "" : "s");
}

}  // namespace

std::string day_text(Day day) {
  return std::string(kWeekdays.at(std::chrono::weekday(day).c_encoding())) + ", " + month_and_day(day);
}

std::string days_text(DayRange days) {
  const Day last = days.end - std::chrono::days(1);
  const std::chrono::year_month_day from(days.begin);
  const std::chrono::year_month_day to(last);
  std::string text = month_and_day(days.begin);
  if (from.year() != to.year()) text += ", " + std::to_string(static_cast<int>(from.year()));
  if (last > days.begin)
    text += " to " + (from.month() == to.month() && from.year() == to.year() ? std::to_string(static_cast<unsigned>(to.day()))
                                                                             : month_and_day(last));
  return text + ", " + std::to_string(static_cast<int>(to.year()));
}

std::string length_text(std::chrono::minutes m) {
  const auto hours = m.count() / 60;
  const auto rest = m.count() % 60;
  if (hours == 0) return counted(rest, "minute");
  return counted(hours, "hour") + (rest == 0 ? "" : ' ' + counted(rest, "minute"));
}

std::string age_text(std::chrono::seconds age) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(age).count();
  if (minutes < 1) return "less than a minute";
  if (minutes < 120) return counted(minutes, "minute");
  if (minutes < 48 * 60) return counted(minutes / 60, "hour");
  return counted(minutes / (24 * 60), "day");
}

std::string offset_text(std::chrono::seconds offset) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
  if (minutes == 0) return "UTC";
  std::string text = minutes < 0 ? "UTC-" : "UTC+";
  text += std::to_string(std::abs(minutes) / 60);
  if (const auto rest = std::abs(minutes) % 60; rest != 0) text += (rest < 10 ? ":0" : ":") + std::to_string(rest);
  return text;
}

std::string clock_text(Instant instant, const ZoneOffsets& zone) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(zone.local_time_of(instant)).count();
  const auto hour = minutes / 60;
  char text[16];
  std::snprintf(text, sizeof text, "%d:%02d %s", static_cast<int>(hour % 12 == 0 ? 12 : hour % 12),
                static_cast<int>(minutes % 60), hour < 12 ? "AM" : "PM");
  return zone.is_ambiguous(instant) ? std::string(text) + " (" + offset_text(zone.offset_at(instant)) + ')' : text;
}

std::string zone_text(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string_view place_text(std::string_view location_kind) {
  if (location_kind.empty()) return {};
  if (location_kind == kSeveralPlaces) return "Choice of place";
  if (location_kind == "physical") return "In person";
  if (location_kind == "inbound_call") return "By phone: you call";
  if (location_kind == "outbound_call") return "By phone: you are called";
  if (location_kind == "ask_invitee") return "A place you name";
  if (location_kind == "custom") return {};
  return "Online meeting";
}

}  // namespace slotwire::pages
