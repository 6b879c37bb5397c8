#include <catch_amalgamated.hpp>
#include <fstream>
#include <future>
#include <signal.h>
#include <sys/resource.h>

#include "tests/e2e/command.h"
#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

TEST_CASE("lifecycle: settings that cannot work are all told at once, and nothing starts", "[e2e][lifecycle]") {
  TemporaryFolder folder;
  Environment settings = proxy_settings(folder.path(), free_port(), "http://127.0.0.1:9");
  settings["JWT_SECRET"] = "short";
  settings["CALENDLY_SLOTS_CACHE_TTL"] = "soon";
  settings["CALENDLY_WINDOW_DAYS"] = "32";
  settings["CALENDLY_RATE_LIMIT"] = "many";
  for (const char* command : {"serve", "check-config"}) {
    INFO(command);
    const Run run = run_proxy({command}, settings);
    INFO(run.output);
    REQUIRE(run.status.has_value());
    CHECK(*run.status != 0);
    for (const char* name : {"JWT_SECRET", "CALENDLY_SLOTS_CACHE_TTL", "CALENDLY_WINDOW_DAYS", "CALENDLY_RATE_LIMIT"}) {
      INFO(name);
      CHECK(run.output.find(name) != std::string::npos);
    }
    CHECK(run.output.find("32 bytes") != std::string::npos);
    CHECK(run.output.find("\"short\"") == std::string::npos);
  }
}

// `slotwire dance` said that a subcommand is required, as if there had been none.
TEST_CASE("lifecycle: a command that does not exist is named, with the one that was meant", "[e2e][lifecycle]") {
  struct Row {
    std::vector<std::string> typed;
    const char* said;
  };
  for (const Row& row :
       {Row{{"dance"}, "there is no command \"dance\". There is: serve "},
        Row{{"sreve"}, "there is no command \"sreve\". Did you mean \"serve\"?"},
        Row{{"--port", "3000", "chekc-config"}, "there is no command \"chekc-config\". Did you mean \"check-config\"?"},
        Row{{"token", "sett"}, "there is no command \"token sett\". Did you mean \"token set\"?"},
        Row{{"webhook", "x"}, "there is no command \"webhook x\". There is: subscribe "}}) {
    const Run run = run_proxy(row.typed, {});
    INFO(run.output);
    CHECK(run.status.value_or(0) != 0);
    CHECK(run.output.find(row.said) != std::string::npos);
  }
  const Run none = run_proxy({}, {});
  CHECK(none.status.value_or(0) != 0);
  CHECK(none.output.find("required") != std::string::npos);
  const Run too_much = run_proxy({"status", "now"}, {});
  CHECK(too_much.status.value_or(0) != 0);
  CHECK(too_much.output.find("now") != std::string::npos);
}

TEST_CASE("lifecycle: without a secret there is no start, and no secret is made up", "[e2e][lifecycle]") {
  TemporaryFolder folder;
  Environment settings = proxy_settings(folder.path(), free_port(), "http://127.0.0.1:9");
  settings.erase("JWT_SECRET");
  const Run run = run_proxy({"serve"}, settings);
  CHECK(run.status.value_or(0) != 0);
  CHECK(run.output.find("JWT_SECRET") != std::string::npos);
}

TEST_CASE("lifecycle: secrets may come from files", "[e2e][lifecycle]") {
  TemporaryFolder folder;
  std::ofstream(folder.path() / "jwt") << kJwtSecret << "\n";
  Simulator simulator;
  Environment settings = proxy_settings(folder.path(), 0, simulator.address());
  Proxy proxy(folder.path(), simulator.address(), {{"JWT_SECRET", ""}, {"JWT_SECRET_FILE", (folder.path() / "jwt").string()}});
  CHECK(proxy.admin_get("/api/web/calendly/connection/status").status == 200);
  const Run help = run_proxy({"--help"}, {});
  CHECK(help.status == 0);
  for (const char* word : {"NAME_FILE", "JWT_SECRET_FILE", "CALENDLY_DATABASE_URL", "CALENDLY_REDIS_URL"})
    CHECK(help.output.find(word) != std::string::npos);
}

