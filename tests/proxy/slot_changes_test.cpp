// Days that have changed, here and on other servers.
#include "tests/proxy/slot_world.h"
#include "tests/proxy/slow_store.h"

namespace slotwire::tests {
namespace {

const DayRange kTenth{day("2026-02-10"), day("2026-02-11")};

SlotsAnswer read(const World::Replies& replies) {
  REQUIRE(replies->size() == 1);
  REQUIRE(replies->front());
  return slots_from_json(replies->front()->answer->json).value();
}

}  // namespace

TEST_CASE("SlotService: a day that changed is asked for again, and no other", "[proxy][slots][changes]") {
  World world;
  (void)world.answer("2026-02-01", "2026-02-14");
  REQUIRE(world.slots->expire_days(kTenth));
  world.wire.log.clear();
  const SlotsAnswer other = world.answer("2026-02-01", "2026-02-09");
  CHECK(other.cached);
  const SlotsAnswer answer = world.answer("2026-02-10", "2026-02-10");
  CHECK_FALSE(answer.stale);
  REQUIRE(world.window_calls() == 1);
  CHECK(asked_bounds(world.wire.log.back()).first == "2026-02-10T00:00:00.000000Z");
}

TEST_CASE("SlotService: what visitors saw lately is fetched anew before anyone asks", "[proxy][slots][changes]") {
  World world;
  (void)world.answer("2026-02-01", "2026-02-14");
  world.wire.log.clear();
  REQUIRE(world.slots->expire_days(kTenth));
  world.settle();
  CHECK(world.window_calls() == 1);
  CHECK(world.answer("2026-02-10", "2026-02-10").cached);
  world.clock.pass(std::chrono::minutes(10));
  world.wire.log.clear();
  REQUIRE(world.slots->expire_days(kTenth));  // no visitor has asked for ten minutes
  world.settle();
  CHECK(world.window_calls() == 0);
}

// A booking was made during a call. Calendly had computed its answer before the booking, the answer arrived after the webhook,
// and the taken time was shown as fresh for five minutes.
TEST_CASE("SlotService: a call that was under way when a day changed does not make it fresh", "[proxy][slots][changes]") {
  World world;
  int calls = 0;
  world.wire.answer([&](const calendly::UpstreamRequest& request) -> calendly::Exchange {
    if (++calls == 1) {
      REQUIRE(world.slots->expire_days(kTenth));
      return usual_answer(request);
    }
    return upstream(200, R"({"collection":[]})");
  });
  const World::Replies replies = world.ask("2026-02-10", "2026-02-10");
  world.settle();
  CHECK(calls == 2);
  CHECK(read(replies).slots.empty());
  CHECK(world.answer("2026-02-10", "2026-02-10").slots.empty());
  CHECK(calls == 2);
}

TEST_CASE("SlotService: changes made elsewhere count here once the log is read", "[proxy][slots][changes]") {
  World world;
  (void)world.answer("2026-02-01", "2026-02-07");
  REQUIRE(world.slots->apply_changes());  // of the token
  std::vector<store::Change> changes;
  world.slots->on_change([&](const store::Change& change) { changes.push_back(change); });
  world.wire.log.clear();
  SECTION("a purge") {
    const std::int64_t id = world.store->purge_cells().value();
    REQUIRE(world.slots->apply_changes());
    REQUIRE(changes.size() == 1);
    CHECK(changes.front().id == id);
    (void)world.answer("2026-02-01", "2026-02-07");
    CHECK(world.window_calls() == 1);
  }
  SECTION("a day") {
    REQUIRE(world.store->expire_days({day("2026-02-03"), day("2026-02-04")}));
    CHECK(world.answer("2026-02-03", "2026-02-03").cached);
    REQUIRE(world.slots->apply_changes());
    REQUIRE(changes.size() == 1);
    CHECK(changes.front().days == DayRange{day("2026-02-03"), day("2026-02-04")});
    (void)world.answer("2026-02-03", "2026-02-03");
    CHECK(world.window_calls() == 1);
  }
  REQUIRE(world.slots->apply_changes());
  CHECK(changes.size() == 1);
}

TEST_CASE("SlotService: what is written to the disk after a purge that it had not seen is not fresh", "[proxy][slots][changes]") {
  World world;
  (void)world.ask("2026-02-01", "2026-02-07");
  world.fetchers.run();  // the answer has arrived, but is not on the disk yet
  REQUIRE(world.window_calls() == 1);
  REQUIRE(world.slots->purge());
  world.background.run();
  (void)world.answer("2026-02-01", "2026-02-07");
  CHECK(world.window_calls() == 2);
}

TEST_CASE("SlotService: a visitor does not stand in the queue of what nobody waits for", "[proxy][slots][changes]") {
  World world;
  (void)world.answer("2026-02-10", "2026-02-10");
  REQUIRE(world.slots->expire_days(kTenth));  // a refresh is in the background's queue, which is stopped
  const World::Replies replies = world.ask("2026-02-10", "2026-02-10");
  world.fetchers.run();
  CHECK_FALSE(read(replies).stale);
  world.settle();
  CHECK(world.window_calls() == 2);
}

TEST_CASE("SlotService: a copy on disk from before a change is no fresh one after a restart", "[proxy][slots][changes]") {
  World world;
  (void)world.answer("2026-02-01", "2026-02-14");
  REQUIRE(world.slots->expire_days(kTenth));
  world.background.drop_all();  // stopped before it could refresh
  world.start();
  world.wire.log.clear();
  CHECK(world.answer("2026-02-01", "2026-02-09").cached);
  world.wire.answer(broken);
  const SlotsAnswer answer = world.answer("2026-02-10", "2026-02-10");
  CHECK(answer.stale);
  CHECK(answer.slots.size() == 1);
}

// The disk's data was read before the change and arrived after it: the old cell was shown as fresh.
TEST_CASE("SlotService: what the disk said before a change is not fresh after it", "[proxy][slots][changes]") {
  struct Row {
    const char* name;
    std::function<void(World&)> meanwhile;
    bool has_answer;  // requests for another account get an error
  };
  const Row row = GENERATE(values<Row>({
      {"a day changed", [](World& world) { REQUIRE(world.slots->expire_days(kTenth)); }, true},
      {"all was purged", [](World& world) { REQUIRE(world.slots->purge()); }, true},
      {"another account was connected",
       [](World& world) { REQUIRE(world.connection->set_token(secrets::SecretString("eyJ.another.token"), "test", "r2")); },
       false},
  }));
  INFO(row.name);
  World world;
  (void)world.answer("2026-02-10", "2026-02-10");
  auto slow = std::make_unique<SlowStore>(std::move(world.store));
  SlowStore& disk = *slow;
  world.store = std::move(slow);
  world.start();
  world.clock.pass(std::chrono::seconds(1));
  world.wire.log.clear();
  disk.after_cells([&] { row.meanwhile(world); });
  const World::Replies replies = world.ask("2026-02-10", "2026-02-10");
  world.settle();
  REQUIRE(replies->size() == 1);
  CHECK(replies->front().has_value() == row.has_answer);
  (void)world.answer("2026-02-10", "2026-02-10");
  CHECK(world.window_calls() == 1);
}

// Only the other servers could reach the database: this one did not know of the bookings that they knew of.
TEST_CASE("SlotService: a server that cannot read the log shows what it has as a copy", "[proxy][slots][changes]") {
  slots::SlotServiceSettings settings;
  settings.blind_after = std::chrono::seconds(2);
  World world(settings);
  (void)world.answer("2026-02-01", "2026-02-07");
  REQUIRE(world.slots->apply_changes());
  world.clock.pass(std::chrono::seconds(20));
  world.wire.log.clear();
  const SlotsAnswer blind = world.answer("2026-02-01", "2026-02-07");
  CHECK(blind.stale);
  CHECK(blind.windows.front().error == ErrorCode::storage_failed);
  CHECK(world.window_calls() == 0);
  CHECK(world.answer("2026-02-08", "2026-02-08").stale == false);  // just fetched from Calendly itself
  REQUIRE(world.slots->apply_changes());
  const SlotsAnswer seeing = world.answer("2026-02-01", "2026-02-07");
  CHECK(seeing.cached);
  CHECK_FALSE(seeing.stale);
}

}  // namespace slotwire::tests
