#include "web/model/picker.h"

#include <catch_amalgamated.hpp>

#include "tests/web/plain_page.h"

namespace slotwire::web::test {
using namespace std::chrono_literals;

TEST_CASE("Picker: the first fetch is the 31 days from today in UTC, whatever the zone", "[web][picker]") {
  const auto offset = GENERATE(-11h, 0h, 14h);
  Bench bench("2026-11-23T03:00:00Z", ZoneOffsets(offset, {}));
  bench.start();
  REQUIRE(bench.fetches.size() >= 1);
  CHECK(bench.fetches[0].type == "30min");
  CHECK(bench.fetches[0].days == DayRange{day("2026-11-23"), day("2026-12-24")});
  CHECK(bench.find("title")->busy);
  CHECK(bench.find("times-loading"));
}

TEST_CASE("Picker: selects the first free day and shows its times", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.free = {at("2026-01-05T09:00:00Z"), at("2026-01-07T14:00:00Z"), at("2026-01-07T15:00:00Z"), at("2026-01-08T09:00:00Z")};
  bench.start();
  bench.answer_all();
  CHECK(bench.find("title")->text == "30 Minute Meeting");
  CHECK(bench.find("day:2026-01-05")->look == Look::none);  // its only slot is over
  CHECK(bench.find("day:2026-01-05")->current);
  CHECK(bench.find("day:2026-01-07")->look == Look::free);
  CHECK(bench.find("day:2026-01-07")->selected);
  CHECK(bench.find("day:2026-01-07")->label == "2026-01-07, 2 free");
  CHECK(bench.find("day:2026-01-04")->look == Look::outside);
  REQUIRE(bench.find("time-list"));
  CHECK(bench.find("time-list")->children.size() == 2);
  CHECK(bench.find("previous-month")->disabled);
}

TEST_CASE("Picker: a chosen time offers Book now, which carries the slot's own link", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.free = {at("2026-01-07T14:00:00Z")};
  bench.start();
  bench.answer_all();
  const std::string id = "time:" + text_from_ms(at("2026-01-07T14:00:00Z"));
  CHECK_FALSE(bench.activate("book"));
  REQUIRE(bench.activate(id));
  CHECK(bench.find(id)->pressed == true);
  REQUIRE(bench.action<Emit>());
  CHECK(bench.action<Emit>()->name == "slotselected");
  REQUIRE(bench.activate("book"));
  REQUIRE(bench.action<Book>());
  CHECK(bench.action<Book>()->url == "https://calendly.com/acme/2026-01-07T14:00:00Z");
  CHECK(bench.action<Book>()->end == at("2026-01-07T14:30:00Z"));
  REQUIRE(bench.activate(id));
  CHECK_FALSE(bench.find("book"));
}

TEST_CASE("Picker: days are the visitor's own", "[web][picker]") {
  SECTION("a late slot falls on the next day further east") {
    Bench bench("2026-01-05T10:00:00Z", ZoneOffsets(9h, {}));
    bench.free = {at("2026-01-06T16:00:00Z")};
    bench.start();
    bench.answer_all();
    CHECK(bench.find("day:2026-01-06")->look == Look::none);
    CHECK(bench.find("day:2026-01-07")->look == Look::free);
  }
  SECTION("on the day of 25 hours the hour that comes twice is told apart") {
    Bench bench("2026-10-24T10:00:00Z", amsterdam());
    bench.free = {at("2026-10-25T00:30:00Z"), at("2026-10-25T01:30:00Z"), at("2026-10-25T22:30:00Z"), at("2026-10-25T23:30:00Z")};
    bench.start();
    bench.answer_all();
    CHECK(bench.find("day:2026-10-25")->label == "2026-10-25, 3 free");
    CHECK(bench.find("day:2026-10-26")->label == "2026-10-26, 1 free");
    const auto& items = bench.find("time-list")->children;
    REQUIRE(items.size() == 3);
    CHECK(items[0].children[0].text.find('(') != std::string::npos);
    CHECK(items[1].children[0].text.find('(') != std::string::npos);
    CHECK(items[2].children[0].text.find('(') == std::string::npos);
  }
}

TEST_CASE("Picker: a new zone keeps the instant", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.free = {at("2026-01-31T23:30:00Z")};
  bench.start();
  bench.answer_all();
  bench.activate("time:" + text_from_ms(at("2026-01-31T23:30:00Z")));
  bench.picker.set_zone("Asia/Tokyo", ZoneOffsets(9h, {}));
  bench.settle();
  CHECK(bench.find("month")->text == "2026-2");
  CHECK(bench.find("day:2026-02-01")->selected);
  CHECK(bench.find("book"));
  CHECK(bench.action<Announce>());
}

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

TEST_CASE("Picker: Today is there wherever today is not, and leads to it from anywhere", "[web][picker]") {
  struct Row {
    const char* view;
    bool is_wide;
    const char* next;
    const char* focus;  // where the keyboard goes on
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
  CHECK_FALSE(bench.find("today"));
  for (int turns = 0; turns < 3; ++turns) {
    REQUIRE(bench.activate(row.next));
    bench.answer_all();
    REQUIRE(bench.find("today"));
  }
  bench.picker.set_focus("today");
  REQUIRE(bench.activate("today"));
  CHECK_FALSE(bench.find("today"));
  CHECK(bench.picker.state().day == day("2026-01-07"));
  CHECK(bench.picker.state().cursor == day("2026-01-07"));
  CHECK(bench.picker.state().focus == row.focus);
  CHECK(bench.action<Announce>());
}

TEST_CASE("Picker: the month's name opens the months from this one to the last, and the same press closes them", "[web][picker]") {
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
    // The year is shown with the first month and each January, and heard with all of them.
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
    const char* loaded;  // and where it goes when its slots are there
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
  CHECK(bench.find("month")->text == "2026-2");  // opened where something is free
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

TEST_CASE("Picker: failures before anything is known", "[web][picker]") {
  struct Row {
    const char* code;
    const char* shown;  // id that must be on the screen
    const char* gone;   // and one that must not
  };
  const Row row = GENERATE(values<Row>({
      {"offline", "retry", "time-list"},
      {"calendly_unavailable", "retry", "time-list"},
      {"too_many_requests", "retry", "time-list"},
      {"event_type_not_found", "retry", "calendar"},
      {"not_connected", "retry", "calendar"},
  }));
  INFO(row.code);
  Bench bench("2026-01-05T10:00:00Z");
  bench.start();
  bench.picker.take_failure(1, row.code, {});
  bench.settle();
  CHECK(bench.find(row.shown));
  CHECK_FALSE(bench.find(row.gone));
  REQUIRE(bench.action<Emit>());
  CHECK(bench.action<Emit>()->name == "error");
  if (const Node* cell = bench.find("day:2026-01-06")) CHECK(cell->look == Look::unknown);
  CHECK(bench.picker.activate("retry"));
  bench.settle();
  CHECK(bench.action<FetchSlots>());
}

TEST_CASE("Picker: a rate limit is waited for, then tried again by itself", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.start();
  bench.picker.take_failure(1, "too_many_requests", 20s);
  bench.settle();
  REQUIRE(bench.action<Wake>());
  CHECK(bench.find("state-hint")->text == "Trying again in 15:20");  // the word for a wait of 20 seconds
  CHECK(bench.action<Wake>()->at == at("2026-01-05T10:00:01Z"));     // to count one down
  bench.picker.set_clock(at("2026-01-05T10:00:18Z") + 700ms);
  bench.settle();
  CHECK(bench.find("state-hint")->text == "Trying again in 15:2");
  CHECK(bench.action<Wake>()->at == at("2026-01-05T10:00:19Z"));
  CHECK_FALSE(bench.action<FetchSlots>());
  bench.picker.set_clock(at("2026-01-05T10:00:20Z"));
  bench.settle();
  CHECK(bench.action<FetchSlots>());
}

TEST_CASE("Picker: old copies are shown, with their age", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.start();
  SlotsAnswer answer = answer_for(bench.fetches[0].days, {at("2026-01-06T10:00:00Z")}, at("2026-01-05T09:15:00Z"));
  answer.windows[0].source = WindowSource::stale;
  answer.stale = true;
  bench.picker.take_answer(1, answer);
  bench.settle();
  REQUIRE(bench.find("notice"));
  CHECK(bench.find("notice")->text.find("14:2700") != std::string::npos);  // the word for an age of 45 minutes
  CHECK(bench.find("time-list"));
}

TEST_CASE("Picker: without an event type the visitor chooses one, and can go back", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.picker.set_option("event-type", "");
  bench.settle();
  CHECK(bench.action<FetchTypes>());
  CHECK(bench.fetches.empty());
  EventType type;
  type.uri = "https://api.calendly.com/event_types/AAA";
  type.name = "Intro <b>";
  type.slug = "intro";
  type.duration = 15min;
  bench.picker.take_catalogue({ConnectionMode::pat, {type}});
  bench.settle();
  CHECK_FALSE(bench.action<FetchTypes>());
  REQUIRE(bench.activate("type:" + type.uri));
  CHECK(bench.find("title")->text == "Intro <b>");
  REQUIRE(bench.fetches.size() == 1);
  CHECK(bench.fetches[0].type == type.uri);
  REQUIRE(bench.activate("back-to-types"));
  CHECK(bench.find("type-list"));
  // What arrives for the type that was left is not shown for the next one.
  bench.picker.take_answer(bench.fetches[0].id, answer_for(bench.fetches[0].days, {}, bench.picker.state().now));
  bench.settle();
  CHECK(bench.find("type-list"));
}

TEST_CASE("Picker: public mode shows the link, even if the fetch is then told as failed", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.start();
  EventType type;
  type.uri = "30min";
  type.scheduling_url = "https://calendly.com/acme/30min";
  bench.picker.take_catalogue({ConnectionMode::public_links, {type}});
  bench.picker.take_failure(1, "not_connected", {});
  bench.settle();
  REQUIRE(bench.find("open-booking"));
  CHECK(bench.find("open-booking")->href == type.scheduling_url);
  REQUIRE(bench.activate("open-booking"));
  REQUIRE(bench.action<OpenLink>());
  CHECK(bench.action<OpenLink>()->url == type.scheduling_url);
}

TEST_CASE("Picker: list view has each time with its end and its own Book now", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.free = {at("2026-01-06T10:00:00Z"), at("2026-01-08T10:00:00Z")};
  bench.picker.set_option("view", "list");
  bench.start();
  bench.answer_all();
  REQUIRE(bench.find("day-list"));
  CHECK(bench.find("day-list")->children.size() == 2);
  REQUIRE(bench.activate("book:" + text_from_ms(at("2026-01-08T10:00:00Z"))));
  REQUIRE(bench.action<Book>());
  CHECK(bench.action<Book>()->start == at("2026-01-08T10:00:00Z"));
}

TEST_CASE("Picker: midnight moves on, and a slot that has begun disappears", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.free = {at("2026-01-05T10:30:00Z"), at("2026-01-06T10:00:00Z")};
  bench.start();
  bench.answer_all();
  CHECK(bench.find("day:2026-01-05")->selected);
  REQUIRE(bench.activate("time:" + text_from_ms(at("2026-01-05T10:30:00Z"))));
  bench.picker.set_clock(at("2026-01-05T10:30:00Z"));
  bench.settle();
  bench.answer_all();
  CHECK_FALSE(bench.find("book"));
  bench.picker.set_clock(at("2026-01-06T08:00:00Z"));
  bench.settle();
  bench.answer_all();
  CHECK(bench.find("day:2026-01-06")->current);
  CHECK(bench.find("day:2026-01-06")->selected);
}

TEST_CASE("Picker: days after the last free one are told apart from full ones", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.free = {at("2026-01-06T10:00:00Z"), at("2026-01-09T10:00:00Z")};
  bench.start();
  bench.answer_all();
  CHECK(bench.find("day:2026-01-07")->look == Look::none);
  CHECK(bench.find("day:2026-01-12")->look == Look::outside);
  CHECK(bench.find("day:2026-01-12")->label == "2026-01-12, Not open yet, or full");
  // Fewer than two weeks of silence at the end of what is known are no sign of anything.
  Bench late("2026-01-05T10:00:00Z");
  late.free = {at("2026-01-30T10:00:00Z")};
  late.start();
  late.answer_all();
  CHECK(late.find("day:2026-01-31")->look == Look::none);
}

TEST_CASE("Picker: the list of event types says what each one is", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.picker.set_option("event-type", "");
  bench.settle();
  EventType type;
  type.uri = "https://api.calendly.com/event_types/AAA";
  type.name = "Workshop";
  type.duration = 60min;
  type.duration_options = {30min, 60min};
  type.kind = "group";
  type.color = "#8247f5";
  type.description = "Bring questions";
  bench.picker.take_catalogue({ConnectionMode::pat, {type}});
  bench.settle();
  const Node* button = bench.find("type:" + type.uri);
  REQUIRE(button);
  CHECK(button->hint == "13:60 \xC2\xB7 Group");
  CHECK(button->color == "#8247f5");
  CHECK(bench.find("about:" + type.uri)->text == "Bring questions");
  // Free times come for the event type's own length alone: the others are told of, not offered.
  REQUIRE(bench.activate("type:" + type.uri));
  CHECK(bench.find("meta")->hint == "also 13:30 on the booking page");
}

TEST_CASE("Picker: what is not set up can be tried again", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.picker.set_option("event-type", "");
  bench.settle();
  bench.picker.take_catalogue({ConnectionMode::none, {}});
  bench.settle();
  CHECK(bench.find("state-text")->text == "Booking is not set up yet");
  REQUIRE(bench.activate("retry"));
  CHECK(bench.action<FetchTypes>());
}

TEST_CASE("Picker: on a right-to-left page a name keeps its own direction, in events it stays as it is", "[web][picker]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.picker.set_locale({.first_day = 6, .right_to_left = true, .hour12 = false});
  bench.free = {at("2026-01-06T10:00:00Z")};
  bench.start();
  bench.answer_all();
  CHECK(bench.find("title")->text == "\u206830 Minute Meeting\u2069");
  bench.activate("time:" + text_from_ms(at("2026-01-06T10:00:00Z")));
  CHECK(bench.action<Emit>()->detail.find(R"("eventTypeName":"30 Minute Meeting")") != std::string::npos);
}

TEST_CASE("Picker: a long list shows whole days, and more when the visitor wants more", "[web][picker]") {
  Bench bench("2026-01-05T00:00:00Z");
  for (int d = 0; d < 20; ++d)
    for (int i = 0; i < 15; ++i) bench.free.insert(at("2026-01-06T08:00:00Z") + std::chrono::days{d} + 20min * i);
  bench.picker.set_option("view", "list");
  bench.start();
  bench.answer_all();
  CHECK(bench.find("day-list")->children.size() == 7 + 1);  // 105 times, and the button
  bench.picker.set_focus("more-times");
  REQUIRE(bench.activate("more-times"));
  CHECK(bench.find("day-list")->children.size() == 14 + 1);
  CHECK(bench.picker.state().focus == "heading:2026-01-13");
  REQUIRE(bench.activate("more-times"));
  CHECK(bench.find("day-list")->children.size() == 20);
  CHECK_FALSE(bench.find("more-times"));
}

}  // namespace slotwire::web::test
