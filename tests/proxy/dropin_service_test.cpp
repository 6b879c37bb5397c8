// The service behind /calendly/v2 with a controlled clock: what is cached, shared, retried and forgotten.
#include "proxy/dropin/dropin_service.h"

#include <catch_amalgamated.hpp>

#include "tests/proxy/service_fixture.h"

namespace slotwire::tests {
using namespace calendly;
using namespace dropin;
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct World : ServiceFixture {
  World() {
    wire.answer([this](const UpstreamRequest& request) -> Exchange {
      return calendly_says ? calendly_says(request) : usual_answer(request);
    });
    open_connection();
    dropin = std::make_unique<DropinService>(
        DropinService::Parts{*connection, calendly, workers, timers, clock, log, no_chance, shares},
        DropinSettings{.fresh_for = seconds(300), .stale_for = seconds(3600)});
    connection->on_change([this] { dropin->forget_all(); });
    REQUIRE(connection->set_token(secrets::SecretString("eyJmarker.token.that-stays-inside"), "test", ""));
    wire.log.clear();
  }

  // Sends a request and runs the workers; returns the answer that exists when they have nothing left to do.
  std::optional<Result<ApiReply>> read(const std::string& path, std::vector<std::pair<std::string, std::string>> query = {}) {
    auto came = std::make_shared<std::optional<Result<ApiReply>>>();
    dropin->read({"GET", path, std::move(query), {}, "r1"}, [came](Result<ApiReply> reply) { *came = std::move(reply); });
    run();
    return *came;
  }

  void run() {
    timers.run();
    workers.run();
  }

  ReplySource source_of(const std::string& path) {
    const auto reply = read(path);
    REQUIRE(reply);
    REQUIRE(*reply);
    return (*reply)->source;
  }

  std::vector<std::pair<std::string, std::string>> range(const std::string& from, const std::string& to) const {
    return {{"end_time", to}, {"event_type", std::string(kTypeUri)}, {"start_time", from}};
  }

  std::function<Exchange(const UpstreamRequest&)> calendly_says;
  ManualWorkers workers{clock};
  ManualWorkers timers{clock};
  fetch::Shares shares;
  std::unique_ptr<DropinService> dropin;
};

constexpr char kMe[] = "/users/me";
constexpr char kTimes[] = "/event_type_available_times";

Exchange trouble(const UpstreamRequest&) { return upstream(503, "<html>"); }

}  // namespace

TEST_CASE("DropinService: Calendly hears a query in its caller's order, and other orders share the answer", "[proxy][dropin]") {
  // Parameters were sorted for the cache, so Calendly's next_page, which repeats them, had another order than the caller's.
  World world;
  CHECK(world.read("/event_types", {{"user", "U"}, {"count", "5"}, {"active", "true"}}));
  REQUIRE(world.wire.log.size() == 1);
  CHECK(world.wire.log.front() == "/event_types?user=U&count=5&active=true");
  const auto again = world.read("/event_types", {{"active", "true"}, {"count", "5"}, {"user", "U"}});
  REQUIRE(again);
  CHECK((*again)->source == ReplySource::cache);
  CHECK(world.wire.log.size() == 1);
}

// After an exception during a call to Calendly the question stayed registered as pending: later callers of the same waited for an
// answer that would never come.
TEST_CASE("DropinService: an exception on a worker ends what it was at", "[proxy][dropin]") {
  World world;
  const auto throws = [](const UpstreamRequest&) -> Exchange { throw std::runtime_error("a bug"); };
  const auto times = world.range("2026-02-01T00:00:00Z", "2026-02-05T00:00:00Z");
  for (const bool is_of_times : {false, true}) {
    world.calendly_says = throws;
    const auto failed = is_of_times ? world.read(kTimes, times) : world.read(kMe);
    REQUIRE(failed);
    REQUIRE_FALSE(*failed);
    CHECK(failed->error().code == ErrorCode::internal);
    world.calendly_says = nullptr;
    const auto next = is_of_times ? world.read(kTimes, times) : world.read(kMe);
    REQUIRE(next);
    REQUIRE(*next);
    CHECK((*next)->source == ReplySource::upstream);
  }
}

