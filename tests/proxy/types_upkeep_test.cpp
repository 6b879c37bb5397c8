// Refreshing event types: the number of calls, and the state after failures and exceptions.
#include "proxy/connection/types_upkeep.h"

#include <catch_amalgamated.hpp>
#include <stdexcept>
#include <utility>

#include "tests/proxy/slot_world.h"

namespace slotwire::tests {
namespace {

using calendly::Exchange;
using calendly::UpstreamRequest;
using std::chrono::minutes;
using std::chrono::seconds;

struct TypesWorld : World {
  TypesWorld() {
    connection->on_change([this] {
      slots->account_changed();
      types->account_changed();
    });
    types->start();
    wire.answer([this](const UpstreamRequest& request) -> Exchange {
      if (request.target.starts_with("/event_types?")) return listed(request);
      return usual_answer(request);
    });
  }
  // Runs everything that is due within `time`, on any worker.
  void pass(std::chrono::milliseconds time) {
    for (std::chrono::milliseconds passed{0}; passed < time; passed += std::chrono::milliseconds(100)) {
      clock.pass(std::chrono::milliseconds(100));
      run();
    }
  }
  void run() {
    for (int i = 0; i < 20; ++i) {
      types_timers.run();
      types_reader.run();
    }
  }
  [[nodiscard]] std::size_t reads() const { return wire.calls_to("/event_types?"); }
  [[nodiscard]] std::string name() const { return connection->account()->record.types.at(0).name; }
  // Whether a request can continue at once.
  bool asks() {
    bool went_on = false;
    types->when_read([&] { went_on = true; });
    const bool at_once = went_on;
    run();
    CHECK(went_on);
    return at_once;
  }

  TableTransport::Answer listed = usual_answer;
};

Exchange renamed(const UpstreamRequest& request) {
  auto answer = std::get<calendly::UpstreamAnswer>(usual_answer(request));
  const std::string was = "Half an hour";
  answer.body.replace(answer.body.find(was), was.size(), "Thirty minutes");
  return answer;
}

}  // namespace

TEST_CASE("TypesUpkeep: asked for, event types are read ahead once in four fifths of their life; else once an hour",
          "[proxy][types]") {
  TypesWorld world;
  for (int second = 0; second < 1'200; second += 10) {
    CHECK(world.asks());
    world.pass(seconds(10));
  }
  CHECK(world.reads() == 4);  // at 240, 480, 720 and 960 s
  world.wire.log.clear();
  world.pass(minutes(59));
  CHECK(world.reads() <= 1);
  world.pass(minutes(5));
  CHECK(world.reads() == 1);
}

TEST_CASE("TypesUpkeep: what is as it was changes nothing, what is not is everybody's", "[proxy][types]") {
  TypesWorld world;
  const auto before = world.connection->account();
  const std::int64_t change = world.store->last_change().value();
  world.pass(minutes(6));
  CHECK_FALSE(world.asks());
  CHECK(world.reads() == 1);
  CHECK(world.connection->account() == before);
  CHECK(world.store->last_change().value() == change);
  CHECK(world.connection->types_read_at() > before->record.last_synced_at);

  world.listed = renamed;
  world.pass(minutes(6));
  CHECK_FALSE(world.asks());
  CHECK(world.name() == "Thirty minutes");
  CHECK(world.connection->account()->types_version == before->types_version + 1);
  CHECK(world.store->connection().value()->types.at(0).name == "Thirty minutes");
}

TEST_CASE("TypesUpkeep: our own budget's refusal is no failure, and is not asked twice", "[proxy][types]") {
  TypesWorld world;
  world.calendly.forget_limits();
  world.wire.answer([](const UpstreamRequest& request) -> Exchange {
    auto answer = std::get<calendly::UpstreamAnswer>(usual_answer(request));
    answer.rate_limit = 50;
    answer.rate_remaining = 10;
    answer.rate_reset = seconds(40);
    return answer;
  });
  (void)world.calendly.user(*world.connection->account()->token, {calendly::Urgency::reserved});
  world.pass(minutes(6));
  (void)world.calendly.user(*world.connection->account()->token, {calendly::Urgency::reserved});
  world.wire.log.clear();
  CHECK_FALSE(world.asks());
  CHECK(world.asks());  // requests do not wait for a refresh that is not allowed
  CHECK(world.reads() == 0);
  CHECK_FALSE(world.types->state().trouble);
  CHECK(world.name() == "Half an hour");
  world.pass(seconds(41));
  CHECK(world.reads() == 1);
}

TEST_CASE("TypesUpkeep: a reading that began before another token is nobody's", "[proxy][types]") {
  TypesWorld world;
  bool is_first = true;
  world.listed = [&](const UpstreamRequest& request) -> Exchange {
    if (!std::exchange(is_first, false)) return usual_answer(request);
    REQUIRE(world.connection->set_token(secrets::SecretString("eyJ.another.token"), "ada", ""));
    return renamed(request);
  };
  world.pass(minutes(6));
  (void)world.asks();
  CHECK(world.name() == "Half an hour");
  CHECK(world.connection->account()->token->reveal() == "eyJ.another.token");
}

// After an exception the reading stayed registered: event types were not read again until a restart.
TEST_CASE("TypesUpkeep: an exception ends a reading like any other failure", "[proxy][types]") {
  TypesWorld world;
  world.listed = [](const UpstreamRequest&) -> Exchange { throw std::runtime_error("a bad answer"); };
  world.pass(minutes(6));
  CHECK_FALSE(world.asks());
  REQUIRE(world.types->state().trouble);
  CHECK(world.types->state().trouble->code == ErrorCode::internal);
  CHECK(world.name() == "Half an hour");
  world.listed = renamed;
  world.pass(seconds(10));
  CHECK(world.name() == "Thirty minutes");
  CHECK_FALSE(world.types->state().trouble);
}

// After an exception while an unknown event type was looked up, requests for other types waited forever.
TEST_CASE("SlotService: an exception while an unknown event type is looked for is told to all who wait", "[proxy][slots]") {
  World world;
  world.wire.answer([](const UpstreamRequest& request) -> Exchange {
    if (request.target.starts_with("/event_types?")) throw std::runtime_error("a bad answer");
    return usual_answer(request);
  });
  const auto first = world.ask("2026-01-06", "2026-01-07", "nobody");
  const auto second = world.ask("2026-01-06", "2026-01-07", "nobody-else");
  world.settle();
  REQUIRE(first->size() == 1);
  REQUIRE(second->size() == 1);
  CHECK(first->front().error().code == ErrorCode::internal);
  world.wire.answer(usual_answer);
  world.clock.pass(minutes(2));
  const auto third = world.ask("2026-01-06", "2026-01-07", "nobody");
  world.settle();
  REQUIRE(third->size() == 1);
  CHECK(third->front().error().code == ErrorCode::event_type_not_found);
}

}  // namespace slotwire::tests
