// The public calls through the router, without sockets: caching times, access, links.
#include "proxy/routes/public_routes.h"

#include <catch_amalgamated.hpp>
#include <nlohmann/json.hpp>

#include "proxy/live/webhook_intake.h"
#include "proxy/routes/door.h"
#include "proxy/routes/envelope.h"
#include "tests/proxy/service_fixture.h"

namespace slotwire::tests {
using namespace calendly;
using namespace http;
using namespace routes;
namespace {

constexpr const char* kSlots = "/api/app/calendly/slots/30min?start_date=2026-01-06&end_date=2026-01-08";

struct World : ServiceFixture {
  explicit World(std::vector<std::string> allowed = {"*"}) : origins(AllowedOrigins::from_list(allowed).value()) {
    wire.answer([this](const UpstreamRequest& request) -> Exchange {
      if (request.target == "/scheduling_links") return links(request);
      return usual_answer(request);
    });
    open_connection();
    slots =
        std::make_unique<slots::SlotService>(slots::SlotService::Parts{*connection, calendly, *store, alone, workers, workers,
                                                                       timers, clock, log, [] { return 0.0; }, shares, *types},
                                             slots::SlotServiceSettings{});
    connection->on_change([this] { slots->account_changed(); });
    any_of = std::make_unique<slots::AnyOfService>(*slots, *connection, clock, slots::SlotServiceSettings{});
    add_public_routes(router, {*connection, *any_of, calendly, *store, alone, workers, workers, zones, clock, origins,
                               link_limits, shares, changes, *types});
    REQUIRE(connection->set_token(secrets::SecretString("eyJ.good.token"), "test", ""));
    wire.log.clear();
  }

  Reply send(const std::string& method, const std::string& target, Headers headers = {}, const std::string& body = "") {
    Request request;
    request.method = method;
    const std::size_t query = target.find('?');
    request.path = target.substr(0, query);
    if (query != std::string::npos) request.query = target.substr(query + 1);
    request.client = client;
    request.id = "r1";
    request.body = body;
    request.headers = std::move(headers);
    if (!body.empty()) request.headers.set("Content-Type", "application/json");
    Step step = door(request);
    if (auto* reply = std::get_if<Reply>(&step)) return *reply;
    std::optional<Reply> came;
    std::get<Later>(step)([&](Reply reply) { came = std::move(reply); });
    for (int i = 0; i < 200 && !came; ++i) {
      timers.run();
      workers.run();
      clock.pass(std::chrono::milliseconds(100));
    }
    REQUIRE(came);
    return *came;
  }
  Reply link(const std::string& body = R"({"eventType":"30min"})") {
    return send("POST", "/api/app/calendly/scheduling-links", {}, body);
  }