TEST_CASE("DropinService: an answer is fresh for its time, then old, then too old", "[proxy][dropin]") {
  World world;
  CHECK(world.source_of(kMe) == ReplySource::upstream);
  world.clock.pass(seconds(239));
  CHECK(world.source_of(kMe) == ReplySource::cache);
  CHECK(world.wire.log.size() == 1);
  world.clock.pass(seconds(61));
  world.calendly_says = trouble;
  // After the first failure the copy is served; retries continue in the background.
  const auto reply = world.read(kMe);
  REQUIRE(reply);
  CHECK((*reply)->source == ReplySource::stale);
  CHECK((*reply)->age == seconds(300));
  CHECK((*reply)->fresh_for == seconds(0));
  CHECK(world.wire.log.size() == 2);
  CHECK(world.source_of(kMe) == ReplySource::stale);
  CHECK(world.wire.log.size() == 2);
  for (const int wait : {1, 2, 4}) {
    world.clock.pass(seconds(wait));
    world.run();
  }
  const std::size_t given_up = world.wire.log.size();
  CHECK(given_up == 5);
  // Not called for a moment, then called again.
  CHECK(world.source_of(kMe) == ReplySource::stale);
  CHECK(world.wire.log.size() == given_up);
  world.clock.pass(seconds(70));
  world.calendly_says = nullptr;
  CHECK(world.source_of(kMe) == ReplySource::upstream);
  world.clock.pass(seconds(3601));
  world.calendly_says = [](const UpstreamRequest&) -> Exchange {
    return upstream(424, R"({"title":"External Calendar Error","message":"no"})");
  };
  const auto too_old = world.read(kMe);
  REQUIRE(too_old);
  CHECK((*too_old)->answer->status == 424);
}

TEST_CASE("DropinService: a refusal is Calendly's word, and ends a copy's life", "[proxy][dropin]") {
  World world;
  CHECK(world.source_of("/event_types/A") == ReplySource::upstream);
  world.clock.pass(seconds(301));
  world.calendly_says = [](const UpstreamRequest&) -> Exchange {
    return upstream(404, R"({"title":"Resource Not Found","message":"gone"})");
  };
  const auto gone = world.read("/event_types/A");
  REQUIRE(gone);
  CHECK((*gone)->answer->status == 404);
  world.calendly_says = trouble;
  CHECK_FALSE(world.read("/event_types/A").has_value());  // being retried: there is no copy any more
}

TEST_CASE("DropinService: a token that Calendly rejects is noted, and copies stay", "[proxy][dropin]") {
  World world;
  CHECK(world.source_of(kMe) == ReplySource::upstream);
  world.clock.pass(seconds(301));
  world.calendly_says = [](const UpstreamRequest&) -> Exchange {
    return upstream(401, R"({"title":"Unauthenticated","message":"x"})");
  };
  CHECK(world.source_of(kMe) == ReplySource::stale);
  REQUIRE(world.connection->account()->problem);
  CHECK(world.connection->account()->problem->code == ErrorCode::token_rejected);
  const auto without_copy = world.read("/event_types");
  REQUIRE(without_copy);
  CHECK((*without_copy)->answer->status == 401);
}

TEST_CASE("DropinService: equal questions wait for one call; personal ones are asked one by one", "[proxy][dropin]") {
  World world;
  world.calendly_says = [](const UpstreamRequest&) -> Exchange { return upstream(200, R"({"collection":[]})"); };
  for (const auto& [path, calls] : {std::pair("/event_types", 1U), std::pair("/scheduled_events", 3U)}) {
    INFO(path);
    world.wire.log.clear();
    int answered = 0;
    for (int each = 0; each < 3; ++each) {
      world.dropin->read({"GET", path, {}, {}, "r1"}, [&](const Result<ApiReply>& reply) { answered += reply ? 1 : 0; });
    }
    world.run();
    CHECK(answered == 3);
    CHECK(world.wire.log.size() == calls);
  }
  CHECK(world.source_of("/scheduled_events") == ReplySource::upstream);
  CHECK(world.source_of("/event_types") == ReplySource::cache);
}

