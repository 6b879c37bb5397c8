// One of several servers: what it takes from the others, waits for, and gives them.
#include <deque>

#include "tests/proxy/slot_world.h"

namespace slotwire::tests {
using namespace cluster;
namespace {

// The other servers, controlled by the test: the answers to claims in order (afterwards everything is granted), and a list of
// calls.
class ScriptedCluster final : public Cluster {
 public:
  [[nodiscard]] Claimed claim(const ClaimTerms& terms) override {
    claims.push_back(terms);
    if (answers.empty()) return Alone().claim(terms);
    auto answer = std::move(answers.front());
    answers.pop_front();
    return answer(terms);
  }
  void renew(const std::string&, const std::string&, DayRange) override { ++renewed; }
  void land(const std::string&, const std::string&, DayRange window, const std::vector<SharedCell>& cells) override {
    landed.emplace_back(window, cells);
  }
  void release(const std::string&, const std::string&, DayRange days) override { released.push_back(days); }
  void forget(const std::string&) override {}
  void notify() override { ++notified; }
  void listen(std::function<void(const ClusterMessage&)>) override {}
  [[nodiscard]] ClusterState state() const override { return {}; }

  std::deque<std::function<Claimed(const ClaimTerms&)>> answers;
  std::vector<ClaimTerms> claims;
  std::vector<std::pair<DayRange, std::vector<SharedCell>>> landed;
  std::vector<DayRange> released;
  int renewed = 0;
  int notified = 0;
};

// Every claimed day, fetched by another server `age` ago, with a slot at 09:00.
Claimed known(const ClaimTerms& terms, Instant now, std::chrono::seconds age = std::chrono::seconds(10),
              std::int64_t seen = 1'000) {
  Claimed claimed;
  for (const WantedDay& wanted : terms.days) {
    SharedCell shared;
    shared.cell = {wanted.day, now - age, {{Instant(wanted.day) + std::chrono::hours(9), 1, "https://calendly.com/other"}}};
    shared.window = {wanted.day, wanted.day + std::chrono::days(1)};
    shared.fresh_for = std::chrono::seconds(300) - age;
    shared.seen_change = seen;
    claimed.known.push_back(std::move(shared));
  }
  return claimed;
}

Claimed held(const ClaimTerms& terms) {
  Claimed claimed;
  for (const WantedDay& wanted : terms.days) claimed.held.push_back(wanted.day);
  return claimed;
}

}  // namespace

TEST_CASE("SlotService: what another server knows costs no call", "[proxy][slots][cluster]") {
  ScriptedCluster others;
  World world({}, &others);
  others.answers.push_back([&](const ClaimTerms& terms) { return known(terms, world.clock.now()); });
  const SlotsAnswer answer = world.answer("2026-02-01", "2026-02-14");
  CHECK(world.window_calls() == 0);
  CHECK(answer.cached);
  CHECK(answer.slots.size() == 14);
  CHECK(answer.fetched_at == world.clock.now() - std::chrono::seconds(10));
  REQUIRE(others.claims.size() == 1);
  CHECK(world.answer("2026-02-01", "2026-02-14").cached);
  CHECK(others.claims.size() == 1);  // now in memory
}

TEST_CASE("SlotService: a day that another server fetches is waited for, not fetched", "[proxy][slots][cluster]") {
  ScriptedCluster others;
  World world({}, &others);
  others.answers.push_back(held);
  others.answers.push_back([&](const ClaimTerms& terms) { return known(terms, world.clock.now()); });
  const World::Replies replies = world.ask("2026-02-01", "2026-02-07");
  REQUIRE(world.fetchers.run_one());
  CHECK(replies->empty());
  SECTION("it says when it has landed") {
    world.slots->settled_elsewhere(std::string(kTypeUri), {day("2026-02-03"), day("2026-02-04")});
    world.fetchers.run();
  }
  SECTION("its word was lost") { world.settle(std::chrono::seconds(2)); }
  REQUIRE(replies->size() == 1);
  CHECK(replies->front().has_value());
  CHECK(world.window_calls() == 0);
}

TEST_CASE("SlotService: a server that died is waited for no longer than its lease", "[proxy][slots][cluster]") {
  ScriptedCluster others;
  World world({}, &others);
  const time::Tick start = world.clock.tick();
  for (int i = 0; i < 60; ++i) {
    others.answers.push_back([&](const ClaimTerms& terms) {
      return world.clock.tick() - start < Cluster::kLease ? held(terms) : Alone().claim(terms);
    });
  }
  const SlotsAnswer answer = world.answer("2026-02-01", "2026-02-07");
  CHECK(answer.complete);
  CHECK(world.window_calls() == 1);
  CHECK(world.clock.tick() - start < std::chrono::seconds(10));
}

TEST_CASE("SlotService: days that nobody lands end in an error, never in no slots", "[proxy][slots][cluster]") {
  ScriptedCluster others;
  World world({}, &others);
  for (int i = 0; i < 100; ++i) others.answers.push_back(held);
  const World::Replies replies = world.ask("2026-02-01", "2026-02-07");
  world.settle();
  REQUIRE(replies->size() == 1);
  REQUIRE_FALSE(replies->front());
  CHECK(replies->front().error().code == ErrorCode::calendly_unavailable);
}

TEST_CASE("SlotService: what lands is given to the others, with the newest change its call had seen", "[proxy][slots][cluster]") {
  ScriptedCluster others;
  World world({}, &others);
  REQUIRE(world.slots->expire_days({day("2026-02-20"), day("2026-02-21")}));
  CHECK(others.notified == 1);
  const std::int64_t seen = world.store->last_change().value();
  (void)world.answer("2026-02-01", "2026-02-07");
  REQUIRE(others.landed.size() == 1);
  CHECK(others.landed.front().first == DayRange{day("2026-02-01"), day("2026-02-08")});
  REQUIRE(others.landed.front().second.size() == 7);
  CHECK(others.landed.front().second.front().seen_change == seen);
  CHECK(others.released.empty());
}

TEST_CASE("SlotService: what fails is given up, so that another server may try", "[proxy][slots][cluster]") {
  ScriptedCluster others;
  World world({}, &others);
  world.wire.answer(broken);
  const World::Replies replies = world.ask("2026-02-01", "2026-02-07");
  world.settle();
  REQUIRE(replies->size() == 1);
  CHECK_FALSE(replies->front());
  REQUIRE(others.released.size() == 1);
  CHECK(others.renewed > 0);
  CHECK(others.landed.empty());
}

TEST_CASE("SlotService: another server's cell from before a change counts only as a copy", "[proxy][slots][cluster]") {
  ScriptedCluster others;
  World world({}, &others);
  REQUIRE(world.slots->expire_days({day("2026-02-03"), day("2026-02-04")}));
  const std::int64_t change = world.store->last_change().value();
  others.answers.push_back(
      [&](const ClaimTerms& terms) { return known(terms, world.clock.now(), std::chrono::seconds(10), change - 1); });
  const SlotsAnswer answer = world.answer("2026-02-01", "2026-02-07");
  CHECK(world.window_calls() == 1);
  CHECK_FALSE(answer.stale);
  // The claim told the others which cells are acceptable.
  REQUIRE_FALSE(others.claims.empty());
  for (const WantedDay& wanted : others.claims.front().days) {
    CHECK(wanted.least_change == (wanted.day == day("2026-02-03") ? change : 0));
  }
}

TEST_CASE("SlotService: a fresh look takes no cell that is older, whoever fetched it", "[proxy][slots][cluster]") {
  ScriptedCluster others;
  World world({}, &others);
  others.answers.push_back([&](const ClaimTerms& terms) { return known(terms, world.clock.now(), std::chrono::seconds(100)); });
  auto reply = std::make_shared<std::vector<Result<slots::SlotReply>>>();
  const DayRange days{day("2026-02-01"), day("2026-02-02")};
  slots::SlotQuery query{"30min", {Instant(days.begin), Instant(days.end)}, days, "UTC", "r"};
  query.max_age = std::chrono::seconds(30);
  world.slots->find(query, [reply](Result<slots::SlotReply> found) { reply->push_back(std::move(found)); });
  world.settle();
  REQUIRE(reply->size() == 1);
  CHECK(world.window_calls() == 1);
}

}  // namespace slotwire::tests
