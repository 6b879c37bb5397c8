// Waiting widgets: which are answered, when, with which days, and what happens if there are too many.
#include "proxy/live/change_hub.h"

#include <catch_amalgamated.hpp>

#include "proxy/store/store.h"
#include "tests/proxy/fakes.h"

namespace slotwire::tests {
using namespace live;
using namespace std::chrono_literals;

namespace {

DayRange days(std::string_view first, std::string_view last) { return {day(first), day(last) + std::chrono::days(1)}; }

struct Hub {
  ManualClock clock;
  ManualWorkers timer{clock};
  ChangeHub hub;

  explicit Hub(ChangeHubSettings settings = {}, std::int64_t version = 100) : hub(timer, clock, version, settings) {}

  // The answers this widget has received; empty while it waits.
  using Received = std::shared_ptr<std::vector<Changes>>;
  Received wait(std::optional<std::int64_t> since, std::string_view client = "192.0.2.1") {
    auto received = std::make_shared<std::vector<Changes>>();
    hub.wait(since, client, [received](const std::shared_ptr<const Changes>& changes) { received->push_back(*changes); });
    return received;
  }
  void pass(std::chrono::milliseconds time) {
    for (; time > 0ms; time -= 50ms) {
      clock.pass(std::min(time, std::chrono::milliseconds(50)));
      timer.run();
    }
  }
};

}  // namespace

TEST_CASE("ChangeHub: who asks for the first time hears at once where things stand", "[proxy][live]") {
  Hub hub;
  const auto received = hub.wait(std::nullopt);
  REQUIRE(received->size() == 1);
  CHECK(received->front() == Changes{100, {}, 0ms});
}

TEST_CASE("ChangeHub: who knows the last change waits for the next, and hears of its days", "[proxy][live]") {
  Hub hub;
  const auto first = hub.wait(100);
  const auto second = hub.wait(100, "192.0.2.2");
  CHECK(first->empty());
  CHECK(hub.hub.waiting() == 2);
  hub.hub.note(101, days("2026-01-05", "2026-01-07"));
  CHECK(hub.hub.waiting() == 0);
  for (const auto& received : {first, second}) {
    REQUIRE(received->size() == 1);
    CHECK(received->front() == Changes{101, {days("2026-01-05", "2026-01-07")}, 0ms});
  }
  hub.pass(60s);
  CHECK(first->size() == 1);
}

TEST_CASE("ChangeHub: who missed changes hears of all of them at once, joined where they touch", "[proxy][live]") {
  Hub hub;
  hub.hub.note(101, days("2026-01-20", "2026-01-22"));
  hub.hub.note(103, days("2026-01-05", "2026-01-07"));
  hub.hub.note(104, days("2026-01-08", "2026-01-09"));
  const auto one = hub.wait(100);
  REQUIRE(one->size() == 1);
  CHECK(one->front() == Changes{104, {days("2026-01-05", "2026-01-09"), days("2026-01-20", "2026-01-22")}, 0ms});
  const auto other = hub.wait(103);
  REQUIRE(other->size() == 1);
  CHECK(other->front().days == std::vector{days("2026-01-08", "2026-01-09")});
}

TEST_CASE("ChangeHub: what is too long ago to be known one by one may have been any day", "[proxy][live]") {
  Hub hub;
  const auto before_the_start = hub.wait(99);
  REQUIRE(before_the_start->size() == 1);
  CHECK(before_the_start->front().days == std::vector{store::kEveryDay});
  const auto waiting = hub.wait(100);
  for (std::int64_t id = 101; id < 1200; ++id) hub.hub.note(id, days("2026-01-05", "2026-01-05"));
  CHECK(waiting->front().days == std::vector{days("2026-01-05", "2026-01-05")});
  CHECK(hub.wait(150)->front().days == std::vector{store::kEveryDay});
  CHECK(hub.wait(1100)->front().days == std::vector{days("2026-01-05", "2026-01-05")});
}

TEST_CASE("ChangeHub: many stretches are told as one", "[proxy][live]") {
  Hub hub;
  for (int i = 0; i < 40; ++i)
    hub.hub.note(101 + i, {day("2026-02-01") + std::chrono::days(3 * i), day("2026-02-02") + std::chrono::days(3 * i)});
  const auto received = hub.wait(100);
  REQUIRE(received->front().days.size() == 1);
  CHECK(received->front().days.front() == DayRange{day("2026-02-01"), day("2026-02-02") + std::chrono::days(117)});
}

TEST_CASE("ChangeHub: a wait ends after 25 seconds, with nothing, whenever it began", "[proxy][live]") {
  Hub hub;
  const auto early = hub.wait(100);
  hub.pass(10s);
  const auto late = hub.wait(100);
  hub.pass(14s);
  CHECK(early->empty());
  hub.pass(1500ms);
  REQUIRE(early->size() == 1);
  CHECK(early->front() == Changes{100, {}, 0ms});
  CHECK(late->empty());
  hub.pass(10s);
  REQUIRE(late->size() == 1);
  CHECK(hub.hub.waiting() == 0);
  CHECK(hub.timer.waiting() == 0);  // no widget waits, so no timer runs
}

TEST_CASE("ChangeHub: two thousand waits share one timer", "[proxy][live]") {
  Hub hub;
  for (int i = 0; i < 2000; ++i) (void)hub.wait(100, "192.0.2." + std::to_string(i % 200));
  CHECK(hub.hub.waiting() == 2000);
  CHECK(hub.timer.waiting() == 1);
}

TEST_CASE("ChangeHub: a change that another server told of already is waited past", "[proxy][live]") {
  Hub hub;
  const auto received = hub.wait(102);
  hub.hub.note(101, days("2026-01-05", "2026-01-05"));
  hub.hub.note(102, days("2026-01-05", "2026-01-05"));
  CHECK(received->empty());
  hub.hub.note(103, days("2026-01-09", "2026-01-09"));
  REQUIRE(received->size() == 1);
  CHECK(received->front().days == std::vector{days("2026-01-09", "2026-01-09")});
}

TEST_CASE("ChangeHub: an id that is not newer changes nothing", "[proxy][live]") {
  Hub hub;
  hub.hub.note(105, days("2026-01-05", "2026-01-05"));
  const auto received = hub.wait(105);
  hub.hub.note(105, days("2026-01-06", "2026-01-06"));
  hub.hub.note(104, days("2026-01-06", "2026-01-06"));
  CHECK(received->empty());
  CHECK(hub.hub.version() == 105);
}

TEST_CASE("ChangeHub: who comes when too many wait is told to ask again soon, and still hears of changes", "[proxy][live]") {
  Hub hub({.longest_wait = 25s, .most_waiting = 3, .most_waiting_of_client = 2, .ask_after_when_full = 1500ms});
  const auto first = hub.wait(100);
  (void)hub.wait(100);
  const auto third_of_one = hub.wait(100);
  REQUIRE(third_of_one->size() == 1);
  CHECK(third_of_one->front() == Changes{100, {}, 1500ms});
  (void)hub.wait(100, "192.0.2.2");
  const auto one_too_many = hub.wait(100, "192.0.2.3");
  REQUIRE(one_too_many->size() == 1);
  CHECK(one_too_many->front().ask_after == 1500ms);
  hub.hub.note(101, days("2026-01-05", "2026-01-05"));
  CHECK(hub.wait(100, "192.0.2.3")->front() == Changes{101, {days("2026-01-05", "2026-01-05")}, 0ms});
  // The answered ones have made room.
  CHECK(hub.wait(101)->empty());
  CHECK(hub.wait(101)->empty());
}

TEST_CASE("ChangeHub: who leaves makes room at once, and hears nothing", "[proxy][live]") {
  Hub hub({.longest_wait = 25s, .most_waiting = 3, .most_waiting_of_client = 2, .ask_after_when_full = 1500ms});
  auto listening = std::make_shared<int>(0);
  const auto listen = [listening](const std::shared_ptr<const Changes>&) { ++*listening; };
  const auto first = hub.hub.wait(100, "192.0.2.1", listen);
  const auto second = hub.hub.wait(100, "192.0.2.1", listen);
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  CHECK_FALSE(hub.hub.wait(100, "192.0.2.1", listen).has_value());
  CHECK(*listening == 1);
  const auto holders = listening.use_count();
  hub.hub.leave(*first);
  CHECK(listening.use_count() == holders - 1);
  hub.hub.leave(*first);
  CHECK(hub.hub.waiting() == 1);
  const auto third = hub.hub.wait(100, "192.0.2.1", listen);
  REQUIRE(third.has_value());
  CHECK(*third != *first);
  hub.hub.note(101, days("2026-01-05", "2026-01-05"));
  CHECK(*listening == 3);
  hub.hub.leave(*third);
  CHECK(hub.hub.waiting() == 0);
}

TEST_CASE("ChangeHub: the timer keeps to those who stay", "[proxy][live]") {
  Hub hub;
  const auto left = hub.hub.wait(100, "192.0.2.1", [](const std::shared_ptr<const Changes>&) { FAIL("told who has left"); });
  hub.pass(10s);
  const auto stays = hub.wait(100);
  hub.hub.leave(left.value());
  hub.pass(24s);
  CHECK(stays->empty());
  hub.pass(1500ms);
  CHECK(stays->size() == 1);
  CHECK(hub.timer.waiting() == 0);
}

TEST_CASE("ChangeHub: a change without days moves the version on and wakes nobody", "[proxy][live]") {
  Hub hub;
  const auto waiting = hub.wait(100);
  hub.hub.note(101, {});
  CHECK(waiting->empty());
  CHECK(hub.hub.version() == 101);
  CHECK(hub.wait(100)->front() == Changes{101, {}, 0ms});
  hub.hub.note(102, days("2026-01-05", "2026-01-05"));
  CHECK(waiting->front().days == std::vector{days("2026-01-05", "2026-01-05")});
}

TEST_CASE("ChangeHub: at the end everybody is answered, and nobody waits any more", "[proxy][live]") {
  Hub hub;
  const auto waiting = hub.wait(100);
  hub.hub.close();
  REQUIRE(waiting->size() == 1);
  CHECK(waiting->front().ask_after > 0ms);
  CHECK(hub.wait(100)->size() == 1);
}

TEST_CASE("ChangeHub: an answer may wait again from inside its own", "[proxy][live]") {
  Hub hub;
  std::vector<std::int64_t> versions;
  std::function<void(const std::shared_ptr<const Changes>&)> again = [&](const std::shared_ptr<const Changes>& changes) {
    versions.push_back(changes->version);
    if (versions.size() < 4) hub.hub.wait(changes->version, "192.0.2.1", again);
  };
  hub.hub.wait(std::nullopt, "192.0.2.1", again);
  for (std::int64_t id = 101; id < 110; ++id) hub.hub.note(id, days("2026-01-05", "2026-01-05"));
  CHECK(versions == std::vector<std::int64_t>{100, 101, 102, 103});
}

}  // namespace slotwire::tests
