#include "proxy/calendly/retry.h"

#include <catch_amalgamated.hpp>

namespace slotwire::proxy {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

CallFailure passing(std::optional<milliseconds> asked = std::nullopt) {
  return {{ErrorCode::calendly_unavailable, "down"}, true, false, asked};
}

}  // namespace

TEST_CASE("wait_before_retry: 1, 2, 4 seconds with a fifth of jitter, then no more", "[proxy][retry]") {
  struct Row {
    int attempts;
    double chance;
    std::optional<milliseconds> wait;
  };
  const Row row = GENERATE(values<Row>({{1, 0.0, 1000ms},
                                        {2, 0.0, 2000ms},
                                        {3, 0.0, 4000ms},
                                        {4, 0.0, std::nullopt},
                                        {1, 1.0, 1200ms},
                                        {1, -1.0, 800ms},
                                        {3, 1.0, 4800ms},
                                        {3, -1.0, 3200ms}}));
  INFO(row.attempts << " attempts, chance " << row.chance);
  CHECK(wait_before_retry(passing(), row.attempts, 10s, row.chance) == row.wait);
}

TEST_CASE("wait_before_retry: what Calendly asks for is waited out in full", "[proxy][retry]") {
  for (const double chance : {-1.0, 0.0, 1.0}) CHECK(wait_before_retry(passing(3s), 1, 10s, chance) == 3s);
  CHECK(wait_before_retry(passing(0ms), 1, 10s, 0.0) == 0ms);
}

TEST_CASE("wait_before_retry: never past the deadline", "[proxy][retry]") {
  CHECK(wait_before_retry(passing(), 1, 1s, 0.0) == std::nullopt);
  CHECK(wait_before_retry(passing(), 1, 1250ms, 0.0) == 1s);
  CHECK(wait_before_retry(passing(60s), 1, 10s, 0.0) == std::nullopt);
  CHECK(wait_before_retry(passing(), 1, -5s, 0.0) == std::nullopt);
}

TEST_CASE("wait_before_retry: a final failure is not tried again", "[proxy][retry]") {
  CallFailure failure = passing(1s);
  failure.is_retryable = false;
  CHECK(wait_before_retry(failure, 1, 10s, 0.0) == std::nullopt);
}

TEST_CASE("system_chance: within one, and not always the same", "[proxy][retry]") {
  const Chance chance = system_chance();
  const double first = chance();
  bool has_moved = false;
  for (int i = 0; i < 1000; ++i) {
    const double next = chance();
    REQUIRE(next >= -1.0);
    REQUIRE(next <= 1.0);
    has_moved = has_moved || next != first;
  }
  CHECK(has_moved);
}

}  // namespace slotwire::proxy
