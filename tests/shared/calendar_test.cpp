#include "shared/calendar.h"

#include <catch_amalgamated.hpp>
#include <string>

#include "shared/time_between.h"

using namespace slotwire;
using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::seconds;

namespace {

Day day(const char* text) { return day_from_text(text).value(); }
Instant at(const char* text) { return instant_from_text(text).value(); }

}  // namespace

TEST_CASE("day_from_text: dates that exist come back as they were written", "[shared][calendar]") {
  const auto* text = GENERATE("1970-01-01", "2000-02-29", "2024-02-29", "2026-01-05", "2026-12-31", "9999-12-31");
  CHECK(text_from_day(day(text)) == text);
}

TEST_CASE("day_from_text: dates that do not exist are refused", "[shared][calendar]") {
  const auto* text = GENERATE("", "2026-1-5", "2026-02-29", "2100-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00",
                              "1969-12-31", "2026-01-05 ", " 2026-01-05", "2026/01/05", "20260105", "2026-01-05T",
                              "２０２６-01-05", "-026-01-05", "+026-01-05");
  INFO(text);
  const auto result = day_from_text(text);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == ErrorCode::bad_input);
}

TEST_CASE("instant_from_text: RFC 3339 in all its forms", "[shared][calendar]") {
  struct Row {
    const char* text;
    const char* utc;
  };
  const auto row = GENERATE(values<Row>({
      {"2026-01-06T14:00:00Z", "2026-01-06T14:00:00Z"},
      {"2026-01-06t14:00:00z", "2026-01-06T14:00:00Z"},
      {"2026-01-06 14:00:00Z", "2026-01-06T14:00:00Z"},
      {"2026-01-06T14:00:00.000000Z", "2026-01-06T14:00:00Z"},
      {"2026-01-06T14:00:00.5Z", "2026-01-06T14:00:00.500000Z"},
      {"2026-01-06T14:00:00.1234567899Z", "2026-01-06T14:00:00.123456Z"},
      {"2026-01-06T14:00:00+05:45", "2026-01-06T08:15:00Z"},
      {"2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"},
      {"2025-12-31T23:30:00-01:00", "2026-01-01T00:30:00Z"},
      {"2026-01-06T14:00:00-00:00", "2026-01-06T14:00:00Z"},
      {"2026-01-07T24:00:00.000000Z", "2026-01-08T00:00:00Z"},
      {"2026-12-31T24:00:00Z", "2027-01-01T00:00:00Z"},
      {"2024-02-28T24:00:00Z", "2024-02-29T00:00:00Z"},
  }));
  INFO(row.text);
  CHECK(text_from_instant(at(row.text)) == row.utc);
}

TEST_CASE("instant_from_text: everything else is refused with a reason", "[shared][calendar]") {
  const auto* text =
      GENERATE("", "2026-01-06", "2026-01-06T14:00Z", "2026-01-06T14:00:00", "2026-01-06T14:00:00.Z", "2026-01-06T25:00:00Z",
               "2026-01-06T24:00:01Z", "2026-01-06T24:00:00.000001Z", "2026-01-06T24:30:00Z", "2026-01-06T23:60:00Z",
               "2026-01-06T23:59:60Z", "2026-02-30T00:00:00Z", "2026-01-06T14:00:00+5:45", "2026-01-06T14:00:00+0545",
               "2026-01-06T14:00:00+24:00", "2026-01-06T14:00:00Zx", "2026-01-06_14:00:00Z", "2026-01-06T-1:00:00Z",
               "2026-01-06T14:00:00.1e3Z");
  INFO(text);
  const auto result = instant_from_text(text);
  REQUIRE_FALSE(result);
  CHECK(result.error().detail.size() > 20);
}

// The fuzz target `instants` found that "9999-12-31T23:00:00-23:59" became an instant of the year 10000, written as
// "10000-01-01T...", which cannot be parsed: one such start would have hidden a whole list of times.
TEST_CASE("instant_from_text: an offset leads out of no year that is known", "[shared][calendar]") {
  const auto* text = GENERATE("9999-12-31T24:00:00Z", "9999-12-31T23:00:00-23:59", "9999-12-31T24:00:00+00:00",
                              "1970-01-01T00:00:00+00:01", "1970-01-01T23:58:59.999999+23:59");
  INFO(text);
  CHECK_FALSE(instant_from_text(text));
}

