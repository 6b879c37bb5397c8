// Backup and restore with the commands of docs/operating.md: what is restored, and what that page says is lost.
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/conformance/servers.h"
#include "tests/e2e/booking.h"
#include "tests/e2e/command.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

// The page's shell code blocks below "## Backup and restore", in order.
std::vector<std::string> documented_commands() {
  std::ifstream file(std::filesystem::path(SLOTWIRE_DOCS) / "operating.md");
  std::vector<std::string> blocks;
  bool is_below = false;
  bool is_inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) is_below = line == "## Backup and restore";
    if (!is_below) continue;
    if (is_inside && line == "```") {
      is_inside = false;
    } else if (is_inside) {
      blocks.back() += line + '\n';
    } else if (line == "```sh") {
      is_inside = true;
      blocks.emplace_back();
    }
  }
  return blocks;
}

std::string run_in(const std::filesystem::path& folder, const std::string& commands, const Environment& environment = {}) {
  Process process("/bin/sh", {"-ec", "cd '" + folder.string() + "'\n" + commands}, environment);
  const std::optional<int> status = process.wait_for_end();
  INFO(commands << process.output());
  REQUIRE(status == 0);
  return process.output();
}

std::string made_jwt(const Environment& settings, const std::string& subject) {
  const Run run = run_proxy({"admin-jwt", "--role", "reader", "--sub", subject}, settings);
  REQUIRE(run.status == 0);
  return run.output.substr(0, run.output.find('\n'));
}

constexpr char kMe[] = "/calendly/v2/users/me";
constexpr char kKept[] = "11111111-1111-4111-8111-111111111111";
constexpr char kLost[] = "22222222-2222-4222-8222-222222222222";

// A proxy with an account, two bookings and two JWTs; the second booking and the revocation of `kept` come after the backup.
struct Story {
  explicit Story(const Environment& more = {}) : settings(more) {
    settings.merge(proxy_settings(folder.path(), 0, simulator.address()));
  }

  void before_backup() {
    proxy = std::make_unique<Proxy>(folder.path(), simulator.address(), settings_without_port());
    REQUIRE(proxy->connect(kToken).status == 200);
    starts = {free_start(*proxy, 0), free_start(*proxy, 4)};
    first_answer = book(*proxy, wish_for(starts[0]), kKept).body;
    jwt = made_jwt(settings, "crm");
    REQUIRE(proxy->http().get(kMe, bearer(jwt)).status == 200);
  }
  void after_backup() {
    REQUIRE(book(*proxy, wish_for(starts[1]), kLost).status == 201);
    REQUIRE(run_proxy({"jwt", "revoke", "--sub", "crm"}, settings).status == 0);
    REQUIRE(eventually([&] { return proxy->http().get(kMe, bearer(jwt)).status == 401; }));
    REQUIRE(proxy->stop() == 0);
  }
  void after_restore() {
    proxy = std::make_unique<Proxy>(folder.path(), simulator.address(), settings_without_port());
    CHECK(proxy->status()["connected"] == true);
    CHECK(proxy->status()["problem"].is_null());
    // Booked before the backup: the same answer. Booked after it: only Calendly knows it, so it is shown to nobody and not booked
    // a second time.
    const int made = simulator.calls("invitees");
    CHECK(book(*proxy, wish_for(starts[0]), kKept).body == first_answer);
    CHECK_FALSE(is_free(*proxy, starts[0]));
    CHECK_FALSE(is_free(*proxy, starts[1]));
    const Reply again = book(*proxy, wish_for(starts[1]), kLost);
    CHECK(again.status == 409);
    CHECK(again.error_code() == "slot_taken");
    CHECK(simulator.calls("invitees") == made);
    // The loss that the page warns of, and the remedy it gives.
    CHECK(proxy->http().get(kMe, bearer(jwt)).status == 200);
    REQUIRE(run_proxy({"jwt", "revoke", "--sub", "crm"}, settings).status == 0);
    CHECK(eventually([&] { return proxy->http().get(kMe, bearer(jwt)).status == 401; }));
  }
  void with_another_key() {
    REQUIRE(proxy->stop() == 0);
    Environment other = settings_without_port();
    other["CALENDLY_ENCRYPTION_KEY"] = "another-encryption-key-of-more-than-32-bytes";
    proxy = std::make_unique<Proxy>(folder.path(), simulator.address(), other);
    CHECK(proxy->status()["problem"]["code"] == "token_unreadable");
  }
  [[nodiscard]] Environment settings_without_port() const {
    Environment out = settings;
    out.erase("PORT");
    return out;
  }

  TemporaryFolder folder;
  Simulator simulator;
  Environment settings;
  std::unique_ptr<Proxy> proxy;
  std::vector<std::string> starts;
  std::string first_answer;
  std::string jwt;
};

}  // namespace

TEST_CASE("backup: of SQLite, taken while it runs, everything comes back but what the page names", "[e2e][backup]") {
  const std::vector<std::string> commands = documented_commands();
  REQUIRE(commands.size() == 4);
  Story story;
  story.before_backup();
  const std::string checked = run_in(story.folder.path(), commands[0]);
  CHECK(checked == "ok\n");
  const auto backup = story.folder.path() / "slotwire-backup.db";
  CHECK((std::filesystem::status(backup).permissions() & std::filesystem::perms(0077)) == std::filesystem::perms::none);
  story.after_backup();
  run_in(story.folder.path(), commands[1]);
  story.after_restore();
  story.with_another_key();
}

TEST_CASE("backup: of PostgreSQL, taken while it runs, everything comes back but what the page names", "[e2e][backup]") {
  const std::vector<std::string> commands = documented_commands();
  REQUIRE(commands.size() == 4);
  const std::string database = servers::shared_postgres().new_database();
  Story story({{"CALENDLY_DATABASE_URL", database}});
  story.before_backup();
  run_in(story.folder.path(), commands[2], {{"CALENDLY_DATABASE_URL", database}});
  story.after_backup();
  // Into the same database, and into an empty one.
  const std::string into = GENERATE(true, false) ? database : servers::shared_postgres().new_database();
  story.settings["CALENDLY_DATABASE_URL"] = into;
  run_in(story.folder.path(), commands[3], {{"CALENDLY_DATABASE_URL", into}});
  story.after_restore();
  story.with_another_key();
}
