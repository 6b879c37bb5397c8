// An operator's commands beside a running proxy, and their output.
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

const std::string kOther = "eyJvdGhlcg.eyJvdGhlcg.b3RoZXI";

struct Run {
  std::optional<int> status;
  std::string output;
};

// Runs `slotwire ARGUMENTS` with `input` on its standard input and the stack's database.
Run run_beside(const Stack& stack, const std::string& arguments, const std::string& input, const Environment& more = {}) {
  Environment settings = more;
  settings.merge(proxy_settings(stack.folder.path(), stack.proxy->http().port(), stack.simulator.address()));
  settings["INPUT"] = input;
  Process process("/bin/sh", {"-c", "printf '%s\\n' \"$INPUT\" | " + program_path("slotwire") + " " + arguments}, settings);
  Run run;
  run.status = process.wait_for_end();
  run.output = process.output();
  return run;
}

std::string bytes_in(const std::filesystem::path& folder) {
  std::string all;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    std::ifstream stream(file.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(stream), {});
  }
  return all;
}

}  // namespace

TEST_CASE("operations: a running proxy takes up the token that the command line sets", "[e2e][operations]") {
  Stack stack;
  REQUIRE(stack.proxy->slots("30min", day_text(1), day_text(7)).status == 200);
  const std::string before = stack.proxy->status()["tokenFingerprint"].get<std::string>();
  stack.simulator.set("account", {{"tokens", Json::array({{{"token", kOther}}})}});
  const Run run = run_beside(stack, "token set", kOther);
  INFO(run.output);
  REQUIRE(run.status == 0);
  CHECK(run.output.find(kOther) == std::string::npos);
  // Checked in the log: polling the status would exceed the limit of admin calls.
  REQUIRE(stack.proxy->process().wait_for_line("changed from outside"));
  CHECK(stack.proxy->status()["tokenFingerprint"] != before);
  CHECK(stack.proxy->status()["connectedBy"] == "command line");
  const Json newest = stack.proxy->http().get("/api/web/calendly/audit", bearer(jwt_for("admin"))).data()["entries"][0];
  CHECK(newest["action"] == "token.set");
  CHECK(newest["outcome"] == "ok");
  // Data fetched with the old token is no longer shown, and the new one fetches.
  const Reply slots = stack.proxy->slots("30min", day_text(1), day_text(7));
  CHECK(slots.status == 200);
  CHECK(slots.data()["cached"] == false);
}

// In a wrong folder `slotwire admin-jwt` created a slotwire.db of its own, and printed a JWT that was not on the proxy's list.
TEST_CASE("operations: a command that finds no database makes none, and says where it looked", "[e2e][operations]") {
  TemporaryFolder folder;
  Simulator simulator;
  const Environment settings = proxy_settings(folder.path(), 0, simulator.address());
  const std::filesystem::path file = folder.path() / "slotwire.db";
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"admin-jwt"},
                                             {"jwt", "list"},
                                             {"jwt", "revoke", "x"},
                                             {"status"},
                                             {"why", "30min", "2026-01-06"},
                                             {"slots", "30min"},
                                             {"slots", "30min", "--mail", "text"},
                                             {"token", "rotate"},
                                             {"webhook", "status"},
                                             {"webhook", "subscribe", "https://slots.example.com"},
                                             {"webhook", "unsubscribe"}}) {
    Process process(program_path("slotwire"), words, settings);
    INFO(words.front());
    CHECK(process.wait_for_end() == 1);
    CHECK(process.output().find("There is no database at " + file.string()) != std::string::npos);
    CHECK(process.output().find("CALENDLY_DATABASE_URL") != std::string::npos);
    CHECK(process.output().find("eyJ") == std::string::npos);
    CHECK_FALSE(std::filesystem::exists(file));
  }
  Process unlisted(program_path("slotwire"), {"admin-jwt", "--unlisted"}, settings);
  CHECK(unlisted.wait_for_end() == 0);
  CHECK_FALSE(std::filesystem::exists(file));
  // Commands that a new admin may run before any proxy has started.
  Environment with_input = settings;
  with_input["INPUT"] = kToken;
  Process set("/bin/sh", {"-c", "printf '%s\\n' \"$INPUT\" | " + program_path("slotwire") + " token set"}, with_input);
  CHECK(set.wait_for_end() == 0);
  CHECK(set.output().find("A new database is made at " + file.string()) != std::string::npos);
  Process status(program_path("slotwire"), {"status"}, settings);
  CHECK(status.wait_for_end() == 0);
  CHECK(status.output().find("time zone") != std::string::npos);
}

