#include "proxy/http/cors.h"

#include <catch_amalgamated.hpp>

using namespace slotwire;
using namespace slotwire::http;

namespace {

Reply marked(const std::vector<std::string>& allowed, const char* origin) {
  Request request;
  if (origin != nullptr) request.headers.add("Origin", origin);
  Reply reply;
  reply.headers.set("Vary", "Accept-Encoding");
  AllowedOrigins::from_list(allowed).value().mark(request, reply);
  return reply;
}

}  // namespace

TEST_CASE("cors: only listed origins are let in, exactly", "[http][cors]") {
  struct Row {
    std::vector<std::string> allowed;
    const char* origin;
    const char* expected;
  };
  const std::vector<std::string> list{"https://www.example.com", "http://localhost:8080/", "HTTPS://Shop.Example.org:443"};
  const std::vector<Row> rows{
      {{"*"}, "https://any.where", "*"},
      {{"*"}, "null", "*"},
      {{"*"}, nullptr, nullptr},
      {list, "https://www.example.com", "https://www.example.com"},
      {list, "http://localhost:8080", "http://localhost:8080"},
      {list, "https://shop.example.org", "https://shop.example.org"},
      {list, "http://www.example.com", nullptr},
      {list, "https://example.com", nullptr},
      {list, "https://www.example.com.evil.org", nullptr},
      {list, "https://evil-www.example.com", nullptr},
      {list, "https://www.example.com:8443", nullptr},
      {list, "null", nullptr},
      {{}, "https://www.example.com", nullptr},
  };
  for (const Row& row : rows) {
    INFO((row.origin == nullptr ? "no origin" : row.origin));
    const Reply reply = marked(row.allowed, row.origin);
    const auto allowed = reply.headers.find("Access-Control-Allow-Origin");
    CHECK(allowed.has_value() == (row.expected != nullptr));
    if (row.expected != nullptr) CHECK(allowed == row.expected);
    CHECK(reply.headers.find("Vary") == "Accept-Encoding, Origin");
    CHECK_FALSE(reply.headers.find("Access-Control-Allow-Credentials").has_value());
  }
}

TEST_CASE("cors: what is not an origin is refused by name", "[http][cors]") {
  for (const char* bad :
       {"www.example.com", "https://", "https://a/b", "https://*.example.com", "https://a b", "", "https://u@a"}) {
    INFO(bad);
    CHECK_FALSE(AllowedOrigins::from_list({bad}).has_value());
  }
}

TEST_CASE("cors: a preflight is granted to allowed origins only", "[http][cors]") {
  const AllowedOrigins origins = AllowedOrigins::from_list({"https://a.example"}).value();
  Request request;
  request.headers.add("Origin", "https://a.example");
  const Reply granted = origins.preflight(request, "GET, POST");
  CHECK(granted.status == 204);
  CHECK(granted.headers.find("Access-Control-Allow-Methods") == "GET, POST");
  CHECK(granted.headers.find("Access-Control-Allow-Headers").value().find("Idempotency-Key") != std::string_view::npos);
  Request stranger;
  stranger.headers.add("Origin", "https://b.example");
  const Reply denied = origins.preflight(stranger, "GET, POST");
  CHECK(denied.status == 204);
  CHECK_FALSE(denied.headers.find("Access-Control-Allow-Methods").has_value());
}

TEST_CASE("cors: an Origin that equals the Host let anybody's program write, so only a listed name counts", "[http][cors]") {
  const auto may_write = [](const std::vector<std::string>& allowed, const char* method, const char* origin, const char* host) {
    Request request;
    request.method = method;
    if (origin != nullptr) request.headers.add("Origin", origin);
    request.headers.add("Host", host);
    return AllowedOrigins::from_list(allowed).value().may_write(request);
  };
  const std::vector<std::string> named = {"*", "https://slots.example"};
  CHECK(may_write(named, "POST", "https://slots.example", "other.example"));
  CHECK_FALSE(may_write({"*"}, "POST", "https://slots.example", "slots.example"));
  CHECK_FALSE(may_write(named, "POST", "https://other.example", "other.example"));
  CHECK_FALSE(may_write(named, "POST", "null", "slots.example"));
  CHECK_FALSE(may_write(named, "POST", nullptr, "slots.example"));
  // A page of the proxy's own host sends no Origin with a GET.
  CHECK(may_write(named, "GET", nullptr, "slots.example"));
  CHECK_FALSE(may_write(named, "GET", nullptr, "other.example"));
  CHECK_FALSE(may_write(named, "GET", nullptr, ""));
  CHECK_FALSE(may_write({"*"}, "GET", nullptr, "slots.example"));
}
