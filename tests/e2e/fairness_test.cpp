// One client and the account's limit per minute: how much is left for others, with real sockets, a free plan and its fifty calls.
#include <catch_amalgamated.hpp>
#include <future>

#include "tests/e2e/booking.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

constexpr char kTimes[] = "event_type_available_times";

Reply slots_for(const Proxy& proxy, const std::string& address, const std::string& event_type, int first, int last) {
  return proxy.http().get(
      "/api/app/calendly/slots/" + event_type + "?start_date=" + day_text(first) + "&end_date=" + day_text(last),
      {{"X-Forwarded-For", address}});
}

}  // namespace

// One address sent ten starts that do not exist: for each the proxy called Calendly, and fetched four weeks around it. Another
// visitor's booking was refused for a minute, and so was an uncached week.
TEST_CASE("fairness: starts that nobody offers leave bookings and times to others", "[e2e][fairness]") {
  Stack stack({.proxy_settings = {{"CALENDLY_TRUSTED_PROXIES", "127.0.0.1"}}});
  stack.simulator.set("account", {{"plan", "free"}});
  const std::string start = free_start(*stack.proxy);
  stack.simulator.reset_counters();
  for (int i = 0; i < 12; ++i) {
    const Reply reply = book(*stack.proxy, wish_for(day_text(20 + 28 * i) + "T03:07:00Z"), "made-up-" + std::to_string(i),
                             {{"X-Forwarded-For", "198.51.100.1"}});
    INFO(reply.body);
    CHECK((reply.error_code() == "slot_taken" || reply.error_code() == "too_many_requests"));
  }
  CHECK(stack.simulator.calls("invitees") == 0);
  CHECK(stack.simulator.calls(kTimes) <= 17);
  const Reply second = slots_for(*stack.proxy, "203.0.113.9", "BBBBBBBBBBBBBBBB", 1, 30);
  REQUIRE(second.status == 200);
  CHECK(second.data().at("complete") == true);
  CHECK(book(*stack.proxy, wish_for(start), "k1", {{"X-Forwarded-For", "203.0.113.10"}}).status == 201);
}

// Six GETs of different quarters caused fifty calls in a third of a second: the next visitor of another event type got 503, and
// so did a booking, without the booking page's address.
TEST_CASE("fairness: six wide ranges at once leave calls for a second visitor and a booking", "[e2e][fairness]") {
  Stack stack({.proxy_settings = {{"CALENDLY_TRUSTED_PROXIES", "127.0.0.1"}}});
  stack.simulator.set("account", {{"plan", "free"}});
  const std::string start = free_start(*stack.proxy);
  stack.simulator.reset_counters();
  std::vector<std::future<Reply>> greedy;
  for (int quarter = 0; quarter < 6; ++quarter) {
    greedy.push_back(std::async(std::launch::async, [&stack, quarter] {
      return slots_for(*stack.proxy, "198.51.100.1", "30min", 40 + 92 * quarter, 40 + 92 * quarter + 91);
    }));
  }
  int whole = 0;
  for (auto& each : greedy) {
    const Reply reply = each.get();
    INFO(reply.body.substr(0, 300));
    if (reply.status == 200) {
      whole += reply.data().at("complete") == true ? 1 : 0;
      continue;
    }
    CHECK(reply.status == 429);
    CHECK(reply.error_code() == "too_many_requests");
    CHECK(std::stoi(reply.header("retry-after").value_or("0")) > 0);
  }
  // A third of fifty, plus what has been refilled since; a quarter of a year takes fourteen.
  CHECK(whole <= 1);
  CHECK(stack.simulator.calls(kTimes) <= 20);

  const Reply second = slots_for(*stack.proxy, "203.0.113.9", "BBBBBBBBBBBBBBBB", 1, 30);
  INFO(second.body.substr(0, 300));
  REQUIRE(second.status == 200);
  CHECK(second.data().at("complete") == true);
  CHECK(second.data().at("stale") == false);
  const Reply booked = book(*stack.proxy, wish_for(start), "k1", {{"X-Forwarded-For", "203.0.113.10"}});
  INFO(booked.body);
  CHECK(booked.status == 201);
}
