#include "tests/proxy/slot_world.h"

namespace slotwire::tests {
using namespace slots;

TEST_CASE("SlotService: a cold range costs the fewest windows, a warm one none", "[proxy][slots]") {
  struct Row {
    const char* name;
    const char* last;
    std::size_t calls;
  };
  const Row row = GENERATE(values<Row>(
      {{"7 days", "2026-02-07", 1}, {"14 days", "2026-02-14", 2}, {"30 days", "2026-03-02", 5}, {"92 days", "2026-05-03", 14}}));
  INFO(row.name);
  World world;
  const SlotsAnswer cold = world.answer("2026-02-01", row.last);
  CHECK(world.window_calls() == row.calls);
  CHECK_FALSE(cold.cached);
  CHECK(cold.complete);
  CHECK(cold.windows.size() == row.calls);
  const SlotsAnswer warm = world.answer("2026-02-01", row.last);
  CHECK(world.window_calls() == row.calls);
  CHECK(warm.cached);
  CHECK(warm.slots == cold.slots);
  CHECK(cold.slots.size() == static_cast<std::size_t>((day(row.last) - day("2026-02-01")).count() + 1));
}

TEST_CASE("SlotService: an overlapping range asks only for the days it lacks", "[proxy][slots]") {
  World world;
  (void)world.answer("2026-02-01", "2026-02-14");
  world.wire.log.clear();
  const SlotsAnswer answer = world.answer("2026-02-08", "2026-02-20");
  REQUIRE(world.window_calls() == 1);
  CHECK(asked_bounds(world.wire.log.front()).first == "2026-02-15T00:00:00.000000Z");
  CHECK(answer.slots.size() == 13);
}

TEST_CASE("SlotService: visitors of one cold range share its calls, overlapping ones too", "[proxy][slots]") {
  World world;
  std::vector<World::Replies> all;
  for (int i = 0; i < 500; ++i) all.push_back(world.ask("2026-02-01", "2026-02-28"));
  const World::Replies overlapping = world.ask("2026-02-10", "2026-03-10");
  world.settle();
  CHECK(world.window_calls() == 6);  // four for the month, two for March 1 to 10
  for (const World::Replies& replies : all) {
    REQUIRE(replies->size() == 1);
    REQUIRE(replies->front());
    CHECK(replies->front()->answer == all.front()->front()->answer);  // prepared once
  }
  REQUIRE(overlapping->size() == 1);
  CHECK(slots_from_json(overlapping->front()->answer->json)->slots.size() == 29);
}

TEST_CASE("SlotService: no more than six windows of one request are on their way at once", "[proxy][slots]") {
  World world;
  const World::Replies replies = world.ask("2026-02-01", "2026-05-03");
  REQUIRE(world.fetchers.run_one());  // finds out what must be fetched
  CHECK(world.fetchers.waiting() == 6);
  REQUIRE(world.fetchers.run_one());
  CHECK(world.fetchers.waiting() == 6);  // the seventh has replaced the first
  world.settle();
  CHECK(replies->size() == 1);
}

// One client requested a few ranges years ahead, and all others saw old copies until the minute was over.
TEST_CASE("SlotService: the account's last calls are kept for days that are near", "[proxy][slots]") {
  World world;
  world.wire.answer([](const calendly::UpstreamRequest& request) -> calendly::Exchange {
    calendly::Exchange exchange = usual_answer(request);
    calendly::UpstreamAnswer& answer = std::get<calendly::UpstreamAnswer>(exchange);
    answer.rate_limit = 50;
    answer.rate_remaining = 10;
    answer.rate_reset = std::chrono::seconds(60);
    return exchange;
  });
  (void)world.answer("2026-02-01", "2026-02-01");
  const World::Replies far = world.ask("2027-02-01", "2027-02-01");
  world.settle();
  REQUIRE(far->size() == 1);
  REQUIRE_FALSE(far->front());
  CHECK(far->front().error().code == ErrorCode::calendly_rate_limited);
  CHECK(world.answer("2026-03-01", "2026-03-01").slots.size() == 1);
}

TEST_CASE("SlotService: the last fifth of a cell's life refreshes it behind the visitor's back", "[proxy][slots]") {
  World world;
  (void)world.answer("2026-02-01", "2026-02-07");
  world.clock.pass(std::chrono::seconds(250));
  const World::Replies replies = world.ask("2026-02-01", "2026-02-07");
  REQUIRE(replies->size() == 1);  // at once, from the cache
  CHECK(slots_from_json(replies->front()->answer->json)->cached);
  CHECK(world.window_calls() == 1);
  world.settle();
  CHECK(world.window_calls() == 2);
  world.clock.pass(std::chrono::seconds(100));  // beyond the first fetch's lifetime
  CHECK(world.answer("2026-02-01", "2026-02-07").cached);
}

// Ready answers were judged by the wall clock alone, and whoever got one asked nothing else: set back by three hours, the clock
// kept them fresh for three hours.
TEST_CASE("SlotService: a clock that is set back, or on, makes ready answers old", "[proxy][slots]") {
  for (const std::chrono::hours by : {std::chrono::hours(-3), std::chrono::hours(3)}) {
    World world;
    (void)world.answer("2026-02-01", "2026-02-07");
    CHECK(world.answer("2026-02-01", "2026-02-07").cached);
    CHECK(world.answer("2026-02-01", "2026-02-07").cached);
    CHECK(world.window_calls() == 1);
    world.clock.set_wall(by);
    CHECK_FALSE(world.answer("2026-02-01", "2026-02-07").cached);
    CHECK(world.window_calls() == 2);
  }
}

TEST_CASE("SlotService: a look before a booking asks again for what is half a minute old, and shares what it learns",
          "[proxy][slots]") {
  World world;
  const auto look = [&] {
    auto replies = std::make_shared<std::vector<Result<SlotReply>>>();
    const DayRange days{day("2026-02-03"), day("2026-02-04")};
    world.slots->find({"30min", {Instant(days.begin), Instant(days.end)}, days, "UTC", "r1", std::chrono::seconds(30)},
                      [replies](Result<SlotReply> reply) { replies->push_back(std::move(reply)); });
    return replies;
  };
  REQUIRE(world.answer("2026-02-01", "2026-02-07").slots.size() == 7);
  CHECK(look()->size() == 1);  // young enough: answered at once
  CHECK(world.window_calls() == 1);

  world.clock.pass(std::chrono::seconds(31));
  const auto first = look();
  const auto second = look();
  world.settle();
  REQUIRE(first->size() == 1);
  REQUIRE(second->size() == 1);
  CHECK(first->front()->from == AnsweredFrom::upstream);
  CHECK(world.window_calls() == 2);
  CHECK(world.answer("2026-02-01", "2026-02-07").cached);  // others still get copies of any age
  CHECK(world.window_calls() == 2);

  world.clock.pass(std::chrono::seconds(31));
  world.wire.answer(broken);
  const auto failed = look();
  world.settle();
  REQUIRE(failed->size() == 1);
  CHECK(slots_from_json(failed->front()->answer->json).value().slots.size() == 1);  // the available copy, not nothing
}

// A visitor who was about to book shared another's wait for tomorrow, and saw today as it had been minutes ago.
TEST_CASE("SlotService: a fresh look does not join a request that has taken older times already", "[proxy][slots]") {
  World world;
  (void)world.answer("2026-02-01", "2026-02-07");
  world.clock.pass(std::chrono::seconds(100));
  world.wire.log.clear();
  // A day in a zone: half of it is cached, half is not.
  const InstantRange day_in_zone{instant("2026-02-07T12:00:00Z"), instant("2026-02-08T12:00:00Z")};
  const auto ask = [&](std::optional<std::chrono::seconds> max_age) {
    auto replies = std::make_shared<std::vector<Result<SlotReply>>>();
    world.slots->find({"30min", day_in_zone, {day("2026-02-08"), day("2026-02-09")}, "UTC", "r1", max_age},
                      [replies](Result<SlotReply> reply) { replies->push_back(std::move(reply)); });
    return replies;
  };
  const auto visitor = ask({});
  const auto look = ask(std::chrono::seconds(30));
  world.settle();
  REQUIRE(visitor->size() == 1);
  REQUIRE(look->size() == 1);
  CHECK(world.window_calls() == 2);
  const SlotsAnswer looked = slots_from_json(look->front()->answer->json).value();
  for (const AnsweredWindow& window : looked.windows) CHECK(window.source == WindowSource::upstream);
}

TEST_CASE("SlotService: an unknown event type costs one sync a minute, whoever asks", "[proxy][slots]") {
  World world;
  for (int i = 0; i < 20; ++i) {
    const World::Replies replies = world.ask("2026-02-01", "2026-02-07", "type-" + std::to_string(i));
    world.settle();
    REQUIRE(replies->size() == 1);
    REQUIRE_FALSE(replies->front());
    CHECK(replies->front().error().code == ErrorCode::event_type_not_found);
  }
  CHECK(world.wire.calls_to("/event_types") == 1);
  CHECK(world.window_calls() == 0);
}

TEST_CASE("SlotService: a range in the past is empty and costs nothing", "[proxy][slots]") {
  World world;
  const SlotsAnswer answer = world.answer("2025-12-01", "2025-12-31");
  CHECK(answer.slots.empty());
  CHECK(answer.complete);
  CHECK(world.window_calls() == 0);
}

TEST_CASE("SlotService: today's window starts a minute from now, and slots that have begun are left out", "[proxy][slots]") {
  World world;  // 10:00, the slot is at 14:00
  CHECK(world.answer("2026-01-05", "2026-01-05").slots.size() == 1);
  CHECK(asked_bounds(world.wire.log.front()).first == "2026-01-05T10:01:00.000000Z");
  SlotServiceSettings settings;
  settings.fresh_for = std::chrono::hours(24);
  World long_lived(settings);
  (void)long_lived.answer("2026-01-05", "2026-01-06");
  CHECK(long_lived.answer("2026-01-05", "2026-01-06").slots.size() == 2);
  long_lived.clock.pass(std::chrono::hours(4));
  const SlotsAnswer later = long_lived.answer("2026-01-05", "2026-01-06");
  CHECK(later.cached);
  CHECK(later.slots.size() == 1);
}

TEST_CASE("SlotService: a changed account answers nothing from the old one", "[proxy][slots]") {
  World world;
  (void)world.answer("2026-02-01", "2026-02-07");
  const World::Replies waiting = world.ask("2026-03-01", "2026-03-07");
  REQUIRE(world.connection->disconnect());
  REQUIRE(waiting->size() == 1);
  CHECK_FALSE(waiting->front());
  world.settle();
  CHECK(waiting->size() == 1);  // the late result of the old account is discarded
  const World::Replies after = world.ask("2026-02-01", "2026-02-07");
  REQUIRE(after->size() == 1);
  CHECK(after->front().error().code == ErrorCode::not_connected);
  CHECK(world.slots->stats().cells == 0);
}

TEST_CASE("SlotService: memory stays under its cap and answers stay right", "[proxy][slots]") {
  SlotServiceSettings settings;
  settings.max_bytes = 16 * 1024;
  World world(settings);
  for (int month = 2; month <= 9; ++month) {
    const std::string name = "2026-0" + std::to_string(month);
    CHECK(world.answer(name + "-01", name + "-28").slots.size() == 28);
  }
  const SlotService::Stats stats = world.slots->stats();
  CHECK(stats.bytes <= settings.max_bytes);
  CHECK(stats.evicted > 0);
}

TEST_CASE("SlotService: the ETag follows the slots, not where they came from", "[proxy][slots]") {
  World world;
  const World::Replies cold = world.ask("2026-02-01", "2026-02-07");
  world.settle();
  const World::Replies warm = world.ask("2026-02-01", "2026-02-07");
  REQUIRE(warm->size() == 1);
  CHECK(cold->front()->answer->etag == warm->front()->answer->etag);
  CHECK(cold->front()->answer->etag.starts_with("W/\""));
  const World::Replies other = world.ask("2026-02-01", "2026-02-08");
  world.settle();
  CHECK(other->front()->answer->etag != warm->front()->answer->etag);
}

TEST_CASE("SlotService: the token is in no log line", "[proxy][slots][secrets]") {
  World world;
  (void)world.answer("2026-02-01", "2026-02-07");
  world.wire.answer(broken);
  (void)world.ask("2026-03-01", "2026-03-07");
  world.settle();
  CHECK(world.lines.str().find("7 days, window 2026-02-01..2026-02-07: 7 slots in 0 ms") != std::string::npos);
  CHECK(world.lines.str().find("marker") == std::string::npos);
}

}  // namespace slotwire::tests
