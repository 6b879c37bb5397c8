#include "tests/sim/availability.h"

#include <algorithm>
#include <cstdint>
#include <date/tz.h>
#include <stdexcept>

namespace slotwire::sim {
namespace {

using std::chrono::minutes;

struct Shift {
  minutes begin;
  minutes end;
};
constexpr Shift kShifts[] = {{minutes(9 * 60), minutes(12 * 60)}, {minutes(13 * 60), minutes(17 * 60)}};

// FNV-1a over the event type and the start, so that what is taken does not move between runs.
std::uint32_t mixed(std::string_view uuid, std::int64_t number) {
  std::uint32_t hash = 2166136261U;
  const auto take = [&hash](unsigned char byte) { hash = (hash ^ byte) * 16777619U; };
  for (const char letter : uuid) take(static_cast<unsigned char>(letter));
  for (int shift = 0; shift < 64; shift += 8) take(static_cast<unsigned char>(number >> shift));
  return hash ^ (hash >> 15);
}

bool is_taken_by_chance(const EventTypeRecord& type, Day local_day, Instant start) {
  if (type.fully_booked) return true;
  // The host is away on one weekday of about twelve, for every event type alike.
  if (mixed("away", local_day.time_since_epoch().count()) % 12 == 0) return true;
  return mixed(type.uuid, start.time_since_epoch() / minutes(1)) % 10 < 3;
}

int places_left(const BookingLedger& ledger, const EventTypeRecord& type, Instant start) {
  if (ledger.is_blocked(type.uuid, start)) return 0;
  if (ledger.host_is_busy(type.uuid, {start, start + minutes(type.duration_min)})) return 0;
  int places = type.seats;
  if (type.seats > 1) places -= static_cast<int>(mixed("seats", start.time_since_epoch() / minutes(1)) % unsigned(type.seats));
  return std::max(0, places - ledger.invitees_at(type.uuid, start));
}

}  // namespace

std::vector<FreeStart> free_starts(const Account& account, const BookingLedger& ledger, const EventTypeRecord& type,
                                   InstantRange range, Instant now) {
  const Instant last = std::min(range.end, now + std::chrono::days(account.horizon_days));
  std::vector<FreeStart> found;
  if (!type.active || last < range.begin) return found;
  const date::time_zone* zone = date::locate_zone(account.timezone);
  const minutes step = std::min(minutes(30), minutes(type.duration_min));
  // A day on either side, since the host's day and the UTC day differ.
  const Day first_day = utc_day_of(range.begin) - std::chrono::days(1);
  const Day last_day = utc_day_of(last) + std::chrono::days(1);
  for (Day day = first_day; day <= last_day; day += std::chrono::days(1)) {
    const std::chrono::weekday weekday(day);
    if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) continue;
    for (const Shift& shift : kShifts) {
      for (minutes at = shift.begin; at + minutes(type.duration_min) <= shift.end; at += step) {
        const date::local_seconds wall(std::chrono::seconds(day.time_since_epoch()) + at);
        // No zone changes its clocks between 9 and 17 on a weekday, but a held clock may sit in any year: take the first.
        const Instant start = zone->to_sys(wall, date::choose::earliest);
        if (start < range.begin || start > last || start <= now) continue;
        if (is_taken_by_chance(type, day, start)) continue;
        if (const int places = places_left(ledger, type, start); places > 0) found.push_back({start, places});
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