// Scripts could not distinguish usage errors from failures: the library's exit codes begin at 105.
TEST_CASE("operations: whatever is typed wrongly ends with 2, and help with 0", "[e2e][operations]") {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{},
                                             {"dance"},
                                             {"token"},
                                             {"token", "sett"},
                                             {"status", "now"},
                                             {"--nothing", "status"},
                                             {"slots"},
                                             {"slots", "30min", "--mail", "pdf"},
                                             {"slots", "30min", "--mail", "text", "--from", "2026-01-01"},
                                             {"slots", "30min", "--locale", "de"},
                                             {"slots", "30min", "--mail", "text", "--locale", "tlh"},
                                             {"jwt", "revoke", "a", "--sub", "b"}}) {
    Process process(program_path("slotwire"), words, {{"JWT_SECRET", kJwtSecret}});
    INFO((words.empty() ? "nothing" : words.back()));
    CHECK(process.wait_for_end() == 2);
    CHECK_FALSE(process.output().empty());
  }
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"--help"}, {"slots", "--help"}}) {
    Process process(program_path("slotwire"), words, {});
    CHECK(process.wait_for_end() == 0);
  }
}

// The mail had UTC times and English text, and every link led to calendly.com, whatever the pages' own origin was.
TEST_CASE("operations: a mail speaks the language and the zone it is asked for, and leads to the pages where they have an origin",
          "[e2e][operations][pages]") {
  Stack stack;
  const auto mail = [&](const std::string& words, const Environment& more = {}) {
    return run_beside(stack, "slots 30min --mail " + words, "", more);
  };
  const Run german = mail("text --locale de --timezone Europe/Berlin");
  INFO(german.output);
  CHECK(german.status == 0);
  CHECK(german.output.find("Die Zeiten werden in Europe/Berlin angezeigt") != std::string::npos);
  CHECK(german.output.find("Alle Zeiten") != std::string::npos);
  const Run arabic = mail("html --locale ar");
  CHECK(arabic.output.find("<table role=\"presentation\" lang=\"ar\" dir=\"rtl\"") != std::string::npos);
  CHECK(mail("text").output.find("Times are shown in America/New York, the host’s own time zone") != std::string::npos);
  const Run unknown = mail("text --locale tlh");
  CHECK(unknown.status == 2);
  CHECK(unknown.output.find("tlh is no language of pages and mails") != std::string::npos);
  CHECK(mail("text --timezone Mars/Base").status == 2);
  const Run here = mail("html --timezone UTC", {{"CALENDLY_PAGES", "https://slots.example"}});
  CHECK(here.output.find("href=\"https://slots.example/acme/30min/20") != std::string::npos);
  CHECK(here.output.find("href=\"https://slots.example/acme/30min?timezone=UTC\"") != std::string::npos);
  CHECK(here.output.find("calendly.com") == std::string::npos);
}

TEST_CASE("operations: a refused token on the command line leaves the running proxy as it is", "[e2e][operations]") {
  Stack stack;
  const Json before = stack.proxy->status();
  const Run run = run_beside(stack, "token set", kOther);
  CHECK(run.status == 1);
  CHECK(run.output.find("Invalid Personal Access Token") != std::string::npos);
  CHECK(run.output.find(kOther) == std::string::npos);
  CHECK(stack.proxy->status() == before);
}

TEST_CASE("operations: rotating the key beside a running proxy costs it nothing", "[e2e][operations]") {
  const std::string old_key = "e2e-encryption-key-of-more-than-32-bytes";
  const std::string new_key = "a-new-encryption-key-of-more-than-32-bytes";
  Stack stack;
  const Json before = stack.proxy->status();
  const Run run = run_beside(stack, "token rotate", "", {{"CALENDLY_ENCRYPTION_KEY", new_key + "," + old_key}});
  INFO(run.output);
  REQUIRE(run.status == 0);
  CHECK(stack.proxy->slots("30min", day_text(1), day_text(7)).status == 200);
  CHECK(stack.proxy->status() == before);
  stack.restart_proxy({{"CALENDLY_ENCRYPTION_KEY", new_key}});
  CHECK(stack.proxy->slots("60min", day_text(1), day_text(7)).status == 200);
}

