// Every admin route with every kind of caller, through the router, without sockets.
#include "proxy/routes/admin_routes.h"

#include <catch_amalgamated.hpp>
#include <nlohmann/json.hpp>

#include "proxy/secrets/jwt.h"
#include "tests/proxy/service_fixture.h"

namespace slotwire::tests {
using namespace http;
using namespace secrets;
namespace {

constexpr std::string_view kPrefix = "/api/web/calendly/";

struct World : ServiceFixture {
  World() {
    wire.answer([this](const calendly::UpstreamRequest& request) -> calendly::Exchange {
      if (request.target.starts_with("/scheduled_events?")) return upstream(200, bookings);
      return usual_answer(request);
    });
    open_connection();
    slots =
        std::make_unique<slots::SlotService>(slots::SlotService::Parts{*connection, calendly, *store, alone, workers, workers,
                                                                       timers, clock, log, [] { return 0.0; }, shares, *types},
                                             slots::SlotServiceSettings{});
    connection->on_change([this] { slots->account_changed(); });
    taken = std::make_unique<booking::BookingService>(
        booking::BookingService::Parts{*connection, *slots, calendly, *store, box, workers, zones, clock, log,
                                       [](std::string_view) { return std::nullopt; }, "test"});
    webhook = std::make_unique<connection::WebhookSubscription>(
        connection::WebhookSubscription::Parts{*connection, calendly, box, clock, log, no_key});
    intake = std::make_unique<live::WebhookIntake>(
        live::WebhookIntake::Parts{*webhook, *store, clock, log, [this] { return slots->spread_changes(); }});
    pages = std::make_unique<pages::PageService>(pages::PageService::Parts{*connection, *slots, zones, clock, timers},
                                                 pages::PageSettings{});
    why = std::make_unique<why::WhyService>(why::WhyService::Parts{*connection, *slots, calendly, zones, clock, log, calls});
    jwts = access::JwtList::open({*store, workers, clock, log, secret}, false).value();
    routes::add_admin_routes(router, {*connection, *slots, *taken, calendly, *store, alone, workers, calls, zones, clock, log,
                                      *jwts, limits, *webhook, *intake, *pages, [this] { ++purges; }, *types, *why});
    REQUIRE(connection->set_token(SecretString("eyJmarker.token.that-stays-inside"), "test", ""));
  }

  [[nodiscard]] std::string jwt(Role role, std::chrono::seconds lifetime = std::chrono::hours(1)) const {
    return jwt_from_claims({"tester", role, clock.now() + lifetime}, secret);
  }

  Reply send(const std::string& method, const std::string& call, const std::string& authorization, const std::string& body = "",
             const std::string& content_type = "application/json") {
    Request request;
    request.method = method;
    const std::size_t query = call.find('?');
    request.path = std::string(kPrefix) + call.substr(0, query);
    if (query != std::string::npos) request.query = call.substr(query + 1);
    request.client = "203.0.113.7";
    request.id = "r1";
    request.body = body;
    if (!authorization.empty()) request.headers.set("Authorization", authorization);
    if (!body.empty()) request.headers.set("Content-Type", content_type);
    Step step = router(request);
    if (auto* reply = std::get_if<Reply>(&step)) return *reply;
    std::optional<Reply> came;
    std::get<Later>(step)([&](Reply reply) { came = std::move(reply); });
    timers.run();
    workers.run();
    is_call = !came;
    calls.run();
    REQUIRE(came);
    return *came;
  }

  std::vector<store::AuditEntry> audit() { return store->audit(100).value(); }

  std::unique_ptr<pages::PageService> pages;
  ManualWorkers workers{clock};
  ManualWorkers timers{clock};
  fetch::Shares shares;
  ManualWorkers calls{clock};
  bool is_call = false;  // the last one was answered by `calls`
  time::Zones zones;
  SecretString secret{"a jwt secret of at least thirty-two bytes"};
  ClientLimits limits{Rate{.at_once = 60, .refill = std::chrono::seconds(60)}};
  Router router;
  std::unique_ptr<slots::SlotService> slots;
  std::unique_ptr<booking::BookingService> taken;
  SecretString no_key;
  std::unique_ptr<connection::WebhookSubscription> webhook;
  std::unique_ptr<live::WebhookIntake> intake;
  std::unique_ptr<access::JwtList> jwts;
  std::unique_ptr<why::WhyService> why;
  int purges = 0;
  std::string bookings =
      R"({"collection":[{"uri":"https://api.calendly.com/scheduled_events/E1","name":"Ada and Bob","status":"active",
    "start_time":"2026-01-06T14:00:00.000000Z","end_time":"2026-01-06T14:30:00.000000Z"}],"pagination":{"next_page_token":null}})";
};