TEST_CASE("DropinService: trouble that passes is waited out, trouble that does not is Calendly's own answer", "[proxy][dropin]") {
  World world;
  int failures = 2;
  world.calendly_says = [&](const UpstreamRequest& request) -> Exchange {
    return failures-- > 0 ? trouble(request) : usual_answer(request);
  };
  std::optional<Result<ApiReply>> came;
  world.dropin->read({"GET", kMe, {}, {}, "r1"}, [&](Result<ApiReply> reply) { came = std::move(reply); });
  for (const int wait : {0, 1, 2}) {
    CHECK_FALSE(came);
    world.clock.pass(seconds(wait));
    world.run();
  }
  REQUIRE(came);
  CHECK((**came).answer->status == 200);

  failures = 100;
  came.reset();
  world.dropin->read({"GET", "/event_types", {}, {}, "r2"}, [&](Result<ApiReply> reply) { came = std::move(reply); });
  for (const int wait : {0, 1, 2, 4}) {
    world.clock.pass(seconds(wait));
    world.run();
  }
  REQUIRE(came);
  CHECK((**came).answer->status == 503);
  CHECK((**came).answer->body == "<html>");
}

TEST_CASE("DropinService: what changed while Calendly was asked is asked anew", "[proxy][dropin]") {
  World world;
  struct Row {
    const char* name;
    std::function<void(DropinService&)> change;
  };
  const auto row = GENERATE(values<Row>({
      {"times of any day", [](DropinService& dropin) { dropin.forget_times(); }},
      {"times of a day of it",
       [](DropinService& dropin) {
         dropin.forget_times(DayRange{day("2026-01-07"), day("2026-01-08")});
       }},
      {"everything", [](DropinService& dropin) { dropin.forget_all(); }},
  }));
  INFO(row.name);
  int asked = 0;
  world.calendly_says = [&](const UpstreamRequest& request) {
    if (++asked == 1) row.change(*world.dropin);
    return usual_answer(request);
  };
  const auto week = world.range("2026-01-06T00:00:00Z", "2026-01-13T00:00:00Z");
  const auto reply = world.read(kTimes, week);
  REQUIRE(reply);
  REQUIRE(*reply);
  CHECK((*reply)->source == ReplySource::upstream);
  CHECK(asked == 2);
  CHECK(world.read(kTimes, week)->value().source == ReplySource::cache);
  CHECK(asked == 2);
}

TEST_CASE("DropinService: a booking sent through it outdates free times, and nothing else", "[proxy][dropin]") {
  World world;
  const auto week = world.range("2026-01-06T00:00:00Z", "2026-01-13T00:00:00Z");
  world.calendly_says = [](const UpstreamRequest& request) -> Exchange {
    return request.method == "POST" ? Exchange(upstream(201, "{}")) : usual_answer(request);
  };
  REQUIRE(world.read(kTimes, week));
  REQUIRE(world.read("/user_busy_times"));
  REQUIRE(world.read(kMe));
  std::optional<Instant> booked;
  world.dropin->on_times_touched([&](const std::optional<Instant>& start) { booked = start; });
  world.dropin->write({"POST", "/invitees", {}, R"({"start_time":"2026-01-06T14:00:00.000000Z"})", "r2"},
                      [](const Result<ApiReply>&) {});
  world.run();
  CHECK(booked == instant("2026-01-06T14:00:00Z"));
  CHECK(world.read(kTimes, week)->value().source == ReplySource::upstream);
  CHECK(world.source_of("/user_busy_times") == ReplySource::upstream);
  CHECK(world.source_of(kMe) == ReplySource::cache);
}