TEST_CASE("lifecycle: a port that is taken is told in plain words", "[e2e][lifecycle]") {
  Stack stack({.connected = false});
  TemporaryFolder other;
  const Run run = run_proxy({"serve"}, proxy_settings(other.path(), stack.proxy->http().port(), "http://127.0.0.1:9"));
  INFO(run.output);
  REQUIRE(run.status.has_value());
  CHECK(*run.status != 0);
  CHECK(run.output.find(std::to_string(stack.proxy->http().port())) != std::string::npos);
  CHECK(stack.proxy->http().get("/healthz").status == 200);
}

TEST_CASE("lifecycle: a restart keeps the connection", "[e2e][lifecycle]") {
  Stack stack;
  const Json before = stack.proxy->status();
  stack.restart_proxy();
  const Json after = stack.proxy->status();
  CHECK(after["connected"] == true);
  for (const char* field : {"connectedAt", "calendlyUserName", "eventTypes", "tokenFingerprint"}) {
    INFO(field);
    CHECK(after[field] == before[field]);
  }
  CHECK(stack.proxy->slots("30min", day_text(1), day_text(7)).status == 200);
}

TEST_CASE("lifecycle: a token that the key does not open is said, and a new one mends it", "[e2e][lifecycle]") {
  Stack stack;
  stack.restart_proxy({{"CALENDLY_ENCRYPTION_KEY", "another-encryption-key-of-more-than-32-bytes"}});
  CHECK(stack.proxy->status().at("problem").dump().find("token_unreadable") != std::string::npos);
  const Reply slots = stack.proxy->slots("30min", day_text(1), day_text(7));
  CHECK(slots.status == 503);
  CHECK(slots.error_code() == "token_unreadable");
  CHECK(stack.proxy->output().find("cannot be opened") != std::string::npos);
  REQUIRE(stack.proxy->connect(kToken).status == 200);
  CHECK(!stack.proxy->status().contains("problem"));
  CHECK(stack.proxy->slots("30min", day_text(1), day_text(7)).status == 200);
}

TEST_CASE("lifecycle: with two keys, the first seals and both open", "[e2e][lifecycle]") {
  const std::string old_key = "e2e-encryption-key-of-more-than-32-bytes";
  const std::string new_key = "a-new-encryption-key-of-more-than-32-bytes";
  Stack stack;
  stack.restart_proxy({{"CALENDLY_ENCRYPTION_KEY", new_key + "," + old_key}});
  CHECK(stack.proxy->slots("30min", day_text(1), day_text(7)).status == 200);
  REQUIRE(stack.proxy->connect(kToken).status == 200);
  stack.restart_proxy({{"CALENDLY_ENCRYPTION_KEY", new_key}});
  CHECK(stack.proxy->slots("60min", day_text(1), day_text(7)).status == 200);
}

TEST_CASE("lifecycle: SIGTERM lets a request under way end, and takes no new one", "[e2e][lifecycle]") {
  Stack stack;
  stack.simulator.add_fault({{"endpoint", "event_type_available_times"}, {"kind", "latency"}, {"ms", 1000}});
  auto under_way = std::async(std::launch::async, [&] { return stack.proxy->slots("30min", day_text(1), day_text(7)); });
  REQUIRE(eventually([&] { return stack.simulator.in_flight("event_type_available_times") == 1; }));
  stack.proxy->process().signal(SIGTERM);
  const Reply reply = under_way.get();
  CHECK(reply.status == 200);
  CHECK(reply.data()["complete"] == true);
  CHECK(stack.proxy->process().wait_for_end() == 0);
}

TEST_CASE("lifecycle: a full disk refuses what must be kept, and nothing that was there is lost", "[e2e][lifecycle]") {
  Stack stack;
  const Json before = stack.proxy->status();
  // The proxy's files cannot grow, which has the effect of a full disk.
  const rlimit none{0, RLIM_INFINITY};
  REQUIRE(::prlimit(stack.proxy->process().pid(), RLIMIT_FSIZE, &none, nullptr) == 0);
  const std::string other = "eyJvdGhlcg.eyJvdGhlcg.b3RoZXI";
  stack.simulator.set("account", {{"tokens", Json::array({{{"token", kToken}}, {{"token", other}}})}});
  const Reply refused = stack.proxy->connect(other);
  INFO(refused.body);
  CHECK(refused.status >= 500);
  CHECK(refused.error_code() == "storage_failed");
  // Visitors are not affected by the disk.
  CHECK(stack.proxy->slots("30min", day_text(1), day_text(7)).status == 200);
  CHECK(stack.proxy->status()["tokenFingerprint"] == before["tokenFingerprint"]);

  SECTION("room again: the same call works") {
    const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
    REQUIRE(::prlimit(stack.proxy->process().pid(), RLIMIT_FSIZE, &all, nullptr) == 0);
    CHECK(stack.proxy->connect(other).status == 200);
    CHECK(stack.proxy->status()["tokenFingerprint"] != before["tokenFingerprint"]);
  }
  SECTION("a restart finds the old connection") {
    stack.restart_proxy();
    CHECK(stack.proxy->status()["connected"] == true);
    CHECK(stack.proxy->status()["tokenFingerprint"] == before["tokenFingerprint"]);
  }
}

