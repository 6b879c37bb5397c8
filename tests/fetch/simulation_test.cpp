// The machine's promises under randomised failures, by seed. Environment:
//   SLOTWIRE_SIMULATION_SEED=n   runs only this seed and prints its events
//   SLOTWIRE_SIMULATION_STEPS=n  total number of steps instead of 300,000
#include "tests/fetch/simulation.h"

#include <catch_amalgamated.hpp>
#include <chrono>
#include <iostream>

#include "tests/environment.h"

namespace slotwire::fetch {

TEST_CASE("Machine: keeps its promises through hundreds of thousands of steps of bad luck", "[fetch][simulation]") {
  constexpr std::uint64_t kStepsOfASeed = 3'000;
  const std::uint64_t one = number_in_environment("SLOTWIRE_SIMULATION_SEED", 0);
  const std::uint64_t wanted = one ? kStepsOfASeed : number_in_environment("SLOTWIRE_SIMULATION_STEPS", 300'000);
  const auto began = std::chrono::steady_clock::now();
  std::map<std::string, std::uint64_t> seen;
  std::uint64_t steps = 0;
  std::uint32_t seed = one ? static_cast<std::uint32_t>(one) : 1;
  for (; steps < wanted; ++seed) {
    Simulation simulation(seed);
    const std::string broken = simulation.run(kStepsOfASeed);
    steps += simulation.steps();
    for (const auto& [kind, count] : simulation.seen()) seen[kind] += count;
    if (broken.empty()) continue;
    std::cout << (one ? simulation.last_events() : "");
    FAIL("seed " << seed << ", step " << simulation.steps() << " (" << steps << " in all): " << broken
                 << ". Alone: SLOTWIRE_SIMULATION_SEED=" << seed << " "
                 << "fetch_tests '[simulation]'");
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << steps << " steps of seeds up to " << seed - 1 << " in " << took.count() << " s:";
  for (const auto& [kind, count] : seen) std::cout << ' ' << kind << ' ' << count;
  std::cout << '\n';
  // A run without failures proves nothing.
  if (one) return;
  for (const char* kind :
       {"ask",   "fresh",   "stale",         "failed", "sent",      "landed",  "trouble", "ours",  "unpaid",   "change",
        "purge", "account", "clock noticed", "drift",  "complaint", "drained", "rush",    "meant", "outdated", "failed whole"}) {
    INFO(kind);
    CHECK(seen[kind] > 100);
  }
}

}  // namespace slotwire::fetch
