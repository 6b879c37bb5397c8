#include "proxy/slots/range_query.h"

#include <catch_amalgamated.hpp>

#include "tests/proxy/fakes.h"

namespace slotwire::tests {
namespace {

using Text = std::optional<std::string>;
const Instant kNow = instant("2026-01-05T23:30:00Z");

Result<slots::AskedRange> asked(const Text& start, const Text& end, const Text& zone = std::nullopt) {
  static const time::Zones zones;
  return slots::asked_range(start, end, zone, zones, kNow);
}

}  // namespace

TEST_CASE("asked_range: what dates, instants and silence mean", "[proxy][range]") {
  struct Row {
    const char* name;
    Text start, end, zone;
    const char* begin;
    const char* finish;
    const char* first_day;
    const char* last_day;
  };
  const Row row = GENERATE(values<Row>({
      {"days, inclusive",
       "2026-01-06",
       "2026-01-07",
       {},
       "2026-01-06T00:00:00Z",
       "2026-01-08T00:00:00Z",
       "2026-01-06",
       "2026-01-07"},
      {"one day", "2026-01-06", "2026-01-06", {}, "2026-01-06T00:00:00Z", "2026-01-07T00:00:00Z", "2026-01-06", "2026-01-06"},
      {"nothing: fourteen days from today",
       {},
       {},
       {},
       "2026-01-05T00:00:00Z",
       "2026-01-19T00:00:00Z",
       "2026-01-05",
       "2026-01-18"},
      {"nothing, where it is tomorrow already",
       {},
       {},
       "Europe/Amsterdam",
       "2026-01-05T23:00:00Z",
       "2026-01-19T23:00:00Z",
       "2026-01-06",
       "2026-01-19"},
      {"a start alone", "2026-02-01", {}, {}, "2026-02-01T00:00:00Z", "2026-02-15T00:00:00Z", "2026-02-01", "2026-02-14"},
      {"an end alone", {}, "2026-01-06", {}, "2026-01-05T00:00:00Z", "2026-01-07T00:00:00Z", "2026-01-05", "2026-01-06"},
      {"days of a zone", "2026-01-06", "2026-01-06", "America/New_York", "2026-01-06T05:00:00Z", "2026-01-07T05:00:00Z",
       "2026-01-06", "2026-01-06"},
      {"a day of 23 hours", "2026-03-29", "2026-03-29", "Europe/Amsterdam", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z",
       "2026-03-29", "2026-03-29"},
      {"a day of 25 hours", "2026-10-25", "2026-10-25", "Europe/Amsterdam", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z",
       "2026-10-25", "2026-10-25"},
      {"instants, half-open",
       "2026-01-06T09:00:00Z",
       "2026-01-07T00:00:00Z",
       {},
       "2026-01-06T09:00:00Z",
       "2026-01-07T00:00:00Z",
       "2026-01-06",
       "2026-01-06"},
      {"hour 24",
       "2026-01-06T00:00:00Z",
       "2026-01-06T24:00:00Z",
       {},
       "2026-01-06T00:00:00Z",
       "2026-01-07T00:00:00Z",
       "2026-01-06",
       "2026-01-06"},
      {"an offset whose plus became a space",
       "2026-01-06T09:00:00 02:00",
       "2026-01-07",
       {},
       "2026-01-06T07:00:00Z",
       "2026-01-08T00:00:00Z",
       "2026-01-06",
       "2026-01-07"},
      {"instants echo the zone's days", "2026-01-06T23:30:00Z", "2026-01-07T00:30:00Z", "Europe/Amsterdam",
       "2026-01-06T23:30:00Z", "2026-01-07T00:30:00Z", "2026-01-07", "2026-01-07"},
      {"92 days of instants in the middle of a day",
       "2026-01-06T09:00:00Z",
       "2026-04-08T09:00:00Z",
       {},
       "2026-01-06T09:00:00Z",
       "2026-04-08T09:00:00Z",
       "2026-01-06",
       "2026-04-08"},
      {"92 days", "2026-01-01", "2026-04-02", {}, "2026-01-01T00:00:00Z", "2026-04-03T00:00:00Z", "2026-01-01", "2026-04-02"},
      {"a leap day", "2028-02-29", "2028-02-29", {}, "2028-02-29T00:00:00Z", "2028-03-01T00:00:00Z", "2028-02-29", "2028-02-29"},
  }));
  INFO(row.name);
  const Result<slots::AskedRange> range = asked(row.start, row.end, row.zone);
  REQUIRE(range);
  CHECK(range->range.begin == instant(row.begin));
  CHECK(range->range.end == instant(row.finish));
  CHECK(range->days.begin == day(row.first_day));
  CHECK(range->days.end == day(row.last_day) + std::chrono::days(1));
  CHECK(range->timezone == row.zone.value_or("UTC"));
}

TEST_CASE("asked_range: what cannot be read is refused, and named", "[proxy][range]") {
  struct Row {
    const char* name;
    Text start, end, zone;
    const char* field;
  };
  const Row row = GENERATE(values<Row>({
      {"no date", "tomorrow", {}, {}, "start_date"},
      {"empty", "", {}, {}, "start_date"},
      {"no such day", "2026-02-29", {}, {}, "start_date"},
      {"month 13", "2026-13-01", {}, {}, "start_date"},
      {"an instant without a zone", "2026-01-06T09:00:00", {}, {}, "start_date"},
      {"a wrong end", "2026-01-06", "x", {}, "end_date"},
      {"reversed", "2026-01-07", "2026-01-06", {}, "end_date"},
      {"reversed instants", "2026-01-07T10:00:00Z", "2026-01-07T09:00:00Z", {}, "end_date"},
      {"empty range", "2026-01-07T10:00:00Z", "2026-01-07T10:00:00Z", {}, "end_date"},
      {"93 days", "2026-01-01", "2026-04-03", {}, "end_date"},
      {"centuries", "2026-01-01", "9999-12-31", {}, "end_date"},
      {"centuries ahead", "9999-01-01", "9999-01-31", {}, "start_date"},
      {"92 days and a second", "2026-01-06T09:00:00Z", "2026-04-08T09:00:01Z", {}, "end_date"},
      {"this machine's own zone", {}, {}, "localtime", "timezone"},
      {"a zone with leap seconds", {}, {}, "right/Europe/Berlin", "timezone"},
      {"an unknown zone", {}, {}, "Mars/Olympus", "timezone"},
      {"a zone that climbs", {}, {}, "../../etc/passwd", "timezone"},
      {"an absolute path", {}, {}, "/etc/passwd", "timezone"},
      {"an empty zone", {}, {}, "", "timezone"},
      {"a NUL", {}, {}, std::string("UTC\0x", 5), "timezone"},
      {"a folder of zones", {}, {}, "Europe", "timezone"},
      {"a file that is no zone", {}, {}, "tzdata.zi", "timezone"},
  }));
  INFO(row.name);
  const Result<slots::AskedRange> range = asked(row.start, row.end, row.zone);
  REQUIRE_FALSE(range);
  CHECK(range.error().code == ErrorCode::invalid_date_range);
  REQUIRE(range.error().details.size() == 1);
  CHECK(range.error().details[0].field == row.field);
}

TEST_CASE("asked_range: another request's names stand in its errors", "[proxy][range]") {
  const time::Zones zones;
  const auto range = slots::asked_range("x", std::nullopt, std::nullopt, zones, kNow, {"from", "to"});
  REQUIRE_FALSE(range);
  CHECK(range.error().details.at(0).field == "from");
}

}  // namespace slotwire::tests
