#include <catch_amalgamated.hpp>

#include "proxy/calendly/call_failure.h"

namespace slotwire::tests {

TEST_CASE("system_chance: within one, and not always the same", "[proxy][retry]") {
  const calendly::Chance chance = calendly::system_chance();
  const double first = chance();
  bool has_moved = false;
  for (int i = 0; i < 1000; ++i) {
    const double next = chance();
    REQUIRE(next >= -1.0);
    REQUIRE(next <= 1.0);
    has_moved = has_moved || next != first;
  }
  CHECK(has_moved);
}

}  // namespace slotwire::tests
