#include <catch_amalgamated.hpp>

#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

TEST_CASE("http: unknown routes, wrong methods and odd paths get an envelope and the right status", "[e2e][http]") {
  struct Row {
    const char* method;
    std::string target;
    int status;
    const char* code;
  };
  const std::vector<Row> rows = {
      {"GET", "/nothing", 404, "not_found"},
      {"GET", "/api/app/calendly", 404, "not_found"},
      {"GET", "/api/app/calendly/event-types/more", 404, "not_found"},
      {"DELETE", "/api/app/calendly/event-types", 405, "method_not_allowed"},
      {"POST", "/api/app/calendly/event-types", 405, "method_not_allowed"},
      {"GET", "/api/web/calendly/token", 405, "method_not_allowed"},
      {"GET", "/../../etc/passwd", 404, "not_found"},
      {"GET", "/%2e%2e/%2e%2e/etc/passwd", 404, "not_found"},
      {"GET", "/api/app/calendly/slots/", 404, ""},
      {"GET", "/api/app/calendly/slots/%ZZ?start_date=" + day_text(1), 404, ""},
  };
  Stack stack;
  for (const Row& row : rows) {
    INFO(row.method << ' ' << row.target);
    const Reply reply = stack.proxy->http().send(row.method, row.target);
    INFO(reply.body.substr(0, 300));
    // A path that no file system accepts may also be refused as a bad request.
    CHECK((reply.status == row.status || (row.status == 404 && reply.status == 400)));
    if (*row.code != '\0' && reply.status == row.status) CHECK(reply.error_code() == row.code);
    CHECK(reply.json()["success"] == false);
    if (row.status == 405) CHECK(reply.header("allow").has_value());
  }
}

TEST_CASE("http: public reads may be made from any page, admin calls from none", "[e2e][http]") {
  Stack stack;
  const Fields origin = {{"Origin", "https://site.example"}};
  CHECK(stack.proxy->http().get("/api/app/calendly/event-types", origin).header("access-control-allow-origin") == "*");
  Fields admin = bearer(jwt_for("admin"));
  admin.insert(origin.begin(), origin.end());
  const Reply status = stack.proxy->http().get("/api/web/calendly/connection/status", admin);
  CHECK(status.status == 200);
  CHECK(!status.header("access-control-allow-origin").has_value());
}

TEST_CASE("http: an allow-list names the origins that may read", "[e2e][http]") {
  Stack stack({.proxy_settings = {{"CALENDLY_ALLOWED_ORIGINS", "https://one.example,https://two.example"}}});
  const auto allowed = [&](const std::string& origin) {
    return stack.proxy->http().get("/api/app/calendly/event-types", {{"Origin", origin}}).header("access-control-allow-origin");
  };
  CHECK(allowed("https://one.example") == "https://one.example");
  CHECK(allowed("https://two.example") == "https://two.example");
  CHECK(!allowed("https://three.example").has_value());
  CHECK(!allowed("https://one.example.evil").has_value());
  CHECK(!allowed("null").has_value());
}

TEST_CASE("http: answers say how they may be kept and read", "[e2e][http]") {
  Stack stack;
  const Reply reply = stack.proxy->slots("30min", day_text(1), day_text(7));
  CHECK(reply.header("content-type").value_or("").starts_with("application/json"));
  CHECK(reply.header("cache-control").value_or("").find("public, max-age=") != std::string::npos);
  CHECK(reply.header("cache-control").value_or("").find("stale-while-revalidate") != std::string::npos);
  CHECK(reply.header("vary").value_or("").find("Origin") != std::string::npos);
  CHECK(reply.header("vary").value_or("").find("Accept-Encoding") != std::string::npos);
  CHECK(reply.header("cache-status").has_value());
  CHECK(reply.header("server-timing").has_value());
  CHECK(reply.header("x-content-type-options") == "nosniff");
  CHECK(reply.header("server").value_or("").find_first_of("0123456789") == std::string::npos);
  const Reply status = stack.proxy->admin_get("/api/web/calendly/connection/status");
  CHECK(status.header("cache-control").value_or("").find("no-store") != std::string::npos);
}

TEST_CASE("http: a compressed answer is the same answer", "[e2e][http]") {
  Stack stack;
  const std::string target = "/api/app/calendly/slots/30min?start_date=" + day_text(1) + "&end_date=" + day_text(30);
  (void)stack.proxy->http().get(target);
  const Reply plain = stack.proxy->http().get(target, {{"Accept-Encoding", "identity"}});
  CHECK(!plain.header("content-encoding").has_value());
  const Reply packed = stack.proxy->http().get(target, {{"Accept-Encoding", "gzip"}});
  CHECK(packed.header("content-encoding") == "gzip");
  CHECK(packed.body.size() * 4 < plain.body.size());
  CHECK(packed.body.starts_with("\x1f\x8b"));
}

TEST_CASE("http: metrics have a door of their own", "[e2e][http]") {
  const int port = free_port();
  Stack stack({.proxy_settings = {{"METRICS_PORT", std::to_string(port)}}});
  REQUIRE(stack.proxy->slots("30min", day_text(1), day_text(7)).status == 200);
  const Reply metrics = Http(port).get("/metrics");
  CHECK(metrics.status == 200);
  CHECK(metrics.body.find("# TYPE ") != std::string::npos);
  CHECK(stack.proxy->http().get("/metrics").status == 404);
}

TEST_CASE("http: a client over its limit hears when to come back", "[e2e][http]") {
  Stack stack({.proxy_settings = {{"CALENDLY_RATE_LIMIT", "5/30s"}}});
  Reply reply;
  for (int request = 0; request < 8; ++request) reply = stack.proxy->http().get("/api/app/calendly/event-types");
  CHECK(reply.status == 429);
  CHECK(reply.error_code() == "too_many_requests");
  CHECK(reply.header("retry-after").has_value());
}

TEST_CASE("http: clients that dribble or stay silent do not keep others waiting", "[e2e][http]") {
  Stack stack;
  REQUIRE(stack.proxy->slots("30min", day_text(1), day_text(7)).status == 200);
  std::vector<std::unique_ptr<RawConnection>> slow;
  for (int number = 0; number < 60; ++number) {
    slow.push_back(std::make_unique<RawConnection>(stack.proxy->http().port()));
    REQUIRE(slow.back()->send(number % 2 == 0 ? "GET /api/app/cal" : ""));
  }
  const auto began = std::chrono::steady_clock::now();
  for (int request = 0; request < 10; ++request) {
    CHECK(stack.proxy->slots("30min", day_text(1), day_text(7)).status == 200);
  }
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(2));
}

TEST_CASE("http: one address has so many connections and no more", "[e2e][http]") {
  Stack stack({.proxy_settings = {{"CALENDLY_MAX_CONNECTIONS_PER_CLIENT", "10"}}, .connected = false});
  std::vector<std::unique_ptr<RawConnection>> held;
  for (int number = 0; number < 10; ++number) {
    held.push_back(std::make_unique<RawConnection>(stack.proxy->http().port()));
  }
  RawConnection one_too_many(stack.proxy->http().port());
  (void)one_too_many.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(one_too_many.read_to_end(std::chrono::seconds(5)).find("HTTP/1.1 200") == std::string::npos);
  held.clear();
  CHECK(eventually([&] { return stack.proxy->http().get("/healthz").status == 200; }));
}
