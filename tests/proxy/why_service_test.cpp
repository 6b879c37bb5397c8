// Which calls to Calendly explain an empty day, and which are not made.
#include "proxy/why/why_service.h"

#include <catch_amalgamated.hpp>

#include "tests/proxy/slot_world.h"

namespace slotwire::tests {
namespace {

using calendly::Exchange;
using calendly::UpstreamRequest;

// A Calendly whose host is off on Tuesday the sixth; `other` may answer first.
struct WhyWorld : World {
  WhyWorld() {
    wire.answer([this](const UpstreamRequest& request) { return answered(request); });
    service = std::make_unique<why::WhyService>(why::WhyService::Parts{*connection, *slots, calendly, zones, clock, log, calls});
  }

  Exchange answered(const UpstreamRequest& request) {
    if (other) {
      if (auto answer = other(request)) return *answer;
    }
    const auto is = [&](const char* path) { return request.target.starts_with(path); };
    if (is("/event_type_available_times")) return upstream(200, R"({"collection":[]})");
    if (is("/event_types/")) return upstream(200, R"({"resource":{"name":"Half an hour","active":true,"duration":30}})");
    if (is("/event_type_availability_schedules")) {
      return upstream(200, R"({"collection":[{"availability_rule":{"timezone":"UTC","rules":[
        {"type":"date","date":"2026-01-06","intervals":[]},
        {"type":"wday","wday":"tuesday","intervals":[{"from":"09:00","to":"12:00"}]}]}}]})");
    }
    if (is("/user_availability_schedules")) {
      return upstream(200,
                      R"({"collection":[{"default":false,"timezone":"UTC","rules":[]},{"default":true,"timezone":"UTC","rules":[
        {"type":"wday","wday":"monday","intervals":[{"from":"09:00","to":"12:00"}]}]}]})");
    }
    if (is("/user_busy_times")) return upstream(200, busy);
    if (is("/user_meeting_limits")) return upstream(200, limits);
    if (is("/scheduled_events")) return upstream(200, R"({"collection":[],"pagination":{}})");
    return usual_answer(request);
  }

  why::WhyAnswer ask(const std::string& date = "2026-01-06") {
    std::vector<Result<why::WhyAnswer>> came;
    wire.log.clear();
    service->ask({"30min", date}, [&](Result<why::WhyAnswer> answer) { came.push_back(std::move(answer)); });
    for (int i = 0; i < 4 && came.empty(); ++i) {
      settle();
      calls.run();
    }
    settle();
    REQUIRE(came.size() == 1);
    REQUIRE(came.front());
    return std::move(came.front()).value();
  }

  [[nodiscard]] std::size_t calls_for_facts() const { return wire.log.size() - window_calls(); }

  time::Zones zones;
  ManualWorkers calls{clock};
  std::unique_ptr<why::WhyService> service;
  std::function<std::optional<Exchange>(const UpstreamRequest&)> other;
  std::string busy = R"({"collection":[]})";
  std::string limits = R"({"collection":[{"daily_limit":null,"weekly_limit":null,"monthly_limit":null}]})";
};

}  // namespace

TEST_CASE("WhyService: a call for each kind of fact, and none that nothing depends on", "[proxy][why]") {
  WhyWorld world;
  const why::WhyAnswer answer = world.ask();
  CHECK(answer.verdict.reasons.front().cause == why::Cause::override_off);
  CHECK(answer.verdict.reasons.front().certainty == why::Certainty::certain);
  CHECK(world.calls_for_facts() == 4);
  CHECK(world.wire.calls_to("/scheduled_events") == 0);
  CHECK(world.window_calls() == 1);

  world.busy = R"({"collection":[{"type":"calendly","start_time":"2026-01-08T09:00:00Z","end_time":"2026-01-08T10:00:00Z"}]})";
  (void)world.ask();
  CHECK(world.wire.calls_to("/scheduled_events") == 1);
  world.busy = R"({"collection":[]})";
  world.limits = R"({"collection":[{"monthly_limit":5}]})";
  (void)world.ask();
  CHECK(world.wire.calls_to("/scheduled_events") == 1);
  // The bookings of the month, since the limit counts them.
  const std::string& target = world.wire.log.back();
  CHECK(target.find("min_start_time=2026-01-01T00%3A00%3A00.000000Z") != std::string::npos);
  CHECK(target.find("max_start_time=2026-02-01T00%3A00%3A00.000000Z") != std::string::npos);
}

TEST_CASE("WhyService: busy times are asked for a week at most, and never for what is past", "[proxy][why]") {
  WhyWorld world;
  for (const char* date : {"2026-01-05", "2026-01-06", "2026-03-20"}) {
    INFO(date);
    (void)world.ask(date);
    const auto asked = std::find_if(world.wire.log.begin(), world.wire.log.end(),
                                    [](const std::string& target) { return target.starts_with("/user_busy_times"); });
    REQUIRE(asked != world.wire.log.end());
    const auto [first, last] = asked_bounds(*asked);
    CHECK(instant(first) > world.clock.now());
    CHECK(instant(last) - instant(first) <= std::chrono::days(7));
  }
  (void)world.ask("2026-01-04");
  CHECK(world.wire.log.empty());
}

