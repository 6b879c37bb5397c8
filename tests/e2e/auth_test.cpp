#include <catch_amalgamated.hpp>

#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

constexpr char kStatus[] = "/api/web/calendly/connection/status";

std::int64_t unix_time() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch().count();
}

Json claims(const Json& changes = Json::object()) {
  Json all = {{"sub", "tester"}, {"role", "super_admin"}, {"exp", unix_time() + 3600}};
  all.update(changes);
  return all;
}

}  // namespace

TEST_CASE("auth: nobody gets in without a token that this proxy's secret has signed", "[e2e][auth]") {
  struct Row {
    const char* name;
    std::string authorization;
  };
  const Json hs256 = {{"alg", "HS256"}, {"typ", "JWT"}};
  const std::string good = jwt_from(hs256, claims(), kJwtSecret);
  const std::string unsigned_part = good.substr(0, good.rfind('.') + 1);
  Json without_exp = claims();
  without_exp.erase("exp");
  std::string changed_claims = good;
  changed_claims[good.find('.') + 3] ^= 1;
  const std::vector<Row> rows = {
      {"no header", ""},
      {"no token", "Bearer "},
      {"another scheme", "Basic dGVzdGVyOnRlc3Rlcg=="},
      {"not a JWT", "Bearer nonsense"},
      {"two parts", "Bearer " + good.substr(0, good.rfind('.'))},
      {"four parts", "Bearer " + good + ".AAAA"},
      {"another secret", "Bearer " + jwt_from(hs256, claims(), "another-secret-of-more-than-32-bytes!!")},
      {"an empty secret", "Bearer " + jwt_from(hs256, claims(), "")},
      {"alg none without signature", "Bearer " + base64url(R"({"alg":"none"})") + "." + base64url(claims().dump()) + "."},
      {"alg none, signed", "Bearer " + jwt_from({{"alg", "none"}, {"typ", "JWT"}}, claims(), kJwtSecret)},
      {"alg None", "Bearer " + jwt_from({{"alg", "None"}, {"typ", "JWT"}}, claims(), kJwtSecret)},
      {"alg HS512 in the header", "Bearer " + jwt_from({{"alg", "HS512"}, {"typ", "JWT"}}, claims(), kJwtSecret)},
      {"alg RS256 in the header", "Bearer " + jwt_from({{"alg", "RS256"}, {"typ", "JWT"}}, claims(), kJwtSecret)},
      {"no signature", "Bearer " + unsigned_part},
      {"a changed claim", "Bearer " + changed_claims},
      {"a signature cut short", "Bearer " + good.substr(0, good.size() - 4)},
      {"expired", "Bearer " + jwt_from(hs256, claims({{"exp", unix_time() - 120}}), kJwtSecret)},
      {"without an end", "Bearer " + jwt_from(hs256, without_exp, kJwtSecret)},
      {"an end that is a text", "Bearer " + jwt_from(hs256, claims({{"exp", "tomorrow"}}), kJwtSecret)},
      {"claims that are a list", "Bearer " + jwt_from(hs256, Json::array({1, 2}), kJwtSecret)},
      {"claims that are not JSON", "Bearer " + base64url(hs256.dump()) + "." + base64url("{") + ".AAAA"},
      {"20,000 letters of A", "Bearer " + std::string(6000, 'A')},
  };
  Stack stack({.connected = false});
  REQUIRE(stack.proxy->http().get(kStatus, bearer(good)).status == 200);
  for (const Row& row : rows) {
    INFO(row.name);
    const Fields headers = row.authorization.empty() ? Fields{} : Fields{{"Authorization", row.authorization}};
    const Reply reply = stack.proxy->http().get(kStatus, headers);
    CHECK(reply.status == 401);
    CHECK(reply.error_code() == "unauthorized");
    CHECK(stack.proxy->http().post("/api/web/calendly/connection/disconnect", "{}", headers).status == 401);
  }
}

TEST_CASE("auth: a token just past its end is taken within thirty seconds", "[e2e][auth]") {
  Stack stack({.connected = false});
  CHECK(stack.proxy->http().get(kStatus, bearer(jwt_for("admin", std::chrono::seconds(-10)))).status == 200);
  CHECK(stack.proxy->http().get(kStatus, bearer(jwt_for("admin", std::chrono::seconds(-45)))).status == 401);
}

TEST_CASE("auth: who may do what", "[e2e][auth]") {
  struct Row {
    const char* method;
    const char* target;
    int visitor;
    int admin;
    int super_admin;
  };
  const Row row = GENERATE(values<Row>({
      {"GET", "/api/web/calendly/connection/status", 403, 200, 200},
      {"GET", "/api/web/calendly/cache/stats", 403, 200, 200},
      {"GET", "/api/web/calendly/audit", 403, 200, 200},
      {"GET", "/api/web/calendly/mail?event_type=30min", 403, 200, 200},
      {"POST", "/api/web/calendly/event-types/sync", 403, 200, 200},
      {"POST", "/api/web/calendly/cache/purge", 403, 200, 200},
      {"POST", "/api/web/calendly/connection/disconnect", 403, 403, 200},
  }));
  INFO(row.method << ' ' << row.target);
  Stack stack;
  const auto status_for = [&](const std::string& role) {
    const std::string token = jwt_for(role);
    return row.method == std::string("GET") ? stack.proxy->http().get(row.target, bearer(token)).status
                                            : stack.proxy->http().post(row.target, "{}", bearer(token)).status;
  };
  CHECK(status_for("visitor") == row.visitor);
  CHECK(status_for("") == row.visitor);
  CHECK(status_for("Admin") == row.visitor);
  CHECK(status_for("admin") == row.admin);
  CHECK(stack.proxy->status()["connected"] == true);
  CHECK(status_for("super_admin") == row.super_admin);
}

TEST_CASE("auth: the audit log tells who changed what", "[e2e][auth]") {
  Stack stack;
  REQUIRE(stack.proxy->admin_post("/api/web/calendly/event-types/sync", Json::object()).status == 200);
  REQUIRE(stack.proxy->admin_post("/api/web/calendly/cache/purge", Json::object()).status == 200);
  REQUIRE(stack.proxy->admin_post("/api/web/calendly/connection/disconnect", Json::object(), "super_admin").status == 200);
  const Reply reply = stack.proxy->admin_get("/api/web/calendly/audit");
  REQUIRE(reply.status == 200);
  const std::string text = reply.body;
  INFO(text);
  CHECK(text.find("tester") != std::string::npos);
  for (const char* action : {"token", "sync", "purge", "disconnect"}) {
    INFO(action);
    CHECK(text.find(action) != std::string::npos);
  }
  CHECK(text.find(kToken) == std::string::npos);
}