struct Route {
  const char* method;
  const char* call;
  const char* body;
  bool only_super_admin;
  const char* action;  // in the audit log; empty: no entry
};

const std::vector<Route> kRoutes = {
    {"POST", "token", R"({"accessToken":"eyJ.other.token"})", false, "token.set"},
    {"GET", "why?event_type=30min&date=2026-01-06", "", false, ""},
    {"GET", "connection/status", "", false, ""},
    {"POST", "event-types/sync", "", false, "event_types.sync"},
    {"POST", "configure-public", R"({"calendlyUsername":"ada","eventTypes":[]})", false, "public.configure"},
    {"POST", "connection/disconnect", "", true, "connection.disconnect"},
    {"GET", "bookings", "", false, "bookings.read"},
    {"POST", "cache/purge", "", false, "cache.purge"},
    {"GET", "cache/stats", "", false, ""},
    {"GET", "audit", "", false, ""},
    {"GET", "jwts", "", false, ""},
};

std::string code_of(const Reply& reply) {
  const auto body = nlohmann::json::parse(*reply.body, nullptr, false);
  return body.contains("error") ? body["error"]["code"].get<std::string>() : "";
}

}  // namespace

TEST_CASE("admin routes: four syncs while Calendly hung held up status, readiness and webhooks, so what may ask it runs apart",
          "[proxy][routes][admin]") {
  World world;
  for (const Route& route : kRoutes) {
    INFO(route.method << ' ' << route.call);
    (void)world.send(route.method, route.call, "Bearer " + world.jwt(Role::super_admin), route.body);
    const bool is_our_own = std::string(route.call).starts_with("cache") || std::string(route.call) == "audit" ||
                            std::string(route.call) == "jwts" || std::string(route.call) == "connection/status";
    CHECK(world.is_call == !is_our_own);
  }
}

TEST_CASE("admin routes: who may do what", "[proxy][routes][admin]") {
  const Route route = GENERATE(from_range(kRoutes));
  INFO(route.method << ' ' << route.call);
  World world;
  const std::string good = world.jwt(Role::super_admin);
  const SecretString other("another secret of at least thirty-two bytes");
  const std::string by_other = jwt_from_claims({"eve", Role::super_admin, world.clock.now() + std::chrono::hours(1)}, other);
  const auto before = world.connection->account();
  for (const std::string& authorization :
       {std::string(), std::string("Bearer"), std::string("Bearer "), "Basic " + good, good, "Bearer " + good + "x",
        "Bearer " + by_other, "Bearer " + world.jwt(Role::super_admin, std::chrono::seconds(-31))}) {
    INFO(authorization);
    const Reply reply = world.send(route.method, route.call, authorization, route.body);
    CHECK(reply.status == 401);
    CHECK(code_of(reply) == "unauthorized");
    CHECK(reply.headers.find("WWW-Authenticate"));
  }
  CHECK(world.connection->account() == before);
  CHECK(world.audit().empty());
  const Reply by_reader = world.send(route.method, route.call, "Bearer " + world.jwt(Role::reader), route.body);
  CHECK(by_reader.status == 403);
  CHECK(code_of(by_reader) == "forbidden");
  CHECK(world.connection->account() == before);

  const Reply by_admin = world.send(route.method, route.call, "Bearer " + world.jwt(Role::admin), route.body);
  CHECK(by_admin.status == (route.only_super_admin ? 403 : 200));
  if (route.only_super_admin) CHECK(world.connection->account() == before);
  const Reply by_super =
      world.send(route.method, route.call, "bearer  " + world.jwt(Role::super_admin, std::chrono::seconds(-29)), route.body);
  CHECK(by_super.status == 200);
  for (const Reply* reply : {&by_admin, &by_super}) {
    CHECK(reply->body->find("marker") == std::string::npos);
    CHECK(reply->headers.find("Cache-Control").value_or("no-store") == "no-store");
    CHECK_FALSE(reply->headers.find("Access-Control-Allow-Origin"));
  }

  const std::vector<store::AuditEntry> entries = world.audit();
  if (std::string(route.action).empty()) {
    CHECK(entries.empty());
  } else {
    REQUIRE(entries.size() == 3);
    CHECK(entries[0].action == route.action);
    CHECK(entries[0].outcome == "ok");
    CHECK(entries[0].role == "super_admin");
    CHECK(entries[1].outcome == (route.only_super_admin ? "forbidden" : "ok"));
    CHECK(entries[1].role == "admin");
    CHECK(entries[1].client == "203.0.113.7");
    CHECK(entries[2].outcome == "forbidden");
    CHECK(entries[2].role == "reader");
  }
}

