#include "proxy/why/hours.h"

#include <algorithm>

namespace slotwire::why {
namespace {

using std::chrono::days;
using std::chrono::hours;

const std::vector<calendly::WallSpan>& spans_on(const calendly::Schedule& schedule, Day day, Reading reading) {
  static const std::vector<calendly::WallSpan> kWhole = {{std::chrono::minutes(0), hours(24)}};
  if (reading == Reading::whole_days) return kWhole;
  const auto date = schedule.dates.find(day);
  if (reading != Reading::without_dates && date != schedule.dates.end()) return date->second;
  return schedule.weekly.at(std::chrono::weekday(day).c_encoding());
}

}  // namespace

Instant instant_at(const ZoneOffsets& zone, Day day, std::chrono::minutes time) {
  // A margin no zone's offset exceeds, and within which no zone changes its clocks twice.
  const Instant wall = Instant(day) + time;
  const auto before = zone.offset_at(wall - hours(24));
  const auto after = zone.offset_at(wall + hours(24));
  const Instant by_old = wall - before;
  if (zone.offset_at(by_old) == before) return by_old;
  const Instant by_new = wall - after;
  if (zone.offset_at(by_new) == after) return by_new;
  // A skipped time: the change lies between the two results.
  Instant early = by_new;
  Instant late = by_old;
  while (late - early > std::chrono::microseconds(1)) {
    const Instant middle = early + (late - early) / 2;
    (zone.offset_at(middle) == before ? early : late) = middle;
  }
  return late;
}

std::vector<InstantRange> open_hours(const std::vector<HostHours>& all, InstantRange range, Reading reading) {
  std::vector<InstantRange> open;
  for (const HostHours& host : all) {
    const Day last = host.zone->local_day_of(range.end);
    for (Day day = host.zone->local_day_of(range.begin) - days(1); day <= last; day += days(1)) {
      const auto midnight_offset = host.zone->offset_at(host.zone->start_of(day));
      const auto at = [&](std::chrono::minutes time) {
        return reading == Reading::without_clock_changes ? Instant(day) + time - midnight_offset
                                                         : instant_at(*host.zone, day, time);
      };
      for (const calendly::WallSpan& span : spans_on(host.schedule, day, reading)) {
        const InstantRange hour{at(span.from), at(span.to)};
        if (hour.begin < hour.end && hour.begin < range.end && range.begin < hour.end) open.push_back(hour);
      }
    }
  }
  return open;
}

std::vector<Instant> starts_in(const std::vector<InstantRange>& open, const calendly::TypeSettings& type, InstantRange range) {
  std::vector<Instant> starts;
  for (const InstantRange& hours : open) {
    for (Instant start = hours.begin; start + type.duration <= hours.end; start += type.increment) {
      if (range.contains(start)) starts.push_back(start);
    }
  }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  return starts;
}

}  // namespace slotwire::why
