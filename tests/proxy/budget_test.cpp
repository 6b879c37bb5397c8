#include "proxy/calendly/budget.h"

#include <catch_amalgamated.hpp>

namespace slotwire::tests {
using namespace calendly;
namespace {

using namespace std::chrono_literals;
const time::Tick kStart = time::Tick() + 1h;

}  // namespace

TEST_CASE("Budget: nothing holds anybody back before Calendly has said a number", "[proxy][budget]") {
  LocalBudget budget;
  for (int i = 0; i < 1000; ++i) REQUIRE_FALSE(budget.take(kStart, Urgency::visitor));
  budget.note(50, std::nullopt, 30s, kStart);
  budget.note(50, 10, std::nullopt, kStart);
  CHECK_FALSE(budget.remaining(kStart));
}

TEST_CASE("Budget: bookings and admins may use all of it, and nothing is sent before the reset", "[proxy][budget]") {
  LocalBudget budget;
  budget.note(50, 3, 30s, kStart);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(budget.take(kStart + 1s, Urgency::reserved));
  CHECK(budget.take(kStart + 1s, Urgency::reserved) == 29s);
  CHECK(budget.take(kStart + 29'999ms, Urgency::reserved) == 1ms);
  CHECK_FALSE(budget.take(kStart + 30s, Urgency::reserved));
}

// Six visitors' requests used all fifty calls of a minute, and the next booking was refused: nothing was reserved.
TEST_CASE("Budget: background work leaves the last fifth alone, visitors the last tenth, bookings nothing", "[proxy][budget]") {
  struct Row {
    std::optional<int> limit;
    int by_background;
    int by_visitors;
  };
  const Row row = GENERATE(values<Row>({{50, 10, 5}, {500, 100, 50}, {std::nullopt, 10, 5}, {3, 1, 1}}));
  INFO("left alone: " << row.by_background << ", " << row.by_visitors);
  LocalBudget budget;
  budget.note(row.limit, row.by_background + 1, 60s, kStart);
  CHECK_FALSE(budget.take(kStart, Urgency::background));
  CHECK(budget.take(kStart, Urgency::background));
  CHECK(budget.remaining(kStart) == row.by_background);
  for (int left = row.by_background; left > row.by_visitors; --left) CHECK_FALSE(budget.take(kStart, Urgency::visitor));
  CHECK(budget.take(kStart, Urgency::visitor));
  for (int left = row.by_visitors; left > 0; --left) CHECK_FALSE(budget.take(kStart, Urgency::reserved));
  CHECK(budget.take(kStart, Urgency::reserved));
}

TEST_CASE("Budget: answers of parallel calls in any order leave the smallest number", "[proxy][budget]") {
  LocalBudget budget;
  budget.note(50, 40, 30s, kStart);
  budget.note(50, 42, 30s, kStart + 100ms);
  CHECK(budget.remaining(kStart + 1s) == 40);
  budget.note(50, 39, 29s, kStart + 1s);
  CHECK(budget.remaining(kStart + 1s) == 39);
}

TEST_CASE("Budget: a new period brings its own number", "[proxy][budget]") {
  LocalBudget budget;
  budget.note(50, 0, 30s, kStart);
  budget.note(50, 49, 60s, kStart + 31s);
  CHECK(budget.remaining(kStart + 31s) == 49);
  CHECK_FALSE(budget.take(kStart + 31s, Urgency::visitor));
}

TEST_CASE("Budget: after a 429 nothing is sent before its time", "[proxy][budget]") {
  LocalBudget budget;
  budget.note(50, 20, 30s, kStart);
  budget.exhausted_for(12s, kStart);
  CHECK(budget.take(kStart, Urgency::visitor).value_or(0ms) >= 12s);
  CHECK(budget.take(kStart + 11s, Urgency::background));
  LocalBudget fresh;
  fresh.exhausted_for(5s, kStart);
  CHECK(fresh.take(kStart + 4s, Urgency::visitor) == 1s);
  CHECK_FALSE(fresh.take(kStart + 5s, Urgency::visitor));
}

TEST_CASE("Breaker: opens after five failures in a row, and one success starts the count anew", "[proxy][breaker]") {
  Breaker breaker;
  for (int i = 0; i < 4; ++i) breaker.note_failure(kStart);
  CHECK_FALSE(breaker.take(kStart));
  breaker.note_success();
  for (int i = 0; i < 4; ++i) breaker.note_failure(kStart);
  CHECK_FALSE(breaker.is_open());
  breaker.note_failure(kStart);
  CHECK(breaker.is_open());
  CHECK(breaker.take(kStart) == 5s);
}

TEST_CASE("Breaker: lets exactly one call look, and waits twice as long after each failed look", "[proxy][breaker]") {
  Breaker breaker;
  for (int i = 0; i < 5; ++i) breaker.note_failure(kStart);
  time::Tick now = kStart;
  for (const auto pause : {5s, 10s, 20s, 40s, 60s, 60s}) {
    CHECK(breaker.take(now + pause - 1ms));
    now += pause;
    CHECK_FALSE(breaker.take(now));
    CHECK(breaker.take(now));  // another caller is probing already
    breaker.note_failure(now);
  }
  now += 60s;
  REQUIRE_FALSE(breaker.take(now));
  breaker.note_success();
  CHECK_FALSE(breaker.is_open());
  CHECK_FALSE(breaker.take(now));
  CHECK_FALSE(breaker.take(now));
}

TEST_CASE("Breaker: failures of calls that were under way when it opened do not move its look", "[proxy][breaker]") {
  Breaker breaker;
  for (int i = 0; i < 5; ++i) breaker.note_failure(kStart);
  for (int i = 0; i < 20; ++i) breaker.note_failure(kStart + 3s);
  CHECK_FALSE(breaker.take(kStart + 5s));
}

}  // namespace slotwire::tests