// It said "sealed with the first key now; older keys may be removed" with the old key alone: the new one was not in the settings
// that the command read, and whoever then removed the old key lost the token.
TEST_CASE("operations: token rotate claims no change that it did not make", "[e2e][operations]") {
  const std::string old_key = "e2e-encryption-key-of-more-than-32-bytes";
  const std::string new_key = "a-new-encryption-key-of-more-than-32-bytes";
  Stack stack;
  const Run alone = run_beside(stack, "token rotate", "");
  INFO(alone.output);
  CHECK(alone.status == 1);
  CHECK(alone.output.find("only one key is configured") != std::string::npos);
  CHECK(alone.output.find("CALENDLY_ENCRYPTION_KEY=NEW,OLD") != std::string::npos);
  CHECK(alone.output.find("may be removed") == std::string::npos);
  const Environment both = {{"CALENDLY_ENCRYPTION_KEY", new_key + "," + old_key}};
  CHECK(run_beside(stack, "token rotate", "", both).output.find("is sealed with the first key now") != std::string::npos);
  const Run again = run_beside(stack, "token rotate", "", both);
  INFO(again.output);
  CHECK(again.status == 0);
  CHECK(again.output.find("was sealed with the first key already") != std::string::npos);
  // A health check by `slotwire status` passed while no visitor could be shown a time.
  CHECK(run_beside(stack, "status", "", {{"CALENDLY_ENCRYPTION_KEY", new_key}}).status == 0);
  const Run unreadable = run_beside(stack, "status", "");
  INFO(unreadable.output);
  CHECK(unreadable.status == 1);
  CHECK(unreadable.output.find("problem") != std::string::npos);
}

TEST_CASE("operations: a taken port is told in one sentence, once", "[e2e][operations]") {
  Stack stack({.connected = false});
  const Run run = run_beside(stack, "serve", "");
  INFO(run.output);
  CHECK(run.status == 1);
  const std::size_t first = run.output.find("is in use");
  REQUIRE(first != std::string::npos);
  CHECK(run.output.find("is in use", first + 1) == std::string::npos);
}

// JSON log collectors got one line that was not JSON: the first, which gives the address.
TEST_CASE("operations: with LOG_FORMAT=json every line is JSON, from the first to the last", "[e2e][operations]") {
  Stack stack({.proxy_settings = {{"LOG_FORMAT", "json"}}});
  REQUIRE(stack.proxy->process().wait_for_line("listening on"));
  CHECK(stack.proxy->slots("30min", day_text(1), day_text(3)).status == 200);
  CHECK(stack.proxy->stop() == 0);
  std::istringstream output(stack.proxy->output());
  int lines = 0;
  for (std::string line; std::getline(output, line); ++lines) {
    INFO(line);
    CHECK(Json::parse(line, nullptr, false).is_object());
  }
  CHECK(lines > 3);
}

TEST_CASE("operations: status and slots in the terminal", "[e2e][operations]") {
  Stack stack;
  const Run status = run_beside(stack, "status", "");
  CHECK(status.status == 0);
  CHECK(status.output.find("Ada Example") != std::string::npos);
  CHECK(status.output.find("30min, 30 minutes") != std::string::npos);
  const Run slots =
      run_beside(stack, "slots 30min --from " + day_text(1) + " --to " + day_text(7) + " --timezone Asia/Kathmandu", "");
  INFO(slots.output);
  CHECK(slots.status == 0);
  CHECK(slots.output.find("Asia/Kathmandu") != std::string::npos);
  const Json listed = stack.proxy->slots("30min", day_text(1), day_text(7), "Asia/Kathmandu").data()["slots"];
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = slots.output.find("/acme/30min/", at)) != std::string::npos; ++at) ++lines;
  CHECK(lines == listed.size());
  CHECK(run_beside(stack, "slots nonsense", "").status == 1);
}

