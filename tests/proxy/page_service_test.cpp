// Pages through the router, without sockets: which address is which page, what a page may say, and how long it may be cached.
#include "proxy/pages/page_service.h"

#include <catch_amalgamated.hpp>

#include "proxy/http/page_policy.h"
#include "proxy/routes/page_routes.h"
#include "tests/proxy/slot_world.h"

namespace slotwire::tests {
namespace {

struct PageWorld : World {
  time::Zones zones;
  http::Router router;
  std::unique_ptr<pages::PageService> pages;

  PageWorld() {
    pages = std::make_unique<pages::PageService>(pages::PageService::Parts{*connection, *slots, zones, clock, timers},
                                                 pages::PageSettings{});
    router.on("GET", "/api/app/calendly/event-types",
              [](const http::Request&) -> http::Step { return http::json_reply(200, "{}"); });
    router.on_no_route(routes::page_fallback({*pages, clock, http::page_policy({}, "*")}));
  }

  http::Reply get(const std::string& target, const std::string& accept = "text/html", http::Headers headers = {}) {
    http::Request request;
    request.method = "GET";
    request.path = target.substr(0, target.find('?'));
    if (request.path.size() < target.size()) request.query = target.substr(request.path.size() + 1);
    request.client = "203.0.113.7";
    request.headers = std::move(headers);
    request.headers.set("Accept", accept);
    http::Step step = router(request);
    if (auto* reply = std::get_if<http::Reply>(&step)) return *reply;
    std::optional<http::Reply> came;
    std::get<http::Later>(step)([&](http::Reply reply) { came = std::move(reply); });
    for (int i = 0; i < 200 && !came; ++i) {
      timers.run();
      if (is_calendly_there) fetchers.run();
      background.run();
      clock.pass(std::chrono::milliseconds(100));
    }
    REQUIRE(came);
    return *came;
  }
  bool is_calendly_there = true;
};

std::string header(const http::Reply& reply, std::string_view name) { return std::string(reply.headers.find(name).value_or("")); }
bool has(const http::Reply& reply, std::string_view part) { return reply.body && reply.body->find(part) != std::string::npos; }

}  // namespace

TEST_CASE("PageService: the account's own links are pages, whatever their case, with a time behind them too", "[proxy][pages]") {
  PageWorld world;
  for (const char* path : {"/ada/30min", "/Ada/30Min/", "/ada/30min/2026-01-06T14:00:00Z", "/ada/30min?utm_source=mail"}) {
    INFO(path);
    const http::Reply reply = world.get(path);
    CHECK(reply.status == 200);
    CHECK(has(reply, "<h1 dir=\"auto\">Half an hour</h1>"));
    CHECK(header(reply, "Content-Type") == "text/html; charset=utf-8");
    CHECK(header(reply, "Content-Security-Policy").find("script-src 'self' 'wasm-unsafe-eval'; style-src 'self'") !=
          std::string::npos);
  }
  const http::Reply list = world.get("/ADA");
  CHECK(list.status == 200);
  CHECK(has(list, "<a href=\"/ada/30min\">Half an hour</a>"));
  // Programs that accept anything get HTML too.
  CHECK(world.get("/ada/30min", "*/*").status == 200);
}

TEST_CASE("PageService: an address that is not the account's is 404 with words, and never our own times", "[proxy][pages]") {
  PageWorld world;
  for (const char* path : {"/bob/30min", "/bob", "/ada/60min", "/d/abc-def/30min", "/x/ada/30min", "/api/nothing"}) {
    INFO(path);
    const http::Reply reply = world.get(path);
    CHECK(reply.status == 404);
    CHECK_FALSE(has(reply, "Half an hour"));
    CHECK(header(reply, "Cache-Control") == "no-store");
    const http::Reply to_program = world.get(path, "application/json");
    CHECK(to_program.status == 404);
    CHECK(has(to_program, "\"code\":\"not_found\""));
  }
  CHECK(has(world.get("/bob/30min"), "There is no booking page at this address"));
  // Addresses that cannot be Calendly links get the API's refusal, also in browsers.
  CHECK(has(world.get("/robots.txt"), "\"code\":\"not_found\""));
  CHECK(*world.get("/api/app/calendly/event-types").body == "{}");
  CHECK(world.window_calls() == 0);
}

TEST_CASE("PageService: a week of times costs what it costs the API, and is as fresh", "[proxy][pages]") {
  PageWorld world;
  const http::Reply cold = world.get("/ada/30min");
  CHECK(world.window_calls() == 1);
  CHECK(has(cold, "<time datetime=\"2026-01-06T14:00:00Z\">2:00 PM</time>"));
  CHECK(header(cold, "Cache-Status") == "slotwire; fwd=miss; stored");
  const http::Reply warm = world.get("/ada/30min");
  CHECK(world.window_calls() == 1);
  CHECK(header(warm, "Cache-Status").starts_with("slotwire; hit; ttl=29"));
  CHECK(header(warm, "Cache-Control").starts_with("public, max-age=29"));
  CHECK(warm.repeat_until);
  CHECK(world.get("/ada/30min").body == warm.body);  // prepared once
  http::Headers known;
  known.set("If-None-Match", header(cold, "ETag"));
  CHECK(world.get("/ada/30min", "text/html", known).status == 304);
  const http::Reply elsewhere = world.get("/ada/30min?timezone=Asia/Tokyo");
  CHECK(has(elsewhere, "Times are shown in Asia/Tokyo<"));
  CHECK(has(elsewhere, ">11:00 PM</time>"));
  CHECK(has(elsewhere, "timezone=Asia%2FTokyo"));
  CHECK(has(world.get("/ada/30min?timezone=Nowhere/Town"), "Times are shown in UTC, the host’s own time zone"));
  CHECK(has(world.get("/ada/30min?date=2026-01-20"), "Free times, January 20, 2026 – January 26, 2026"));
}

TEST_CASE("PageService: a copy says how old it is, and nobody keeps it", "[proxy][pages]") {
  PageWorld world;
  REQUIRE(world.get("/ada/30min").status == 200);
  world.clock.pass(std::chrono::minutes(20));
  world.wire.answer(broken);
  const http::Reply copy = world.get("/ada/30min");
  CHECK(copy.status == 200);
  CHECK(has(copy, "These times are from 20 minutes ago"));
  CHECK(header(copy, "Cache-Control") == "public, max-age=0, must-revalidate");
  world.clock.pass(std::chrono::minutes(20));
  CHECK(has(world.get("/ada/30min"), "These times are from 40 minutes ago"));
}

TEST_CASE("PageService: without a copy a failure is told as one, with the booking page's address", "[proxy][pages]") {
  PageWorld world;
  world.wire.answer(broken);
  http::Reply failed = world.get("/ada/30min");
  CHECK(failed.status == 503);
  CHECK_FALSE(header(failed, "Retry-After").empty());
  CHECK(header(failed, "Cache-Control") == "no-store");
  CHECK_FALSE(has(failed, "No free times this week"));
  CHECK(has(failed, "href=\"https://calendly.com/ada/30min\""));
  world.settle();
  failed = world.get("/ada/30min");
  CHECK(failed.status == 503);
  CHECK(has(failed, "The calendar did not answer."));
}

TEST_CASE("PageService: who waits for a slow calendar gets the page after three seconds, and it looks again", "[proxy][pages]") {
  PageWorld world;
  world.is_calendly_there = false;
  const time::Tick before = world.clock.tick();
  const http::Reply slow = world.get("/ada/30min");
  CHECK(world.clock.tick() - before <= std::chrono::milliseconds(3'200));
  CHECK(slow.status == 503);
  CHECK(has(slow, "takes longer than usual"));
  CHECK(has(slow, "http-equiv=\"refresh\""));
  world.is_calendly_there = true;
  CHECK(world.get("/ada/30min").status == 200);
}

TEST_CASE("PageService: without a token the page leads to the booking page", "[proxy][pages]") {
  PageWorld world;
  REQUIRE(world.connection->configure_public("bob", {{"Chat", "chat", std::chrono::minutes(15)}}, "test"));
  const http::Reply reply = world.get("/bob/chat");
  CHECK(reply.status == 200);
  CHECK(has(reply, "Choose a time on the booking page"));
  CHECK_FALSE(has(reply, "No free times this week"));
  CHECK(world.get("/ada/30min").status == 404);
  CHECK(has(world.get("/bob"), "<a href=\"/bob/chat\">Chat</a>"));
}

TEST_CASE("PageService: a mail holds the next two weeks' times in the zone that is asked for", "[proxy][pages]") {
  PageWorld world;
  const auto mail = [&](const std::string& type, const std::string& zone) {
    std::optional<Result<pages::PageService::Mail>> came;
    world.pages->mail({type, zone}, [&](Result<pages::PageService::Mail> made) { came = std::move(made); });
    world.settle();
    REQUIRE(came);
    return *came;
  };
  const auto made = mail("30min", "Asia/Tokyo");
  REQUIRE(made);
  CHECK(made->text.find("Times are shown in Asia/Tokyo") != std::string::npos);
  CHECK(made->text.find("Monday, January 5\n  11:00 PM  https://calendly.com/ada/30min/2026-01-05?timezone=Asia%2FTokyo") !=
        std::string::npos);
  CHECK(made->html.find(">11:00 PM</a>") != std::string::npos);
  CHECK(mail("30min", "Nowhere/Town").error().code == ErrorCode::invalid_date_range);
  CHECK(mail("nothing", "UTC").error().code == ErrorCode::event_type_not_found);
}

// A host in Berlin sent a mail, and a client without scripts opened his page: both used UTC.
TEST_CASE("PageService: without a zone that is asked for, pages and mails speak of the host's own, and say so",
          "[proxy][pages]") {
  PageWorld world;
  world.wire.answer([](const calendly::UpstreamRequest& request) {
    calendly::Exchange usual = usual_answer(request);
    std::string& body = std::get<calendly::UpstreamAnswer>(usual).body;
    if (const auto at = body.find("\"timezone\":\"UTC\""); at != std::string::npos)
      body.replace(at, 16, "\"timezone\":\"Europe/Berlin\"");
    return usual;
  });
  const auto is_berlins = [&] {
    return has(world.get("/ada/30min"), "Times are shown in Europe/Berlin, the host’s own time zone") &&
           has(world.get("/ada/30min"), ">3:00 PM</time>");
  };
  SECTION("from the token on") {
    REQUIRE(world.connection->set_token(secrets::SecretString(kToken), "test", "r0"));
    CHECK(is_berlins());
    std::optional<Result<pages::PageService::Mail>> came;
    world.pages->mail({.event_type = "30min"}, [&](Result<pages::PageService::Mail> made) { came = std::move(made); });
    world.settle();
    REQUIRE((came && *came));
    CHECK((*came)->text.find("Times are shown in Europe/Berlin, the host’s own time zone") != std::string::npos);
    CHECK((*came)->text.find("  3:00 PM  ") != std::string::npos);
    // One visitor's choice has no effect on another's page.
    CHECK(has(world.get("/ada/30min?timezone=Asia/Tokyo"), "Times are shown in Asia/Tokyo<"));
    CHECK(has(world.get("/ada/30min?timezone=Nowhere/Town"), "Times are shown in Europe/Berlin"));
  }
  SECTION("an account that moved, by a sync") {
    REQUIRE(world.connection->sync("r1"));
    CHECK(is_berlins());
    CHECK(world.connection->account()->record.timezone == "Europe/Berlin");
  }
}

TEST_CASE("PageService: a page speaks the reader's language, and a cache is told so", "[proxy][pages]") {
  PageWorld world;
  const auto in = [&](const char* accepted, const char* query = "") {
    http::Headers headers;
    headers.set("Accept-Language", accepted);
    return world.get(std::string("/ada/30min") + query, "text/html", headers);
  };
  CHECK(has(in("de-DE,de;q=0.9"), ">14:00</time>"));
  CHECK(has(in("de-DE,de;q=0.9"), "Nächste Woche"));
  CHECK(has(in("ar"), "<html lang=\"ar\" dir=\"rtl\">"));
  CHECK(has(in("de"), "<html lang=\"de\">"));
  CHECK(has(in("de", "?locale=fr"), "<html lang=\"fr\">"));
  CHECK(has(in("de", "?locale=fr"), "locale=fr"));
  CHECK(has(in("sv"), "<html lang=\"en\">"));
  CHECK(header(in("de"), "Vary").find("Accept-Language") != std::string::npos);
  CHECK(header(in("de"), "ETag") != header(in("en"), "ETag"));
  CHECK(world.window_calls() == 1);
  std::optional<Result<pages::PageService::Mail>> came;
  const auto mail_in = [&](const char* locale) {
    world.pages->mail({.event_type = "30min", .timezone = {}, .locale = locale},
                      [&](Result<pages::PageService::Mail> made) { came = std::move(made); });
    world.settle();
    REQUIRE(came);
  };
  mail_in("es");
  REQUIRE(*came);
  CHECK((*came)->text.find("lunes, 5 de enero\n  14:00  ") != std::string::npos);
  mail_in("xx");
  CHECK(came->error().code == ErrorCode::bad_input);
  CHECK(came->error().details.at(0).field == "locale");
}

// A practice's link fixed its zone with timezone_lock=1; without scripts the page offered eighty others.
TEST_CASE("PageService: what Calendly's switches hide or hold is hidden or held without scripts, too", "[proxy][pages]") {
  PageWorld world;
  CHECK(has(world.get("/ada/30min?timezone=Asia/Tokyo"), "<select"));
  const http::Reply locked = world.get("/ada/30min?timezone=Asia/Tokyo&timezone_lock=1");
  CHECK_FALSE(has(locked, "<select"));
  CHECK(has(locked, "Times are shown in Asia/Tokyo<"));
  CHECK(has(locked, "timezone=Asia%2FTokyo&amp;timezone_lock=1\">Next week"));
  // An invalid zone locks nothing.
  CHECK(has(world.get("/ada/30min?timezone=Nowhere/Town&timezone_lock=1"), "<select"));
  CHECK(has(world.get("/ada/30min?timezone_lock=1"), "<select"));
  CHECK(has(world.get("/ada/30min"), "class=\"facts\""));
  CHECK_FALSE(has(world.get("/ada/30min?hide_event_type_details=1"), "class=\"facts\""));
}

// One visitor's query parameters appeared in the page of the next one.
TEST_CASE("PageService: a page with somebody's own words is nobody else's", "[proxy][pages]") {
  PageWorld world;
  CHECK(has(world.get("/ada/30min?utm_source=mail&name=Grace"), "utm_source=mail"));
  CHECK_FALSE(has(world.get("/ada/30min"), "Grace"));
  CHECK(has(world.get("/ada/30min?name=Alan"), "name=Alan"));
  CHECK_FALSE(has(world.get("/ada/30min?name=Alan"), "Grace"));
  // Shared caches stored a page with a name and an address in fifty links.
  CHECK(header(world.get("/ada/30min?name=Alan"), "Cache-Control").starts_with("private, "));
  CHECK(header(world.get("/ada?name=Alan"), "Cache-Control").starts_with("private, "));
  CHECK(header(world.get("/ada/30min?timezone=Europe/Berlin"), "Cache-Control").starts_with("public, "));
}

// A person who opened the proxy's address in a browser saw {"success":false,...}; a form sent to a page got the answer that there
// is nothing at this address.
TEST_CASE("PageService: the address itself leads a person to the list, or says what it is", "[proxy][pages]") {
  PageWorld world;
  const http::Reply root = world.get("/?utm_source=card");
  CHECK(root.status == 302);
  CHECK(header(root, "Location") == "/ada?utm_source=card");
  CHECK(header(root, "Vary").find("Accept") != std::string::npos);
  const http::Reply to_program = world.get("/", "application/json");
  CHECK(to_program.status == 404);
  CHECK(has(to_program, "\"code\":\"not_found\""));
  REQUIRE(world.connection->disconnect());
  const http::Reply bare = world.get("/");
  CHECK(bare.status == 200);
  CHECK(has(bare, "<h1>Booking is not set up yet</h1>"));
  CHECK(has(bare, "<a href=\"/admin\">"));
  CHECK(has(bare, "noindex"));
}

TEST_CASE("PageService: what a page does not take is said to be that, and not that nothing is there", "[proxy][pages]") {
  PageWorld world;
  const auto ask = [&](const char* method, const char* path) {
    http::Request request;
    request.method = method;
    request.path = path;
    request.headers.set("Accept", "text/html");
    return std::get<http::Reply>(world.router(request));
  };
  for (const char* method : {"POST", "PUT", "DELETE"}) {
    INFO(method);
    CHECK(ask(method, "/ada/30min").status == 405);
    CHECK(header(ask(method, "/ada/30min"), "Allow") == "GET, HEAD, OPTIONS");
    CHECK(ask(method, "/bob/30min").status == 404);
  }
  CHECK(ask("OPTIONS", "/ada").status == 204);
  CHECK(header(ask("OPTIONS", "/ada"), "Allow") == "GET, HEAD, OPTIONS");
  CHECK(world.window_calls() == 0);
}

// Calendly's own page of a secret event type is found by its whole link; so is ours, and by nothing shorter.
TEST_CASE("PageService: a secret type answers to its own whole link alone, and is listed nowhere", "[proxy][pages]") {
  PageWorld world;
  world.wire.answer([](const calendly::UpstreamRequest& request) -> calendly::Exchange {
    if (!request.target.starts_with("/event_types?")) return usual_answer(request);
    return upstream(200, R"({"collection":[{"uri":"https://api.calendly.com/event_types/SSSSSSSSSSSSSSSS","name":"Secret talk",
      "slug":"talk","active":true,"duration":30,"duration_options":null,"scheduling_url":"https://calendly.com/ada/talk",
      "color":"#0069ff","description_plain":"","kind":"solo","secret":true,"locale":"en"}],
      "pagination":{"count":1,"next_page":null,"next_page_token":null}})");
  });
  REQUIRE(world.connection->set_token(secrets::SecretString(kToken), "test", "r0"));
  const auto has_secret = [&](const std::string& path) { return has(world.get(path), "<h1 dir=\"auto\">Secret"); };
  const EventType* secret = nullptr;
  const auto account = world.connection->account();
  for (const EventType& type : account->record.types) {
    if (type.secret) secret = &type;
  }
  REQUIRE(secret);
  const std::string link = pages::path_of_link(secret->scheduling_url);
  CHECK(has_secret(link));
  CHECK(has(world.get(link), "noindex"));
  for (const std::string& guess :
       {"/" + secret->slug, "/ada/x/" + secret->slug, "/d/" + secret->slug, "/bob/" + secret->slug,
        "/" + std::string(uuid_from_uri(secret->uri)), "/ada/" + std::string(uuid_from_uri(secret->uri))}) {
    INFO(guess);
    CHECK(world.get(guess).status == 404);
  }
  CHECK_FALSE(has(world.get("/ada"), secret->name));
}

TEST_CASE("page_policy: who may frame a page", "[http][pages]") {
  CHECK(http::frame_ancestors_from({"https://a.example/", "*"}) == "*");
  CHECK(http::frame_ancestors_from({"HTTPS://A.example/", "https://b.example:8443"}) ==
        "'self' https://a.example https://b.example:8443");
  CHECK(http::frame_ancestors_from({}) == "'none'");
  CHECK(http::page_policy({"https://calendly.com"}, "'none'")
            .ends_with("frame-src 'self' https://calendly.com; worker-src blob:; base-uri 'none'; form-action 'self'; "
                       "frame-ancestors 'none'"));
}

}  // namespace slotwire::tests
