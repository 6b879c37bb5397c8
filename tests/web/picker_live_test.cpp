// The proxy reports changed slots: the known days among them are requested again, nothing flickers or is announced, and a visitor
// is told only if the chosen time is gone.
#include <catch_amalgamated.hpp>

#include "tests/web/plain_page.h"

namespace slotwire::web::test {
using namespace std::chrono_literals;

namespace {

const Instant kStart = at("2026-01-07T14:00:00Z");

std::string time_id(Instant start) { return "time:" + text_from_ms(start); }

struct LiveBench : Bench {
  LiveBench() : Bench("2026-01-05T10:00:00Z") {
    for (int i = 0; i < 8; ++i) free.insert(kStart + 30min * i);
    free.insert(at("2026-01-20T14:00:00Z"));
    start();
    answer_all();
  }
  void expire(std::string_view first, std::string_view last) {
    picker.expire_days({day(first), day(last) + std::chrono::days{1}});
    settle();
  }
  std::size_t announced() const {
    return static_cast<std::size_t>(std::count_if(actions.begin(), actions.end(),
                                                  [](const Action& action) { return std::holds_alternative<Announce>(action); }));
  }
};

}  // namespace

TEST_CASE("Live: touched days are asked for anew, past all caches, and stay on the screen until then", "[web][live]") {
  LiveBench bench;
  const std::string before = json_from_screen(bench.picker.screen());
  bench.expire("2026-01-06", "2026-01-08");
  REQUIRE(bench.fetches.size() == 1);
  CHECK(bench.fetches[0].is_fresh);
  CHECK(bench.fetches[0].days == DayRange{day("2026-01-06"), day("2026-01-09")});
  CHECK(json_from_screen(bench.picker.screen()) == before);
  bench.free.erase(kStart + 30min);
  bench.answer_all();
  CHECK_FALSE(bench.find(time_id(kStart + 30min)));
  CHECK(bench.find(time_id(kStart)));
  CHECK(bench.announced() == 0);
}

TEST_CASE("Live: days that nobody has looked at yet, and days that are over, cost nothing", "[web][live]") {
  LiveBench bench;
  bench.expire("2026-08-01", "2026-08-03");
  CHECK(bench.fetches.empty());
  bench.expire("2026-01-01", "2026-01-04");
  CHECK(bench.fetches.empty());
}

TEST_CASE("Live: when any day may have changed, all that is known is asked for in few windows", "[web][live]") {
  LiveBench bench;
  bench.expire("1970-01-01", "9999-12-30");
  REQUIRE(!bench.fetches.empty());
  CHECK(bench.fetches.size() <= 3);
  for (std::size_t i = 1; i < bench.fetches.size(); ++i) CHECK(bench.fetches[i].days.begin == bench.fetches[i - 1].days.end);
  for (const FetchSlots& fetch : bench.fetches) CHECK(fetch.days.length() <= std::chrono::days{31});
  CHECK(bench.fetches.front().days.begin == day("2026-01-05"));
}

TEST_CASE("Live: what the visitor looks at is asked for at once, the rest may wait a moment", "[web][live]") {
  LiveBench bench;
  REQUIRE(bench.picker.state().day == day("2026-01-07"));
  bench.expire("2026-01-07", "2026-01-08");
  REQUIRE(bench.fetches.size() == 1);
  CHECK_FALSE(bench.fetches[0].may_wait);
  bench.expire("2026-01-19", "2026-01-21");
  REQUIRE(bench.fetches.size() == 2);
  CHECK(bench.fetches[1].may_wait);
  bench.answer_all();
  bench.activate(time_id(kStart));
  bench.expire("2026-01-07", "2026-01-07");
  REQUIRE(!bench.fetches.empty());
  CHECK_FALSE(bench.fetches.back().may_wait);
}

TEST_CASE("Live: the same news twice is one look, and news during a look is no second one", "[web][live]") {
  LiveBench bench;
  bench.expire("2026-01-06", "2026-01-08");
  bench.expire("2026-01-06", "2026-01-09");
  REQUIRE(bench.fetches.size() == 2);
  CHECK(bench.fetches[1].days == DayRange{day("2026-01-09"), day("2026-01-10")});
}

TEST_CASE("Live: a chosen time that is gone is told at once, with the nearest others", "[web][live]") {
  LiveBench bench;
  bench.activate(time_id(kStart + 60min));
  bench.expire("2026-01-06", "2026-01-08");
  bench.free.erase(kStart + 60min);
  const FetchSlots fetch = bench.fetches.back();
  bench.fetches.pop_back();
  bench.picker.take_answer(fetch.id, answer_for(fetch.days, bench.free, bench.picker.state().now));
  bench.settle();
  CHECK(bench.announced() == 1);
  CHECK(bench.find("taken-text"));
  CHECK(bench.find(time_id(kStart + 30min)));
  CHECK(bench.find(time_id(kStart + 90min)));
}

TEST_CASE("Live: a chosen time that is still free stays chosen, and nobody is told anything", "[web][live]") {
  LiveBench bench;
  bench.activate(time_id(kStart));
  bench.expire("2026-01-06", "2026-01-08");
  bench.free.erase(kStart + 30min);
  bench.answer_all();
  CHECK(bench.picker.state().chosen == kStart);
  CHECK(bench.find("book"));
  CHECK(bench.announced() == 0);
}

TEST_CASE("Live: an empty month is not announced again after every look", "[web][live]") {
  LiveBench bench;
  bench.activate("next-month");
  bench.answer_all();
  bench.expire("2026-02-10", "2026-02-12");
  REQUIRE(!bench.fetches.empty());
  const FetchSlots fetch = bench.fetches.back();
  bench.fetches.pop_back();
  bench.picker.take_answer(fetch.id, answer_for(fetch.days, bench.free, bench.picker.state().now));
  bench.settle();
  CHECK(bench.announced() == 0);
}

TEST_CASE("Live: the focus goes from a time that is gone to the one beside it", "[web][live]") {
  LiveBench bench;
  bench.picker.set_focus(time_id(kStart + 90min));
  bench.settle();
  bench.expire("2026-01-06", "2026-01-08");
  bench.free.erase(kStart + 90min);
  bench.free.erase(kStart + 60min);
  bench.answer_all();
  CHECK(bench.picker.state().focus == time_id(kStart + 120min));
}

TEST_CASE("Live: a canceled booking brings its time back", "[web][live]") {
  LiveBench bench;
  const Instant back = kStart - 30min;
  CHECK_FALSE(bench.find(time_id(back)));
  bench.free.insert(back);
  bench.expire("2026-01-06", "2026-01-08");
  bench.answer_all();
  CHECK(bench.find(time_id(back)));
}

TEST_CASE("Live: a look that fails leaves what was there", "[web][live]") {
  LiveBench bench;
  bench.expire("2026-01-06", "2026-01-08");
  bench.picker.take_failure(bench.fetches.back().id, "calendly_unavailable", {});
  bench.settle();
  CHECK(bench.find(time_id(kStart)));
}

}  // namespace slotwire::web::test