TEST_CASE("lifecycle: killed without warning, it comes back with its connection", "[e2e][lifecycle]") {
  Stack stack;
  stack.proxy->process().signal(SIGKILL);
  REQUIRE(stack.proxy->process().wait_for_end() == 128 + SIGKILL);
  stack.proxy = std::make_unique<Proxy>(stack.folder.path(), stack.simulator.address());
  CHECK(stack.proxy->status()["connected"] == true);
  CHECK(stack.proxy->slots("30min", day_text(1), day_text(7)).status == 200);
}

TEST_CASE("lifecycle: a database that is none is told, not overwritten", "[e2e][lifecycle]") {
  TemporaryFolder folder;
  const std::string text = "this is somebody's diary, and no database at all; it is long enough to look at twice.\n";
  std::ofstream(folder.path() / "slotwire.db") << text;
  const Run run = run_proxy({"serve"}, proxy_settings(folder.path(), free_port(), "http://127.0.0.1:9"));
  CHECK(run.status.value_or(0) != 0);
  CHECK(run.output.find("CALENDLY_DATABASE_URL names it: " + (folder.path() / "slotwire.db").string()) != std::string::npos);
  std::ifstream stream(folder.path() / "slotwire.db");
  CHECK(std::string(std::istreambuf_iterator<char>(stream), {}) == text);
}

// "The database cannot be opened." named neither setting, path nor reason, and check-config found everything fine.
TEST_CASE("lifecycle: a database, certificate or port that cannot be used is named by setting and path", "[e2e][lifecycle]") {
  TemporaryFolder folder;
  Environment settings = proxy_settings(folder.path(), 3000, "http://127.0.0.1:9");
  const std::string missing = (folder.path() / "missing").string();
  settings["CALENDLY_DATABASE_URL"] = "sqlite:" + missing + "/slotwire.db";
  const std::string told = "The database at " + missing + "/slotwire.db (CALENDLY_DATABASE_URL) cannot be opened: the folder " +
                           missing + " does not exist";
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"serve"}, {"check-config"}}) {
    const Run run = run_proxy(words, settings);
    INFO(run.output);
    CHECK(run.status == 1);
    CHECK(run.output.find(told) != std::string::npos);
  }
  settings["CALENDLY_TLS_CERT"] = missing + "/chain.pem";
  settings["CALENDLY_TLS_KEY"] = folder.path().string();
  settings["METRICS_PORT"] = "3000";
  const Run all = run_proxy({"check-config"}, settings);
  INFO(all.output);
  CHECK(all.status == 1);
  CHECK(all.output.find(told) != std::string::npos);
  CHECK(all.output.find("CALENDLY_TLS_CERT names " + missing + "/chain.pem, which cannot be read") != std::string::npos);
  CHECK(all.output.find("CALENDLY_TLS_KEY names " + folder.path().string() + ", which is a directory") != std::string::npos);
  CHECK(all.output.find("METRICS_PORT is the same as PORT") != std::string::npos);
}

TEST_CASE("lifecycle: a JWT from the command line opens the admin calls", "[e2e][lifecycle]") {
  Stack stack({.connected = false});
  const Run run = run_proxy({"admin-jwt", "--role", "super_admin", "--ttl", "15m"},
                            proxy_settings(stack.folder.path(), stack.proxy->http().port(), stack.simulator.address()));
  REQUIRE(run.status == 0);
  const std::size_t begin = run.output.find("eyJ");
  REQUIRE(begin != std::string::npos);
  const std::string token = run.output.substr(begin, run.output.find_first_of(" \n", begin) - begin);
  CHECK(stack.proxy->http().get("/api/web/calendly/connection/status", bearer(token)).status == 200);
}
