// The service behind /calendly/v2 under a clock that is told the time: what is kept, shared, tried again and forgotten.
#include "proxy/dropin/dropin_service.h"

#include <catch_amalgamated.hpp>

#include "tests/proxy/ground.h"

namespace slotwire::proxy {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct World : Ground {
  World() {
    wire.answer([this](const UpstreamRequest& request) -> Exchange {
      return calendly_says ? calendly_says(request) : usual_answer(request);
    });
    open_connection();
    dropin = std::make_unique<DropinService>(DropinService::Parts{*connection, calendly, workers, clock, log, [] { return 0.0; }},
                                             DropinSettings{.fresh_for = seconds(300), .stale_for = seconds(3600)});
    connection->on_change([this] { dropin->forget_all(); });
    REQUIRE(connection->set_token(SecretString("eyJmarker.token.that-stays-inside"), "test", ""));
    wire.log.clear();
  }

  // Asks and lets the workers run; what is there when they have nothing to do any more.
  std::optional<Result<ApiReply>> read(const std::string& path, std::vector<std::pair<std::string, std::string>> query = {}) {
    auto came = std::make_shared<std::optional<Result<ApiReply>>>();
    dropin->read({"GET", path, std::move(query), {}, "r1"}, [came](Result<ApiReply> reply) { *came = std::move(reply); });
    workers.run();
    return *came;
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
  HandWorkers workers{clock};
  std::unique_ptr<DropinService> dropin;
};

constexpr char kMe[] = "/users/me";
constexpr char kTimes[] = "/event_type_available_times";

Exchange trouble(const UpstreamRequest&) { return upstream(503, "<html>"); }

}  // namespace

TEST_CASE("DropinService: Calendly hears a query in its caller's order, and other orders share the answer", "[proxy][dropin]") {
  // Parameters were sorted for the cache, and Calendly's next_page, which repeats them, came in an order nobody had asked in.
  World world;
  CHECK(world.read("/event_types", {{"user", "U"}, {"count", "5"}, {"active", "true"}}));
  REQUIRE(world.wire.log.size() == 1);
  CHECK(world.wire.log.front() == "/event_types?user=U&count=5&active=true");
  const auto again = world.read("/event_types", {{"active", "true"}, {"count", "5"}, {"user", "U"}});
  REQUIRE(again);
  CHECK((*again)->source == ReplySource::cache);
  CHECK(world.wire.log.size() == 1);
}

TEST_CASE("DropinService: an answer is fresh for its time, then old, then too old", "[proxy][dropin]") {
  World world;
  CHECK(world.source_of(kMe) == ReplySource::upstream);
  world.clock.pass(seconds(299));
  CHECK(world.source_of(kMe) == ReplySource::cache);
  CHECK(world.wire.log.size() == 1);
  world.clock.pass(seconds(1));
  world.calendly_says = trouble;
  // The first failure is enough to serve the copy; retries go on behind it, and nobody waits for them.
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
    world.workers.run();
  }
  const std::size_t given_up = world.wire.log.size();
  CHECK(given_up == 5);
  // Left alone for a moment, then asked again.
  CHECK(world.source_of(kMe) == ReplySource::stale);
  CHECK(world.wire.log.size() == given_up);
  world.clock.pass(seconds(70));
  world.calendly_says = nullptr;
  CHECK(world.source_of(kMe) == ReplySource::upstream);
  world.clock.pass(seconds(3600));
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
  CHECK_FALSE(world.read("/event_types/A").has_value());  // being tried again: no copy any more
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
    world.workers.run();
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
    world.workers.run();
  }
  REQUIRE(came);
  CHECK((**came).answer->status == 200);

  failures = 100;
  came.reset();
  world.dropin->read({"GET", "/event_types", {}, {}, "r2"}, [&](Result<ApiReply> reply) { came = std::move(reply); });
  for (const int wait : {0, 1, 2, 4}) {
    world.clock.pass(seconds(wait));
    world.workers.run();
  }
  REQUIRE(came);
  CHECK((**came).answer->status == 503);
  CHECK((**came).answer->body == "<html>");
}

TEST_CASE("DropinService: what was asked before a change is not kept after it", "[proxy][dropin]") {
  World world;
  const auto week = world.range("2026-01-06T00:00:00Z", "2026-01-13T00:00:00Z");
  const bool is_write = GENERATE(false, true);
  int answered = 0;
  world.dropin->read({"GET", kTimes, week, {}, "r1"}, [&](const Result<ApiReply>& reply) { answered += reply ? 1 : 0; });
  if (is_write) {
    world.calendly_says = [](const UpstreamRequest& request) -> Exchange {
      return request.method == "POST" ? Exchange(upstream(201, "{}")) : usual_answer(request);
    };
    std::optional<Instant> booked;
    world.dropin->on_times_touched([&](const std::optional<Instant>& start) { booked = start; });
    world.dropin->write({"POST", "/invitees", {}, R"({"start_time":"2026-01-06T14:00:00.000000Z"})", "r2"},
                        [](const Result<ApiReply>&) {});
    // The read goes out first and comes back first; its copy goes when the booking is answered.
    world.workers.run();
    CHECK(booked == instant("2026-01-06T14:00:00Z"));
  } else {
    world.dropin->forget_times();
    world.workers.run();
  }
  CHECK(answered == 1);
  world.wire.log.clear();
  const auto after = world.read(kTimes, week);
  REQUIRE(after);
  CHECK((*after)->source == ReplySource::upstream);
  CHECK(world.wire.log.size() == 1);
}

TEST_CASE("DropinService: six windows of one range at a time, none after one has failed", "[proxy][dropin]") {
  World world;
  const auto quarter = world.range("2026-01-06T00:00:00Z", "2026-04-08T00:00:00Z");
  std::optional<Result<ApiReply>> came;
  world.dropin->read({"GET", kTimes, quarter, {}, "r1"}, [&](Result<ApiReply> reply) { came = std::move(reply); });
  CHECK(world.workers.waiting() == 6);
  for (int window = 0; window < 14; ++window) {
    CHECK_FALSE(came);
    REQUIRE(world.workers.run_one());
    CHECK(world.workers.waiting() <= 6);
  }
  REQUIRE(came);
  CHECK((**came).answer->times.empty());
  std::size_t starts = 0;
  for (std::size_t at = 0; (at = (**came).answer->body.find("start_time", at)) != std::string::npos; ++at) ++starts;
  CHECK(starts == 92);

  world.dropin->forget_all();
  world.wire.log.clear();
  world.calendly_says = [](const UpstreamRequest&) -> Exchange {
    return upstream(404, R"({"title":"Resource Not Found","message":"no"})");
  };
  const auto failed = world.read(kTimes, quarter);
  REQUIRE(failed);
  CHECK((*failed)->answer->status == 404);
  CHECK(world.wire.log.size() == 6);
}

// Windows that were asked for after the change still went out under the token before it, and were found by the next caller.
TEST_CASE("DropinService: what a range goes on asking after a change of account is nobody's after it", "[proxy][dropin]") {
  World world;
  const auto quarter = world.range("2026-01-06T00:00:00Z", "2026-04-08T00:00:00Z");
  std::optional<Result<ApiReply>> came;
  world.dropin->read({"GET", kTimes, quarter, {}, "r1"}, [&](Result<ApiReply> reply) { came = std::move(reply); });
  REQUIRE(world.workers.run_one());
  CHECK_FALSE(came);
  REQUIRE(world.connection->set_token(SecretString("eyJ.another.token"), "test", ""));
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
      world.workers.run();
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

}  // namespace slotwire::proxy
