#include "proxy/time/workers.h"

#include <catch_amalgamated.hpp>
#include <future>
#include <stdexcept>

namespace slotwire::tests {

// An exception of a task ended the program: one unexpected answer of Calendly was enough.
TEST_CASE("WorkerThreads: a task that throws is reported, and the next one runs", "[proxy][workers]") {
  std::promise<std::string> reported;
  std::promise<void> ran;
  time::WorkerThreads workers(1, [&](std::string_view what) { reported.set_value(std::string(what)); });
  workers.post([] { throw std::runtime_error("unthought of"); });
  workers.post([&] { ran.set_value(); });
  auto what = reported.get_future();
  auto next = ran.get_future();
  REQUIRE(what.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
  CHECK(what.get() == "unthought of");
  CHECK(next.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
}

}  // namespace slotwire::tests
