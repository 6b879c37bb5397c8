#include <algorithm>
#include <catch_amalgamated.hpp>

#include "shared/proof_of_work.h"
#include "tests/e2e/booking.h"
#include "tests/e2e/jwt_text.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

const StackOptions kAsksForWork = {.proxy_settings = {{"CALENDLY_BOOKING_PROOF", "12"}, {"CALENDLY_RATE_LIMIT", "0"}}};

std::string proof_for(const std::string& challenge, const std::string& key) {
  const auto number = proof_among(challenge + "." + key, 12, 0, 10'000'000);
  REQUIRE(number);
  return challenge + ":" + std::to_string(*number);
}

// Whether this proof of another key's is one for `key` too: one in 4,096 is, by chance.
bool is_lucky(const std::string& proof, const std::string& key) {
  const std::size_t colon = proof.find(':');
  return is_proof(proof.substr(0, colon) + "." + key, static_cast<std::uint32_t>(std::stoul(proof.substr(colon + 1))), 12);
}

std::string challenge_of(const Proxy& proxy) {
  const Reply form = proxy.http().get("/api/app/calendly/booking-form/30min", {{"Origin", kSite}});
  REQUIRE(form.status == 200);
  return form.header("booking-challenge").value_or("");
}

}  // namespace

// A script that had found the form's call booked as fast as the limits allowed, from one address after another, with a page's
// origin.
TEST_CASE("proof: a thousand scripted bookings without work never reach Calendly", "[e2e][booking]") {
  Stack stack(kAsksForWork);
  const std::string start = free_start(*stack.proxy, 3);
  const Json before = stack.simulator.look("counters");
  const std::string challenge = challenge_of(*stack.proxy);
  const std::string own = proof_for(challenge, "mine");
  std::string cheaper = challenge;
  cheaper.replace(cheaper.find(".12."), 4, ".1.");
  const std::vector<std::string> shown = {"",
                                          own,
                                          "x",
                                          challenge,
                                          challenge + ":",
                                          challenge + ":-1",
                                          challenge + ":99999999999",
                                          proof_for(cheaper, "key-7"),
                                          own + "0",
                                          "v1.9999999999.12.00000000000000000000000000000000:1"};
  for (std::size_t i = 0; i < 1000; ++i) {
    const std::string& proof = shown[i % shown.size()];
    std::string key = "key-" + std::to_string(i);
    while (is_lucky(own, key) || is_lucky(own + "0", key)) key += 'x';
    const Reply reply = book(*stack.proxy, wish_for(start), key, {{"Origin", kSite}, {"Booking-Proof", proof}});
    INFO(proof << ": " << reply.body);
    REQUIRE(reply.status == 403);
    REQUIRE(fields_in_error(reply) == std::vector<std::string>{"Booking-Proof"});
    REQUIRE(reply.header("booking-challenge"));
  }
  CHECK(stack.simulator.look("counters") == before);
  CHECK(is_free(*stack.proxy, start));
}

TEST_CASE("proof: with it a page books, once for each key", "[e2e][booking]") {
  Stack stack(kAsksForWork);
  const std::string start = free_start(*stack.proxy, 3);
  const std::string proof = proof_for(challenge_of(*stack.proxy), "a-key");
  const Fields shown = {{"Origin", kSite}, {"Booking-Proof", proof}};
  const Reply booked = book(*stack.proxy, wish_for(start), "a-key", shown);
  INFO(booked.body);
  REQUIRE(booked.status == 201);
  CHECK(book(*stack.proxy, wish_for(start), "a-key", shown).body == booked.body);
  const std::string another = is_lucky(proof, "another") ? "yet-another" : "another";
  CHECK(book(*stack.proxy, wish_for(free_start(*stack.proxy, 1)), another, shown).status == 403);
  const Json requests = stack.simulator.look("requests");
  CHECK(std::ranges::count_if(requests, [](const Json& one) { return one.at("endpoint") == "invitees"; }) == 1);
}

TEST_CASE("proof: a server with an admin's token works for nothing, and by default nobody does", "[e2e][booking]") {
  Stack stack(kAsksForWork);
  const Fields admin = bearer(jwt_for("admin"));
  CHECK(book(*stack.proxy, wish_for(free_start(*stack.proxy, 2)), "server", admin).status == 201);
  // The browser sends a preflight request before it sends the header.
  const Reply preflight =
      stack.proxy->http().send("OPTIONS", kBookings, {{"Origin", kSite}, {"Access-Control-Request-Method", "POST"}});
  CHECK(preflight.header("access-control-allow-headers").value_or("").find("Booking-Proof") != std::string::npos);
  stack.restart_proxy({{"CALENDLY_BOOKING_PROOF", "0"}});
  CHECK(challenge_of(*stack.proxy).empty());
  CHECK(book(*stack.proxy, wish_for(free_start(*stack.proxy, 3)), "page").status == 201);
}
