#include "shared/calendar.h"

#include <cstdint>
#include <optional>

namespace slotwire {
namespace {

using std::chrono::microseconds;

// Fixed-width number of `digits` digits at `at`; nullopt for anything else there.
std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool char_at(std::string_view text, std::size_t at, std::string_view any_of) {
  return at < text.size() && any_of.find(text[at]) != std::string_view::npos;
}

std::optional<Day> date_at_start(std::string_view text) {
  const auto year = number_at(text, 0, 4);
  const auto month = number_at(text, 5, 2);
  const auto day = number_at(text, 8, 2);
  if (!year || !month || !day || !char_at(text, 4, "-") || !char_at(text, 7, "-") || *year < 1970) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return Day{date};
}

Error not_an_instant(std::string_view why) {
  std::string message = "not an RFC 3339 instant such as 2026-01-06T14:00:00Z: ";
  message += why;
  return Error{ErrorCode::bad_input, std::move(message)};
}

void append_padded(std::string& out, std::int64_t value, int width) {
  const std::string digits = std::to_string(value);
  for (int i = static_cast<int>(digits.size()); i < width; ++i) out += '0';
  out += digits;
}

std::string text_with_decimals(Instant instant, bool always_decimals) {
  const Day day = utc_day_of(instant);
  const std::int64_t since_midnight = (instant - Instant{day}).count();
  const std::int64_t seconds = since_midnight / 1'000'000;
  const std::int64_t fraction = since_midnight % 1'000'000;
  std::string out = text_from_day(day);
  out += 'T';
  append_padded(out, seconds / 3600, 2);
  out += ':';
  append_padded(out, seconds / 60 % 60, 2);
  out += ':';
  append_padded(out, seconds % 60, 2);
  if (always_decimals || fraction != 0) {
    out += '.';
    append_padded(out, fraction, 6);
  }
  out += 'Z';
  return out;
}

}  // namespace

Result<Day> day_from_text(std::string_view text) {
  const auto day = text.size() == 10 ? date_at_start(text) : std::nullopt;
  if (!day) return Error{ErrorCode::bad_input, "not a calendar date such as 2026-01-06"};
  return *day;
}

std::string text_from_day(Day day) {
  const std::chrono::year_month_day date{day};
  std::string out;
  append_padded(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.month()), 2);
  out += '-';
  append_padded(out, static_cast<unsigned>(date.day()), 2);
  return out;
}

Result<Instant> instant_from_text(std::string_view text) {
  const auto day = date_at_start(text);
  if (!day) return not_an_instant("the date");
  if (!char_at(text, 10, "Tt ")) return not_an_instant("a T must follow the date");
  const auto hour = number_at(text, 11, 2);
  const auto minute = number_at(text, 14, 2);
  const auto second = number_at(text, 17, 2);
  if (!hour || !minute || !second || !char_at(text, 13, ":") || !char_at(text, 16, ":")) {
    return not_an_instant("the time must be hh:mm:ss");
  }

  std::size_t at = 19;
  std::int64_t fraction = 0;
  if (char_at(text, at, ".")) {
    std::int64_t unit = 100'000;
    const std::size_t first = ++at;
    for (; char_at(text, at, "0123456789"); ++at, unit /= 10) fraction += (text[at] - '0') * unit;
    if (at == first) return not_an_instant("digits must follow the point");
  }
  // RFC 3339 stops at 23; Calendly's own examples write the end of a day as hour 24 (checked 2026-11).
  const bool end_of_day = *hour == 24 && *minute == 0 && *second == 0 && fraction == 0;
  if ((*hour > 23 && !end_of_day) || *minute > 59 || *second > 59) return not_an_instant("the time of day");

  std::int64_t offset_s = 0;
  if (char_at(text, at, "Zz")) {
    ++at;
  } else if (char_at(text, at, "+-")) {
    const auto hours = number_at(text, at + 1, 2);
    const auto minutes = number_at(text, at + 4, 2);
    if (!hours || !minutes || !char_at(text, at + 3, ":") || *hours > 23 || *minutes > 59) {
      return not_an_instant("the offset must be Z or +hh:mm");
    }
    offset_s = (*hours * 60 + *minutes) * 60;
    if (text[at] == '-') offset_s = -offset_s;
    at += 6;
  } else {
    return not_an_instant("an offset (Z or +hh:mm) must end it");
  }
  if (at != text.size()) return not_an_instant("nothing may follow the offset");

  const std::int64_t seconds = (*hour * 60 + *minute) * 60 + *second - offset_s;
  const Instant instant = Instant{*day} + microseconds{seconds * 1'000'000 + fraction};
  // An offset, or hour 24, can move the instant out of the years that the date was checked for.
  constexpr Day kYear10000{std::chrono::days{2'932'897}};
  if (instant < Instant{} || instant >= kYear10000) return not_an_instant("the year, in UTC");
  return instant;
}

std::string text_from_instant(Instant instant) { return text_with_decimals(instant, false); }

std::string calendly_text_from_instant(Instant instant) { return text_with_decimals(instant, true); }

Day utc_day_of(Instant instant) { return std::chrono::floor<std::chrono::days>(instant); }

DayRange utc_days_touching(InstantRange range) {
  const Day begin = utc_day_of(range.begin);
  if (range.end <= range.begin) return {begin, begin};
  return {begin, std::chrono::ceil<std::chrono::days>(range.end)};
}

}  // namespace slotwire
