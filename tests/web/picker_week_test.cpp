// The week view: one week at a time, as seven columns if they fit, else as a row of days above the day's times.
#include <catch_amalgamated.hpp>

#include "tests/web/plain_page.h"

namespace slotwire::web::test {
using namespace std::chrono_literals;

namespace {

std::string time_id(std::string_view start) { return "time:" + text_from_ms(at(start)); }

void open_week(Bench& bench, bool is_wide) {
  bench.picker.set_wide(is_wide);
  bench.picker.set_option("view", "week");
  bench.start();
  bench.answer_all();
}

}  // namespace

TEST_CASE("Picker week: seven columns with every time of the week", "[web][week]") {
  Bench bench("2026-01-06T10:00:00Z");
  bench.free = {at("2026-01-06T14:00:00Z"), at("2026-01-08T09:00:00Z"), at("2026-01-08T10:00:00Z"), at("2026-01-12T09:00:00Z")};
  open_week(bench, true);
  REQUIRE(bench.find("week"));
  CHECK(bench.find("week")->children.size() == 7);
  CHECK(bench.find("week")->children.front().id == "column:2026-01-05");
  CHECK(bench.find("heading:2026-01-05")->look == Look::outside);
  CHECK(bench.find("heading:2026-01-07")->label == "2026-01-07, 0 free");
  CHECK(bench.find("rows:2026-01-08")->children.size() == 2);
  CHECK_FALSE(bench.find("calendar"));
  CHECK_FALSE(bench.find(time_id("2026-01-12T09:00:00Z")));
  CHECK(bench.find("previous-week")->disabled);

  REQUIRE(bench.activate(time_id("2026-01-08T09:00:00Z")));
  CHECK(bench.find(time_id("2026-01-08T09:00:00Z"))->pressed == true);
  CHECK(bench.picker.state().day == day("2026-01-08"));
  REQUIRE(bench.activate("book"));
  CHECK(bench.action<Book>()->start == at("2026-01-08T09:00:00Z"));

  REQUIRE(bench.activate("next-week"));
  CHECK(bench.find(time_id("2026-01-12T09:00:00Z")));
  CHECK_FALSE(bench.find("book"));
  REQUIRE(bench.activate("previous-week"));
  CHECK(bench.find(time_id("2026-01-06T14:00:00Z")));
}

TEST_CASE("Picker week: a strip of days with the times of one where there is no room", "[web][week]") {
  Bench bench("2026-01-30T10:00:00Z");
  bench.free = {at("2026-01-30T14:00:00Z"), at("2026-02-01T09:00:00Z")};
  open_week(bench, false);
  REQUIRE(bench.find("calendar"));
  CHECK(bench.find("calendar")->children.size() == 2);  // names of the days, and one week across two months
  CHECK(bench.find("day:2026-01-26")->look == Look::outside);
  CHECK(bench.find("day:2026-01-30")->selected);
  REQUIRE(bench.activate("day:2026-02-01"));
  CHECK(bench.find("day:2026-01-30"));
  CHECK(bench.find(time_id("2026-02-01T09:00:00Z")));
}

TEST_CASE("Picker week: opens at the week of the first free day, and an empty one leads on and back", "[web][week]") {
  const bool is_wide = GENERATE(true, false);
  Bench bench("2026-01-06T10:00:00Z");
  bench.free = {at("2026-01-14T09:00:00Z"), at("2026-02-17T10:00:00Z")};
  open_week(bench, is_wide);
  CHECK(bench.find(time_id("2026-01-14T09:00:00Z")));
  REQUIRE(bench.activate("next-week"));
  bench.answer_all();
  REQUIRE(bench.find("next-free"));
  CHECK(bench.find("times-note")->text == "No free times this week");
  REQUIRE(bench.activate("next-free"));
  bench.answer_all();
  CHECK(bench.find(time_id("2026-02-17T10:00:00Z")));
}

TEST_CASE("Picker week: arrows move in the column and to the next column that has times", "[web][week]") {
  const bool is_mirrored = GENERATE(false, true);
  Bench bench("2026-01-05T08:00:00Z");
  bench.picker.set_locale({.first_day = 1, .right_to_left = is_mirrored, .hour12 = false});
  bench.free = {at("2026-01-05T14:00:00Z"), at("2026-01-05T15:00:00Z"), at("2026-01-08T09:00:00Z")};
  open_week(bench, true);
  bench.picker.set_focus(time_id("2026-01-05T14:00:00Z"));
  REQUIRE(bench.press("ArrowDown"));
  CHECK(bench.picker.state().focus == time_id("2026-01-05T15:00:00Z"));
  REQUIRE(bench.press(is_mirrored ? "ArrowLeft" : "ArrowRight"));
  CHECK(bench.picker.state().focus == time_id("2026-01-08T09:00:00Z"));
  REQUIRE(bench.press(is_mirrored ? "ArrowRight" : "ArrowLeft"));
  CHECK(bench.picker.state().focus == time_id("2026-01-05T14:00:00Z"));
  REQUIRE(bench.press("PageDown"));
  CHECK(bench.find("month")->text == "20:20465");  // the text for the week from January 12
  CHECK(bench.find(bench.picker.state().focus));
}

TEST_CASE("Picker week: the strip is walked by key, from week to week", "[web][week]") {
  Bench bench("2026-01-05T08:00:00Z");
  open_week(bench, false);
  bench.picker.set_focus("day:2026-01-11");
  REQUIRE(bench.press("ArrowRight"));
  CHECK(bench.picker.state().focus == "day:2026-01-12");
  REQUIRE(bench.find("day:2026-01-12"));
  CHECK(bench.find("day:2026-01-12")->tabstop);
  CHECK_FALSE(bench.find("day:2026-01-11"));
}

}  // namespace slotwire::web::test