TEST_CASE("admin routes: a sign-in link opens one session and does nothing else", "[proxy][routes][admin]") {
  World world;
  const Claims link = claims_of_link("tester", Role::super_admin, std::chrono::minutes(15), world.clock.now());
  const std::string once = "Bearer " + jwt_from_claims(link, world.secret);
  CHECK(world.send("GET", "connection/status", once).status == 401);
  CHECK(world.send("POST", "connection/disconnect", once).status == 401);

  const Reply opened = world.send("POST", "session", once);
  REQUIRE(opened.status == 200);
  const auto data = nlohmann::json::parse(*opened.body)["data"];
  const std::string session = "Bearer " + data["jwt"].get<std::string>();
  CHECK(world.send("GET", "connection/status", session).status == 200);
  CHECK(world.audit().front().action == "session.open");

  CHECK(world.send("POST", "session", once).status == 401);
  CHECK(world.send("POST", "session", session).status == 401);
  CHECK(world.send("POST", "session", "").status == 401);

  world.clock.pass(std::chrono::minutes(16));
  CHECK(world.send("GET", "connection/status", session).status == 401);
  CHECK(world.send("POST", "session", once).status == 401);
}

TEST_CASE("admin routes: a sign-in link older than the program is refused, for nobody knows whether it was used",
          "[proxy][routes][admin]") {
  World world;
  const Claims link =
      claims_of_link("tester", Role::admin, std::chrono::minutes(15), world.clock.now() - std::chrono::minutes(1));
  CHECK(world.send("POST", "session", "Bearer " + jwt_from_claims(link, world.secret)).status == 401);
}

TEST_CASE("admin routes: sixty calls at once and one a second, whatever they carry", "[proxy][routes][admin]") {
  World world;
  const std::string good = "Bearer " + world.jwt(Role::admin);
  for (int i = 0; i < 60; ++i) REQUIRE(world.send("GET", "cache/stats", i % 2 == 0 ? good : "Bearer guess").status != 429);
  const Reply refused = world.send("GET", "cache/stats", good);
  CHECK(refused.status == 429);
  CHECK(refused.headers.find("Retry-After") == "1");
  world.clock.pass(std::chrono::seconds(1));
  CHECK(world.send("GET", "cache/stats", good).status == 200);
  CHECK(world.send("GET", "cache/stats", good).status == 429);
}

TEST_CASE("admin routes: bodies that are wrong are refused by field", "[proxy][routes][admin]") {
  struct Row {
    const char* name;
    const char* call;
    std::string body;
    const char* content_type;
    int status;
    const char* says;
  };
  const Row row = GENERATE(values<Row>({
      {"not JSON", "token", "{", "application/json", 400, "JSON"},
      {"a list", "token", "[]", "application/json", 400, "object"},
      {"missing", "token", "{}", "application/json", 400, "accessToken"},
      {"a number", "token", R"({"accessToken":7})", "application/json", 400, "accessToken"},
      {"empty", "token", R"({"accessToken":""})", "application/json", 400, "accessToken"},
      {"with a space", "token", R"({"accessToken":"a b"})", "application/json", 400, "accessToken"},
      {"a form", "token", "accessToken=x", "application/x-www-form-urlencoded", 415, "JSON"},
      {"JSON by another name", "token", R"({"accessToken":"x"})", "text/plain", 415, "JSON"},
      {"no user name", "configure-public", R"({"eventTypes":[]})", "application/json", 400, "calendlyUsername"},
      {"a user name that climbs", "configure-public", R"({"calendlyUsername":"../x","eventTypes":[]})", "application/json", 400,
       "calendlyUsername"},
      {"no list", "configure-public", R"({"calendlyUsername":"ada"})", "application/json", 400, "eventTypes"},
      {"no slug", "configure-public", R"({"calendlyUsername":"ada","eventTypes":[{"name":"n","duration":30}]})",
       "application/json", 400, "eventTypes[0].slug"},
      {"no minutes", "configure-public", R"({"calendlyUsername":"ada","eventTypes":[{"name":"n","slug":"s","duration":0}]})",
       "application/json", 400, "eventTypes[0].duration"},
  }));
  INFO(row.name);
  World world;
  const auto before = world.connection->account();
  const Reply reply = world.send("POST", row.call, "Bearer " + world.jwt(Role::admin), row.body, row.content_type);
  CHECK(reply.status == row.status);
  CHECK(reply.body->find(row.says) != std::string::npos);
  CHECK(world.connection->account() == before);
}

