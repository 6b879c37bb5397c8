#include <catch_amalgamated.hpp>
#include <date/tz.h>

#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

TEST_CASE("ranges: what cannot be read is refused, and the field is named", "[e2e][ranges]") {
  struct Row {
    const char* name;
    std::string from;
    std::string to;
    std::string zone;
  };
  const std::vector<Row> rows = {
      {"a day that does not exist", "2027-02-30", "2027-03-01", ""},
      {"a month that does not exist", "2027-13-01", "2027-13-02", ""},
      {"not a date", "tomorrow", "2027-01-01", ""},
      {"one digit missing", "2027-1-01", "2027-01-02", ""},
      {"something after it", "2027-01-01x", "2027-01-02", ""},
      {"empty", "", "2027-01-02", ""},
      {"reversed", "2027-01-02", "2027-01-01", ""},
      {"reversed instants", "2027-01-02T10:00:00Z", "2027-01-02T09:00:00Z", ""},
      {"93 days", day_text(1), day_text(93), ""},
      {"a hundred years", "2027-01-01", "2127-01-01", ""},
      {"year ten thousand", "10000-01-01", "10000-01-02", ""},
      {"hour 25", "2027-01-01T25:00:00Z", "2027-01-03T00:00:00Z", ""},
      {"hour 24 with minutes", "2027-01-01T24:30:00Z", "2027-01-03T00:00:00Z", ""},
      {"an instant without an offset", "2027-01-01T10:00:00", "2027-01-03T00:00:00", ""},
      {"an unknown zone", "2027-01-01", "2027-01-02", "Europe/Atlantis"},
      {"a zone that is a path", "2027-01-01", "2027-01-02", "../../etc/passwd"},
      {"a zone that is markup", "2027-01-01", "2027-01-02", "<script>alert(1)</script>"},
      {"a zone of 10,000 letters", "2027-01-01", "2027-01-02", std::string(6000, 'A')},
      {"a zero byte", std::string("2027-01-01\0", 11), "2027-01-02", ""},
      {"other bytes than UTF-8", "\xff\xfe", "2027-01-02", ""},
  };
  Stack stack;
  for (const Row& row : rows) {
    INFO(row.name);
    const Reply reply = stack.proxy->slots("30min", row.from, row.to, row.zone);
    INFO(reply.body);
    CHECK(reply.status == 400);
    CHECK(reply.error_code() == "invalid_date_range");
    const Json whole = reply.json();
    REQUIRE(whole.is_object());
    CHECK(whole["success"] == false);
    CHECK(!whole.value("message", "").empty());
    CHECK(!whole["error"]["details"].empty());
  }
  CHECK(stack.simulator.calls("event_type_available_times") == 0);
}

TEST_CASE("ranges: 92 days are answered, and no more calls are made at once than six", "[e2e][ranges]") {
  Stack stack;
  stack.simulator.add_fault({{"endpoint", "event_type_available_times"}, {"kind", "latency"}, {"ms", 100}});
  const Reply reply = stack.proxy->slots("30min", day_text(1), day_text(92));
  CHECK(reply.status == 200);
  CHECK(reply.data()["complete"] == true);
  CHECK(stack.simulator.calls("event_type_available_times") == 14);
  CHECK(stack.simulator.most_in_flight("event_type_available_times") <= 6);
}

TEST_CASE("ranges: wholly in the past is an empty answer without a call", "[e2e][ranges]") {
  Stack stack;
  const Reply reply = stack.proxy->slots("30min", "2020-01-01", "2020-01-10");
  CHECK(reply.status == 200);
  CHECK(reply.data()["slots"].empty());
  CHECK(reply.data()["complete"] == true);
  CHECK(stack.simulator.calls("event_type_available_times") == 0);
}

TEST_CASE("ranges: one that began in the past asks from now on", "[e2e][ranges]") {
  Stack stack;
  const Reply reply = stack.proxy->slots("30min", day_text(-3), day_text(3));
  CHECK(reply.status == 200);
  CHECK(reply.data()["complete"] == true);
  CHECK(reply.data()["startDate"] == day_text(-3));
  CHECK(stack.simulator.look("counters")["endpoints"]["event_type_available_times"]["statuses"].contains("200"));
  CHECK(!stack.simulator.look("counters")["endpoints"]["event_type_available_times"]["statuses"].contains("400"));
}

