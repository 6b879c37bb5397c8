#include "proxy/time/zones.h"

#include <catch_amalgamated.hpp>
#include <future>

#include "proxy/time/standing_rule.h"
#include "tests/proxy/fakes.h"

namespace slotwire::tests {

TEST_CASE("Zones: days begin where the zone says, decades from now too", "[proxy][zones]") {
  struct Row {
    const char* zone;
    const char* day;
    const char* begins;
  };
  const Row row = GENERATE(values<Row>({
      {"UTC", "2026-07-01", "2026-07-01T00:00:00Z"},
      {"Europe/Amsterdam", "2026-01-15", "2026-01-14T23:00:00Z"},
      {"Europe/Amsterdam", "2026-07-01", "2026-06-30T22:00:00Z"},
      {"Asia/Kathmandu", "2026-07-01", "2026-06-30T18:15:00Z"},
      {"Australia/Lord_Howe", "2026-07-01", "2026-06-30T13:30:00Z"},
      {"Australia/Lord_Howe", "2026-01-01", "2025-12-31T13:00:00Z"},
      {"America/St_Johns", "2026-01-15", "2026-01-15T03:30:00Z"},
      {"Asia/Kolkata", "2026-01-15", "2026-01-14T18:30:00Z"},
      {"Pacific/Kiritimati", "2026-01-15", "2026-01-14T10:00:00Z"},
      {"Etc/GMT+12", "2026-01-15", "2026-01-15T12:00:00Z"},
      // After 2037, where compiled tables end and the zone's rule applies.
      {"Europe/Amsterdam", "2038-01-15", "2038-01-14T23:00:00Z"},
      {"Europe/Amsterdam", "2038-07-01", "2038-06-30T22:00:00Z"},
      {"Europe/Amsterdam", "2050-07-01", "2050-06-30T22:00:00Z"},
      {"Europe/Amsterdam", "2050-12-01", "2050-11-30T23:00:00Z"},
      {"America/New_York", "2045-07-01", "2045-07-01T04:00:00Z"},
      {"America/New_York", "2045-12-01", "2045-12-01T05:00:00Z"},
      {"Australia/Sydney", "2044-01-01", "2043-12-31T13:00:00Z"},
      {"Australia/Sydney", "2044-07-01", "2044-06-30T14:00:00Z"},
      {"Asia/Tokyo", "2060-07-01", "2060-06-30T15:00:00Z"},
  }));
  INFO(row.zone << ' ' << row.day);
  const time::Zones zones;
  const auto zone = zones.find(row.zone);
  REQUIRE(zone);
  CHECK((*zone)->start_of(day(row.day)) == instant(row.begins));
  CHECK((*zone)->local_day_of(instant(row.begins)) == day(row.day));
  CHECK((*zone)->local_day_of(instant(row.begins) - std::chrono::microseconds(1)) == day(row.day) - std::chrono::days(1));
}

TEST_CASE("transitions_by_rule: reads every form that zones of today use, and nothing else", "[proxy][zones]") {
  struct Row {
    const char* rule;
    std::vector<std::pair<const char*, int>> changes;  // instant, offset in minutes
  };
  const Row row = GENERATE(values<Row>({
      {"CET-1CEST,M3.5.0,M10.5.0/3", {{"2040-03-25T01:00:00Z", 120}, {"2040-10-28T01:00:00Z", 60}}},
      {"EST5EDT,M3.2.0,M11.1.0", {{"2040-03-11T07:00:00Z", -240}, {"2040-11-04T06:00:00Z", -300}}},
      {"NST3:30NDT,M3.2.0,M11.1.0", {{"2040-03-11T05:30:00Z", -150}, {"2040-11-04T04:30:00Z", -210}}},
      {"AEST-10AEDT,M10.1.0,M4.1.0/3", {{"2040-03-31T16:00:00Z", 600}, {"2040-10-06T16:00:00Z", 660}}},
      {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", {{"2040-03-31T15:00:00Z", 630}, {"2040-10-06T15:30:00Z", 660}}},
      {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", {{"2040-03-25T01:00:00Z", -60}, {"2040-10-28T01:00:00Z", -120}}},
      {"IST-1GMT0,M10.5.0,M3.5.0/1", {{"2040-03-25T01:00:00Z", 60}, {"2040-10-28T01:00:00Z", 0}}},
      {"JST-9", {}},
      {"<+0545>-5:45", {}},
      {"", {}},
      {"XXX-1YYY,J60,J300", {}},
      {"XXX-1YYY,M13.1.0,M3.5.0", {}},
      {"XXX-1YYY,M3.5.0", {}},
      {"<unfinished", {}},
      {"CET-1CEST,M3.5.0,M10.5.0/3,and more", {}},
  }));
  INFO(row.rule);
  const auto changes = time::transitions_by_rule(row.rule, std::chrono::year(2040), std::chrono::year(2041));
  REQUIRE(changes.size() == row.changes.size());
  for (std::size_t i = 0; i < changes.size(); ++i) {
    CHECK(changes[i] == ZoneTransition{instant(row.changes[i].first), std::chrono::minutes(row.changes[i].second)});
  }
}

TEST_CASE("Zones: one table for all who ask for a name, from any thread", "[proxy][zones]") {
  const time::Zones zones;
  std::vector<std::future<std::shared_ptr<const ZoneOffsets>>> asked;
  for (int i = 0; i < 8; ++i) {
    asked.push_back(std::async(std::launch::async, [&] { return zones.find("Europe/Berlin").value(); }));
  }
  const auto first = asked.front().get();
  for (std::size_t i = 1; i < asked.size(); ++i) CHECK(asked[i].get() == first);
}

TEST_CASE("Zones: only names of zones are looked up", "[proxy][zones]") {
  const time::Zones zones;
  for (const std::string& name :
       {std::string(), std::string("Nowhere/Town"), std::string("../Europe/Berlin"), std::string("Europe/.."),
        std::string("/etc/localtime"), std::string(65, 'A'), std::string("Europe/Berlin\0", 14)}) {
    INFO(name);
    const auto zone = zones.find(name);
    REQUIRE_FALSE(zone);
    CHECK(zone.error().code == ErrorCode::invalid_date_range);
    CHECK(zone.error().details.at(0).field == "timezone");
  }
}

}  // namespace slotwire::tests
