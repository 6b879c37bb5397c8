// Which month is shown: found, paged to, chosen from a list, left by its last row, and returned to.
#include <catch_amalgamated.hpp>

#include "tests/web/plain_page.h"

namespace slotwire::web::test {

TEST_CASE("Picker: an empty month leads to the next free day", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.free = {at("2026-01-06T10:00:00Z"), at("2026-03-17T10:00:00Z")};
  bench.start();
  bench.answer_all();
  REQUIRE(bench.activate("next-month"));
  bench.answer_all();
  CHECK(bench.find("month")->text == "2026-2");
  REQUIRE(bench.find("next-free"));
  bench.picker.set_focus("next-free");
  REQUIRE(bench.activate("next-free"));
  CHECK(bench.find("day:2026-03-17")->selected);
  CHECK(bench.picker.state().focus == "day:2026-03-17");
}

TEST_CASE("Picker: the first free day is one press away from anywhere, and nothing offers it once it is chosen",
          "[web][picker]") {
  struct Row {
    const char* view;
    bool is_wide;
    const char* next;
    const char* focus;  // focused element afterwards
  };
  const Row row = GENERATE(values<Row>({
      {"month", true, "next-month", "day:2026-01-07"},
      {"month", false, "next-month", "day:2026-01-07"},
      {"week", false, "next-week", "day:2026-01-07"},
      {"week", true, "next-week", "month"},
      {"list", true, "next-month", "month"},
  }));
  INFO(row.view << (row.is_wide ? ", wide" : ""));
  Bench bench("2026-01-05T10:00:00Z");
  bench.free = {at("2026-01-07T10:00:00Z"), at("2026-03-17T10:00:00Z")};
  bench.picker.set_option("view", row.view);
  bench.picker.set_wide(row.is_wide);
  bench.start();
  bench.answer_all();
  CHECK_FALSE(bench.find("first-free"));
  for (int turns = 0; turns < 3; ++turns) {
    REQUIRE(bench.activate(row.next));
    bench.answer_all();
    REQUIRE(bench.find("first-free"));
    CHECK_FALSE(bench.find("today"));
  }
  bench.picker.set_focus("first-free");
  REQUIRE(bench.activate("first-free"));
  CHECK_FALSE(bench.find("first-free"));
  CHECK(bench.picker.state().day == day("2026-01-07"));
  CHECK(bench.picker.state().cursor == day("2026-01-07"));
  CHECK(bench.picker.state().focus == row.focus);
  CHECK(bench.action<Announce>());
}

TEST_CASE("Picker: Today is there wherever today is not and nothing is known to be free, and leads to it from anywhere",
          "[web][picker]") {
  const bool is_week = GENERATE(false, true);
  Bench bench("2026-01-05T10:00:00Z");
  bench.picker.set_option("view", is_week ? "week" : "month");
  bench.start();
  bench.answer_all();
  CHECK_FALSE(bench.find("today"));
  for (int turns = 0; turns < 3; ++turns) {
    REQUIRE(bench.activate(is_week ? "next-week" : "next-month"));
    bench.answer_all();
    REQUIRE(bench.find("today"));
  }
  bench.picker.set_focus("today");
  REQUIRE(bench.activate("today"));
  CHECK_FALSE(bench.find("today"));
  CHECK(bench.picker.state().focus == "day:2026-01-05");
  CHECK(bench.action<Announce>());
}

TEST_CASE("Picker: whoever looks at another day of the page has the first free one beside its name", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.free = {at("2026-01-07T10:00:00Z"), at("2026-01-09T10:00:00Z")};
  bench.start();
  bench.answer_all();
  CHECK_FALSE(bench.find("first-free"));
  REQUIRE(bench.activate("day:2026-01-09"));
  REQUIRE(bench.find("first-free"));
  CHECK(bench.find("first-free")->text == "First free");
  REQUIRE(bench.activate("first-free"));
  CHECK(bench.picker.state().day == day("2026-01-07"));
  CHECK(bench.action<Emit>()->name == "dateselected");
  CHECK_FALSE(bench.find("first-free"));
}

TEST_CASE("Picker: in a long list of times each part of the visitor's day begins with its name", "[web][picker]") {
  struct Row {
    const char* name;
    std::vector<int> hours;  // UTC; Amsterdam is one ahead
    std::vector<std::string> parts;
  };
  const Row row = GENERATE(values<Row>({
      {"a day of all", {3, 4, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17}, {"4 Morning", "12 Afternoon", "17 Evening"}},
      {"afternoon only", {11, 12, 13, 14, 15}, {}},
      {"short", {4, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17}, {}},
  }));
  INFO(row.name);
  Bench bench("2026-01-05T02:00:00Z", amsterdam());
  for (const int hour : row.hours) bench.free.insert(at("2026-01-05T00:00:00Z") + std::chrono::hours{hour});
  bench.start();
  bench.answer_all();
  std::vector<std::string> parts;
  for (const Node& item : bench.find("time-list")->children) {
    REQUIRE(item.children.front().kind == Kind::button);
    if (item.text.empty()) continue;
    const Instant start{std::chrono::milliseconds{std::stoll(item.id.substr(5))}};
    const auto local = amsterdam().local_time_of(start);
    parts.push_back(std::to_string(std::chrono::duration_cast<std::chrono::hours>(local).count()) + " " + item.text);
  }
  CHECK(parts == row.parts);
}

TEST_CASE("Picker: the month's name opens the months from this one to the last, and the same press closes them",
          "[web][picker]") {
  const char* view = GENERATE("month", "week", "list");
  const bool is_wide = GENERATE(true, false);
  INFO(view << (is_wide ? ", wide" : ""));
  Bench bench("2026-11-20T10:00:00Z");
  bench.free = {at("2026-11-23T10:00:00Z")};
  bench.picker.set_option("view", view);
  bench.picker.set_wide(is_wide);
  bench.start();
  bench.answer_all();
  CHECK(bench.find("month")->expanded == false);
  REQUIRE(bench.activate("month"));
  CHECK(bench.find("month")->expanded == true);
  REQUIRE(bench.find("months"));
  const auto& months = bench.find("months")->children;
  REQUIRE(months.size() == 13);
  CHECK(months.front().id == "month:2026-11-01");
  CHECK(months.front().selected);
  CHECK(months.back().id == "month:2027-11-01");
  for (const Node& month : months) {
    INFO(month.id);
    // The year is shown with the first month and each January, and is in the accessible name of all of them.
    const std::string full = month.id.substr(6, 4) + "-" + std::to_string(std::stoi(month.id.substr(11, 2)));
    const bool is_new_year = month.id == "month:2026-11-01" || month.id == "month:2027-01-01";
    CHECK((is_new_year ? month.text : month.label) == full);
  }
  CHECK_FALSE(bench.find("calendar"));
  CHECK_FALSE(bench.find("week"));
  CHECK_FALSE(bench.find("day-list"));
  REQUIRE(bench.activate("month"));
  CHECK_FALSE(bench.find("months"));
  CHECK(bench.picker.state().focus == "month");
}

TEST_CASE("Picker: a month from the list is gone to, and the keyboard goes on in it", "[web][picker]") {
  struct Row {
    const char* view;
    bool is_wide;
    const char* focus;
    const char* loaded;  // focus once its slots are loaded
  };
  const Row row = GENERATE(values<Row>({
      {"month", true, "day:2027-06-01", "day:2027-06-03"},
      {"week", false, "day:2027-06-01", "day:2027-06-03"},
      {"week", true, "month", "month"},
      {"list", true, "month", "month"},
  }));
  INFO(row.view << (row.is_wide ? ", wide" : ""));
  Bench bench("2026-11-20T10:00:00Z");
  bench.free = {at("2026-11-23T10:00:00Z"), at("2027-06-03T10:00:00Z")};
  bench.picker.set_option("view", row.view);
  bench.picker.set_wide(row.is_wide);
  bench.start();
  bench.answer_all();
  REQUIRE(bench.activate("month"));
  bench.picker.set_focus("month:2027-06-01");
  REQUIRE(bench.activate("month:2027-06-01"));
  CHECK_FALSE(bench.find("months"));
  CHECK(bench.picker.state().month == std::chrono::year{2027} / 6);
  CHECK(bench.picker.state().focus == row.focus);
  CHECK(bench.action<Announce>());
  bench.answer_all();
  CHECK(bench.picker.state().day == day("2027-06-03"));
  CHECK(bench.picker.state().focus == row.loaded);
}

TEST_CASE("Picker: the month on show chosen anew keeps what is chosen in it", "[web][picker]") {
  Bench bench("2026-11-20T10:00:00Z");
  bench.free = {at("2026-11-23T10:00:00Z"), at("2026-11-25T10:00:00Z")};
  bench.start();
  bench.answer_all();
  REQUIRE(bench.activate("day:2026-11-25"));
  REQUIRE(bench.activate("time:" + text_from_ms(at("2026-11-25T10:00:00Z"))));
  REQUIRE(bench.activate("month"));
  REQUIRE(bench.activate("month:2026-11-01"));
  CHECK(bench.picker.state().focus == "day:2026-11-25");
  CHECK(bench.find("day:2026-11-25")->selected);
  CHECK(bench.find("book"));
}

TEST_CASE("Picker: the next month's first days fill the last row up, and lead there with their day chosen", "[web][picker]") {
  Bench bench("2026-10-26T10:00:00Z");
  bench.free = {at("2026-11-03T10:00:00Z"), at("2026-12-01T10:00:00Z"), at("2026-12-01T11:00:00Z"), at("2026-12-10T10:00:00Z")};
  bench.start();
  bench.answer_all();  // nothing is free in October
  REQUIRE(bench.find("month")->text == "2026-11");
  const auto& rows = bench.find("calendar")->children;
  CHECK(rows[1].children.front().look == Look::blank);  // October 26
  CHECK(rows.back().children.front().id == "day:2026-11-30");
  CHECK(rows.back().children.back().id == "day:2026-12-06");
  CHECK_FALSE(bench.find("day:2026-11-30")->faint);
  const Node first = *bench.find("day:2026-12-01");
  CHECK(first.faint);
  CHECK(first.look == Look::free);
  CHECK(first.label == "2026-12-01, 2 free");
  CHECK(bench.find("day:2026-12-02")->look == Look::none);
  CHECK_FALSE(bench.activate("day:2026-12-02"));
  REQUIRE(bench.activate("day:2026-12-01"));
  CHECK(bench.find("month")->text == "2026-12");
  CHECK(bench.find("day:2026-12-01")->selected);
  CHECK_FALSE(bench.find("day:2026-12-01")->faint);
  CHECK(bench.find("time-list")->children.size() == 2);
  CHECK_FALSE(bench.find("day:2026-11-30"));
}

TEST_CASE("Picker: days of the next month cost no request, and unknown ones are never called full", "[web][picker]") {
  Bench bench("2026-10-26T10:00:00Z");
  bench.free = {at("2026-10-27T10:00:00Z"), at("2027-05-28T10:00:00Z"), at("2027-06-01T10:00:00Z")};
  bench.start();
  bench.answer_all();
  REQUIRE(bench.activate("month"));
  REQUIRE(bench.activate("month:2027-05-01"));
  REQUIRE(bench.fetches.size() == 1);
  CHECK(bench.fetches[0].days == DayRange{day("2027-05-01"), day("2027-06-01")});
  bench.answer_all();
  const Node* first = bench.find("day:2027-06-01");
  REQUIRE(first);
  CHECK(first->look == Look::unknown);
  CHECK_FALSE(first->busy);
  CHECK(first->label == "2027-06-01");
  CHECK(bench.fetches.empty());
  REQUIRE(bench.activate("day:2027-06-01"));
  bench.answer_all();
  CHECK(bench.find("day:2027-06-01")->selected);
  CHECK(bench.find("time-list")->children.size() == 1);
}

TEST_CASE("Picker: nothing beyond the horizon fills the last row up", "[web][picker]") {
  Bench bench("2026-10-26T10:00:00Z");
  bench.start();
  bench.answer_all();
  REQUIRE(bench.activate("month"));
  REQUIRE(bench.activate("month:2027-10-01"));  // the last, and it ends on a Sunday
  bench.picker.set_option("first-day", "0");
  bench.settle();
  CHECK(bench.find("day:2027-10-31"));
  CHECK_FALSE(bench.find("day:2027-11-01"));
  CHECK(bench.find("blank:2027-11-01"));
}

TEST_CASE("Picker: Today goes to today itself where nothing is free", "[web][picker]") {
  Bench bench("2026-01-29T10:00:00Z");
  bench.free = {at("2026-02-10T10:00:00Z")};
  bench.start();
  bench.answer_all();
  CHECK(bench.find("month")->text == "2026-2");  // it opened on a month with free times
  bench.picker.set_focus("today");
  REQUIRE(bench.activate("today"));
  CHECK(bench.find("month")->text == "2026-1");
  CHECK(bench.picker.state().focus == "day:2026-01-29");
  CHECK(bench.find("day:2026-01-29")->tabstop);
  CHECK(bench.find("next-free"));
}

TEST_CASE("Picker: opens at the month of the first free day", "[web][picker]") {
  Bench bench("2026-01-30T10:00:00Z");
  bench.free = {at("2026-02-10T10:00:00Z")};
  bench.start();
  bench.answer_all();
  CHECK(bench.find("day:2026-02-10")->selected);
}

TEST_CASE("Picker: looks only so far ahead, and says so", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.start();
  std::size_t fetches = 0;
  while (!bench.fetches.empty()) {
    const FetchSlots fetch = bench.fetches.front();
    bench.fetches.erase(bench.fetches.begin());
    bench.picker.take_answer(fetch.id, answer_for(fetch.days, {}, bench.picker.state().now));
    bench.settle();
    REQUIRE(++fetches < 8);
  }
  CHECK(bench.find("none-ahead"));
}

}  // namespace slotwire::web::test
