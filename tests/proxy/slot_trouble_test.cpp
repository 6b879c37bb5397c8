// Problems of Calendly, the clock or the disk: what is retried, served as a copy, or reported.
#include <set>

#include "tests/proxy/slot_world.h"

namespace slotwire::tests {
using namespace calendly;
using namespace slots;

TEST_CASE("SlotService: a window that fails is told apart from days without slots", "[proxy][slots]") {
  World world;
  world.wire.answer([](const UpstreamRequest& request) -> Exchange {
    if (request.target.find("start_time=2026-02-08") != std::string::npos) return broken(request);
    return usual_answer(request);
  });
  const SlotsAnswer answer = world.answer("2026-02-01", "2026-02-21");
  CHECK_FALSE(answer.complete);
  CHECK(answer.slots.size() == 14);
  REQUIRE(answer.windows.size() == 3);
  CHECK(answer.windows[1].source == WindowSource::failed);
  CHECK(answer.windows[1].error == ErrorCode::calendly_unavailable);
  CHECK(answer.windows[1].days == DayRange{day("2026-02-08"), day("2026-02-15")});
}

TEST_CASE("SlotService: when everything fails there is an error, never an empty answer", "[proxy][slots]") {
  struct Row {
    const char* name;
    TableTransport::Answer answer;
    ErrorCode code;
  };
  const Row row = GENERATE(values<Row>({
      {"503 as HTML", broken, ErrorCode::calendly_unavailable},
      {"200 cut short", [](const UpstreamRequest&) -> Exchange { return upstream(200, R"({"collection":[{"sta)"); },
       ErrorCode::calendly_unavailable},
      {"200 as HTML", [](const UpstreamRequest&) -> Exchange { return upstream(200, "<html>"); },
       ErrorCode::calendly_unavailable},
      {"no connection", [](const UpstreamRequest&) -> Exchange { return TransportFailure::unreachable; },
       ErrorCode::calendly_unavailable},
      {"token revoked", [](const UpstreamRequest&) -> Exchange { return upstream(401, "{}"); }, ErrorCode::token_rejected},
      {"calendar broken", [](const UpstreamRequest&) -> Exchange { return upstream(424, "{}"); }, ErrorCode::calendar_error},
      {"rate limited", [](const UpstreamRequest&) -> Exchange { return upstream(429, "{}"); }, ErrorCode::calendly_rate_limited},
  }));
  INFO(row.name);
  World world;
  world.wire.answer(row.answer);
  const World::Replies replies = world.ask("2026-02-01", "2026-02-07");
  world.settle();
  REQUIRE(replies->size() == 1);
  REQUIRE_FALSE(replies->front());
  CHECK(replies->front().error().code == row.code);
}

TEST_CASE("SlotService: a passing failure is tried again after 1, 2 and 4 seconds", "[proxy][slots]") {
  World world;
  int failures = 2;
  world.wire.answer(
      [&](const UpstreamRequest& request) -> Exchange { return failures-- > 0 ? broken(request) : usual_answer(request); });
  const time::Tick begun = world.clock.tick();
  const SlotsAnswer answer = world.answer("2026-02-01", "2026-02-07");
  CHECK(answer.complete);
  CHECK(world.window_calls() == 3);
  CHECK(world.clock.tick() - begun >= std::chrono::seconds(3));
}

TEST_CASE("SlotService: an old copy is served after the first failure while retries go on", "[proxy][slots]") {
  World world;
  (void)world.answer("2026-02-01", "2026-02-07");
  world.clock.pass(std::chrono::seconds(400));
  world.wire.answer(broken);
  const World::Replies replies = world.ask("2026-02-01", "2026-02-07");
  world.fetchers.run();  // one attempt, no time passes
  REQUIRE(replies->size() == 1);
  REQUIRE(replies->front());
  const SlotsAnswer stale = slots_from_json(replies->front()->answer->json).value();
  CHECK(stale.stale);
  CHECK(stale.slots.size() == 7);
  CHECK(stale.windows.front().source == WindowSource::stale);
  CHECK(world.slots->stats().flights == 1);  // the retry
  world.wire.answer(usual_answer);
  world.settle();
  CHECK_FALSE(world.answer("2026-02-01", "2026-02-07").stale);
}

// Each visitor's copy was assembled and compressed again: 520 answers a second, compared with 16,446 fresh ones.
TEST_CASE("SlotService: a copy is made ready once for as long as it may be told", "[proxy][slots]") {
  World world;
  (void)world.answer("2026-02-01", "2026-02-07");
  world.clock.pass(std::chrono::seconds(400));
  world.wire.answer(broken);
  const World::Replies first = world.ask("2026-02-01", "2026-02-07");
  world.fetchers.run();
  REQUIRE(first->size() == 1);
  const SlotReply told = first->front().value();
  CHECK(told.from == AnsweredFrom::stale);
  REQUIRE(told.same_until);
  for (; world.clock.tick() < *told.same_until; world.clock.pass(std::chrono::milliseconds(250))) {
    const World::Replies again = world.ask("2026-02-01", "2026-02-07");
    REQUIRE(again->size() == 1);
    CHECK(again->front().value().answer == told.answer);
  }
  // The same while retries go on and while Calendly is not called afterwards: prepared only a few times in all.
  std::set<std::shared_ptr<const PreparedAnswer>> made;
  int asked = 0;
  for (; world.clock.tick() < *told.same_until + std::chrono::seconds(10); ++asked) {
    world.clock.pass(std::chrono::milliseconds(100));
    world.timers.run();
    world.fetchers.run();
    const World::Replies again = world.ask("2026-02-01", "2026-02-07");
    world.fetchers.run();
    if (again->size() == 1) made.insert(again->front().value().answer);
  }
  CHECK(asked > 40);
  CHECK(made.size() <= 12);
}

// A client requested the last days of the year 9999 every five seconds. Calendly refused those (its range extended into the year
// 10000), and after every refusal the proxy did not fetch the event type for five seconds, so all others saw slots up to a day
// old.
TEST_CASE("SlotService: dates that Calendly refuses do not make others' slots old", "[proxy][slots]") {
  World world;
  (void)world.answer("2026-02-01", "2026-02-07");
  world.clock.pass(std::chrono::seconds(400));
  world.wire.answer([](const UpstreamRequest& request) {
    return request.target.find("start_time=2027") == std::string::npos ? usual_answer(request) : Exchange(upstream(400, "{}"));
  });
  const World::Replies refused = world.ask("2027-02-01", "2027-02-07");
  world.settle();
  REQUIRE(refused->size() == 1);
  REQUIRE_FALSE(refused->front());
  const SlotsAnswer answer = world.answer("2026-02-01", "2026-02-07");
  CHECK_FALSE(answer.stale);
  CHECK(answer.fetched_at == world.clock.now());
}

TEST_CASE("SlotService: copies survive a restart, and are dropped after a day", "[proxy][slots]") {
  World world;
  (void)world.answer("2026-02-01", "2026-02-07");
  world.clock.pass(std::chrono::seconds(400));
  world.wire.answer(broken);
  world.start();
  const SlotsAnswer stale = world.answer("2026-02-01", "2026-02-07");
  CHECK(stale.stale);
  CHECK(stale.windows.size() == 1);  // fetched together, reported together
  world.clock.pass(std::chrono::hours(25));
  world.start();
  const World::Replies replies = world.ask("2026-02-01", "2026-02-07");
  world.settle();
  REQUIRE(replies->size() == 1);
  CHECK_FALSE(replies->front());
}

TEST_CASE("SlotService: a range complaint falls back to seven days, and is remembered", "[proxy][slots]") {
  SlotServiceSettings settings;
  settings.window = std::chrono::days(31);
  World world(settings);
  world.wire.answer([](const UpstreamRequest& request) -> Exchange {
    if (request.target.starts_with("/event_type_available_times")) {
      const auto [first, last] = asked_bounds(request.target);
      if (instant(last) - instant(first) > std::chrono::days(7)) {
        return upstream(400, R"json({"title":"Invalid Argument","message":"The supplied parameters are invalid.",
          "details":[{"parameter":"end_time","message":"date range can be no greater than 1 week (7 days)"}]})json");
      }
    }
    return usual_answer(request);
  });
  const SlotsAnswer answer = world.answer("2026-02-01", "2026-02-28");
  CHECK(answer.complete);
  CHECK(answer.slots.size() == 28);
  CHECK(world.window_calls() == 5);  // one refused, four of seven days
  world.start(settings);
  world.wire.log.clear();
  CHECK(world.answer("2026-04-01", "2026-04-28").complete);
  CHECK(world.window_calls() == 4);
}

// Many visitors requested a new event type at once: the first one's sync found it, the others got 404 meanwhile. And if that sync
// failed because Calendly was down, all others got 404 for a minute.
TEST_CASE("SlotService: an event type is unknown only when a sync has said so", "[proxy][slots]") {
  World world;
  const auto with_new_type = [](const UpstreamRequest& request) {
    if (!request.target.starts_with("/event_types?")) return usual_answer(request);
    return Exchange(
        upstream(200, R"({"collection":[{"uri":"https://api.calendly.com/event_types/NEW","slug":"new","duration":15}]})"));
  };
  world.wire.answer(broken);
  const World::Replies first = world.ask("2026-02-01", "2026-02-07", "new");
  const World::Replies second = world.ask("2026-02-01", "2026-02-07", "new");
  world.settle();
  const World::Replies third = world.ask("2026-02-01", "2026-02-07", "new");
  for (const World::Replies& replies : {first, second, third}) {
    REQUIRE(replies->size() == 1);
    REQUIRE_FALSE(replies->front());
    CHECK(replies->front().error().code == ErrorCode::calendly_unavailable);
  }
  world.clock.pass(std::chrono::minutes(2));
  world.wire.answer(with_new_type);
  world.wire.log.clear();
  const World::Replies fourth = world.ask("2026-02-01", "2026-02-07", "new");
  const World::Replies fifth = world.ask("2026-02-01", "2026-02-07", "NEW");
  const World::Replies stranger = world.ask("2026-02-01", "2026-02-07", "stranger");
  world.settle();
  for (const World::Replies& replies : {fourth, fifth}) {
    REQUIRE(replies->size() == 1);
    CHECK(replies->front());
  }
  REQUIRE(stranger->size() == 1);
  REQUIRE_FALSE(stranger->front());
  CHECK(stranger->front().error().code == ErrorCode::event_type_not_found);
  CHECK(world.wire.calls_to("/event_types") == 1);
}

// The clock was set back by a day: a cell of 10:00 today counted as fresh until 10:05 of tomorrow, and no newer fetch could
// replace it.
TEST_CASE("SlotService: when the clock is set, cached times count as old, once", "[proxy][slots]") {
  const auto by = GENERATE(std::chrono::hours(-24), std::chrono::hours(-1), std::chrono::hours(1));
  INFO(by.count() << " h");
  World world;
  (void)world.answer("2026-01-12", "2026-01-18");
  const std::size_t calls = world.wire.log.size();
  world.clock.set_wall(by);
  CHECK_FALSE(world.answer("2026-01-12", "2026-01-18").cached);
  CHECK(world.wire.log.size() == calls + 1);
  CHECK(world.answer("2026-01-12", "2026-01-18").cached);
  CHECK(world.wire.log.size() == calls + 1);
  // The disk's times are of the same clock: the copies are valid after a restart.
  world.start();
  CHECK(world.answer("2026-01-12", "2026-01-18").cached);
}

TEST_CASE("SlotService: a clock that is put right by less than five seconds changes nothing", "[proxy][slots]") {
  World world;
  (void)world.answer("2026-01-12", "2026-01-18");
  for (int step = 0; step < 10; ++step) {
    world.clock.set_wall(std::chrono::seconds(-1));
    world.clock.pass(std::chrono::seconds(2));
    CHECK(world.answer("2026-01-12", "2026-01-18").cached);
  }
}

TEST_CASE("SlotService: copies too old to be shown leave memory and disk", "[proxy][slots]") {
  World world;
  (void)world.answer("2026-01-12", "2026-01-18");
  world.clock.pass(std::chrono::hours(23));
  world.slots->drop_old_copies();
  CHECK(world.slots->stats().cells == 7);
  world.clock.pass(std::chrono::hours(2));
  world.slots->drop_old_copies();
  CHECK(world.slots->stats().cells == 0);
  CHECK(world.store->cells(std::string(kTypeUri), {day("2026-01-01"), day("2026-02-01")}, Instant::min())->empty());
}

}  // namespace slotwire::tests
