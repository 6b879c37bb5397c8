#include <catch_amalgamated.hpp>
#include <random>

#include "proxy/cluster/redis_budget.h"
#include "tests/conformance/servers.h"

namespace slotwire::tests {
namespace {

using servers::RedisServer;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Server {
  explicit Server(const RedisServer& redis)
      : link(cluster::redis_address_from_text(redis.url()).value(), {clock, log}), budget(link) {}
  log::Log log{log::LogLevel::error, log::LogFormat::text};
  time::SystemClock clock;
  cluster::RedisLink link;
  cluster::RedisBudget budget;
};

}  // namespace

// Two servers that share a budget, with calls on either of them, must behave like one that keeps it in memory.
TEST_CASE("Budget: in Redis, by several servers, it keeps the rules of the one in memory", "[conformance][budget]") {
  RedisServer redis;
  Server first(redis);
  Server second(redis);
  calendly::LocalBudget local;
  std::mt19937 random(11);
  int refused = 0;
  int granted = 0;
  for (int step = 0; step < 1500; ++step) {
    INFO("step " << step);
    cluster::RedisBudget& shared = random() % 2 == 0 ? first.budget : second.budget;
    const time::Tick now = first.clock.tick();
    switch (random() % 12) {
      case 0: {
        const std::optional<int> limit = random() % 3 == 0 ? std::nullopt : std::optional(50);
        const int remaining = static_cast<int>(random() % 20);
        // Either of the same period or of a very different one; which one wins within half a second is not tested here.
        const seconds reset(random() % 4 == 0 ? 300 : 60);
        shared.note(limit, remaining, reset, now);
        local.note(limit, remaining, reset, now);
        break;
      }
      case 1:
        if (random() % 8 == 0) {
          shared.exhausted_for(seconds(60), now);
          local.exhausted_for(seconds(60), now);
        }
        break;
      case 2:
        if (random() % 8 == 0) {
          shared.forget();
          local.forget();
        }
        if (random() % 4 == 0) {
          shared.note(50, 40, seconds(0), now);  // the period is over
          local.note(50, 40, seconds(0), now);
        }
        break;
      default: {
        const calendly::Urgency urgency = static_cast<calendly::Urgency>(random() % 3);
        const auto wait = shared.take(now, urgency);
        const auto expected = local.take(now, urgency);
        REQUIRE(wait.has_value() == expected.has_value());
        if (wait) {
          CHECK(std::chrono::abs(*wait - *expected) < seconds(2));
          ++refused;
        } else {
          ++granted;
        }
      }
    }
  }
  CHECK(refused > 40);
  CHECK(granted > 40);
}

TEST_CASE("Budget: without Redis each server goes on with what it heard last", "[conformance][budget]") {
  RedisServer redis;
  Server server(redis);
  server.budget.note(50, 2, seconds(60), server.clock.tick());
  CHECK(server.budget.remaining(server.clock.tick()) == 2);
  redis.stop();
  CHECK_FALSE(server.budget.take(server.clock.tick(), calendly::Urgency::reserved));
  CHECK_FALSE(server.budget.take(server.clock.tick(), calendly::Urgency::reserved));
  CHECK(server.budget.take(server.clock.tick(), calendly::Urgency::reserved).has_value());
}

}  // namespace slotwire::tests
