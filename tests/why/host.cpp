#include "tests/why/host.h"

#include "proxy/why/judge.h"

namespace slotwire::tests {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

calendly::Schedule schedule_of(const sim::Account& account) {
  const auto spans = [](const std::vector<sim::WallSpan>& from) {
    std::vector<calendly::WallSpan> to;
    for (const sim::WallSpan& span : from) to.push_back({span.from, span.to});
    return to;
  };
  calendly::Schedule schedule;
  schedule.timezone = account.timezone;
  for (std::size_t i = 0; i < schedule.weekly.size(); ++i) schedule.weekly.at(i) = spans(account.hours.weekly.at(i));
  for (const auto& [date, from] : account.hours.dates) schedule.dates[date] = spans(from);
  return schedule;
}

calendly::TypeSettings settings_of(const sim::EventTypeRecord& type) {
  calendly::TypeSettings settings;
  settings.name = type.name;
  settings.is_active = type.active;
  settings.is_poll = type.is_poll;
  settings.is_group = type.seats > 1;
  settings.has_other_hosts = !type.pooling_type.empty();
  settings.duration = minutes(type.duration_min);
  settings.increment = minutes(type.increment_min.value_or(std::min(30, type.duration_min)));
  settings.before_buffer = minutes(type.before_buffer_min);
  settings.after_buffer = minutes(type.after_buffer_min);
  return settings;
}

}  // namespace

std::shared_ptr<const ZoneOffsets> zone_of(const std::string& name) {
  static const time::Zones zones;
  return zones.find(name).value();
}

Host::Host() {
  account.timezone = "UTC";
  account.takes_by_chance = false;
  account.horizon_days = 3650;
  account.hours = {};
  for (auto& weekday : account.hours.weekly) weekday = {{hours(9), hours(12)}};
  type.uuid = "ASKED";
  type.name = "Half an hour";
  account.event_types = {type, {.uuid = "OTHER", .name = "Another", .slug = "another"}};
}

void Host::book(const sim::EventTypeRecord& booked, Instant start, int guests) {
  for (int i = 0; i < guests; ++i) (void)ledger.book(booked, start, sim::Invitee(), {}, now);
}

std::vector<Instant> Host::free_in(InstantRange range) const {
  std::vector<Instant> starts;
  for (const sim::FreeStart& free : sim::free_starts(account, ledger, type, range, now)) {
    if (range.contains(free.start) && (starts.empty() || starts.back() != free.start)) starts.push_back(free.start);
  }
  return starts;
}

why::Shown Host::shown(DayRange range, const ZoneOffsets& zone) const {
  why::Shown shown;
  shown.starts = free_in(zone.instants_of(range));
  shown.fetched_at = now;
  return shown;
}

why::Facts Host::facts(Day asked, const std::string& zone_name) const {
  why::Facts facts;
  facts.now = now;
  facts.day = asked;
  facts.timezone = zone_name;
  facts.zone = zone_of(zone_name);
  facts.mode = ConnectionMode::pat;
  facts.asked_type = "30min";
  facts.is_type_known = true;
  facts.around = why::days_around(asked, facts.zone->local_day_of(now));
  facts.shown = shown(facts.around, *facts.zone);
  facts.type = settings_of(type);
  facts.hours = std::vector<why::HostHours>{{schedule_of(account), zone_of(account.timezone)}};
  std::vector<calendly::BusyTime> busy;
  std::vector<why::Booking> bookings;
  for (const sim::ScheduledEvent& event : ledger.events()) {
    busy.push_back({event.time, sim::buffered(account, event), true, event.uuid});
    bookings.push_back(
        {event.time, event.uuid, event.event_type_uuid == type.uuid, static_cast<int>(event.invitees.size()), event.seats});
  }
  for (const InstantRange& time : account.busy) busy.push_back({time, time, false, {}});
  facts.busy = std::move(busy);
  facts.bookings = std::move(bookings);
  facts.limits = calendly::MeetingLimits{account.limits.daily, account.limits.weekly, account.limits.monthly};
  return facts;
}

}  // namespace slotwire::tests
