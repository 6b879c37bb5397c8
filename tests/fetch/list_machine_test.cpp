// When a list shared by servers is read: by seeded simulation, and by example. Environment:
//   SLOTWIRE_SIMULATION_SEED=n   runs only this seed and prints its events
//   SLOTWIRE_SIMULATION_STEPS=n  total number of steps instead of 240,000
#include "proxy/fetch/list_machine.h"

#include <catch_amalgamated.hpp>
#include <chrono>
#include <iostream>

#include "tests/environment.h"
#include "tests/fetch/list_simulation.h"

namespace slotwire::fetch {

TEST_CASE("ListMachine: keeps its promises through hundreds of thousands of steps of bad luck", "[fetch][list][simulation]") {
  constexpr std::uint64_t kStepsOfASeed = 2'000;
  const std::uint64_t one = number_in_environment("SLOTWIRE_SIMULATION_SEED", 0);
  const std::uint64_t wanted = one ? kStepsOfASeed : number_in_environment("SLOTWIRE_SIMULATION_STEPS", 240'000);
  const auto began = std::chrono::steady_clock::now();
  std::map<std::string, std::uint64_t> seen;
  std::uint64_t steps = 0;
  std::uint32_t seed = one ? static_cast<std::uint32_t>(one) : 1;
  for (; steps < wanted; ++seed) {
    ListSimulation simulation(seed);
    const std::string broken = simulation.run(kStepsOfASeed);
    steps += simulation.steps();
    for (const auto& [kind, count] : simulation.seen()) seen[kind] += count;
    if (broken.empty()) continue;
    std::cout << (one ? simulation.last_events() : "");
    FAIL("seed " << seed << ", step " << simulation.steps() << " (" << steps << " in all): " << broken
                 << ". Alone: SLOTWIRE_SIMULATION_SEED=" << seed << " fetch_tests '[list]'");
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << steps << " steps of seeds up to " << seed - 1 << " in " << took.count() << " s:";
  for (const auto& [kind, count] : seen) std::cout << ' ' << kind << ' ' << count;
  std::cout << '\n';
  // A run without failures proves nothing.
  if (one) return;
  for (const char* kind :
       {"ask",     "ask waits", "went on",      "delivery", "silent change", "asked",     "asked again", "kept",
        "known",   "held",      "claim failed", "not kept", "too late",      "ours only", "down",        "slow",
        "drained", "store",     "died",         "account",  "disconnected",  "clock set"}) {
    INFO(kind);
    CHECK(seen[kind] > 20);
  }
}

// Another server connected an account, and in the same second the machine's clock was set back by two minutes. Two minutes later
// that reading looked new by the clock, and was told as fresh until it was two minutes too old.
TEST_CASE("ListMachine: a reading from before the clock was set back is never known by its age", "[fetch][list]") {
  using std::chrono::minutes;
  using std::chrono::seconds;
  const Instant wall = Instant(Day(std::chrono::days(20'000)));
  const Tick tick = Tick() + std::chrono::hours(1);
  const auto at = [&](seconds later, seconds set_by) { return Moment{wall + later + set_by, tick + later, 0}; };
  const auto claim_of = [](ListMachine& machine) {
    const std::vector<ListAction> actions = machine.actions();
    REQUIRE(actions.size() == 1);
    return std::get<ClaimList>(actions.front());
  };
  ListMachine machine({});
  SECTION("it was noticed, then the account came") {
    machine.begin(seconds(10), 0, at(seconds(0), seconds(0)));
    machine.wake(at(seconds(1), -minutes(2)));
    (void)machine.actions();
    machine.begin(seconds(0), 0, at(seconds(2), -minutes(2)));
  }
  SECTION("the reading was in the future when the server started") {
    machine.begin(std::nullopt, 0, at(seconds(0), -minutes(2)));
  }
  CHECK(machine.standing(tick + seconds(2)) != ListStanding::fresh);
  CHECK(claim_of(machine).max_age == std::chrono::milliseconds(0));
}

}  // namespace slotwire::fetch
