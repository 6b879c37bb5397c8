// The commands of an installed slotwire: they read the service's settings from a file, and leave the database to the service's
// user.
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <pwd.h>
#include <unistd.h>

#include "tests/e2e/command.h"
#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

void write(const std::filesystem::path& path, const std::string& text) { std::ofstream(path) << text; }

// Folders as a package creates them: secret and settings in one, the database in another.
struct Installed {
  Installed() {
    for (const auto& path : {etc, var}) std::filesystem::create_directory(path);
    write(etc / "jwt-secret", std::string(kJwtSecret) + "\n");
    write(settings_file, "# the service's\nJWT_SECRET_FILE=" + (etc / "jwt-secret").string() +
                             "\nCALENDLY_DATABASE_URL=\"sqlite:" + (var / "slotwire.db").string() +
                             "\"\nCALENDLY_API_BASE_URL=" + simulator.address() + "\n");
  }
  [[nodiscard]] Environment environment() const { return {{"SLOTWIRE_SETTINGS_FILE", settings_file.string()}}; }
  // `slotwire token set` with the simulator's token.
  [[nodiscard]] Run set_token() const {
    Environment environment = this->environment();
    environment["INPUT"] = kToken;
    Process process("/bin/sh", {"-c", "printf '%s\\n' \"$INPUT\" | " + program_path("slotwire") + " token set"}, environment);
    Run run;
    run.status = process.wait_for_end();
    run.output = process.output();
    return run;
  }

  TemporaryFolder folder;
  Simulator simulator;
  std::filesystem::path etc = folder.path() / "etc";
  std::filesystem::path var = folder.path() / "var";
  std::filesystem::path settings_file = etc / "slotwire.env";
};

}  // namespace

TEST_CASE("installed: commands read the service's settings from its file", "[e2e][installed]") {
  const Installed installed;
  const Run set = installed.set_token();
  INFO(set.output);
  CHECK(set.status == 0);
  CHECK(std::filesystem::exists(installed.var / "slotwire.db"));
  const Run status = run_proxy({"status"}, installed.environment());
  INFO(status.output);
  CHECK(status.status == 0);
  CHECK(status.output.find("connected") != std::string::npos);
  const Run slots = run_proxy({"slots", "30min"}, installed.environment());
  CHECK(slots.status == 0);
}

TEST_CASE("installed: a settings file that cannot be meant stops every command, by file, line and name", "[e2e][installed]") {
  const Installed installed;
  std::ofstream(installed.settings_file, std::ios::app) << "CALENDLY_WINDOW_DAY=31\nPORT=many\n";
  for (const char* command : {"serve", "status", "check-config"}) {
    INFO(command);
    const Run run = run_proxy({command}, installed.environment());
    INFO(run.output);
    CHECK(run.status.value_or(0) != 0);
    CHECK(run.output.find(installed.settings_file.string() + ", line 5: CALENDLY_WINDOW_DAY is no setting") != std::string::npos);
    CHECK(run.output.find(installed.settings_file.string() + ", line 6)") != std::string::npos);
    CHECK(run.output.find("many") == std::string::npos);
  }
  const Run missing = run_proxy({"status"}, {{"SLOTWIRE_SETTINGS_FILE", (installed.etc / "none").string()}});
  CHECK(missing.status == 2);
  CHECK(missing.output.find("cannot be read") != std::string::npos);
}

// `sudo slotwire token set` left a database that the service could not write to, and the next start of the service failed.
TEST_CASE("installed: root leaves nothing in the database folder of another user, and is told what to type", "[e2e][installed]") {
  if (::geteuid() != 0) SKIP("needs root, as whom the fault is made");
  const passwd* nobody = ::getpwnam("nobody");
  REQUIRE(nobody != nullptr);
  const Installed installed;
  REQUIRE(::chown(installed.var.c_str(), nobody->pw_uid, nobody->pw_gid) == 0);
  const Run set = installed.set_token();
  INFO(set.output);
  CHECK(set.status == 1);
  CHECK(set.output.find("sudo -u nobody slotwire") != std::string::npos);
  CHECK(run_proxy({"serve"}, installed.environment()).status == 1);
  CHECK(run_proxy({"jwt", "list"}, installed.environment()).status == 1);
  CHECK(std::filesystem::is_empty(installed.var));
  // A database file that another user owns counts too, even if its folder is root's.
  REQUIRE(::chown(installed.var.c_str(), 0, 0) == 0);
  write(installed.var / "slotwire.db", "");
  REQUIRE(::chown((installed.var / "slotwire.db").c_str(), nobody->pw_uid, nobody->pw_gid) == 0);
  CHECK(installed.set_token().output.find("sudo -u nobody slotwire") != std::string::npos);
}
