#include "tests/sim/availability.h"

#include <algorithm>
#include <cstdint>
#include <date/tz.h>
#include <stdexcept>

namespace slotwire::sim {
namespace {

using std::chrono::minutes;

// FNV-1a over the event type and the start, so that the same starts are taken in every run.
std::uint32_t mixed(std::string_view uuid, std::int64_t number) {
  std::uint32_t hash = 2166136261U;
  const auto take = [&hash](unsigned char byte) { hash = (hash ^ byte) * 16777619U; };
  for (const char letter : uuid) take(static_cast<unsigned char>(letter));
  for (int shift = 0; shift < 64; shift += 8) take(static_cast<unsigned char>(number >> shift));
  return hash ^ (hash >> 15);
}

bool is_taken_by_chance(const EventTypeRecord& type, Day local_day, Instant start) {
  // The host is away on about one of twelve weekdays, for every event type.
  if (mixed("away", local_day.time_since_epoch().count()) % 12 == 0) return true;
  return mixed(type.uuid, start.time_since_epoch() / minutes(1)) % 10 < 3;
}

bool overlap(InstantRange a, InstantRange b) { return a.begin < b.end && b.begin < a.end; }

InstantRange widened(InstantRange time, const EventTypeRecord& type) {
  return {time.begin - minutes(type.before_buffer_min), time.end + minutes(type.after_buffer_min)};
}

// Whether the host's calendar or a booking keeps this time from being booked. Where two buffers meet, the longer one counts, not
// their sum: no document settles it (checked 2026-11).
bool host_is_busy(const Account& account, const BookingLedger& ledger, const EventTypeRecord& type, InstantRange time) {
  const InstantRange wide = widened(time, type);
  if (std::ranges::any_of(account.busy, [&](InstantRange busy) { return overlap(busy, wide); })) return true;
  return std::ranges::any_of(ledger.events(), [&](const ScheduledEvent& event) {
    if (event.is_canceled() || (event.event_type_uuid == type.uuid && event.time.begin == time.begin)) return false;
    return overlap(event.time, wide) || overlap(buffered(account, event), time);
  });
}

int places_left(const Account& account, const BookingLedger& ledger, const EventTypeRecord& type, Instant start) {
  if (ledger.is_blocked(type.uuid, start)) return 0;
  if (host_is_busy(account, ledger, type, {start, start + minutes(type.duration_min)})) return 0;
  int places = type.seats;
  if (type.seats > 1 && account.takes_by_chance) {
    places -= static_cast<int>(mixed("seats", start.time_since_epoch() / minutes(1)) % unsigned(type.seats));
  }
  return std::max(0, places - ledger.invitees_at(type.uuid, start));
}

// The days of the host's calendar in which a start may be, with the number of meetings on each.
class Meetings {
 public:
  Meetings(const Account& account, const BookingLedger& ledger, const date::time_zone& zone) : account_(account), zone_(zone) {
    for (const ScheduledEvent& event : ledger.events()) {
      if (!event.is_canceled()) meetings_.push_back({day_of(event.time.begin), event.event_type_uuid, event.time.begin});
    }
  }

  [[nodiscard]] bool is_full(const EventTypeRecord& type, Instant start) const {
    // One more invitee of a group event is not another meeting.
    if (std::ranges::any_of(meetings_, [&](const Meeting& each) { return each.type == type.uuid && each.start == start; }))
      return false;
    const Day day = day_of(start);
    const Day sunday = day - (std::chrono::weekday(day) - std::chrono::Sunday);
    const std::chrono::year_month_day date(day);
    const Day first = Day(date.year() / date.month() / 1);
    const Day next = Day(date.year() / date.month() / std::chrono::last) + std::chrono::days(1);
    const MeetingLimits& limits = account_.limits;
    return is_reached(limits.daily, {day, day + std::chrono::days(1)}, {}) ||
           is_reached(limits.weekly, {sunday, sunday + std::chrono::days(7)}, {}) ||
           is_reached(limits.monthly, {first, next}, {}) ||
           is_reached(type.daily_limit, {day, day + std::chrono::days(1)}, type.uuid);
  }

 private:
  struct Meeting {
    Day day;
    std::string type;
    Instant start;
  };

  [[nodiscard]] Day day_of(Instant instant) const {
    const auto local = zone_.to_local(std::chrono::floor<std::chrono::seconds>(instant));
    return Day(std::chrono::floor<std::chrono::days>(local.time_since_epoch()));
  }

  [[nodiscard]] bool is_reached(std::optional<int> limit, DayRange days, std::string_view type) const {
    return limit && std::ranges::count_if(meetings_, [&](const Meeting& each) {
                      return days.contains(each.day) && (type.empty() || each.type == type);
                    }) >= *limit;
  }

  const Account& account_;
  const date::time_zone& zone_;
  std::vector<Meeting> meetings_;
};

}  // namespace

InstantRange buffered(const Account& account, const ScheduledEvent& event) {
  const EventTypeRecord* type = account.find_event_type(event.event_type_uuid);
  return type == nullptr ? event.time : widened(event.time, *type);
}

std::vector<FreeStart> free_starts(const Account& account, const BookingLedger& ledger, const EventTypeRecord& type,
                                   InstantRange range, Instant now) {
  const Instant last = std::min(range.end, now + std::chrono::days(account.horizon_days));
  std::vector<FreeStart> found;
  if (!type.active || type.fully_booked || last < range.begin) return found;
  const date::time_zone* zone = date::locate_zone(account.timezone);
  const Meetings meetings(account, ledger, *zone);
  const minutes step(type.increment_min.value_or(std::min(30, type.duration_min)));
  // A local time that the clocks skip means the moment of the change; one that occurs twice means the first.
  const auto instant_at = [&](Day day, minutes at) -> Instant {
    return zone->to_sys(date::local_seconds(std::chrono::seconds(day.time_since_epoch()) + at), date::choose::earliest);
  };
  // One more day on both sides, since the host's day and the UTC day differ.
  const Day first_day = utc_day_of(range.begin) - std::chrono::days(1);
  const Day last_day = utc_day_of(last) + std::chrono::days(1);
  for (Day day = first_day; day <= last_day; day += std::chrono::days(1)) {
    for (const WallSpan& span : account.hours.on(day)) {
      const Instant end = instant_at(day, span.to);
      for (Instant start = instant_at(day, span.from); start + minutes(type.duration_min) <= end; start += step) {
        if (start < range.begin || start > last || start <= now + minutes(type.notice_min)) continue;
        if (account.takes_by_chance && is_taken_by_chance(type, day, start)) continue;
        if (meetings.is_full(type, start)) continue;
        if (const int places = places_left(account, ledger, type, start); places > 0) found.push_back({start, places});
      }
    }
  }
  std::ranges::sort(found, {}, &FreeStart::start);
  return found;
}

std::optional<FreeStart> free_start_at(const Account& account, const BookingLedger& ledger, const EventTypeRecord& type,
                                       Instant start, Instant now) {
  const std::vector<FreeStart> found = free_starts(account, ledger, type, {start, start}, now);
  if (found.empty()) return std::nullopt;
  return found.front();
}

bool is_known_zone(const std::string& name) {
  try {
    return date::locate_zone(name) != nullptr;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace slotwire::sim
