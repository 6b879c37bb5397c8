#include "shared/zone_offsets.h"

#include <catch_amalgamated.hpp>

using namespace slotwire;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

Day day(const char* text) { return day_from_text(text).value(); }
Instant at(const char* text) { return instant_from_text(text).value(); }

// Transitions of the tz database 2025b.
ZoneOffsets berlin() { return {hours{1}, {{at("2026-03-29T01:00:00Z"), hours{2}}, {at("2026-10-25T01:00:00Z"), hours{1}}}}; }
ZoneOffsets lord_howe() {  // half an hour of daylight saving
  return {hours{11}, {{at("2026-04-04T15:00:00Z"), hours{10} + minutes{30}}, {at("2026-10-03T15:30:00Z"), hours{11}}}};
}
ZoneOffsets beirut() {  // clocks change at midnight: spring days begin at 01:00, and in autumn 23:00 occurs twice
  return {hours{2}, {{at("2026-03-28T22:00:00Z"), hours{3}}, {at("2026-10-24T21:00:00Z"), hours{2}}}};
}
ZoneOffsets apia() {  // skipped 2011-12-30 when it crossed the date line
  return {-hours{10}, {{at("2011-12-30T10:00:00Z"), hours{14}}}};
}
ZoneOffsets st_johns_2010() {  // clocks were set back from 00:01 to 23:01 of the previous day
  return {-(hours{2} + minutes{30}), {{at("2010-11-07T02:31:00Z"), -(hours{3} + minutes{30})}}};
}

}  // namespace

TEST_CASE("ZoneOffsets: lengths of days", "[shared][zones]") {
  struct Row {
    const char* name;
    ZoneOffsets zone;
    const char* day;
    minutes length;
  };
  const auto row = GENERATE(values<Row>({
      {"UTC, leap day", {}, "2024-02-29", hours{24}},
      {"Berlin, plain day", berlin(), "2026-06-01", hours{24}},
      {"Berlin, spring", berlin(), "2026-03-29", hours{23}},
      {"Berlin, autumn", berlin(), "2026-10-25", hours{25}},
      {"Berlin, before the table", berlin(), "2026-01-01", hours{24}},
      {"Lord Howe, autumn", lord_howe(), "2026-04-05", hours{24} + minutes{30}},
      {"Lord Howe, spring", lord_howe(), "2026-10-04", hours{23} + minutes{30}},
      {"Beirut, a day without midnight", beirut(), "2026-03-29", hours{23}},
      {"Beirut, the day before", beirut(), "2026-03-28", hours{24}},
      {"Beirut, 23:00 twice", beirut(), "2026-10-24", hours{25}},
      {"Apia, a day that never was", apia(), "2011-12-30", hours{0}},
      {"Apia, the day after", apia(), "2011-12-31", hours{24}},
  }));
  INFO(row.name);
  const InstantRange range = row.zone.instants_of({day(row.day), day(row.day) + days{1}});
  CHECK(range.end - range.begin == row.length);
}

TEST_CASE("ZoneOffsets: starts of days", "[shared][zones]") {
  CHECK(berlin().start_of(day("2026-03-29")) == at("2026-03-28T23:00:00Z"));
  CHECK(berlin().start_of(day("2026-03-30")) == at("2026-03-29T22:00:00Z"));
  CHECK(beirut().start_of(day("2026-03-29")) == at("2026-03-28T22:00:00Z"));
  CHECK(beirut().start_of(day("2026-10-25")) == at("2026-10-24T22:00:00Z"));
  CHECK(apia().start_of(day("2011-12-30")) == apia().start_of(day("2011-12-31")));
  CHECK(st_johns_2010().start_of(day("2010-11-07")) == at("2010-11-07T02:30:00Z"));
}

TEST_CASE("ZoneOffsets: local time and the hour that repeats", "[shared][zones]") {
  const ZoneOffsets zone = berlin();
  CHECK(zone.local_time_of(at("2026-03-29T00:59:00Z")) == hours{1} + minutes{59});
  CHECK(zone.local_time_of(at("2026-03-29T01:00:00Z")) == hours{3});
  CHECK(zone.local_day_of(at("2026-06-01T22:00:00Z")) == day("2026-06-02"));
  CHECK_FALSE(zone.is_ambiguous(at("2026-10-24T23:59:59Z")));
  CHECK(zone.is_ambiguous(at("2026-10-25T00:00:00Z")));
  CHECK(zone.is_ambiguous(at("2026-10-25T01:59:59Z")));
  CHECK_FALSE(zone.is_ambiguous(at("2026-10-25T02:00:00Z")));
  CHECK_FALSE(zone.is_ambiguous(at("2026-03-29T01:00:00Z")));
}

TEST_CASE("ZoneOffsets: days partition time, and every instant of a day is in it", "[shared][zones]") {
  const auto zone = GENERATE(values<ZoneOffsets>({ZoneOffsets{}, berlin(), lord_howe(), beirut()}));
  for (Day each = day("2026-01-01"); each < day("2027-01-01"); each += days{1}) {
    const InstantRange today = zone.instants_of({each, each + days{1}});
    CHECK(today.end == zone.start_of(each + days{1}));
    CHECK(zone.local_day_of(today.begin) == each);
    CHECK(zone.local_day_of(today.end - minutes{1}) == each);
    CHECK(zone.local_day_of(today.begin - minutes{1}) == each - days{1});
  }
}

TEST_CASE("slots_by_day: by the visitor's days, whole and in order", "[shared][zones]") {
  std::vector<Slot> slots;
  for (Instant start = at("2026-10-24T20:00:00Z"); start < at("2026-10-26T02:00:00Z"); start += minutes{30})
    slots.push_back({start, 1, ""});
  const auto in_berlin = slots_by_day(slots, berlin());
  REQUIRE(in_berlin.size() == 3);
  CHECK(in_berlin[0].day == day("2026-10-24"));
  CHECK(in_berlin[0].slots.size() == 4);
  CHECK(in_berlin[1].slots.size() == 50);  // 25 hours
  CHECK(in_berlin[2].slots.size() == 6);
  CHECK(in_berlin[0].slots.front() == slots.front());
  CHECK(slots_by_day({}, berlin()).empty());
}

TEST_CASE("slots_by_day: a day that has begun does not end and begin again", "[shared][zones]") {
  std::vector<Slot> slots;
  for (Instant start = at("2010-11-07T02:00:00Z"); start < at("2010-11-07T05:00:00Z"); start += minutes{10})
    slots.push_back({start, 1, ""});
  const auto grouped = slots_by_day(slots, st_johns_2010());
  REQUIRE(grouped.size() == 2);
  CHECK(grouped[1].day == day("2010-11-07"));
  CHECK(grouped[1].slots.front().start == at("2010-11-07T02:30:00Z"));
}