  TableTransport::Answer links = [](const UpstreamRequest&) -> Exchange {
    return upstream(201,
                    R"({"resource":{"booking_url":"https://calendly.com/d/abc/30min","owner":"x","owner_type":"EventType"}})");
  };
  ManualWorkers workers{clock};
  ManualWorkers timers{clock};
  fetch::Shares shares;
  time::Zones zones;
  AllowedOrigins origins;
  ClientLimits limits{Rate{.at_once = 600, .refill = std::chrono::seconds(30)}};
  ClientLimits link_limits{Rate{.at_once = 20, .refill = std::chrono::hours(1)}};
  live::ChangeHub changes{workers, clock, 7};
  Router router;
  ClientLimits health_limits{Rate{.at_once = 120, .refill = std::chrono::seconds(60)}};
  Handler door =
      with_client_limits({origins, limits, health_limits, clock}, [this](const Request& request) { return router(request); });
  std::unique_ptr<slots::SlotService> slots;
  std::unique_ptr<slots::AnyOfService> any_of;
  std::string client = "203.0.113.7";
};

std::string header(const Reply& reply, std::string_view name) { return std::string(reply.headers.find(name).value_or("")); }
std::string code_of(const Reply& reply) {
  const auto body = nlohmann::json::parse(*reply.body, nullptr, false);
  return body.contains("error") ? body["error"]["code"].get<std::string>() : "";
}

}  // namespace

TEST_CASE("public routes: an answer may be kept for what is left of its life, and says where it came from",
          "[proxy][routes][headers]") {
  World world;
  const Reply cold = world.send("GET", kSlots);
  REQUIRE(cold.status == 200);
  CHECK(header(cold, "Cache-Control") == "public, max-age=300, stale-while-revalidate=60");
  CHECK(header(cold, "Cache-Status") == "slotwire; fwd=miss; stored");
  CHECK(header(cold, "Server-Timing").starts_with("cache;desc=\"miss\", total;dur="));
  CHECK_FALSE(cold.repeat_until);
  world.clock.pass(std::chrono::seconds(100));
  const Reply warm = world.send("GET", kSlots);
  CHECK(header(warm, "Cache-Status").starts_with("slotwire; hit; ttl=199"));
  CHECK(header(warm, "Cache-Control").starts_with("public, max-age=199,"));
  REQUIRE(warm.repeat_until);
  CHECK(*warm.repeat_until - world.clock.tick() <= std::chrono::seconds(1));
  CHECK(header(warm, "Vary").find("Origin") != std::string::npos);
  CHECK(header(warm, "Vary").find("Accept-Encoding") != std::string::npos);
  CHECK(header(warm, "ETag").starts_with("W/\""));
  CHECK(header(warm, "ETag") == header(cold, "ETag"));
}

TEST_CASE("public routes: a stale answer is never kept by anybody else, and says so", "[proxy][routes][headers]") {
  World world;
  REQUIRE(world.send("GET", kSlots).status == 200);
  world.clock.pass(std::chrono::minutes(20));
  world.wire.answer([](const UpstreamRequest&) -> Exchange { return upstream(503, "<html>"); });
  const Reply stale = world.send("GET", kSlots);
  REQUIRE(stale.status == 200);
  CHECK(header(stale, "Cache-Control") == "public, max-age=0, must-revalidate");
  CHECK(header(stale, "Cache-Status") == "slotwire; fwd=stale; detail=\"upstream failed\"");
  // It is prepared once for as long as it may be served, and sent from the same bytes.
  REQUIRE(stale.repeat_until);
  CHECK(*stale.repeat_until > world.clock.tick());
  CHECK(*stale.repeat_until <= world.clock.tick() + std::chrono::seconds(1));
  CHECK(nlohmann::json::parse(*stale.body)["data"]["stale"] == true);
}

TEST_CASE("public routes: whoever has these slots already gets 304 and no body", "[proxy][routes][headers]") {
  World world;
  const std::string tag = header(world.send("GET", kSlots), "ETag");
  for (const std::string& known : {tag, "\"x\", " + tag, tag.substr(2), std::string("*")}) {
    INFO(known);
    Headers headers;
    headers.set("If-None-Match", known);
    const Reply reply = world.send("GET", kSlots, headers);
    CHECK(reply.status == 304);
    CHECK_FALSE(reply.body);
    CHECK(header(reply, "ETag") == tag);
    CHECK_FALSE(header(reply, "Cache-Control").empty());
  }
  Headers other;
  other.set("If-None-Match", "W/\"other\"");
  CHECK(world.send("GET", kSlots, other).status == 200);
}

TEST_CASE("public routes: errors say when to come back and are kept by nobody", "[proxy][routes][headers]") {
  World world;
  world.wire.answer([](const UpstreamRequest&) -> Exchange { return upstream(503, "<html>secret page</html>"); });
  const Reply failed = world.send("GET", kSlots);
  CHECK(failed.status == 503);
  CHECK(code_of(failed) == "calendly_unavailable");
  CHECK_FALSE(header(failed, "Retry-After").empty());
  CHECK(header(failed, "Cache-Control").find("max-age=3") == std::string::npos);
  CHECK(failed.body->find("secret page") == std::string::npos);
  CHECK(header(failed, "Access-Control-Allow-Origin").empty());
}

TEST_CASE("public routes: pages of listed origins may read, errors too; others may not", "[proxy][routes][cors]") {
  World world({"https://www.example.com"});
  struct Row {
    const char* origin;
    const char* allowed;
  };
  const Row row = GENERATE(values<Row>({{"https://www.example.com", "https://www.example.com"},
                                        {"https://www.example.com.evil.example", ""},
                                        {"http://www.example.com", ""},
                                        {"null", ""}}));
  INFO(row.origin);
  Headers headers;
  headers.set("Origin", row.origin);
  for (const char* target : {kSlots, "/api/app/calendly/event-types", "/api/app/calendly/slots/nonsense",
                             "/api/app/calendly/slots/30min?start_date=x"}) {
    INFO(target);
    const Reply reply = world.send("GET", target, headers);
    CHECK(header(reply, "Access-Control-Allow-Origin") == row.allowed);
    CHECK(header(reply, "Vary").find("Origin") != std::string::npos);
    CHECK(header(reply, "Access-Control-Allow-Credentials").empty());
  }
}

TEST_CASE("public routes: a single-use link is asked for once, by the type's uri", "[proxy][routes][links]") {
  World world;
  const Reply reply = world.link();
  REQUIRE(reply.status == 200);
  const auto data = nlohmann::json::parse(*reply.body)["data"];
  CHECK(data["bookingUrl"] == "https://calendly.com/d/abc/30min");
  CHECK(data["eventTypeUri"] == std::string(kTypeUri));
  CHECK(header(reply, "Cache-Control") == "no-store");
  world.links = [](const UpstreamRequest&) -> Exchange { return TransportFailure::cut_off; };
  CHECK(world.link().status == 503);
  CHECK(world.wire.calls_to("/scheduling_links") == 2);  // ten links for one click would be useless
}

TEST_CASE("public routes: what is no wish for a link is refused without a call", "[proxy][routes][links]") {
  World world;
  CHECK(code_of(world.link("{")) == "bad_input");
  CHECK(code_of(world.link("{}")) == "bad_input");
  CHECK(code_of(world.link(R"({"eventType":7})")) == "bad_input");
  CHECK(code_of(world.link(R"({"eventType":"nonsense"})")) == "event_type_not_found");
  Headers form;
  form.set("Content-Type", "text/plain");
  CHECK(world.send("POST", "/api/app/calendly/scheduling-links", form).status == 415);
  CHECK(world.wire.calls_to("/scheduling_links") == 0);
}

TEST_CASE("public routes: twenty links an hour for one client, and another has its own", "[proxy][routes][links][limits]") {
  World world;
  for (int i = 0; i < 20; ++i) {
    REQUIRE(world.link().status == 200);
    world.clock.pass(std::chrono::seconds(4));  // within the client's share of calls
  }
  const Reply refused = world.link();
  CHECK(refused.status == 429);
  CHECK(code_of(refused) == "too_many_requests");
  const int wait = std::stoi(header(refused, "Retry-After"));
  CHECK(wait > 60);  // a client's share would be refilled in seconds
  CHECK(wait <= 180);
  CHECK(world.send("GET", kSlots).status == 200);
  world.client = "203.0.113.8";
  CHECK(world.link().status == 200);
  world.client = "203.0.113.7";
  world.clock.pass(std::chrono::seconds(wait));
  CHECK(world.link().status == 200);
  CHECK(world.link().status == 429);
}

// Links were not counted in a client's share: twenty of them and its windows were most of a free account's minute.
TEST_CASE("public routes: links are paid of the same share as times", "[proxy][routes][links][limits]") {
  World world;
  int made = 0;
  for (int i = 0; i < 20; ++i) {
    const Reply reply = world.link();
    if (reply.status == 200) {
      ++made;
      continue;
    }
    CHECK(reply.status == 429);
    CHECK(std::stoi(std::string(reply.headers.find("Retry-After").value_or("0"))) > 0);
  }
  CHECK(made >= 16);  // a third of fifty, plus what is refilled meanwhile
  CHECK(made < 20);
  world.client = "192.0.2.44";
  CHECK(world.link().status == 200);
}

TEST_CASE("public routes: six hundred calls at once, refilled over half a minute", "[proxy][routes][limits]") {
  World world;
  int answered = 0;
  while (answered < 700 && world.send("GET", "/api/app/calendly/event-types").status == 200) ++answered;
  CHECK(answered == 600);
  const Reply refused = world.send("GET", kSlots);
  CHECK(refused.status == 429);
  CHECK(header(refused, "Retry-After") == "1");
  CHECK(world.wire.log.empty());
  // Health checks must never be refused.
  CHECK(world.send("GET", "/healthz").status == 200);
  world.clock.pass(std::chrono::seconds(1));
  for (int i = 0; i < 20; ++i) CHECK(world.send("GET", "/api/app/calendly/event-types").status == 200);
  CHECK(world.send("GET", "/api/app/calendly/event-types").status == 429);
}

TEST_CASE("status_from_code: every code has the contract's status", "[proxy][routes]") {
  struct Row {
    ErrorCode code;
    int visitor;
    int admin;
  };
  const Row row = GENERATE(values<Row>({{ErrorCode::bad_input, 400, 400},
                                        {ErrorCode::invalid_date_range, 400, 400},
                                        {ErrorCode::invalid_token, 400, 400},
                                        {ErrorCode::insufficient_scope, 503, 400},
                                        {ErrorCode::unauthorized, 401, 401},
                                        {ErrorCode::forbidden, 403, 403},
                                        {ErrorCode::event_type_not_found, 404, 404},
                                        {ErrorCode::not_found, 404, 404},
                                        {ErrorCode::method_not_allowed, 405, 405},
                                        {ErrorCode::payload_too_large, 413, 413},
                                        {ErrorCode::unsupported_media_type, 415, 415},
                                        {ErrorCode::too_many_requests, 429, 429},
                                        {ErrorCode::not_connected, 503, 503},
                                        {ErrorCode::token_rejected, 503, 503},
                                        {ErrorCode::token_unreadable, 503, 503},
                                        {ErrorCode::calendly_rate_limited, 503, 503},
                                        {ErrorCode::calendly_unavailable, 503, 503},
                                        {ErrorCode::calendar_error, 503, 503},
                                        {ErrorCode::storage_failed, 503, 503},
                                        {ErrorCode::stopping, 503, 503},
                                        {ErrorCode::internal, 500, 500}}));
  INFO(name_from_code(row.code));
  CHECK(status_from_code(row.code, Audience::visitor) == row.visitor);
  CHECK(status_from_code(row.code, Audience::admin) == row.admin);
  const Reply reply = reply_from_error({row.code, "words"}, Audience::visitor);
  CHECK(reply.headers.find("Retry-After").has_value() == (row.visitor == 503));
  CHECK(code_of(reply) == name_from_code(row.code));
}

TEST_CASE("door: one client had thousands of answers 404 a second, and every one was logged with its whole path",
          "[proxy][routes]") {
  World world;
  for (int i = 0; i < 600; ++i) REQUIRE(world.send("GET", "/nothing/" + std::to_string(i)).status == 404);
  const Reply refused = world.send("GET", "/nothing");
  CHECK(refused.status == 429);
  CHECK(code_of(refused) == "too_many_requests");
  CHECK(refused.headers.find("Retry-After"));
  // For any path and method.
  CHECK(world.send("POST", "/api/webhooks/calendly/x").status == 429);
  CHECK(world.send("GET", "/calendly/v2x").status == 429);
  CHECK(world.send("GET", "/%zz").status == 429);
  Headers page;
  page.set("Origin", "https://www.example.com");
  CHECK(world.send("GET", kSlots, page).headers.find("Access-Control-Allow-Origin") == "*");
  // A monitor at the same address is answered all the same, and is limited too.
  CHECK(world.send("GET", "/healthz").status == 200);
  for (int i = 0; i < 200; ++i) (void)world.send("GET", "/healthz");
  CHECK(world.send("GET", "/healthz").status == 429);
  // Calls with a limit of their own are not refused here: this test has no route for them.
  CHECK(world.send("GET", "/calendly/v2/users/me").status == 404);
  CHECK(world.send("POST", std::string(connection::kWebhookPath)).status == 404);
  world.client = "198.51.100.1";
  CHECK(world.send("GET", "/healthz").status == 200);
}

}  // namespace slotwire::tests
