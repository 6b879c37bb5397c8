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

TEST_CASE("Picker: failures before anything is known", "[web][picker]") {
  struct Row {
    const char* code;
    const char* shown;  // id that must be on the screen
    const char* gone;   // id that must not
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
  CHECK(bench.find("state-hint")->text == "Trying again in 15:20");  // the text for a wait of 20 seconds
  CHECK(bench.action<Wake>()->at == at("2026-01-05T10:00:01Z"));     // to count down one second
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
  CHECK(bench.find("notice")->text.find("14:2700") != std::string::npos);  // the text for an age of 45 minutes
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
  // A late answer for the previous event type is not shown for the next one.
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
  // Fewer than two empty weeks at the end of the known days mean nothing.
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
  // Only the default duration has free times: the other durations are mentioned, but not offered.
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
