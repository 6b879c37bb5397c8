#include <catch_amalgamated.hpp>

#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {
constexpr char kTokenCall[] = "/api/web/calendly/token";
}

// JSON values were returned by value while parsing: sixty thousand brackets used five megabytes of stack, and where the stack is
// small a single booking crashed the program.
TEST_CASE("bodies: brackets without end are refused, however small the stack", "[e2e][bodies]") {
  Stack stack;
  REQUIRE(stack.proxy->stop() == 0);
  const int port = free_port();
  Process proxy("/bin/sh", {"-c", "ulimit -s 2048 && exec \"$0\" serve", program_path("slotwire")},
                proxy_settings(stack.folder.path(), port, stack.simulator.address()));
  const Http http(port);
  REQUIRE(eventually([&] { return !proxy.is_running() || http.get("/healthz").status == 200; }));
  for (int time = 0; time < 3; ++time) {
    const Reply reply = http.post("/api/app/calendly/bookings", std::string(60'000, '['),
                                  {{"Origin", kSite}, {"Idempotency-Key", std::to_string(time)}});
    CHECK(reply.status == 400);
  }
  CHECK(proxy.is_running());
  CHECK(http.get("/healthz").status == 200);
}

TEST_CASE("bodies: what is not a small JSON object with the right fields is refused", "[e2e][bodies]") {
  struct Row {
    const char* name;
    std::string body;
    const char* content_type;
    int status;
  };
  const std::vector<Row> rows = {
      {"nothing", "", "application/json", 400},
      {"not JSON", "{\"accessToken\":", "application/json", 400},
      {"a list", "[]", "application/json", 400},
      {"a text", "\"token\"", "application/json", 400},
      {"null", "null", "application/json", 400},
      {"no field", "{}", "application/json", 400},
      {"a number", R"({"accessToken":5})", "application/json", 400},
      {"an object", R"({"accessToken":{}})", "application/json", 400},
      {"an empty token", R"({"accessToken":""})", "application/json", 400},
      {"a line break in the token", R"({"accessToken":"eyJhbGciOi\nJIUzI1NiJ9.e30.x"})", "application/json", 400},
      {"a header smuggled by the token", R"({"accessToken":"eyJ.e30.x\r\nX-Evil: 1"})", "application/json", 400},
      {"a space in the token", R"({"accessToken":"eyJ.e30 .x"})", "application/json", 400},
      {"a zero byte in the token", R"({"accessToken":"eyJ.e30\u0000.x"})", "application/json", 400},
      {"a token of 9 KiB", R"({"accessToken":"eyJ)" + std::string(9 << 10, 'a') + R"("})", "application/json", 400},
      {"bad UTF-8", "{\"accessToken\":\"eyJ\xff\xfe\"}", "application/json", 400},
      {"5,000 brackets", std::string(5000, '['), "application/json", 400},
      {"a form", "accessToken=eyJ.e30.x", "application/x-www-form-urlencoded", 415},
      {"plain text", R"({"accessToken":"eyJ.e30.x"})", "text/plain", 415},
      {"64 KiB and a byte", "{\"accessToken\":\"" + std::string((64 << 10) - 17 + 1, 'a') + "\"}", "application/json", 413},
      {"1 MiB", "{\"accessToken\":\"" + std::string(1 << 20, 'a') + "\"}", "application/json", 413},
  };
  Stack stack;
  for (const Row& row : rows) {
    INFO(row.name);
    const Reply reply = stack.proxy->http().post(kTokenCall, row.body, bearer(jwt_for("admin")), row.content_type);
    INFO(reply.body.substr(0, 300));
    CHECK(reply.status == row.status);
    CHECK(reply.json()["success"] == false);
    if (row.status == 400) CHECK(reply.body.find("eyJ") == std::string::npos);
  }
  CHECK(stack.simulator.calls("users_me") == 0);
  CHECK(stack.proxy->status()["connected"] == true);
}

TEST_CASE("bodies: the field that is wrong is named", "[e2e][bodies]") {
  Stack stack({.connected = false});
  const Reply token = stack.proxy->admin_post(kTokenCall, Json::object());
  CHECK(token.json()["error"]["details"].dump().find("accessToken") != std::string::npos);
  const Reply configured = stack.proxy->admin_post(
      "/api/web/calendly/configure-public",
      {{"calendlyUsername", "acme"}, {"eventTypes", Json::array({{{"name", "Call"}, {"slug", "call"}, {"duration", -5}}})}});
  CHECK(configured.status == 400);
  CHECK(configured.json()["error"]["details"].dump().find("duration") != std::string::npos);
}

TEST_CASE("bodies: a request that says two lengths, or frames itself in two ways, is not read", "[e2e][bodies]") {
  struct Row {
    const char* name;
    std::string head;
  };
  const Row row = GENERATE(values<Row>({
      {"two lengths", "Content-Length: 2\r\nContent-Length: 30\r\n"},
      {"length and chunks", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"},
      {"a negative length", "Content-Length: -1\r\n"},
      {"a length with a sign", "Content-Length: +2\r\n"},
      {"a compressed body", "Content-Encoding: gzip\r\nContent-Length: 2\r\n"},
      {"a space before the colon", "Content-Length : 2\r\n"},
      {"a bare line feed", "X-One: 1\nContent-Length: 2\r\n"},
  }));
  INFO(row.name);
  Stack stack({.connected = false});
  RawConnection connection(stack.proxy->http().port());
  REQUIRE(connection.send(
      "POST /api/web/calendly/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Authorization: Bearer " +
      jwt_for("admin") + "\r\n" + row.head + "Connection: close\r\n\r\n{}GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
  const std::string answer = connection.read_to_end();
  INFO(answer);
  // If there is an answer, it refuses the framing, and what follows the body is not treated as a request.
  CHECK(answer.find("HTTP/1.1 200") == std::string::npos);
  CHECK((answer.empty() || answer.starts_with("HTTP/1.1 4")));
  CHECK(stack.proxy->http().get("/healthz").status == 200);
}
