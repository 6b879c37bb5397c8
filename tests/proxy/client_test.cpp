#include "proxy/calendly/client.h"

#include <catch_amalgamated.hpp>

#include "tests/proxy/fakes.h"

namespace slotwire::tests {
using namespace calendly;
namespace {

struct World {
  ManualClock clock;
  TableTransport wire;
  CalendlyClient calendly{wire, clock};
  secrets::SecretString token{"eyJ.good.token"};

  CallFailure failure() {
    const auto called = calendly.user(token, {});
    REQUIRE(std::holds_alternative<CallFailure>(called));
    return std::get<CallFailure>(called);
  }
};

}  // namespace

TEST_CASE("CalendlyClient: what each answer means, and whether to ask again", "[proxy][client]") {
  struct Row {
    const char* name;
    int status;
    std::string body;
    ErrorCode code;
    bool is_retryable;
    bool is_range_complaint;
  };
  const Row row = GENERATE(values<Row>({
      {"range, in message", 400,
       R"j({"title":"Invalid Argument","message":"The date range can be no greater than 1 week (7 days)"})j",
       ErrorCode::calendly_unavailable, false, true},
      {"range, in details", 400,
       R"({"title":"Invalid Argument","message":"x","details":[{"message":"date range can be no greater than 31 DAYS"}]})",
       ErrorCode::calendly_unavailable, false, true},
      {"another 400", 400, R"({"message":"start_time must be in the future"})", ErrorCode::calendly_unavailable, false, false},
      {"401", 401, "{}", ErrorCode::token_rejected, false, false},
      {"403", 403, R"({"required_scopes":["users:read"]})", ErrorCode::insufficient_scope, false, false},
      {"404", 404, "{}", ErrorCode::event_type_not_found, false, false},
      {"424", 424, "{}", ErrorCode::calendar_error, false, false},
      {"429", 429, "{}", ErrorCode::calendly_rate_limited, true, false},
      {"500, HTML", 500, "<html><h1>Oops</h1>", ErrorCode::calendly_unavailable, true, false},
      {"502, nothing", 502, "", ErrorCode::calendly_unavailable, true, false},
      {"302", 302, "", ErrorCode::calendly_unavailable, false, false},
      {"200 that is HTML", 200, "<html>", ErrorCode::calendly_unavailable, true, false},
      {"200 cut short", 200, R"({"resource":{"uri")", ErrorCode::calendly_unavailable, true, false},
      {"200 of another shape", 200, R"([1,2,3])", ErrorCode::calendly_unavailable, true, false},
      {"200 without a uri", 200, R"({"resource":{}})", ErrorCode::calendly_unavailable, true, false},
  }));
  INFO(row.name);
  World world;
  world.wire.answer([&](const UpstreamRequest&) -> Exchange { return upstream(row.status, row.body); });
  const CallFailure failure = world.failure();
  CHECK(failure.error.code == row.code);
  CHECK(failure.is_retryable == row.is_retryable);
  CHECK(failure.is_range_complaint == row.is_range_complaint);
  // A visitor's error text never contains upstream's text.
  CHECK(failure.error.detail.find('<') == std::string::npos);
}

TEST_CASE("CalendlyClient: a missing scope is named", "[proxy][client]") {
  World world;
  world.wire.answer([](const UpstreamRequest&) -> Exchange {
    return upstream(403, R"({"required_scopes":["availability:read","users:read"]})");
  });
  const CallFailure failure = world.failure();
  REQUIRE(failure.error.details.size() == 2);
  CHECK(failure.error.details[0].message.find("availability:read") != std::string::npos);
  CHECK(failure.error.details[1].message.find("users:read") != std::string::npos);
}

TEST_CASE("CalendlyClient: no answer at all", "[proxy][client]") {
  struct Row {
    TransportFailure failure;
    bool is_retryable;
    const char* says;
  };
  const Row row = GENERATE(values<Row>({{TransportFailure::unreachable, true, "reached"},
                                        {TransportFailure::timed_out, true, "in time"},
                                        {TransportFailure::cut_off, true, "broke off"},
                                        {TransportFailure::too_large, false, "too large"},
                                        {TransportFailure::certificate_refused, false, "certificate"}}));
  INFO(row.says);
  World world;
  world.wire.answer([&](const UpstreamRequest&) -> Exchange { return row.failure; });
  const CallFailure failure = world.failure();
  CHECK(failure.error.code == ErrorCode::calendly_unavailable);
  CHECK(failure.is_retryable == row.is_retryable);
  CHECK(failure.error.detail.find(row.says) != std::string::npos);
  CHECK(world.calendly.counts().by_outcome.at(static_cast<std::size_t>(CalendlyClient::Outcome::no_answer)) == 1);
}

TEST_CASE("CalendlyClient: Retry-After and the rate limit's reset are the wait", "[proxy][client]") {
  using std::chrono::seconds;
  struct Row {
    const char* name;
    int status;
    std::optional<seconds> retry_after;
    std::optional<int> remaining;
    std::optional<seconds> reset;
    std::optional<std::chrono::milliseconds> wait;
  };
  const Row row = GENERATE(values<Row>({{"Retry-After", 429, seconds(3), {}, {}, seconds(3)},
                                        {"Retry-After before the reset", 429, seconds(3), 0, seconds(40), seconds(3)},
                                        {"reset, nothing left", 429, {}, 0, seconds(7), seconds(7)},
                                        {"reset, nothing said of what is left", 429, {}, {}, seconds(7), seconds(7)},
                                        {"reset, but something is left", 429, {}, 5, seconds(40), {}},
                                        {"nothing", 429, {}, {}, {}, {}},
                                        {"503 with Retry-After", 503, seconds(4), {}, {}, seconds(4)}}));
  INFO(row.name);
  World world;
  world.wire.answer([&](const UpstreamRequest&) -> Exchange {
    UpstreamAnswer answer = upstream(row.status, "{}");
    answer.retry_after = row.retry_after;
    answer.rate_remaining = row.remaining;
    answer.rate_reset = row.reset;
    return answer;
  });
  CHECK(world.failure().asked_wait == row.wait);
}

TEST_CASE("CalendlyClient: after a 429 nothing is sent before its time", "[proxy][client]") {
  World world;
  world.wire.answer([&](const UpstreamRequest&) -> Exchange {
    UpstreamAnswer answer = upstream(429, "{}");
    answer.retry_after = std::chrono::seconds(20);
    return answer;
  });
  (void)world.failure();
  world.clock.pass(std::chrono::seconds(19));
  CHECK(world.failure().error.code == ErrorCode::calendly_rate_limited);
  CHECK(world.wire.log.size() == 1);
  world.clock.pass(std::chrono::seconds(1));
  (void)world.failure();
  CHECK(world.wire.log.size() == 2);
}

TEST_CASE("CalendlyClient: refusals do not open the breaker, trouble does", "[proxy][client]") {
  struct Row {
    int status;
    bool opens;
  };
  const Row row =
      GENERATE(values<Row>({{400, false}, {401, false}, {403, false}, {404, false}, {424, false}, {500, true}, {503, true}}));
  INFO(row.status);
  World world;
  world.wire.answer([&](const UpstreamRequest&) -> Exchange { return upstream(row.status, "{}"); });
  for (int i = 0; i < 8; ++i) (void)world.failure();
  CHECK(world.calendly.counts().is_breaker_open == row.opens);
  CHECK(world.wire.log.size() == (row.opens ? 5 : 8));
}

TEST_CASE("CalendlyClient: a call without time left is not made", "[proxy][client]") {
  World world;
  world.wire.answer(usual_answer);
  CHECK(std::holds_alternative<CallFailure>(world.calendly.user(world.token, {Urgency::visitor, std::chrono::milliseconds(0)})));
  CHECK(world.wire.log.empty());
}

TEST_CASE("CalendlyClient: bookings are asked for by user and range, and read whole", "[proxy][client][bookings]") {
  World world;
  world.wire.answer([](const UpstreamRequest&) -> Exchange {
    return upstream(
        200, R"({"collection":[{"uri":"https://api.calendly.com/scheduled_events/E1","name":"Call with Bob","status":"active",
      "start_time":"2026-01-06T14:00:00.000000Z","end_time":"2026-01-06T14:30:00.000000Z","event_type":"https://api.calendly.com/event_types/A",
      "location":{"type":"physical","location":"12 Example Street"},"invitees_counter":{"total":2,"active":1,"limit":4},
      "created_at":"2026-01-01T00:00:00.000000Z","something_new":[]},
      {"uri":"https://api.calendly.com/scheduled_events/E2","start_time":"2026-01-07T14:00:00Z","end_time":"2026-01-07T14:30:00Z",
      "location":null,"invitees_counter":null}],"pagination":{"next_page":"https://evil.example","next_page_token":"more"}})");
  });
  const CalendlyClient::EventsAsked asked{
      "https://api.calendly.com/users/U", {instant("2026-01-01T00:00:00Z"), instant("2026-02-01T00:00:00Z")}, "a+b@c.de", "t&1"};
  const auto called = world.calendly.scheduled_events(world.token, asked, {});
  REQUIRE(std::holds_alternative<ScheduledEventPage>(called));
  CHECK(world.wire.log.at(0) ==
        "/scheduled_events?user=https%3A%2F%2Fapi.calendly.com%2Fusers%2FU&min_start_time=2026-01-01T00%3A00%3A00.000000Z"
        "&max_start_time=2026-02-01T00%3A00%3A00.000000Z&sort=start_time%3Aasc&count=100&invitee_email=a%2Bb%40c.de&page_token=t%"
        "261");
  const auto& page = std::get<ScheduledEventPage>(called);
  REQUIRE(page.events.size() == 2);
  CHECK(page.next_page_token == "more");
  CHECK(page.events[0].name == "Call with Bob");
  CHECK(page.events[0].time.begin == instant("2026-01-06T14:00:00Z"));
  CHECK(page.events[0].location == "12 Example Street");
  CHECK(page.events[0].invitees == 1);
  CHECK(page.events[0].invitees_limit == 4);
  CHECK(page.events[1].location.empty());
  CHECK_FALSE(page.events[1].invitees);
}

TEST_CASE("scheduled_events_from_calendly: a list that cannot be read is no list", "[proxy][client][bookings]") {
  for (const char* wrong : {"", "<html>", "{}", "[]", R"({"collection":{}})", R"({"collection":[{}]})", R"({"collection":[7]})",
                            R"({"collection":[{"uri":"u","start_time":"x","end_time":"2026-01-07T14:30:00Z"}]})"}) {
    INFO(wrong);
    CHECK_FALSE(scheduled_events_from_calendly(wrong));
  }
}

}  // namespace slotwire::tests
