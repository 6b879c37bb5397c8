// Announcements for screen readers: made once, when they become true, with the same words that are shown.
#include <catch_amalgamated.hpp>

#include "tests/web/plain_page.h"

namespace slotwire::web::test {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> said(const Bench& bench) {
  std::vector<std::string> all;
  for (const Action& action : bench.actions)
    if (const auto* words = std::get_if<Announce>(&action)) all.push_back(words->text);
  return all;
}
using Said = std::vector<std::string>;

}  // namespace

// A visitor who went to a month that was still loading heard "April 2027" and "Loading", and then nothing: there was no sign that
// the times had arrived.
TEST_CASE("Spoken: of days that had to be waited for, it is said what came", "[web][spoken]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.free = {at("2026-03-20T10:00:00Z"), at("2026-01-07T10:00:00Z"), at("2026-02-03T10:00:00Z"), at("2026-02-04T10:00:00Z"),
                at("2026-02-04T11:00:00Z")};
  bench.start();
  bench.answer_all();
  bench.activate("next-month");
  CHECK(said(bench) == Said{"2026-2"});
  bench.answer_all();
  CHECK(said(bench) == Said{"3 free"});

  SECTION("once") {
    bench.picker.set_clock(bench.picker.state().now + 6min);  // copies are old: requested again
    bench.settle();
    REQUIRE_FALSE(bench.fetches.empty());
    bench.answer_all();
    CHECK(said(bench).empty());
  }
  SECTION("of a day, when a day was chosen meanwhile") {
    bench.activate("previous-month");
    bench.activate("next-month");
    bench.activate("next-month");
    CHECK(said(bench) == Said{"2026-3"});
    bench.activate("day:2026-03-20");
    CHECK(said(bench).empty());
    bench.answer_all();
    CHECK(said(bench) == Said{"2026-03-20: 1 free"});
  }
}

// "Free times could not be loaded" was announced for an event type that does not exist, and for an account that is not connected.
TEST_CASE("Spoken: of trouble the words are said that are shown", "[web][spoken]") {
  const char* code = GENERATE("offline", "calendly_unavailable", "too_many_requests", "event_type_not_found", "not_connected");
  INFO(code);
  Bench bench("2026-01-05T10:00:00Z");
  bench.start();
  bench.picker.take_failure(1, code, {});
  bench.settle();
  REQUIRE(bench.find("state-text"));
  CHECK(said(bench) == Said{bench.find("state-text")->text});
  bench.settle();
  CHECK(said(bench).empty());
}

// In the month after one that could not be loaded, the same trouble was not announced.
TEST_CASE("Spoken: the same trouble in the next month is said again", "[web][spoken]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.free = {at("2026-01-07T10:00:00Z")};
  bench.start();
  bench.answer_all();
  bench.picker.set_focus("next-month");
  for (int turn = 0; turn < 2; ++turn) {
    bench.activate("next-month");
    Said heard = said(bench);
    while (!bench.fetches.empty()) {
      bench.picker.take_failure(bench.fetches.front().id, "calendly_unavailable", {});
      bench.fetches.erase(bench.fetches.begin());
      bench.settle();
      for (const std::string& text : said(bench)) heard.push_back(text);
    }
    CHECK(std::count(heard.begin(), heard.end(), "Some days could not be loaded") == 1);
  }
}

// The text had the focus and was announced as well, so it was read twice.
TEST_CASE("Spoken: what gets the focus is not announced as well", "[web][spoken]") {
  Bench bench("2026-01-05T10:00:00Z");
  const Instant start = at("2026-01-07T10:00:00Z");
  bench.free = {start, start + 30min};
  bench.start();
  bench.answer_all();
  bench.activate("time:" + text_from_ms(start));
  bench.answer_all();
  bench.activate("book");
  bench.answer_all();
  bench.picker.set_form(Form::opening);
  bench.picker.set_form(Form::sending);
  bench.settle();
  SECTION("taken") {
    bench.picker.lose_slot();
    bench.settle();
    CHECK(bench.picker.state().focus == "taken-text");
  }
  SECTION("booked") {
    bench.picker.take_booking(start, {});
    bench.settle();
    CHECK(bench.picker.state().focus == "booked");
  }
  CHECK(said(bench).empty());
}

TEST_CASE("Spoken: how many zones are found is said when it changes", "[web][spoken]") {
  Bench bench("2026-01-05T10:00:00Z");
  bench.start();
  bench.answer_all();
  bench.activate("zone");
  bench.picker.set_zones({{"Asia/Tokyo", "Tokyo"}});
  bench.picker.enter_text("zone-search", "tok");
  bench.settle();
  CHECK(said(bench).size() == 1);
  bench.picker.enter_text("zone-search", "toky");
  bench.settle();
  CHECK(said(bench).empty());
}

}  // namespace slotwire::web::test
