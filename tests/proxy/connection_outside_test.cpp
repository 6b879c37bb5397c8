// A server and the command line with the same database file.
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <functional>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>
#include <utility>

#include "proxy/connection/connection.h"
#include "tests/proxy/fakes.h"

namespace slotwire::tests {
using namespace secrets;
namespace {

constexpr const char* kKey = "a key of at least thirty-two bytes for tests";
constexpr const char* kNewKey = "another key of thirty-two bytes for tests";

class File {
 public:
  File() : folder_(std::filesystem::temp_directory_path() / ("slotwire-outside-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
  }
  ~File() { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path() const { return folder_ / "slotwire.db"; }

 private:
  std::filesystem::path folder_;
};

SealedBox box_with(std::initializer_list<const char*> texts) {
  std::vector<SecretString> keys;
  for (const char* text : texts) keys.emplace_back(text);
  return SealedBox(keys);
}

// One program, with its own store, keys and connection.
struct Program {
  explicit Program(const File& file, std::initializer_list<const char*> keys = {kKey})
      : store(store::open_store("sqlite:" + file.path()).value()), box(box_with(keys)) {
    wire.answer(usual_answer);
    connection = connection::Connection::open(
                     {*store, box, calendly, clock, log, [this](auto time) { clock.pass(time); }, [] { return 0.0; }})
                     .value();
    connection->on_change([this] { ++changes; });
  }
  [[nodiscard]] std::string token() const { return std::string(connection->account()->token->reveal()); }

  ManualClock clock;
  log::Log log{log::LogLevel::debug, log::LogFormat::text,
               std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::null_sink_mt>())};
  TableTransport wire;
  calendly::CalendlyClient calendly{wire, clock};
  std::unique_ptr<store::Store> store;
  SealedBox box;
  std::unique_ptr<connection::Connection> connection;
  int changes = 0;
};

}  // namespace

TEST_CASE("Connection: a token set by another program is taken up", "[proxy][connection][outside]") {
  const File file;
  Program server(file);
  Program line(file);
  REQUIRE(server.connection->set_token(SecretString("eyJ.first.token"), "ada", ""));
  const std::uint64_t generation = server.connection->account()->generation;
  server.changes = 0;
  line.clock.pass(std::chrono::minutes(1));
  REQUIRE(line.connection->set_token(SecretString("eyJ.second.token"), "command line", ""));
  CHECK(server.token() == "eyJ.first.token");
  server.connection->apply_changes();
  CHECK(server.token() == "eyJ.second.token");
  CHECK(server.connection->account()->generation > generation);
  CHECK(server.connection->account()->record.connected_by == "command line");
  CHECK(server.changes == 1);
  server.connection->apply_changes();
  CHECK(server.changes == 1);
}

TEST_CASE("Connection: a token sealed anew by another program keeps everything as it is", "[proxy][connection][outside]") {
  const File file;
  // The server was started before the new key existed, and cannot open what is sealed with it.
  Program server(file, {kKey});
  REQUIRE(server.connection->set_token(SecretString("eyJ.good.token"), "ada", ""));
  const auto before = server.connection->account();
  server.changes = 0;
  Program line(file, {kNewKey, kKey});
  REQUIRE(line.connection->reseal());
  server.connection->apply_changes();
  CHECK(server.connection->account() == before);
  CHECK(server.changes == 0);
}

TEST_CASE("Connection: token rotate was undone by the next sync of a server with the old key first",
          "[proxy][connection][outside]") {
  const File file;
  Program server(file, {kKey});
  REQUIRE(server.connection->set_token(SecretString("eyJ.good.token"), "ada", ""));
  Program line(file, {kNewKey, kKey});
  REQUIRE(line.connection->reseal());
  const auto sealed = [&] { return line.store->connection().value()->sealed_token; };
  const std::string rotated = sealed();
  SECTION("by a sync") { REQUIRE(server.connection->sync("")); }
  SECTION("by a subscription") {
    const std::uint64_t generation = server.connection->account()->generation;
    server.connection->apply_changes();
    REQUIRE(server.connection->save_webhook(generation, store::Webhook{"u", "https://x.example", "sealed", "ada", {}}));
  }
  CHECK(sealed() == rotated);
  CHECK(Program(file, {kNewKey}).token() == "eyJ.good.token");
}

TEST_CASE("Connection: a token that could not be opened works once another program has sealed it rightly",
          "[proxy][connection][outside]") {
  const File file;
  REQUIRE(Program(file, {kKey}).connection->set_token(SecretString("eyJ.good.token"), "ada", ""));
  Program server(file, {kNewKey});
  REQUIRE(server.connection->account()->problem);
  REQUIRE(Program(file, {kNewKey, kKey}).connection->reseal());
  server.connection->apply_changes();
  REQUIRE(server.connection->account()->token);
  CHECK(server.token() == "eyJ.good.token");
  CHECK_FALSE(server.connection->account()->problem);
}

TEST_CASE("Connection: a change of our own never writes an older token back", "[proxy][connection][outside]") {
  const File file;
  Program server(file);
  REQUIRE(server.connection->set_token(SecretString("eyJ.first.token"), "ada", ""));
  Program line(file);
  line.clock.pass(std::chrono::minutes(1));
  REQUIRE(line.connection->set_token(SecretString("eyJ.second.token"), "command line", ""));
  SECTION("a sync") { REQUIRE(server.connection->sync("")); }
  SECTION("sealing anew") { REQUIRE(server.connection->reseal()); }
  SECTION("short windows learned for the first one") {
    server.connection->note_short_windows(server.connection->account()->generation);
  }
  Program later(file);
  CHECK(later.token() == "eyJ.second.token");
  CHECK_FALSE(later.connection->account()->record.longest_window);
}

// A sync reads for seconds. Meanwhile another server's admin disconnected, and the sync wrote the token back for all servers.
TEST_CASE("Connection: what another program changes during a sync is not undone by it", "[proxy][connection][outside]") {
  const File file;
  Program server(file);
  REQUIRE(server.connection->set_token(SecretString("eyJ.first.token"), "ada", ""));
  Program line(file);
  line.clock.pass(std::chrono::minutes(1));
  std::function<void()> meanwhile;
  server.wire.answer([&](const calendly::UpstreamRequest& request) {
    if (request.target.starts_with("/event_types") && meanwhile) std::exchange(meanwhile, nullptr)();
    return usual_answer(request);
  });
  SECTION("disconnecting") {
    meanwhile = [&] { REQUIRE(line.connection->disconnect()); };
    const auto synced = server.connection->sync("");
    REQUIRE_FALSE(synced);
    CHECK(synced.error().code == ErrorCode::not_connected);
    CHECK(Program(file).connection->account()->record.mode == ConnectionMode::none);
    CHECK(server.connection->account()->record.mode == ConnectionMode::none);
  }
  SECTION("another token") {
    meanwhile = [&] { REQUIRE(line.connection->set_token(SecretString("eyJ.second.token"), "command line", "")); };
    CHECK_FALSE(server.connection->sync(""));
    CHECK(Program(file).token() == "eyJ.second.token");
    CHECK(server.token() == "eyJ.second.token");
  }
  SECTION("something that goes together with it") {
    meanwhile = [&] { line.connection->note_short_windows(line.connection->account()->generation); };
    REQUIRE(server.connection->sync(""));
    CHECK(Program(file).connection->account()->record.longest_window == std::chrono::days(7));
    CHECK(server.connection->account()->record.longest_window == std::chrono::days(7));
  }
}

TEST_CASE("Connection: another program's disconnecting disconnects", "[proxy][connection][outside]") {
  const File file;
  Program server(file);
  REQUIRE(server.connection->set_token(SecretString("eyJ.first.token"), "ada", ""));
  REQUIRE(Program(file).connection->disconnect());
  server.connection->apply_changes();
  CHECK(server.connection->account()->record.mode == ConnectionMode::none);
  CHECK(server.connection->account()->token == nullptr);
}

TEST_CASE("Connection: other writes to the file are no change of the connection", "[proxy][connection][outside]") {
  const File file;
  Program server(file);
  REQUIRE(server.connection->set_token(SecretString("eyJ.first.token"), "ada", ""));
  server.changes = 0;
  const auto before = server.connection->account();
  Program line(file);
  REQUIRE(line.store->append_audit({line.clock.now(), "a", "admin", "x", "ok", "", ""}));
  server.connection->apply_changes();
  CHECK(server.connection->account() == before);
  CHECK(server.changes == 0);
}

TEST_CASE("Connection: what else the token may do is found out when it is set", "[proxy][connection]") {
  const File file;
  Program server(file);
  server.wire.answer([](const calendly::UpstreamRequest& request) -> calendly::Exchange {
    if (request.target == "/scheduling_links")
      return upstream(400, R"({"title":"Invalid Argument","message":"max_event_count"})");
    if (request.target.starts_with("/scheduled_events?")) return upstream(200, R"({"collection":[]})");
    if (request.target.ends_with("/cancellation")) {
      return upstream(403, R"({"title":"Insufficient scope","message":"","required_scopes":["scheduled_events:write"]})");
    }
    if (request.target == "/webhook_subscriptions") return upstream(503, "<html>");
    return usual_answer(request);
  });
  REQUIRE(server.connection->set_token(SecretString("eyJ.first.token"), "ada", ""));
  using Names = std::vector<std::string>;
  const Names granted = {"users:read", "event_types:read", "availability:read", "scheduling_links:write",
                         "scheduled_events:read"};
  CHECK(server.connection->account()->record.granted_scopes == granted);
  CHECK(server.connection->account()->record.missing_scopes == Names{"scheduled_events:write"});
  // None of these calls may have an effect: their bodies are empty, and the event to cancel does not exist.
  for (const std::string& target : server.wire.log) CHECK(target.find("/invitees") == std::string::npos);
  Program later(file);
  CHECK(later.connection->account()->record.granted_scopes == granted);
  CHECK(later.connection->account()->record.missing_scopes == Names{"scheduled_events:write"});
}

}  // namespace slotwire::tests
