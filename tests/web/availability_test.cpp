#include "web/model/availability.h"

#include <catch_amalgamated.hpp>

#include "tests/web/plain_page.h"

namespace slotwire::web::test {
using namespace std::chrono_literals;

TEST_CASE("Availability: one window of 31 days covers a month, and is asked for once", "[web][availability]") {
  Availability known;
  std::vector<Day> days;
  for (Day d = day("2026-01-05"); d < day("2026-02-01"); d += std::chrono::days{1}) days.push_back(d);
  const auto windows = known.request_days(days, at("2026-01-05T10:00:00Z"));
  REQUIRE(windows.size() == 1);
  CHECK(windows[0].days == DayRange{day("2026-01-05"), day("2026-02-05")});
  CHECK(known.request_days(days, at("2026-01-05T10:00:01Z")).empty());
  CHECK(known.knowledge_of(days[0]) == Knowledge::loading);
}

TEST_CASE("Availability: a failed window is unknown, never empty, until it is asked for again", "[web][availability]") {
  Availability known;
  const Instant now = at("2026-01-05T10:00:00Z");
  const std::vector<Day> days{day("2026-01-05")};
  const auto window = known.request_days(days, now).at(0);
  REQUIRE(known.take_failure(window.id, {"calendly_unavailable", now + 20s}));
  CHECK(known.knowledge_of(days[0]) == Knowledge::failed);
  CHECK(known.request_days(days, now + 1h).empty());
  CHECK(known.next_check(days) == now + 20s);
  known.forget_failures_due(now + 19s);
  CHECK(known.request_days(days, now + 19s).empty());
  known.forget_failures_due(now + 20s);
  CHECK(known.request_days(days, now + 20s).size() == 1);
}

TEST_CASE("Availability: in an answer with failed parts only the rest is known", "[web][availability]") {
  Availability known;
  const Instant now = at("2026-01-05T10:00:00Z");
  const std::vector<Day> days{day("2026-01-05")};
  const auto window = known.request_days(days, now).at(0);
  SlotsAnswer answer = answer_for(window.days, {at("2026-01-06T14:00:00Z")}, now);
  answer.windows = {{{day("2026-01-05"), day("2026-01-12")}, WindowSource::stale, now - 1h, ErrorCode::calendly_unavailable},
                    {{day("2026-01-12"), window.days.end}, WindowSource::failed, {}, ErrorCode::calendly_rate_limited}};
  REQUIRE(known.take_answer(window.id, answer, now));
  CHECK(known.knowledge_of(day("2026-01-05")) == Knowledge::known);
  CHECK(known.knowledge_of(day("2026-01-12")) == Knowledge::failed);
  CHECK(known.failure_of(day("2026-01-12"))->code == "calendly_rate_limited");
  CHECK(known.oldest_stale({day("2026-01-01"), day("2026-02-01")}) == now - 1h);
  CHECK_FALSE(known.oldest_stale({day("2026-01-12"), day("2026-02-01")}));
}

TEST_CASE("Availability: days the answer does not speak of are failed, not asked for for ever", "[web][availability]") {
  Availability known;
  const Instant now = at("2026-01-05T10:00:00Z");
  const std::vector<Day> days{day("2026-01-05")};
  SlotsAnswer silent;
  REQUIRE(known.take_answer(known.request_days(days, now).at(0).id, silent, now));
  CHECK(known.knowledge_of(days[0]) == Knowledge::failed);
  CHECK(known.request_days(days, now).empty());
}

TEST_CASE("Availability: old copies stay on screen when asking again fails, and count as stale", "[web][availability]") {
  Availability known;
  const Instant now = at("2026-01-05T10:00:00Z");
  const std::vector<Day> days{day("2026-01-05")};
  const auto first = known.request_days(days, now).at(0);
  known.take_answer(first.id, answer_for(first.days, {at("2026-01-05T14:00:00Z")}, now), now);
  CHECK(known.request_days(days, now + kRecheckAfter - 1s).empty());
  const auto again = known.request_days(days, now + kRecheckAfter).at(0);
  known.take_failure(again.id, {"offline", {}});
  CHECK(known.knowledge_of(days[0]) == Knowledge::known);
  CHECK(known.cells().find(days[0])->slots.size() == 1);
  CHECK(known.oldest_stale({days[0], days[0] + std::chrono::days{1}}) == now);
}

TEST_CASE("Availability: an answer nobody waits for changes nothing", "[web][availability]") {
  Availability known(5);
  CHECK_FALSE(known.take_answer(4, answer_for({day("2026-01-05"), day("2026-01-06")}, {}, at("2026-01-05T10:00:00Z")),
                                at("2026-01-05T10:00:00Z")));
  CHECK(known.cells().all().empty());
}

}  // namespace slotwire::web::test