TEST_CASE("DropinService: ranges that overlap share the days they have in common", "[proxy][dropin]") {
  World world;
  REQUIRE(world.read(kTimes, world.range("2026-01-06T00:00:00Z", "2026-01-13T00:00:00Z")));
  world.wire.log.clear();
  const auto later = world.read(kTimes, world.range("2026-01-09T10:00:00Z", "2026-01-16T00:00:00Z"));
  REQUIRE(later);
  CHECK((*later)->source == ReplySource::upstream);
  REQUIRE(world.wire.log.size() == 1);
  CHECK(world.wire.log.front().find("start_time=2026-01-13T00") != std::string::npos);
}

// Programs that use the drop-in had no share: one of them could use up the limit of all visitors.
TEST_CASE("DropinService: a caller's calls are counted with those it causes elsewhere", "[proxy][dropin]") {
  World world;
  const fetch::Client caller{"203.0.113.7", {}};
  const auto ask = [&](const std::string& path, const fetch::Client& client) {
    std::optional<Result<ApiReply>> came;
    ApiCall call{"GET", path, {}, {}, "r1"};
    call.client = client;
    world.dropin->read(call, [&](Result<ApiReply> reply) { came = std::move(reply); });
    world.run();
    REQUIRE(came);
    return *came;
  };
  int taken = 0;
  while (world.shares.take(caller, world.clock.tick())) ++taken;
  CHECK(taken == 16);
  const Result<ApiReply> refused = ask(kMe, caller);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::too_many_requests);
  CHECK(refused.error().retry_after > seconds(0));
  CHECK(world.wire.log.empty());
  CHECK(ask(kMe, {"203.0.113.8", {}}));
  CHECK(ask(kMe, caller));  // cached, so it costs nothing
}

// Windows requested after the change were still sent with the old token, and found by the next caller.
TEST_CASE("DropinService: what a range goes on asking after a change of account is nobody's after it", "[proxy][dropin]") {
  World world;
  const auto quarter = world.range("2026-01-06T00:00:00Z", "2026-04-08T00:00:00Z");
  std::optional<Result<ApiReply>> came;
  world.dropin->read({"GET", kTimes, quarter, {}, "r1"}, [&](Result<ApiReply> reply) { came = std::move(reply); });
  REQUIRE(world.workers.run_one());
  REQUIRE(world.workers.run_one());
  CHECK_FALSE(came);
  REQUIRE(world.connection->set_token(secrets::SecretString("eyJ.another.token"), "test", ""));
  world.workers.run();
  REQUIRE(came);
  world.wire.log.clear();
  REQUIRE(world.read(kTimes, quarter));
  CHECK(world.wire.log.size() == 14);
}

TEST_CASE("DropinService: a write is sent once, and what may have happened is told", "[proxy][dropin]") {
  World world;
  std::optional<Result<ApiReply>> came;
  const auto write = [&] {
    came.reset();
    world.wire.log.clear();
    world.dropin->write({"POST", "/scheduling_links", {}, "{}", "r1"}, [&](Result<ApiReply> reply) { came = std::move(reply); });
    for (int second = 0; second < 20; ++second) {
      world.run();
      world.clock.pass(seconds(1));
    }
    REQUIRE(came);
    CHECK(world.wire.log.size() == 1);
  };
  world.calendly_says = [](const UpstreamRequest&) -> Exchange { return TransportFailure::unreachable; };
  write();
  CHECK(came->error().code == ErrorCode::calendly_unavailable);
  world.calendly_says = [](const UpstreamRequest&) -> Exchange { return TransportFailure::timed_out; };
  write();
  CHECK(came->error().code == ErrorCode::booking_unknown);
  world.calendly_says = trouble;
  write();
  CHECK((**came).answer->status == 503);
}

TEST_CASE("DropinService: without a token there is nothing to ask with", "[proxy][dropin]") {
  World world;
  REQUIRE(world.connection->disconnect());
  const auto reply = world.read(kMe);
  REQUIRE(reply);
  CHECK(reply->error().code == ErrorCode::not_connected);
  CHECK(world.wire.log.empty());
}

}  // namespace slotwire::tests
