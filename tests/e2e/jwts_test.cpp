// Listed JWTs: in every call that takes one, on every server, and while the database is not available.
#include <algorithm>
#include <catch_amalgamated.hpp>

#include "tests/e2e/command.h"
#include "tests/e2e/installation.h"

using namespace slotwire;
using namespace slotwire::e2e;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr char kJwts[] = "/api/web/calendly/jwts";
constexpr char kMe[] = "/calendly/v2/users/me";
constexpr milliseconds kPromised{2'000};

std::string trimmed(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

// Runs an operator's commands beside a running proxy.
class Shell {
 public:
  explicit Shell(Environment settings) : settings_(std::move(settings)) {}
  [[nodiscard]] Run run(const std::vector<std::string>& words) const { return run_proxy(words, settings_); }
  [[nodiscard]] std::string jwt(const std::string& sub, const std::string& role) const {
    const Run made = run({"admin-jwt", "--sub", sub, "--role", role});
    REQUIRE(made.status == 0);
    return trimmed(made.output);
  }
  [[nodiscard]] Json listed(bool all = false) const {
    const Run run = all ? this->run({"jwt", "list", "--json", "--all"}) : this->run({"jwt", "list", "--json"});
    REQUIRE(run.status == 0);
    return Json::parse(run.output).at("jwts");
  }
  [[nodiscard]] std::string id_of(const std::string& sub) const {
    for (const Json& jwt : listed()) {
      if (jwt.at("sub") == sub && jwt.at("state") == "active") return jwt.at("id");
    }
    return "";
  }

 private:
  Environment settings_;
};

Shell beside(const Stack& stack) { return Shell(proxy_settings(stack.folder.path(), 0, stack.simulator.address())); }

}  // namespace

TEST_CASE("jwts: one that was revoked is refused wherever a JWT opens something, within two seconds", "[e2e][jwt]") {
  Stack stack;
  const Http& http = stack.proxy->http();
  const Shell shell = beside(stack);
  const std::string reader = shell.jwt("crm", "reader");
  const std::string admin = shell.jwt("crm", "admin");
  const std::string other = shell.jwt("accounting", "reader");
  const auto books = [&] {
    return http.get(std::string("/api/app/calendly/booking-form/") + kThirtyMinutes, bearer(admin)).data().at("canBook") == true;
  };
  REQUIRE(http.get(kMe, bearer(reader)).status == 200);
  REQUIRE(http.get(kJwts, bearer(admin)).status == 200);
  REQUIRE(books());

  const Run revoked = shell.run({"jwt", "revoke", "--sub", "crm"});
  const auto began = steady_clock::now();
  REQUIRE(revoked.status == 0);
  CHECK(revoked.output.find("Revoked 2 JWTs") != std::string::npos);
  REQUIRE(
      eventually([&] { return http.get(kMe, bearer(reader)).status == 401 && http.get(kJwts, bearer(admin)).status == 401; }));
  CHECK(steady_clock::now() - began < kPromised);
  const Reply in_its_words = http.get(kMe, bearer(reader));
  CHECK(in_its_words.json() == Json{{"title", "Unauthenticated"}, {"message", "The access token is invalid"}});
  CHECK(http.get(kJwts, bearer(admin)).json().at("message") == "This sign-in token was revoked.");
  CHECK_FALSE(books());
  CHECK(http.get(kMe, bearer(other)).status == 200);
  CHECK(shell.run({"jwt", "revoke", "--sub", "crm"}).output.find("All of them were revoked already") != std::string::npos);

  // After a restart, too.
  stack.restart_proxy();
  CHECK(stack.proxy->http().get(kMe, bearer(reader)).status == 401);
  CHECK(stack.proxy->http().get(kMe, bearer(other)).status == 200);
}

TEST_CASE("jwts: the list says who has one, until when, and when it was last used", "[e2e][jwt]") {
  Stack stack;
  const Http& http = stack.proxy->http();
  const Shell shell = beside(stack);
  const std::string jwt = shell.jwt("crm", "reader");
  const Json before = shell.listed().at(0);
  CHECK(before.at("sub") == "crm");
  CHECK(before.at("role") == "reader");
  CHECK(before.at("madeBy") == "command line");
  CHECK(before.at("state") == "active");
  CHECK(before.at("lastUsedAt") == nullptr);
  CHECK(before.at("revokedAt") == nullptr);
  REQUIRE(http.get(kMe, bearer(jwt)).status == 200);
  REQUIRE(eventually([&] { return shell.listed().at(0).at("lastUsedAt") != nullptr; }));
  const Run table = shell.run({"jwt", "list"});
  CHECK(table.output.find("LAST USED") != std::string::npos);
  CHECK(table.output.find(before.at("id").get<std::string>()) != std::string::npos);
  // The API shows the same, and never the token.
  const Reply reply = stack.proxy->admin_get(kJwts);
  CHECK(reply.data().at("jwts").at(0).at("id") == before.at("id"));
  CHECK(reply.data().at("listedOnly") == false);
  CHECK(reply.body.find("eyJ") == std::string::npos);
  CHECK(table.output.find("eyJ") == std::string::npos);
}

TEST_CASE("jwts: by the API one or all of a sub, mistakes by field, and every try in the audit log", "[e2e][jwt]") {
  Stack stack;
  const Http& http = stack.proxy->http();
  const Shell shell = beside(stack);
  const std::string jwt = shell.jwt("crm", "reader");
  const std::string master = shell.jwt("root", "super_admin");
  const std::string id = shell.id_of("crm");
  const Fields admin = bearer(jwt_for("admin"));
  const auto taken_back = [&](const std::string& target, const Fields& by) { return http.send("DELETE", kJwts + target, by); };

  CHECK(taken_back("/" + id, bearer(jwt_for("reader"))).status == 403);
  CHECK(taken_back("/" + id, {}).status == 401);
  CHECK(http.get(kMe, bearer(jwt)).status == 200);
  const Reply nobody = taken_back("/0123456789abcdef01234567", admin);
  CHECK(nobody.status == 404);
  CHECK(nobody.json().at("error").at("details").at(0).at("field") == "id");
  const Reply unsaid = taken_back("", admin);
  CHECK(unsaid.status == 400);
  CHECK(unsaid.json().at("error").at("details").at(0).at("field") == "sub");
  CHECK(taken_back("?sub=root", admin).status == 403);
  CHECK(http.get(kJwts, bearer(master)).status == 200);

  const Reply done = taken_back("/" + id, admin);
  CHECK(done.status == 200);
  CHECK(done.json().at("message") == "Revoked one JWT");
  CHECK(http.get(kMe, bearer(jwt)).status == 401);  // on this server at once
  CHECK(taken_back("/" + id, admin).data() == Json{{"revoked", 0}, {"revokedBefore", 1}});
  CHECK(taken_back("?sub=root", bearer(jwt_for("super_admin"))).status == 200);
  CHECK(http.get(kJwts, bearer(master)).status == 401);

  std::vector<std::string> seen;
  const Json entries = stack.proxy->admin_get("/api/web/calendly/audit").data().at("entries");
  for (const Json& entry : entries)
    seen.push_back(entry.at("action").get<std::string>() + ": " + entry.at("outcome").get<std::string>());
  for (const std::string& expected :
       {"jwt.revoke " + id + ": ok", "jwt.revoke " + id + ": forbidden", std::string("jwt.revoke of root: forbidden"),
        std::string("jwt.revoke of root: ok"), std::string("jwt.revoke: bad_input"), std::string("jwt.make: ok")}) {
    INFO(expected);
    CHECK(std::ranges::count(seen, expected) >= 1);
  }
}

TEST_CASE("jwts: with CALENDLY_LISTED_JWTS_ONLY what is on no list is refused, and what is new is not", "[e2e][jwt]") {
  Stack stack({.proxy_settings = {{"CALENDLY_LISTED_JWTS_ONLY", "false"}}});
  const Shell shell = beside(stack);
  const std::string unlisted = trimmed(shell.run({"admin-jwt", "--unlisted", "--role", "admin"}).output);
  const std::string from_before = jwt_for("admin");
  const std::string listed = shell.jwt("crm", "admin");
  for (const std::string& jwt : {unlisted, from_before, listed}) CHECK(stack.proxy->http().get(kJwts, bearer(jwt)).status == 200);
  stack.restart_proxy({{"CALENDLY_LISTED_JWTS_ONLY", "true"}});
  const Http& http = stack.proxy->http();
  CHECK(http.get(kJwts, bearer(listed)).status == 200);
  for (const std::string& jwt : {unlisted, from_before}) {
    CHECK(http.get(kJwts, bearer(jwt)).status == 401);
    CHECK(http.get(kMe, bearer(jwt)).status == 401);
  }
  // Valid at the moment it is printed, each time.
  for (int i = 0; i < 5; ++i) CHECK(http.get(kMe, bearer(shell.jwt("crm", "reader"))).status == 200);
}

TEST_CASE("jwts: revoked on one server, refused on all three within two seconds, and on a server that is cut off from then on",
          "[e2e][servers][jwt]") {
  Installation all;
  Environment settings = proxy_settings(all.folder.path(), 0, all.simulator.address());
  settings["CALENDLY_DATABASE_URL"] = all.database;
  const Shell shell(settings);
  const std::string jwt = shell.jwt("crm", "reader");
  const auto status_on = [&](int i, const std::string& token) { return all.at(i).http().get(kMe, bearer(token)).status; };
  for (int i = 0; i < 3; ++i) CHECK(status_on(i, jwt) == 200);
  const Reply revoked = all.at(0).http().send("DELETE", std::string(kJwts) + "?sub=crm", bearer(jwt_for("admin")));
  const auto began = steady_clock::now();
  REQUIRE(revoked.status == 200);
  REQUIRE(eventually([&] { return status_on(1, jwt) == 401 && status_on(2, jwt) == 401; }));
  CHECK(steady_clock::now() - began < kPromised);

  // JWTs revoked before stay refused; the list can be neither read nor changed there, and the answer says so.
  all.to_postgres.sever();
  REQUIRE(eventually([&] { return all.at(2).http().get(kJwts, bearer(jwt_for("admin"))).status == 503; }));
  CHECK(status_on(2, jwt) == 401);
  const Reply refused = all.at(2).http().send("DELETE", std::string(kJwts) + "?sub=crm", bearer(jwt_for("admin")));
  CHECK(refused.status == 503);
  CHECK(refused.error_code() == "storage_failed");
  CHECK(refused.header("retry-after"));
  // Revoked while it is cut off: refused as soon as it is notified.
  const std::string later = shell.jwt("crm", "reader");
  CHECK(status_on(2, later) == 200);
  REQUIRE(all.at(0).http().send("DELETE", std::string(kJwts) + "?sub=crm", bearer(jwt_for("admin"))).status == 200);
  CHECK(status_on(0, later) == 401);
  CHECK(status_on(2, later) == 200);
  all.to_postgres.mend();
  CHECK(eventually([&] { return status_on(2, later) == 401; }));
}