TEST_CASE("admin routes: times for a mail, for admins, of one event type in the zone that is asked for",
          "[proxy][routes][admin][pages]") {
  World world;
  const std::string admin = "Bearer " + world.jwt(Role::admin);
  const Reply reply = world.send("GET", "mail?event_type=30min&timezone=Asia/Tokyo", admin);
  REQUIRE(reply.status == 200);
  const auto data = nlohmann::json::parse(*reply.body)["data"];
  CHECK(data["text"].get<std::string>().find("Half an hour\n30 minutes\nTimes are shown in Asia/Tokyo") == 0);
  CHECK(data["html"].get<std::string>().find("<table role=\"presentation\"") == 0);
  CHECK(world.send("GET", "mail", admin).status == 400);
  CHECK(world.send("GET", "mail?event_type=30min&timezone=Nowhere/Town", admin).status == 400);
  CHECK(world.send("GET", "mail?event_type=nothing", admin).status == 404);
  CHECK(world.send("GET", "mail?event_type=30min", "Bearer " + world.jwt(Role::reader)).status == 403);
  CHECK(world.send("GET", "mail?event_type=30min", "").status == 401);
}

TEST_CASE("admin routes: bookings are handed on and kept nowhere", "[proxy][routes][admin][bookings]") {
  World world;
  const std::string good = "Bearer " + world.jwt(Role::admin);
  const Reply reply = world.send("GET", "bookings?from=2026-01-06&to=2026-01-06", good);
  REQUIRE(reply.status == 200);
  const auto data = nlohmann::json::parse(*reply.body)["data"];
  CHECK(data["from"] == "2026-01-06");
  CHECK(data["to"] == "2026-01-06");
  CHECK(data["complete"] == true);
  REQUIRE(data["bookings"].size() == 1);
  CHECK(data["bookings"][0]["name"] == "Ada and Bob");
  CHECK(data["bookings"][0]["start"] == "2026-01-06T14:00:00Z");
  CHECK(reply.headers.find("Cache-Control") == "no-store");
  CHECK(world.lines.str().find("Bob") == std::string::npos);
  for (const store::AuditEntry& entry : world.audit())
    CHECK((entry.action + entry.outcome + entry.subject).find("Bob") == std::string::npos);
  const std::size_t calls = world.wire.calls_to("/scheduled_events?");
  REQUIRE(world.send("GET", "bookings?from=2026-01-06&to=2026-01-06", good).status == 200);
  CHECK(world.wire.calls_to("/scheduled_events?") == calls + 1);
  CHECK(code_of(world.send("GET", "bookings?from=x", good)) == "invalid_date_range");
  CHECK(world.send("GET", "bookings?from=x", good).body->find("\"from\"") != std::string::npos);

  world.bookings = R"({"collection":[],"pagination":{"next_page_token":"again"}})";
  const Reply endless = world.send("GET", "bookings", good);
  CHECK(nlohmann::json::parse(*endless.body)["data"]["complete"] == false);
  REQUIRE(world.send("POST", "connection/disconnect", "Bearer " + world.jwt(Role::super_admin)).status == 200);
  CHECK(code_of(world.send("GET", "bookings", good)) == "not_connected");
}

TEST_CASE("admin routes: a missing scope is the admin's to mend", "[proxy][routes][admin][bookings]") {
  World world;
  world.wire.answer([](const calendly::UpstreamRequest&) -> calendly::Exchange {
    return upstream(403, R"({"required_scopes":["scheduled_events:read"]})");
  });
  const Reply reply = world.send("GET", "bookings", "Bearer " + world.jwt(Role::admin));
  CHECK(reply.status == 400);
  CHECK(code_of(reply) == "insufficient_scope");
  CHECK(reply.body->find("scheduled_events:read") != std::string::npos);
  // Visitors' slots need another scope, so the connection has no problem.
  CHECK_FALSE(world.connection->account()->problem);
}

}  // namespace slotwire::tests