TEST_CASE("ranges: without dates it is today and thirteen days more", "[e2e][ranges]") {
  Stack stack;
  const Json data = stack.proxy->http().get("/api/app/calendly/slots/30min").data();
  CHECK(data.at("startDate") == day_text(0));
  CHECK(data.at("endDate") == day_text(13));
  CHECK(stack.simulator.calls("event_type_available_times") == 2);
}

TEST_CASE("ranges: instants make a half-open range and echo their days", "[e2e][ranges]") {
  struct Row {
    const char* name;
    std::string from;
    std::string to;
    std::string zone;
    std::string first;
    std::string last;
    InstantRange range;
  };
  const Day day = today() + std::chrono::days(7);
  const auto at = [&](int hours) { return Instant(day) + std::chrono::hours(hours); };
  const std::string text = text_from_day(day);
  const std::string next = text_from_day(day + std::chrono::days(1));
  const std::vector<Row> rows = {
      {"a working day", text + "T14:00:00Z", text + "T20:00:00Z", "", text, text, {at(14), at(20)}},
      {"hour 24 ends the day", text + "T00:00:00Z", text + "T24:00:00.000000Z", "", text, text, {at(0), at(24)}},
      {"hour 24 begins the next", text + "T24:00:00Z", next + "T24:00:00Z", "", next, next, {at(24), at(48)}},
      {"an offset",
       text + "T09:30:00-05:00",
       text + "T12:00:00-05:00",
       "America/New_York",
       text,
       text,
       {at(14) + std::chrono::minutes(30), at(17)}},
      {"days of the zone, not of UTC", text + "T20:00:00Z", text + "T23:00:00Z", "Asia/Tokyo", next, next, {at(20), at(23)}},
  };
  Stack stack;
  for (const Row& row : rows) {
    INFO(row.name);
    const Reply reply = stack.proxy->slots("30min", row.from, row.to, row.zone);
    INFO(reply.body.substr(0, 600));
    REQUIRE(reply.status == 200);
    const Json data = reply.data();
    CHECK(data["startDate"] == row.first);
    CHECK(data["endDate"] == row.last);
    std::vector<std::string> expected;
    for (const Json& slot : stack.simulator.listed(kThirtyMinutes, row.range)) {
      expected.push_back(text_from_instant(instant_from_text(slot["start_time"].get<std::string>()).value()));
    }
    std::vector<std::string> seen;
    for (const Json& slot : data["slots"]) seen.push_back(slot["start"]);
    CHECK(seen == expected);
  }
}

TEST_CASE("ranges: the day on which a zone changes its clocks begins and ends where the zone says", "[e2e][ranges]") {
  // Cairo changes its clocks on a Friday at midnight, when a host in Los Angeles has working hours: the day has 23 hours and no
  // 00:00, or 25 hours. Vienna and Lord Howe (by half an hour) change on Sundays.
  const char* name = GENERATE("Africa/Cairo", "Europe/Vienna", "Australia/Lord_Howe", "America/St_Johns");
  INFO(name);
  const date::time_zone* zone = date::locate_zone(name);
  const auto change = zone->get_info(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())).end;
  Stack stack({.simulator_arguments = {"--timezone", "America/Los_Angeles"}});
  stack.simulator.set("account", {{"horizon_days", 800}});
  const auto day_of_change = date::floor<date::days>(zone->to_local(change));
  std::size_t found = 0;
  for (int offset = -1; offset <= 1; ++offset) {
    const auto local = day_of_change + date::days(offset);
    const std::string text = date::format("%F", local);
    // The first instant of a day: midnight, or the moment of the change if there is no midnight.
    const auto start_of = [&](date::local_days day) { return Instant(zone->to_sys(day, date::choose::earliest)); };
    const Json data = stack.proxy->slots("30min", text, text, name).data();
    CHECK(data.at("startDate") == text);
    CHECK(data.at("endDate") == text);
    CHECK(data.at("timezone") == name);
    std::vector<std::string> expected;
    for (const Json& slot : stack.simulator.listed(kThirtyMinutes, {start_of(local), start_of(local + date::days(1))})) {
      expected.push_back(text_from_instant(instant_from_text(slot["start_time"].get<std::string>()).value()));
    }
    std::vector<std::string> seen;
    for (const Json& slot : data.at("slots")) seen.push_back(slot["start"]);
    INFO(text);
    CHECK(seen == expected);
    found += seen.size();
  }
  CHECK(found > 0);
}
