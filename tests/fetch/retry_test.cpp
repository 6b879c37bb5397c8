#include "proxy/fetch/retry.h"

#include <catch_amalgamated.hpp>

namespace slotwire::fetch {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

RetryHint passing(std::optional<milliseconds> asked = std::nullopt) { return {true, asked}; }

constexpr Tick kStart{};

Retry retry_after(int attempts, milliseconds left) {
  Retry retry(kStart + left);
  for (int i = 0; i < attempts; ++i) retry.begin_attempt();
  return retry;
}

}  // namespace

TEST_CASE("Retry: 1, 2, 4 seconds with a fifth of jitter, then no more", "[fetch][retry]") {
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
  CHECK(retry_after(row.attempts, 10s).wait_after(passing(), kStart, row.chance) == row.wait);
}

TEST_CASE("Retry: what Calendly asks for is waited out in full", "[fetch][retry]") {
  for (const double chance : {-1.0, 0.0, 1.0}) CHECK(retry_after(1, 10s).wait_after(passing(3s), kStart, chance) == 3s);
  CHECK(retry_after(1, 10s).wait_after(passing(0ms), kStart, 0.0) == 0ms);
}

TEST_CASE("Retry: never past the deadline", "[fetch][retry]") {
  CHECK(retry_after(1, 1s).wait_after(passing(), kStart, 0.0) == std::nullopt);
  CHECK(retry_after(1, 1250ms).wait_after(passing(), kStart, 0.0) == 1s);
  CHECK(retry_after(1, 10s).wait_after(passing(60s), kStart, 0.0) == std::nullopt);
  CHECK(retry_after(1, -5s).wait_after(passing(), kStart, 0.0) == std::nullopt);
  CHECK(retry_after(1, 1s).wait_after(passing(std::chrono::hours(24 * 365 * 100)), kStart, 0.0) == std::nullopt);
}

TEST_CASE("Retry: a final failure is not tried again", "[fetch][retry]") {
  CHECK(retry_after(1, 10s).wait_after({false, 1s}, kStart, 0.0) == std::nullopt);
}

}  // namespace slotwire::fetch