TEST_CASE("operations: metrics count requests, upstream calls and memory, and name nobody", "[e2e][operations]") {
  const int port = free_port();
  Stack stack({.proxy_settings = {{"METRICS_PORT", std::to_string(port)}}});
  for (int i = 0; i < 3; ++i) REQUIRE(stack.proxy->slots("30min", day_text(1), day_text(7)).status == 200);
  REQUIRE(stack.proxy->http().get("/api/app/calendly/slots/nonsense-of-a-visitor").status == 404);
  REQUIRE(stack.proxy->http().get("/some/path/of/a/visitor?email=guest@example.com").status == 404);
  stack.simulator.add_fault({{"endpoint", "event_type_available_times"}, {"kind", "error"}, {"status", 503}});
  (void)stack.proxy->slots("30min", day_text(20), day_text(21));
  const std::string text = "\n" + Http(port).get("/metrics").body;
  INFO(text);
  CHECK(metric(text, "slotwire_requests_total{route=\"slots\",status=\"200\"}") == 3);
  CHECK(metric(text, "slotwire_requests_total{route=\"slots\",status=\"404\"}") == 1);
  CHECK(metric(text, "slotwire_requests_total{route=\"files\",status=\"404\"}") == 1);
  CHECK(metric(text, "slotwire_requests_total{route=\"admin\",status=\"200\"}") == 1);
  CHECK(metric(text, "slotwire_request_seconds_count{route=\"slots\"}") == 5);
  CHECK(metric(text, "slotwire_request_seconds_bucket{route=\"slots\",le=\"+Inf\"}") == 5);
  CHECK(metric(text, "slotwire_request_seconds_sum{route=\"slots\"}") > 0);
  CHECK(metric(text, "slotwire_upstream_calls_total{outcome=\"ok\"}") >= 4);
  CHECK(metric(text, "slotwire_upstream_calls_total{outcome=\"error\"}") >= 3);
  CHECK(metric(text, "slotwire_slots_hits_total") == 2);
  CHECK(metric(text, "slotwire_slots_misses_total") == 2);
  CHECK(metric(text, "slotwire_slots_stale_total") == 0);
  CHECK(metric(text, "slotwire_cells") == 7);
  CHECK(metric(text, "slotwire_cache_bytes") > 1000);
  CHECK(metric(text, "slotwire_heap_bytes") > metric(text, "slotwire_cache_bytes"));
  CHECK(metric(text, "slotwire_windows_in_flight") == 0);
  CHECK(metric(text, "slotwire_breaker_open") >= 0);
  CHECK(metric(text, "slotwire_rate_remaining") > 0);
  CHECK(metric(text, "slotwire_connection_problem") == 0);
  for (const char* personal : {"visitor", "guest", "127.0.0.1", "Ada", "USERAAAA", "30min", "eyJ"}) {
    INFO(personal);
    CHECK(text.find(personal) == std::string::npos);
  }
}

TEST_CASE("operations: readiness says what is wrong", "[e2e][operations]") {
  Stack stack;
  Json ready = stack.proxy->http().get("/readyz").data();
  CHECK(ready["connection"] == "pat");
  CHECK(ready["calendly"] == "ok");
  CHECK(ready["database"] == "SQLite");
  CHECK(ready["cluster"] == "alone");
  CHECK(!ready.contains("problem"));
  stack.simulator.set("account", {{"tokens", Json::array()}});
  REQUIRE(stack.proxy->slots("30min", day_text(1), day_text(7)).status == 503);
  const Reply reply = stack.proxy->http().get("/readyz");
  CHECK(reply.status == 200);
  ready = reply.data();
  CHECK(ready["problem"] == "token_rejected");
  CHECK(ready["problemMessage"].get<std::string>().find("no longer accepts") != std::string::npos);
}

