#include <catch_amalgamated.hpp>

#include "tests/e2e/booking.h"
#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

const Fields kBrowser = {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}};

bool has(const Reply& reply, const std::string& part) { return reply.body.find(part) != std::string::npos; }

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("pages: every public event type has one, with exactly the times that Calendly lists", "[e2e][pages]") {
  Stack stack;
  const Http& http = stack.proxy->http();
  const Reply list = http.get("/acme", kBrowser);
  REQUIRE(list.status == 200);
  const Json data = http.get("/api/app/calendly/event-types").data();
  for (const Json& type : data.at("eventTypes")) {
    const std::string slug = type.at("slug");
    INFO(slug);
    CHECK(has(list, "<a href=\"/acme/" + slug + "\">"));
    const Reply page = http.get("/acme/" + slug, kBrowser);
    CHECK(page.status == 200);
    CHECK(page.header("content-type") == "text/html; charset=utf-8");
  }
  CHECK_FALSE(has(list, "/acme/secret"));
  // From tomorrow, so that no time begins between the two requests.
  const Day first = today() + std::chrono::days(1);
  const Reply week = http.get("/acme/30min?timezone=UTC&date=" + text_from_day(first), kBrowser);
  const std::vector<Json> listed =
      stack.simulator.listed(kThirtyMinutes, {Instant(first), Instant(first + std::chrono::days(7))});
  REQUIRE(!listed.empty());
  CHECK(count_of(week.body, "<time datetime=") == listed.size());
  for (const Json& slot : listed) {
    const Instant start = instant_from_text(slot["start_time"].get<std::string>()).value();
    CHECK(has(week, "<time datetime=\"" + text_from_instant(start) + "\">"));
  }
  // A hostile name is shown as plain text.
  const Reply hostile = http.get("/acme/hostile", kBrowser);
  CHECK(has(hostile, "&lt;img src=x onerror=alert(1)&gt;"));
  CHECK_FALSE(has(hostile, "<img"));
  CHECK_FALSE(has(hostile, "alert(2)</script>"));
  CHECK_FALSE(has(hostile, "<svg"));
}

TEST_CASE("pages: what is a file or the API stays that, and what is nobody's is 404 in words", "[e2e][pages]") {
  Stack stack;
  const Http& http = stack.proxy->http();
  CHECK(http.get("/healthz", kBrowser).json()["success"] == true);
  CHECK(http.get("/api/app/calendly/event-types", kBrowser).json()["success"] == true);
  CHECK(http.get("/acme/nothing", kBrowser).status == 404);
  CHECK(has(http.get("/acme/nothing", kBrowser), "There is no booking page at this address"));
  CHECK(http.get("/other/30min", kBrowser).status == 404);
  CHECK(http.get("/acme/nothing").error_code() == "not_found");
  CHECK(http.send("POST", "/acme/30min").status == 405);
  CHECK(http.send("POST", "/acme/30min").header("allow") == "GET, HEAD, OPTIONS");
  CHECK(http.send("HEAD", "/acme/30min").status == 200);
  // A secret event type's link works for those who have it.
  const Reply secret = http.get("/acme/secret", kBrowser);
  CHECK(secret.status == 200);
  CHECK(has(secret, "content=\"noindex\""));
  CHECK(http.get("/acme/retired", kBrowser).status == 404);
}

TEST_CASE("pages: off means that there are none", "[e2e][pages]") {
  Stack stack({.proxy_settings = {{"CALENDLY_PAGES", "off"}}});
  CHECK(stack.proxy->http().get("/acme/30min", kBrowser).error_code() == "not_found");
}

TEST_CASE("pages: who may frame them is who may read, or who is said", "[e2e][pages]") {
  const auto ancestors = [](const Environment& settings) {
    Stack stack({.proxy_settings = settings});
    const std::string policy = stack.proxy->http().get("/acme/30min", kBrowser).header("content-security-policy").value_or("");
    return policy.substr(policy.find("frame-ancestors"));
  };
  CHECK(ancestors({}) == "frame-ancestors *");
  CHECK(ancestors({{"CALENDLY_ALLOWED_ORIGINS", "https://one.example"}}) == "frame-ancestors 'self' https://one.example");
  CHECK(ancestors({{"CALENDLY_PAGES_FRAMED_BY", "https://two.example"}}) == "frame-ancestors 'self' https://two.example");
  CHECK(ancestors({{"CALENDLY_PAGES_FRAMED_BY", "none"}}) == "frame-ancestors 'none'");
}

TEST_CASE("pages: a page books where its own origin was said, and only there", "[e2e][pages][booking]") {
  const auto status_from = [](const Stack& stack, const std::string& origin) {
    return book(*stack.proxy, wish_for(free_start(*stack.proxy)), "pages-test-key-" + origin, {{"Origin", origin}}).status;
  };
  const Stack usual;
  CHECK(status_from(usual, "https://slots.example") == 403);
  const Stack told({.proxy_settings = {{"CALENDLY_PAGES", "https://slots.example"}}});
  CHECK(status_from(told, "https://slots.example") == 201);
  CHECK(status_from(told, "https://evil.example") == 403);
  CHECK(
      has(told.proxy->http().get("/acme/30min", kBrowser), "<link rel=\"canonical\" href=\"https://slots.example/acme/30min\">"));
}

TEST_CASE("pages: a copy says its age, and without one trouble is no empty week", "[e2e][pages]") {
  Stack stack({.proxy_settings = {{"CALENDLY_SLOTS_CACHE_TTL", "1"}}});
  const Http& http = stack.proxy->http();
  REQUIRE(http.get("/acme/30min", kBrowser).status == 200);
  stack.simulator.add_fault({{"endpoint", "event_type_available_times"}, {"kind", "error"}, {"status", 503}});
  Reply copy;
  REQUIRE(eventually([&] {
    copy = http.get("/acme/30min", kBrowser);
    return has(copy, "These times are from ");
  }));
  CHECK(copy.status == 200);
  CHECK(copy.header("cache-control") == "public, max-age=0, must-revalidate");
  const Reply cold = http.get("/acme/60min", kBrowser);
  CHECK(cold.status == 503);
  CHECK_FALSE(has(cold, "No free times this week"));
  CHECK(cold.header("retry-after").has_value());
}

TEST_CASE("pages: a client that asks too much is limited as everywhere", "[e2e][pages]") {
  Stack stack({.proxy_settings = {{"CALENDLY_RATE_LIMIT", "5/1h"}}});
  int refused = 0;
  for (int i = 0; i < 12; ++i)
    refused += stack.proxy->http().get("/acme/30min?utm=" + std::to_string(i), kBrowser).status == 429 ? 1 : 0;
  CHECK(refused >= 6);
}