TEST_CASE("WhyService: what every call would meet is met once", "[proxy][why]") {
  struct Case {
    const char* name;
    Exchange answer;
    std::size_t calls;
    why::Cause first;
  };
  const std::vector<Case> cases = {
      {"a token that is refused", upstream(401, "{}"), 1, why::Cause::token_rejected},
      {"no calls left", upstream(429, "{}"), 1, why::Cause::budget_spent},
      {"no answer", calendly::TransportFailure::timed_out, 1, why::Cause::calendly_unavailable},
      {"trouble, which each call may be spared", upstream(503, "<html>"), 4, why::Cause::calendly_unavailable},
  };
  for (const Case& each : cases) {
    INFO(each.name);
    WhyWorld world;
    world.other = [&](const UpstreamRequest&) { return std::optional(each.answer); };
    const why::WhyAnswer answer = world.ask();
    CHECK(answer.verdict.reasons.front().cause == each.first);
    CHECK(world.calls_for_facts() <= each.calls);
    CHECK(answer.verdict.unread.size() >= 4);
  }
}

// If only the free times failed, a copy of some minutes was the first and certain reason of a day off, although visitors were
// shown the same copy as fresh.
TEST_CASE("WhyService: a copy that is fresh to visitors is no reason when Calendly gives no younger one", "[proxy][why]") {
  WhyWorld world;
  REQUIRE(world.ask().verdict.reasons.front().cause == why::Cause::override_off);
  world.clock.pass(std::chrono::minutes(3));
  world.other = [](const UpstreamRequest& request) -> std::optional<Exchange> {
    if (request.target.starts_with("/event_type_available_times")) return upstream(503, "<html>");
    return std::nullopt;
  };
  const why::WhyAnswer answer = world.ask();
  REQUIRE(answer.verdict.reasons.size() == 1);
  CHECK(answer.verdict.reasons.front().cause == why::Cause::override_off);
  CHECK(answer.verdict.reasons.front().certainty == why::Certainty::certain);
  CHECK(answer.verdict.unread.empty());

  // The other data cannot be read either.
  world.other = [](const UpstreamRequest&) { return std::optional(upstream(503, "<html>")); };
  const why::WhyAnswer blind = world.ask();
  REQUIRE(blind.verdict.reasons.size() == 1);
  CHECK(blind.verdict.reasons.front().cause == why::Cause::calendly_unavailable);
  CHECK(blind.verdict.reasons.front().certainty == why::Certainty::certain);
}

TEST_CASE("WhyService: an account that has no schedules of event types is judged by the host's own, as likely", "[proxy][why]") {
  WhyWorld world;
  world.other = [](const UpstreamRequest& request) -> std::optional<Exchange> {
    if (request.target.starts_with("/event_type_availability_schedules")) return upstream(404, "{}");
    return std::nullopt;
  };
  const why::WhyAnswer answer = world.ask();
  CHECK(answer.verdict.reasons.front().cause == why::Cause::no_hours);
  CHECK(answer.verdict.reasons.front().certainty == why::Certainty::likely);
  CHECK(answer.verdict.for_visitors.empty());
}

TEST_CASE("WhyService: somebody else's event type makes nothing certain", "[proxy][why]") {
  WhyWorld world;
  world.other = [](const UpstreamRequest& request) -> std::optional<Exchange> {
    if (!request.target.starts_with("/event_types/")) return std::nullopt;
    return upstream(200, R"({"resource":{"duration":30,"profile":{"owner":"https://api.calendly.com/users/ANOTHER"}}})");
  };
  CHECK(world.ask().verdict.reasons.front().certainty == why::Certainty::likely);
}

TEST_CASE("WhyService: a Calendly that crawls is waited for fifteen seconds in all", "[proxy][why]") {
  WhyWorld world;
  world.other = [&](const UpstreamRequest& request) -> std::optional<Exchange> {
    if (request.target.starts_with("/event_type_available_times")) return std::nullopt;
    CHECK(request.timeout <= std::chrono::seconds(5));
    world.clock.pass(std::chrono::milliseconds(4'900));
    return std::nullopt;
  };
  world.busy = R"({"collection":[{"type":"calendly","start_time":"2026-01-08T09:00:00Z","end_time":"2026-01-08T10:00:00Z"}]})";
  const time::Tick began = world.clock.tick();
  const why::WhyAnswer answer = world.ask();
  CHECK(world.clock.tick() - began <= std::chrono::seconds(21));
  CHECK(answer.verdict.reasons.front().cause == why::Cause::override_off);
  REQUIRE(answer.verdict.unread.size() == 1);
  CHECK(answer.verdict.unread.front().what == "bookings");
}

}  // namespace slotwire::tests
