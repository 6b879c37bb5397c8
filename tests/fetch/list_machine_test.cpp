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

}  // namespace slotwire::fetch
