#include "proxy/http/router.h"

#include <catch_amalgamated.hpp>

#include "proxy/http/replies.h"

using namespace slotwire;
using namespace slotwire::http;

namespace {

Handler says(std::string name) {
  return [name](const Request& request) -> Step {
    std::string text = name;
    for (const std::string& value : request.path_values) text += "|" + value;
    return reply_from_text(200, "text/plain", text);
  };
}

Router some_routes() {
  Router router;
  router.on("GET", "/healthz", says("health"));
  router.on("GET", "/api/app/calendly/slots/{eventType}", says("slots"));
  router.on("POST", "/api/token", says("token"));
  router.on("GET", "/api/token", says("token-read"));
  router.on("*", "/calendly/v2/{rest...}", says("v2"));
  router.on("GET", "/a/{one}/b/{two}", says("two"));
  return router;
}

Reply ask(const Router& router, std::string method, std::string path) {
  Request request;
  request.method = std::move(method);
  request.path = std::move(path);
  return std::get<Reply>(router(request));
}

}  // namespace

TEST_CASE("router: finds routes on the raw path and decodes each value", "[http][router]") {
  struct Row {
    const char* method;
    const char* path;
    int status;
    const char* body;
  };
  const auto row = GENERATE(values<Row>({
      {"GET", "/healthz", 200, "health"},
      {"HEAD", "/healthz", 200, "health"},
      {"GET", "/health%7A", 200, "health"},
      {"GET", "/healthz/", 404, nullptr},
      {"GET", "//healthz", 404, nullptr},
      {"GET", "/", 404, nullptr},
      {"OPTIONS", "*", 404, nullptr},
      {"GET", "/api/app/calendly/slots/30min", 200, "slots|30min"},
      {"GET", "/api/app/calendly/slots/https%3A%2F%2Fapi.calendly.com%2Fevent_types%2FZZZ", 200,
       "slots|https://api.calendly.com/event_types/ZZZ"},
      {"GET", "/api/app/calendly/slots/https://api.calendly.com", 404, nullptr},
      {"GET", "/api/app/calendly/slots/", 404, nullptr},
      {"GET", "/api/app/calendly/slots", 404, nullptr},
      {"GET", "/api/app/calendly/slots/a+b%20c", 200, "slots|a+b c"},
      {"GET", "/api/app/calendly/slots/%zz", 400, nullptr},
      {"GET", "/api/app/calendly/slots/%2", 400, nullptr},
      {"GET", "/api/app/calendly/slots/%00", 400, nullptr},
      {"GET", "/a/x/b/y", 200, "two|x|y"},
      {"POST", "/api/token", 200, "token"},
      {"GET", "/api/token", 200, "token-read"},
      {"PUT", "/api/token", 405, nullptr},
      {"DELETE", "/calendly/v2/x/y?z", 200, "v2|x/y?z"},
      {"GET", "/nowhere", 404, nullptr},
  }));
  INFO(row.method << " " << row.path);
  const Reply reply = ask(some_routes(), row.method, row.path);
  CHECK(reply.status == row.status);
  if (row.body != nullptr) CHECK(*reply.body == row.body);
  if (row.status >= 400) CHECK(reply.body->find("\"success\":false") != std::string::npos);
}

TEST_CASE("router: 405 and OPTIONS name the methods there are", "[http][router]") {
  Router router = some_routes();
  CHECK(ask(router, "PUT", "/api/token").headers.find("Allow") == "POST, GET, HEAD, OPTIONS");
  const Reply options = ask(router, "OPTIONS", "/healthz");
  CHECK(options.status == 204);
  CHECK(options.headers.find("Allow") == "GET, HEAD, OPTIONS");
  router.on_options([](const Request&, std::string_view methods) {
    return reply_from_text(200, "text/plain", "hook " + std::string(methods));
  });
  CHECK(*ask(router, "OPTIONS", "/healthz").body == "hook GET, HEAD, OPTIONS");
  CHECK(ask(router, "OPTIONS", "/nowhere").status == 404);
}

TEST_CASE("router: refusals are worded as it is told to, with the methods there are all the same", "[http][router]") {
  Router router = some_routes();
  router.on_refusal([](const AskedAt& asked, int status, const Error& error) {
    return reply_from_text(status, "text/plain", std::string(asked.path) + ": " + error.detail);
  });
  CHECK(*ask(router, "GET", "/nowhere").body == "/nowhere: There is nothing at this address.");
  CHECK(ask(router, "GET", "/calendly/v2/%zz").body->starts_with("/calendly/v2/%zz: "));
  const Reply wrong_method = ask(router, "PUT", "/api/token");
  CHECK(wrong_method.body->starts_with("/api/token: "));
  CHECK(wrong_method.headers.find("Allow").has_value());
}

TEST_CASE("router: the fallback answers reads of unknown paths only", "[http][router]") {
  Router router = some_routes();
  router.on_no_route([](const Request& request) -> std::optional<Reply> {
    if (request.path != "/file") return std::nullopt;
    return reply_from_text(200, "text/plain", "file");
  });
  CHECK(*ask(router, "GET", "/file").body == "file");
  CHECK(ask(router, "HEAD", "/file").status == 200);
  CHECK(ask(router, "POST", "/file").status == 405);
  CHECK(ask(router, "GET", "/other").status == 404);
}

TEST_CASE("query_value: the first value, decoded, a plus being a space", "[http][router]") {
  Request request;
  request.query = "a=1&b=x%20y+z&a=2&empty=&bare&c=%2B02:00&bad=%zz&%64=d";
  CHECK(request.query_value("a") == "1");
  CHECK(request.query_value("b") == "x y z");
  CHECK(request.query_value("empty") == "");
  CHECK(request.query_value("bare") == "");
  CHECK(request.query_value("c") == "+02:00");
  CHECK(request.query_value("bad") == "%zz");
  CHECK(request.query_value("d") == "d");
  CHECK_FALSE(request.query_value("z").has_value());
}

// A page or file existed for GET, but POST got 404 "There is nothing at this address."
TEST_CASE("router: what has a file or page but no route takes GET, and says so", "[http][router]") {
  Router router = some_routes();
  int begun = 0;
  router.on_no_route([&](const Request& request) -> std::optional<Step> {
    if (request.path == "/file") return says("file")(request);
    if (request.path == "/page") return Later([&begun](std::function<void(Reply)>) { ++begun; });
    return std::nullopt;
  });
  for (const char* path : {"/file", "/page"}) {
    INFO(path);
    CHECK(ask(router, "POST", path).status == 405);
    CHECK(ask(router, "POST", path).headers.find("Allow") == "GET, HEAD, OPTIONS");
    CHECK(ask(router, "OPTIONS", path).status == 204);
  }
  CHECK(ask(router, "POST", "/nothing").status == 404);
  CHECK(ask(router, "HEAD", "/file").status == 200);
  CHECK(begun == 0);
}
