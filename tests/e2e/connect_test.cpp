#include <catch_amalgamated.hpp>
#include <fstream>

#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

TEST_CASE("connect: a token is validated, its event types are read, and status tells of it", "[e2e][connect]") {
  Stack stack({.connected = false});
  CHECK(stack.proxy->status()["connected"] == false);
  const Reply before = stack.proxy->slots("30min", day_text(1), day_text(3));
  CHECK(before.status == 503);
  CHECK(before.error_code() == "not_connected");
  CHECK(stack.proxy->http().get("/api/app/calendly/event-types").data()["mode"] == "none");

  const Reply reply = stack.proxy->connect(kToken);
  INFO(reply.body.substr(0, 500));
  REQUIRE(reply.status == 200);
  for (const Json& status : {reply.data(), stack.proxy->status()}) {
    CHECK(status["connected"] == true);
    CHECK(status["connectionMode"] == "pat");
    CHECK(status["calendlyUserId"].dump().find("USERAAAAAAAAAAAA") != std::string::npos);
    CHECK(status["calendlyUserName"] == "Ada Example");
    CHECK(status["organizationUri"] == "https://api.calendly.com/organizations/ORGAAAAAAAAAAAAA");
    CHECK(status["connectedBy"] == "tester");
    CHECK(instant_from_text(status["connectedAt"].get<std::string>()).has_value());
    CHECK(instant_from_text(status["lastSyncedAt"].get<std::string>()).has_value());
    CHECK(instant_from_text(status["lastValidatedAt"].get<std::string>()).has_value());
    CHECK(!status["tokenFingerprint"].get<std::string>().empty());
    CHECK(status.dump().find(kToken) == std::string::npos);
  }
}

TEST_CASE("connect: more than a hundred event types come page by page, and no address of a page is followed", "[e2e][connect]") {
  Stack stack({.simulator_arguments = {"--event-types", "230"}, .connected = false});
  REQUIRE(stack.proxy->connect(kToken).status == 200);
  CHECK(stack.simulator.calls("event_types") == 3);
  const Json types = stack.proxy->http().get("/api/app/calendly/event-types").data().at("eventTypes");
  CHECK(types.size() == 227);  // without the secret ones and the inactive one
  CHECK(stack.proxy->slots("bulk-218", day_text(1), day_text(2)).status == 200);
}

TEST_CASE("connect: a token of several thousand letters is one like others", "[e2e][connect]") {
  Stack stack({.connected = false});
  const std::string token = "eyJ" + std::string(4000, 'a') + "." + std::string(2000, 'b') + "." + std::string(1000, 'c');
  stack.simulator.set("account", {{"tokens", Json::array({{{"token", token}}})}});
  CHECK(stack.proxy->connect(token).status == 200);
  CHECK(stack.proxy->slots("30min", day_text(1), day_text(2)).status == 200);
}

TEST_CASE("connect: a token that does not work leaves the one that does", "[e2e][connect]") {
  Stack stack;
  const Json before = stack.proxy->status();
  SECTION("a wrong one") {
    const Reply reply = stack.proxy->connect("eyJ3cm9uZw.eyJ3cm9uZw.d3Jvbmc");
    CHECK(reply.status == 400);
    CHECK(reply.error_code() == "invalid_token");
    CHECK(reply.json()["message"] == "Invalid Personal Access Token");
  }
  SECTION("one without the scopes that slots need") {
    const std::string poor = "eyJwb29y.eyJwb29y.cG9vcg";
    stack.simulator.set("account",
                        {{"tokens", Json::array({{{"token", kToken}}, {{"token", poor}, {"scopes", {"users:read"}}}})}});
    const Reply reply = stack.proxy->connect(poor);
    CHECK(reply.status == 400);
    CHECK(reply.error_code() == "insufficient_scope");
    CHECK(reply.body.find("event_types:read") != std::string::npos);
  }
  SECTION("one whose second page of event types cannot be had") {
    stack.simulator.set("account", {{"event_types", 130}});
    stack.simulator.add_fault({{"endpoint", "event_types"}, {"match", "page_token"}, {"kind", "error"}, {"status", 403}});
    CHECK(stack.proxy->connect(kToken).status >= 400);
  }
  const Json after = stack.proxy->status();
  CHECK(after["connected"] == true);
  CHECK(after["tokenFingerprint"] == before["tokenFingerprint"]);
  CHECK(after["connectedAt"] == before["connectedAt"]);
  CHECK(stack.proxy->slots("30min", day_text(1), day_text(3)).status == 200);
}

TEST_CASE("connect: a new token drops what the old one had fetched", "[e2e][connect]") {
  Stack stack;
  REQUIRE(stack.proxy->slots("30min", day_text(1), day_text(7)).status == 200);
  REQUIRE(stack.proxy->connect(kToken).status == 200);
  stack.simulator.reset_counters();
  CHECK(stack.proxy->slots("30min", day_text(1), day_text(7)).data()["cached"] == false);
  CHECK(stack.simulator.calls("event_type_available_times") == 1);
}

TEST_CASE("connect: public mode shows links only, without a token", "[e2e][connect]") {
  Stack stack({.connected = false});
  const Reply reply = stack.proxy->admin_post(
      "/api/web/calendly/configure-public",
      {{"calendlyUsername", "acme"}, {"eventTypes", Json::array({{{"name", "Call"}, {"slug", "call"}, {"duration", 20}}})}});
  INFO(reply.body);
  REQUIRE(reply.status == 200);
  const Json listed = stack.proxy->http().get("/api/app/calendly/event-types").data();
  CHECK(listed["mode"] == "public");
  REQUIRE(listed["eventTypes"].size() == 1);
  CHECK(listed["eventTypes"][0]["name"] == "Call");
  CHECK(listed["eventTypes"][0]["duration"] == 20);
  const Json data = stack.proxy->slots("call", day_text(1), day_text(3)).data();
  CHECK(data["mode"] == "public");
  CHECK(data["schedulingUrl"] == "https://calendly.com/acme/call");
  CHECK(data["slots"].empty());
  CHECK(stack.simulator.look("counters")["total"] == 0);
}

TEST_CASE("connect: disconnecting forgets token and event types, in the file's bytes too", "[e2e][connect]") {
  Stack stack;
  REQUIRE(stack.proxy->slots("30min", day_text(1), day_text(7)).status == 200);
  REQUIRE(stack.proxy->admin_post("/api/web/calendly/connection/disconnect", Json::object(), "super_admin").status == 200);
  CHECK(stack.proxy->status()["connected"] == false);
  CHECK(stack.proxy->slots("30min", day_text(1), day_text(7)).error_code() == "not_connected");
  REQUIRE(stack.proxy->stop() == 0);
  for (const auto& file : std::filesystem::directory_iterator(stack.folder.path())) {
    INFO(file.path().string());
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    CHECK(bytes.find("30 Minute Meeting") == std::string::npos);
    CHECK(bytes.find("Ada Example") == std::string::npos);
  }
}