TEST_CASE("instant_from_text: the first and the last instant there are", "[shared][calendar]") {
  CHECK(text_from_instant(at("1970-01-01T00:00:00Z")) == "1970-01-01T00:00:00Z");
  CHECK(text_from_instant(at("1970-01-01T23:59:00+23:59")) == "1970-01-01T00:00:00Z");
  CHECK(text_from_instant(at("9999-12-31T23:59:59.999999Z")) == "9999-12-31T23:59:59.999999Z");
}

TEST_CASE("calendly_text_from_instant: always six decimals", "[shared][calendar]") {
  CHECK(calendly_text_from_instant(at("2020-01-02T20:00:00Z")) == "2020-01-02T20:00:00.000000Z");
  CHECK(calendly_text_from_instant(at("2020-01-02T20:00:00.25Z")) == "2020-01-02T20:00:00.250000Z");
}

TEST_CASE("instant text: reading what was written gives the same instant", "[shared][calendar]") {
  const auto step = GENERATE(take(200, random(0LL, 8'000'000'000'000'000LL)));
  const Instant instant{microseconds{step}};
  CHECK(at(text_from_instant(instant).c_str()) == instant);
  CHECK(at(calendly_text_from_instant(instant).c_str()) == instant);
}

TEST_CASE("utc_days_touching: half-open at both ends", "[shared][calendar]") {
  struct Row {
    const char* begin;
    const char* end;
    const char* first;
    int length;
  };
  const auto row = GENERATE(values<Row>({
      {"2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z", "2026-01-05", 1},
      {"2026-01-05T23:59:59Z", "2026-01-06T00:00:01Z", "2026-01-05", 2},
      {"2026-01-05T12:00:00Z", "2026-01-05T12:00:00Z", "2026-01-05", 0},
      {"2026-01-05T12:00:00Z", "2026-01-04T12:00:00Z", "2026-01-05", 0},
      {"2024-02-28T10:00:00Z", "2024-03-01T10:00:00Z", "2024-02-28", 3},
      {"2025-12-31T10:00:00Z", "2026-01-01T10:00:00Z", "2025-12-31", 2},
  }));
  INFO(row.begin << " .. " << row.end);
  const DayRange range = utc_days_touching({at(row.begin), at(row.end)});
  CHECK(range.begin == day(row.first));
  CHECK(range.length() == days{row.length});
}

TEST_CASE("error codes: every name reads back as its code", "[shared][result]") {
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    CHECK(code_from_name(name_from_code(code)) == code);
  }
  CHECK(code_from_name("from a newer proxy") == ErrorCode::internal);
}

// A cell's expiry was the latest possible time, and max-age became 292,000 years.
TEST_CASE("time_between: times that do not fit are the longest there are", "[shared][calendar]") {
  using Tick = std::chrono::steady_clock::time_point;
  const Instant now = at("2026-01-06T14:00:00Z");
  CHECK(time_between(now, now + seconds(300)) == seconds(300));
  CHECK(time_between(now, now - seconds(300)) == -seconds(300));
  CHECK(time_between(now, Instant::min()) == microseconds::min());
  CHECK(time_between(Instant::min(), now) == microseconds::max());
  CHECK(time_between(now, Instant::max()) == Instant::max() - now);
  CHECK(time_between(Instant::max(), Instant::min()) == microseconds::min());
  CHECK(time_between(Tick::min(), Tick::max()) == Tick::duration::max());
}

TEST_CASE("time_between: whoever subtracts both ways gets the same time, and none is of the wrong sign", "[shared][calendar]") {
  const auto points = {Instant::min(), Instant::min() + microseconds(1), Instant(seconds(-1)),
                       Instant(),      at("2026-01-06T14:00:00Z"),       Instant::max() - microseconds(1),
                       Instant::max()};
  for (const Instant from : points) {
    for (const Instant to : points) {
      INFO(from.time_since_epoch().count() << " to " << to.time_since_epoch().count());
      const microseconds there = time_between(from, to);
      const microseconds back = time_between(to, from);
      CHECK((there > microseconds(0)) == (from < to));
      CHECK((there < microseconds(0)) == (from > to));
      CHECK((there == microseconds::min() || back == microseconds::min() || there == -back));
    }
  }
}
