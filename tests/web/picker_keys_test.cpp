#include <catch_amalgamated.hpp>

#include "tests/web/plain_page.h"

namespace slotwire::web::test {
namespace {

struct Row {
  const char* from;
  const char* key;
  const char* to;
  bool right_to_left;
};

}  // namespace

TEST_CASE("Picker keys: the ARIA date grid", "[web][keys]") {
  const Row row = GENERATE(values<Row>({
      {"2026-02-11", "ArrowRight", "2026-02-12", false},
      {"2026-02-11", "ArrowLeft", "2026-02-10", false},
      {"2026-02-11", "ArrowRight", "2026-02-10", true},
      {"2026-02-11", "ArrowDown", "2026-02-18", false},
      {"2026-02-11", "ArrowUp", "2026-02-04", false},
      {"2026-02-11", "Home", "2026-02-09", false},  // the week begins on Monday here
      {"2026-02-11", "End", "2026-02-15", false},
      {"2026-02-28", "ArrowRight", "2026-03-01", false},
      {"2026-02-11", "PageDown", "2026-03-11", false},
      {"2026-02-11", "PageUp", "2026-01-11", false},
      {"2026-01-31", "PageDown", "2026-02-28", false},
      {"2026-02-11", "Shift+PageUp", "2026-01-05", false},    // no day before today
      {"2026-02-11", "Shift+PageDown", "2027-01-31", false},  // nor past the horizon
      {"2026-01-06", "ArrowUp", "2026-01-05", false},
  }));
  INFO(row.from << " " << row.key);
  Bench bench("2026-01-05T10:00:00Z");
  bench.picker.set_locale({.first_day = 1, .right_to_left = row.right_to_left, .hour12 = false});
  bench.free = {at("2026-01-06T10:00:00Z")};
  bench.picker.set_option("date", row.from);
  bench.start();
  bench.answer_all();
  bench.picker.set_focus("day:" + std::string(row.from));
  REQUIRE(bench.press(row.key));
  CHECK(bench.picker.state().focus == "day:" + std::string(row.to));
  REQUIRE(bench.find(bench.picker.state().focus));
  CHECK(bench.find(bench.picker.state().focus)->tabstop);
}

TEST_CASE("Picker keys: who walks on while slots load is not pulled to the first free day", "[web][keys]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.free = {at("2026-01-08T10:00:00Z")};
  bench.start();
  bench.picker.set_focus("day:2026-01-05");
  REQUIRE(bench.press("ArrowRight"));
  bench.answer_all();
  CHECK(bench.picker.state().focus == "day:2026-01-06");
  CHECK(bench.find("day:2026-01-06")->tabstop);
  CHECK_FALSE(bench.picker.state().day);
}

TEST_CASE("Picker keys: a day of the next month is where the keys start, too", "[web][keys]") {
  struct Row {
    const char* key;
    const char* to;
    const char* month;
  };
  const Row row = GENERATE(values<Row>({
      {"ArrowLeft", "2026-11-30", "2026-11"},
      {"ArrowRight", "2026-12-02", "2026-12"},
      {"ArrowUp", "2026-11-24", "2026-11"},
      {"ArrowDown", "2026-12-08", "2026-12"},
      {"End", "2026-12-06", "2026-12"},
      {"Enter", "2026-12-01", "2026-12"},
  }));
  INFO(row.key);
  Bench bench("2026-11-20T10:00:00Z");
  bench.free = {at("2026-11-23T10:00:00Z"), at("2026-12-01T10:00:00Z")};
  bench.start();
  bench.answer_all();
  bench.picker.set_focus("day:2026-12-01");
  REQUIRE(bench.press(row.key));
  CHECK(bench.picker.state().focus == "day:" + std::string(row.to));
  CHECK(bench.find(bench.picker.state().focus)->tabstop);
  CHECK(bench.find("month")->text == row.month);
}

TEST_CASE("Picker keys: a key that means nothing is left to the page", "[web][keys]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.start();
  bench.picker.set_focus("day:2026-01-05");
  CHECK_FALSE(bench.press("x"));
  bench.picker.set_focus("next-month");
  CHECK_FALSE(bench.press("ArrowDown"));
}

TEST_CASE("Picker keys: focus moves on with the choice and back with Escape", "[web][keys]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.free = {at("2026-01-06T10:00:00Z"), at("2026-01-06T11:00:00Z")};
  bench.start();
  bench.answer_all();
  const std::string first = "time:" + text_from_ms(at("2026-01-06T10:00:00Z"));
  const std::string second = "time:" + text_from_ms(at("2026-01-06T11:00:00Z"));
  bench.picker.set_focus(first);
  REQUIRE(bench.press("ArrowDown"));
  CHECK(bench.picker.state().focus == second);
  REQUIRE(bench.activate(second));
  CHECK(bench.picker.state().focus == "book");
  REQUIRE(bench.press("Escape"));
  CHECK(bench.picker.state().focus == second);
  CHECK_FALSE(bench.find("book"));
  REQUIRE(bench.press("Escape"));
  CHECK(bench.picker.state().focus == "day:2026-01-06");
}

TEST_CASE("Picker keys: months are walked as they stand, three in a row, and no further than can be chosen", "[web][keys]") {
  const Row row = GENERATE(values<Row>({
      {"2026-05", "ArrowRight", "2026-06", false},
      {"2026-05", "ArrowLeft", "2026-04", false},
      {"2026-05", "ArrowRight", "2026-04", true},
      {"2026-05", "ArrowDown", "2026-08", false},
      {"2026-05", "ArrowUp", "2026-02", false},
      {"2026-05", "Home", "2026-01", false},
      {"2026-05", "End", "2027-01", false},
      {"2026-01", "ArrowLeft", "2026-01", false},
      {"2026-03", "ArrowUp", "2026-03", false},
      {"2026-12", "ArrowDown", "2026-12", false},
      {"2027-01", "ArrowRight", "2027-01", false},
  }));
  INFO(row.from << " " << row.key);
  Bench bench("2026-01-05T10:00:00Z");
  bench.picker.set_locale({.first_day = 1, .right_to_left = row.right_to_left, .hour12 = false});
  bench.start();
  bench.answer_all();
  const auto id = [](std::string_view month) { return "month:" + std::string(month) + "-01"; };
  REQUIRE(bench.activate("month"));
  CHECK(bench.picker.state().focus == id("2026-01"));
  bench.picker.set_focus(id(row.from));
  REQUIRE(bench.press(row.key));
  CHECK(bench.picker.state().focus == id(row.to));
  CHECK(bench.find(id(row.to))->tabstop);
  CHECK_FALSE(bench.press("x"));
  REQUIRE(bench.press("Escape"));
  CHECK(bench.picker.state().focus == "month");
  CHECK_FALSE(bench.find("months"));
}

TEST_CASE("Picker keys: zones are searched, walked and chosen without a mouse", "[web][keys]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.start();
  REQUIRE(bench.activate("zone"));
  CHECK(bench.action<FetchZones>());
  CHECK(bench.picker.state().focus == "zone-search");
  bench.picker.set_zones(
      {{"America/New_York", "New York (GMT-5)"}, {"Asia/Tokyo", "Tokyo (GMT+9)"}, {"Europe/Rome", "Rome (GMT+1)"}});
  bench.settle();
  REQUIRE(bench.picker.enter_text("zone-search", "o"));
  bench.settle();
  CHECK(bench.find("zone-list")->children.size() == 3);
  bench.picker.set_zones({});  // the page searches, and passes the matches
  REQUIRE(bench.picker.enter_text("zone-search", "xyz"));
  bench.settle();
  CHECK(bench.find("zone-none"));
  bench.picker.set_zones({{"America/New_York", "New York (GMT-5)"}, {"Asia/Tokyo", "Tokyo (GMT+9)"}});
  bench.picker.enter_text("zone-search", "");
  bench.settle();
  REQUIRE(bench.press("ArrowDown"));
  CHECK(bench.picker.state().focus == "zone:America/New_York");
  REQUIRE(bench.press("ArrowDown"));
  REQUIRE(bench.press("Enter"));
  REQUIRE(bench.action<ChangeZone>());
  CHECK(bench.action<ChangeZone>()->name == "Asia/Tokyo");
  CHECK(bench.picker.state().focus == "zone");
  REQUIRE(bench.activate("zone"));
  REQUIRE(bench.press("Escape"));
  CHECK_FALSE(bench.find("zone-dialog"));
}

}  // namespace slotwire::web::test
