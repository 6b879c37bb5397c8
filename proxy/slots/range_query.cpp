#include "proxy/slots/range_query.h"

namespace slotwire::slots {
namespace {

constexpr std::chrono::days kDefaultDays{14};
constexpr std::chrono::days kMostDays{92};
// No visitor looks so far ahead, and each such range costs the account as many calls as a useful one.
constexpr std::chrono::days kFurthest{5 * 366};

constexpr const char* kTooFar = "must be within five years from now";

Error wrong(std::string_view field, std::string message) {
  return {ErrorCode::invalid_date_range, "The date range cannot be used.", {{std::string(field), std::move(message)}}};
}

struct Bound {
  std::optional<Day> day;
  std::optional<Instant> instant;
};

Result<Bound> bound_from(std::string text, std::string_view field) {
  if (const Result<Day> day = day_from_text(text)) return Bound{*day, std::nullopt};
  // A '+' that was not percent-encoded arrives as a space: "...T10:00:00 02:00".
  constexpr std::size_t kOffset = 6;
  if (text.size() > kOffset && text[text.size() - kOffset] == ' ' && text.find(':') < text.size() - kOffset) {
    text[text.size() - kOffset] = '+';
  }
  if (const Result<Instant> instant = instant_from_text(text)) return Bound{std::nullopt, *instant};
  return wrong(field, "must be a date such as 2026-01-31, or an instant such as 2026-01-31T09:00:00Z");
}

}  // namespace

Result<AskedRange> asked_range(const std::optional<std::string>& start_date, const std::optional<std::string>& end_date,
                               const std::optional<std::string>& timezone, const time::Zones& zones, Instant now,
                               RangeNames names) {
  AskedRange asked;
  asked.timezone = timezone.value_or("UTC");
  const auto found = zones.find(asked.timezone);
  if (!found) return found.error();
  const ZoneOffsets& zone = **found;

  Bound start{zone.local_day_of(now), std::nullopt};
  if (start_date) {
    const Result<Bound> given = bound_from(*start_date, names.start);
    if (!given) return given.error();
    start = *given;
  }
  asked.range.begin = start.instant ? *start.instant : zone.start_of(*start.day);
  asked.days.begin = start.day ? *start.day : zone.local_day_of(*start.instant);

  Bound end{asked.days.begin + kDefaultDays - std::chrono::days(1), std::nullopt};
  if (end_date) {
    const Result<Bound> given = bound_from(*end_date, names.end);
    if (!given) return given.error();
    end = *given;
  }
  if (end.day && *end.day < asked.days.begin) return wrong(names.end, "must not be before " + std::string(names.start));
  asked.range.end = end.instant ? *end.instant : zone.start_of(*end.day + std::chrono::days(1));
  if (asked.range.end <= asked.range.begin) return wrong(names.end, "must be after " + std::string(names.start));
  const Day last = end.day ? *end.day : zone.local_day_of(*end.instant - std::chrono::microseconds(1));
  asked.days.end = last + std::chrono::days(1);
  // A range of instants that starts in the middle of a day touches one more day.
  const bool is_short_enough =
      asked.days.length() <= kMostDays || (start.instant && end.instant && asked.range.end - asked.range.begin <= kMostDays);
  if (asked.range.begin > now + kFurthest) return wrong(names.start, kTooFar);
  if (!is_short_enough) return wrong(names.end, "must be at most 92 days from " + std::string(names.start));
  return asked;
}

Result<Instant> asked_instant(const std::string& text, std::string_view field, const ZoneOffsets& zone, Instant now) {
  const Result<Bound> bound = bound_from(text, field);
  if (!bound) return bound.error();
  const Instant asked = bound->instant ? *bound->instant : zone.start_of(*bound->day);
  if (asked > now + kFurthest) return wrong(field, kTooFar);
  return asked;
}

}  // namespace slotwire::slots