TEST_CASE("operations: bookings are the admin's to see, and stay nowhere", "[e2e][operations][secrecy]") {
  Stack stack;
  const std::string target = "/api/web/calendly/bookings?from=" + day_text(0) + "&to=" + day_text(30);
  CHECK(stack.proxy->http().get(target).status == 401);
  const Http& calendly = stack.simulator.http();
  const Json type = calendly.get("/event_types?count=100&user=https://api.calendly.com/users/USERAAAAAAAAAAAA", bearer(kToken))
                        .json()["collection"][0];
  const std::vector<Json> free =
      stack.simulator.listed(type["uri"].get<std::string>().substr(std::string("https://api.calendly.com/event_types/").size()),
                             {now(), now() + std::chrono::days(7)});
  REQUIRE(!free.empty());
  const Json& place = type["locations"][0];
  Json wish = {{"event_type", type["uri"]},
               {"start_time", free[0]["start_time"]},
               {"invitee", {{"name", "Grace Guestmarker"}, {"email", "guestmarker@example.com"}, {"timezone", "UTC"}}},
               {"location", {{"kind", place["kind"]}}}};
  if (place.contains("location")) wish["location"]["location"] = place["location"];
  const Reply booked = calendly.post("/invitees", wish.dump(), bearer(kToken));
  INFO(booked.body);
  REQUIRE(booked.status == 201);
  const Reply reply = stack.proxy->admin_get(target);
  INFO(reply.body);
  REQUIRE(reply.status == 200);
  REQUIRE(reply.data()["bookings"].size() == 1);
  CHECK(reply.data()["bookings"][0]["eventTypeUri"] == type["uri"]);
  CHECK(reply.header("cache-control") == "no-store");
  const std::string event = reply.data()["bookings"][0]["uri"].get<std::string>();
  CHECK(stack.proxy->admin_get("/api/web/calendly/audit").body.find("bookings.read") != std::string::npos);
  REQUIRE(stack.proxy->stop() == 0);
  for (const std::string& trace : {std::string("uestmarker"), event.substr(event.rfind('/') + 1)}) {
    CHECK(stack.proxy->output().find(trace) == std::string::npos);
    CHECK(bytes_in(stack.folder.path()).find(trace) == std::string::npos);
  }
}

TEST_CASE("operations: free times are printed as a block for a mail, as HTML or text", "[e2e][operations][pages]") {
  const Stack stack;
  const Run html = run_beside(stack, "slots 30min --mail html --timezone Europe/Berlin", "");
  INFO(html.output);
  CHECK(html.status == 0);
  CHECK(html.output.starts_with("<table role=\"presentation\""));
  CHECK(html.output.find("Times are shown in Europe/Berlin<") != std::string::npos);
  CHECK(html.output.find("/acme/30min/20") != std::string::npos);
  CHECK(html.output.find("<style") == std::string::npos);
  const Run text = run_beside(stack, "slots 30min --mail text", "");
  CHECK(text.status == 0);
  CHECK(text.output.starts_with(
      "30 Minute Meeting – Ada Example\n30 minutes\nTimes are shown in America/New York, the host’s own time zone\n"));
  CHECK(text.output.find('<') == std::string::npos);
  CHECK(run_beside(stack, "slots 30min --mail pdf", "").status != 0);
  CHECK(run_beside(stack, "slots nothing --mail text", "").status == 1);
}

TEST_CASE("operations: after disconnecting no byte of the sealed token is left, while it runs", "[e2e][operations][secrecy]") {
  const std::string seal = "SWB1";  // the beginning of every sealed token
  Stack stack;
  REQUIRE(stack.proxy->admin_post("/api/web/calendly/event-types/sync", Json::object()).status == 200);
  REQUIRE(stack.proxy->connect(kToken).status == 200);
  REQUIRE(bytes_in(stack.folder.path()).find(seal) != std::string::npos);
  const bool is_public_mode = GENERATE(false, true);
  INFO((is_public_mode ? "public mode" : "disconnect"));
  const Reply reply = is_public_mode
                          ? stack.proxy->admin_post("/api/web/calendly/configure-public",
                                                    {{"calendlyUsername", "acme"}, {"eventTypes", Json::array()}})
                          : stack.proxy->admin_post("/api/web/calendly/connection/disconnect", Json::object(), "super_admin");
  REQUIRE(reply.status == 200);
  CHECK(bytes_in(stack.folder.path()).find(seal) == std::string::npos);
  CHECK(bytes_in(stack.folder.path()).find("Ada Example") == std::string::npos);
}
