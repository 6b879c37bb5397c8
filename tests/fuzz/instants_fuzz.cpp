// Instants and days as text: as the C library reckons them, and the same text again by the style that was read of it.
#include <ctime>
#include <optional>
#include <string>

#include "shared/calendar.h"
#include "shared/time_style.h"
#include "tests/fuzz/fuzz.h"

namespace {

using slotwire::Instant;
using slotwire::fuzz::holds;
using slotwire::fuzz::Input;

// 'd' is any digit, all else stands for itself. False: the text is shorter, or another.
bool is_like(std::string_view text, std::string_view form) {
  if (text.size() < form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]) return false;
  }
  return true;
}

long number(std::string_view text, std::size_t at, std::size_t digits) { return std::stol(std::string(text.substr(at, digits))); }

// Seconds since 1970 by the C library. nullopt: no such day or time.
std::optional<long long> seconds_of(std::string_view text) {
  std::tm fields{};
  fields.tm_year = static_cast<int>(number(text, 0, 4)) - 1900;
  fields.tm_mon = static_cast<int>(number(text, 5, 2)) - 1;
  fields.tm_mday = static_cast<int>(number(text, 8, 2));
  const std::tm wanted = fields;
  const std::time_t day = timegm(&fields);
  if (fields.tm_year != wanted.tm_year || fields.tm_mon != wanted.tm_mon || fields.tm_mday != wanted.tm_mday ||
      wanted.tm_year < 70)
    return std::nullopt;
  return day;
}

// What calendar.h promises, read another way. Microseconds since 1970.
std::optional<long long> slowly(std::string text) {
  if (text.size() > 10 && (text[10] == 't' || text[10] == ' ')) text[10] = 'T';
  if (!is_like(text, "dddd-dd-ddTdd:dd:dd")) return std::nullopt;
  const auto day = seconds_of(text);
  if (!day) return std::nullopt;
  const long hour = number(text, 11, 2);
  const long minute = number(text, 14, 2);
  const long second = number(text, 17, 2);
  std::string rest = text.substr(19);
  std::string decimals;
  if (rest.starts_with('.')) {
    const std::size_t end = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
    decimals = rest.substr(1, end - 1);
    if (decimals.empty()) return std::nullopt;
    rest = rest.substr(end);
  }
  decimals.resize(6, '0');
  const long fraction = std::stol(decimals);
  if (minute > 59 || second > 59 || hour > 24 || (hour == 24 && (minute != 0 || second != 0 || fraction != 0)))
    return std::nullopt;
  long offset = 0;
  if (rest != "Z" && rest != "z") {
    if (rest.size() != 6 || !(is_like(rest, "+dd:dd") || is_like(rest, "-dd:dd"))) return std::nullopt;
    if (number(rest, 1, 2) > 23 || number(rest, 4, 2) > 59) return std::nullopt;
    offset = (number(rest, 1, 2) * 3600 + number(rest, 4, 2) * 60) * (rest[0] == '-' ? -1 : 1);
  }
  const long long seconds = *day + hour * 3600 + minute * 60 + second - offset;
  constexpr long long kYear10000 = 253'402'300'800;
  if (seconds < 0 || seconds >= kYear10000) return std::nullopt;
  return seconds * 1'000'000 + fraction;
}

}  // namespace

FUZZ_TARGET(instants) {
  const std::string text(bytes);
  const auto day = slotwire::day_from_text(text);
  const bool is_day = text.size() == 10 && is_like(text, "dddd-dd-dd") && seconds_of(text).has_value();
  holds(day.has_value() == is_day, "a day is what the C library has for one");
  if (day) {
    holds(day->time_since_epoch().count() * 86'400LL == *seconds_of(text), "and it is that day");
    holds(slotwire::text_from_day(*day) == text, "a day is written as it was read");
  }

  const auto instant = slotwire::instant_from_text(text);
  const auto slow = slowly(text);
  holds(instant.has_value() == slow.has_value(), "an instant is what RFC 3339 and the C library have for one");
  if (!instant) {
    holds(!slotwire::style_of(text), "what is no instant has no style");
    return;
  }
  holds(instant->time_since_epoch().count() == *slow, "and it is that instant");
  for (const std::string& again : {slotwire::text_from_instant(*instant), slotwire::calendly_text_from_instant(*instant)}) {
    const auto read = slotwire::instant_from_text(again);
    holds(read && *read == *instant, "what is written is read again");
  }
  if (const auto style = slotwire::style_of(text))
    holds(slotwire::text_in_style(*instant, *style) == text, "its style gives the very text");
  const slotwire::DayRange days = slotwire::utc_days_touching({*instant, *instant + std::chrono::microseconds(1)});
  holds(days.length() == std::chrono::days(1) && days.contains(slotwire::utc_day_of(*instant)), "an instant is on one day");
}
