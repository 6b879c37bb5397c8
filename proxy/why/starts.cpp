#include "proxy/why/starts.h"

#include <algorithm>

namespace slotwire::why {
namespace {

bool overlap(InstantRange a, InstantRange b) { return a.begin < b.end && b.begin < a.end; }

const Booking* booking_behind(const Facts& facts, const calendly::BusyTime& busy) {
  const auto* bookings = known(facts.bookings);
  if (!bookings || busy.event_uri.empty()) return nullptr;
  const auto found = std::find_if(bookings->begin(), bookings->end(),
                                  [&](const Booking& booking) { return booking.event_uri == busy.event_uri; });
  return found == bookings->end() ? nullptr : &*found;
}

bool is_full(const Booking& booking) { return booking.taken && booking.places && *booking.taken >= *booking.places; }

// The group's own booking at this time: further visitors join it.
const Booking* own_table(const Facts& facts, const calendly::TypeSettings& type, const calendly::BusyTime& busy) {
  if (!type.is_group) return nullptr;
  const Booking* booking = booking_behind(facts, busy);
  return booking && booking->is_of_type ? booking : nullptr;
}

std::optional<Cause> taking(const Facts& facts, const calendly::TypeSettings& type, const calendly::BusyTime& busy,
                            Instant start) {
  const InstantRange time{start, start + type.duration};
  const Booking* table = own_table(facts, type, busy);
  if (table && table->time.begin == start) return is_full(*table) ? std::optional(Cause::group_full) : std::nullopt;
  if (overlap(busy.time, time)) return busy.is_booking ? Cause::all_booked : Cause::busy;
  // It is undocumented which of two adjoining buffers counts, so the longer one is used.
  const InstantRange wide{time.begin - type.before_buffer, time.end + type.after_buffer};
  if (overlap(busy.time, wide) || overlap(busy.buffered, time)) return Cause::buffers;
  return std::nullopt;
}

// Limits count all meetings by days, weeks from Sunday and months in the event type's own zone.
void add_limits(const Facts& facts, const ZoneOffsets& zone, Start& start) {
  const auto* limits = known(facts.limits);
  const auto* bookings = known(facts.bookings);
  if (!limits || !bookings) return;
  // One more participant in an existing group event is no additional meeting.
  const auto is_same = [&](const Booking& each) { return each.is_of_type && each.time.begin == start.at; };
  if (std::any_of(bookings->begin(), bookings->end(), is_same)) return;
  const auto add = [&](Cause cause, std::optional<int> limit, DayRange days) {
    if (limit && std::count_if(bookings->begin(), bookings->end(), [&](const Booking& each) {
                   return days.contains(zone.local_day_of(each.time.begin));
                 }) >= *limit) {
      start.taken_by.insert(cause);
    }
  };
  const Day day = zone.local_day_of(start.at);
  add(Cause::daily_limit, limits->daily, {day, day + std::chrono::days(1)});
  add(Cause::weekly_limit, limits->weekly, week_of(day));
  add(Cause::monthly_limit, limits->monthly, month_of(day));
}

}  // namespace

std::vector<Start> starts_of(const Facts& facts, InstantRange range, Reading reading) {
  std::vector<Start> starts;
  const auto* type = known(facts.type);
  const auto* hours = known(facts.hours);
  if (!type || !hours) return starts;
  const auto* all_busy = known(facts.busy);
  for (const Instant at : starts_in(open_hours(*hours, range, reading), *type, range)) {
    Start start{at, {}};
    if (at <= facts.now) start.taken_by.insert(Cause::past);
    add_limits(facts, *hours->front().zone, start);
    for (const calendly::BusyTime& busy : all_busy ? *all_busy : std::vector<calendly::BusyTime>()) {
      if (const auto cause = taking(facts, *type, busy, at)) start.taken_by.insert(*cause);
    }
    starts.push_back(std::move(start));
  }
  return starts;
}

DayRange week_of(Day day) {
  const Day sunday = day - (std::chrono::weekday(day) - std::chrono::Sunday);
  return {sunday, sunday + std::chrono::days(7)};
}

DayRange month_of(Day day) {
  const std::chrono::year_month_day date(day);
  return {Day(date.year() / date.month() / 1), Day(date.year() / date.month() / std::chrono::last) + std::chrono::days(1)};
}

std::vector<Kept> kept_times(const Facts& facts) {
  std::vector<Kept> kept;
  const auto* type = known(facts.type);
  const auto* all = known(facts.busy);
  if (!all) return kept;
  const auto before = type ? type->before_buffer : std::chrono::minutes(0);
  const auto after = type ? type->after_buffer : std::chrono::minutes(0);
  for (const calendly::BusyTime& busy : *all) {
    const Booking* table = type ? own_table(facts, *type, busy) : nullptr;
    if (table && !is_full(*table)) continue;
    // The buffer after a new event must end before this event begins, and the buffer before it must begin after this event ends.
    const InstantRange wide{std::min(busy.buffered.begin, busy.time.begin - after),
                            std::max(busy.buffered.end, busy.time.end + before)};
    kept.push_back({busy.time, wide, busy.is_booking});
  }
  std::sort(kept.begin(), kept.end(), [](const Kept& a, const Kept& b) { return a.time.begin < b.time.begin; });
  return kept;
}

}  // namespace slotwire::why
