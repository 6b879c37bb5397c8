#include <atomic>
#include <catch_amalgamated.hpp>
#include <thread>

#include "proxy/store/pg_connection.h"
#include "proxy/store/store.h"
#include "tests/conformance/servers.h"

namespace slotwire::tests {
using namespace store;
namespace {

using servers::PostgresServer;
using servers::shared_postgres;
using std::chrono::seconds;
using std::chrono::steady_clock;

std::unique_ptr<PgConnection> sql_on(const std::string& url) {
  return PgConnection::open(secrets::SecretString(url), steady_clock::now() + seconds(10));
}

// Calls repeatedly until it succeeds or ten seconds have passed.
template <class Call>
bool succeeds_in_time(Call call) {
  const auto end = steady_clock::now() + seconds(10);
  while (steady_clock::now() < end) {
    if (call()) return true;
    std::this_thread::yield();
  }
  return false;
}

DayRange some_days() {
  const Day day = day_from_text("2026-02-01").value();
  return {day, day + std::chrono::days(1)};
}

}  // namespace

TEST_CASE("PostgresStore: a database that stands still holds no caller for long, and nothing is lost",
          "[conformance][postgres]") {
  PostgresServer server;
  const std::string url = server.new_database();
  const auto store = open_store(url).value();
  const std::int64_t before = store->expire_days(some_days()).value();
  server.pause();
  const auto began = steady_clock::now();
  std::atomic<int> failures{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 16; ++i) {
    callers.emplace_back([&] {
      for (int call = 0; call < 10; ++call) failures += store->changes_since(0) ? 0 : 1;
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(failures == 160);
  // The first calls wait two seconds; then one at a time tries again, and no calls queue up.
  CHECK(steady_clock::now() - began < seconds(12));
  const auto failed = store->expire_days(some_days());
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == ErrorCode::storage_failed);
  CHECK(failed.error().detail == "The database does not answer; try again.");
  server.go_on();
  CHECK(succeeds_in_time([&] { return store->expire_days(some_days()).has_value(); }));
  CHECK(store->changes_since(before).value().size() >= 1);
  CHECK(store->changes_since(0).value().size() >= 2);
}

TEST_CASE("PostgresStore: a restart of the database costs no call that comes after it", "[conformance][postgres]") {
  PostgresServer server;
  const auto store = open_store(server.new_database()).value();
  const std::int64_t before = store->expire_days(some_days()).value();
  server.stop();
  CHECK_FALSE(store->last_change());
  server.start();
  CHECK(succeeds_in_time([&] { return store->last_change().has_value(); }));
  // A restart closed the kept connections without notice: writing and reading both open new ones.
  server.stop();
  server.start();
  CHECK(store->expire_days(some_days()).value() == before + 1);
  server.stop();
  server.start();
  CHECK(store->last_change().value() == before + 1);
}

TEST_CASE("PostgresStore: a server that starts together with its database waits for it", "[conformance][postgres]") {
  PostgresServer server;
  const std::string url = server.new_database();
  server.stop();
  std::atomic<bool> has_opened{false};
  std::thread program([&] { has_opened = open_store(url).has_value(); });
  server.start();
  program.join();
  CHECK(has_opened);
}

// After a failover to a replica that had lost changes, ids started below those the servers had seen, and no change reached the
// servers until the ids had caught up.
TEST_CASE("PostgresStore: a database that lost its last changes makes everything that was fetched count as old",
          "[conformance][postgres]") {
  const std::string url = shared_postgres().new_database();
  const auto store = open_store(url).value();
  const auto other = open_store(url).value();
  for (int i = 0; i < 5; ++i) REQUIRE(store->expire_days(some_days()));
  const std::int64_t seen = store->last_change().value();
  REQUIRE(store->save_cells("uri", {{some_days().begin, Instant(), {}}}, seen));
  sql_on(url)->run_script("DELETE FROM slotwire.change WHERE id>2; UPDATE slotwire.change_counter SET last=2");
  const auto changes = store->changes_since(seen).value();
  REQUIRE(changes.size() == 3);
  CHECK(changes[0].kind == Change::Kind::account);
  CHECK(changes[1].kind == Change::Kind::purge);
  CHECK(changes[2].kind == Change::Kind::types);
  CHECK(changes[0].id > seen);
  CHECK(changes[2].id == changes[0].id + 2);
  CHECK(store->cells("uri", some_days(), Instant::min()).value().empty());
  CHECK(store->changes_since(changes[2].id).value().empty());
  // Another server with the same position gets the same changes.
  CHECK(other->changes_since(seen).value().size() == 5);
  CHECK(store->expire_days(some_days()).value() == changes[2].id + 1);
  // So does one that was slightly further, although new ids have passed its position by now.
  CHECK(other->changes_since(seen + 2).value().size() == 6);
}

TEST_CASE("PostgresStore: a transaction that somebody leaves open holds up its own kind only", "[conformance][postgres]") {
  const std::string url = shared_postgres().new_database();
  const auto store = open_store(url).value();
  const auto other = sql_on(url);
  other->run("BEGIN");
  other->run("UPDATE slotwire.change_counter SET last=last");
  const auto failed = store->expire_days(some_days());
  REQUIRE_FALSE(failed);
  CHECK(failed.error().detail == "The database is too busy; try again.");
  CHECK(store->last_change());
  CHECK(store->append_audit({}));
  other->keep_to(steady_clock::now() + seconds(10));
  other->run("ROLLBACK");
  CHECK(store->expire_days(some_days()));
}

TEST_CASE("PostgresStore: what keeps it from the database is told in words of ours, with its server and without the password",
          "[conformance][postgres]") {
  PostgresServer& server = shared_postgres();
  const std::string url = server.new_database();
  const std::string at = "@127.0.0.1:" + std::to_string(server.port());
  struct Row {
    std::string name, url, told;
  };
  const std::vector<Row> rows = {
      {"wrong password", "postgresql://slotwire:marker-wrong" + at + "/d1", "The database refuses user or password."},
      {"no password", "postgresql://slotwire" + at + "/d1", "The database refuses user or password."},
      {"no such database", "postgresql://slotwire:" + std::string(PostgresServer::kPassword) + at + "/marker",
       "The database, or its user, does not exist."},
      {"TLS where there is none", url + "?sslmode=require", "The database's TLS is not what the address asks for."},
      {"no address", "postgresql://slotwire:marker/x@nowhere:port/d",
       "CALENDLY_DATABASE_URL cannot be read; write postgresql://user:password@host:5432/database, special characters as %XX"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const auto opened = open_store(row.url);
    REQUIRE_FALSE(opened);
    std::string told = opened.error().detail;
    if (opened.error().code == ErrorCode::bad_input)
      told = opened.error().details.at(0).field + " " + opened.error().details.at(0).message;
    CHECK(told.starts_with(row.told));
    if (opened.error().code != ErrorCode::bad_input)
      CHECK(told.find("CALENDLY_DATABASE_URL names it: PostgreSQL at 127.0.0.1, database ") != std::string::npos);
    CHECK(told.find("marker-wrong") == std::string::npos);
    CHECK(told.find("marker/x") == std::string::npos);
    CHECK(told.find(PostgresServer::kPassword) == std::string::npos);
  }
}

TEST_CASE("PostgresStore: a server without the right to make schemas works with the one that is there",
          "[conformance][postgres]") {
  PostgresServer& server = shared_postgres();
  const std::string url = server.new_database();
  REQUIRE(open_store(url));
  const auto admin = sql_on(url);
  admin->run_script(
      "DROP ROLE IF EXISTS lodger; CREATE ROLE lodger LOGIN PASSWORD 'lodger'; GRANT USAGE ON SCHEMA slotwire TO lodger;"
      "GRANT ALL ON ALL TABLES IN SCHEMA slotwire TO lodger; GRANT ALL ON ALL SEQUENCES IN SCHEMA slotwire TO lodger");
  std::string lodger = url;
  lodger.replace(lodger.find("slotwire:"), lodger.find('@') - lodger.find("slotwire:"), "lodger:lodger");
  const auto store = open_store(lodger);
  REQUIRE(store);
  CHECK((*store)->expire_days(some_days()));
  const std::string fresh = server.new_database();
  std::string nowhere = lodger.substr(0, lodger.rfind('/')) + fresh.substr(fresh.rfind('/'));
  const auto refused = open_store(nowhere);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().detail.starts_with("The database's user may not do this; it must own the schema slotwire."));
}

TEST_CASE("PostgresStore: a database that may only be read says so", "[conformance][postgres]") {
  const std::string url = shared_postgres().new_database();
  const auto store = open_store(url).value();
  const auto admin = sql_on(url);
  const std::string name = url.substr(url.rfind('/') + 1);
  admin->run_script(("ALTER DATABASE " + name + " SET default_transaction_read_only = on").c_str());
  const auto reader = open_store(url);
  REQUIRE(reader);
  const auto failed = (*reader)->expire_days(some_days());
  REQUIRE_FALSE(failed);
  CHECK(failed.error().detail == "The database may not be written; nothing was changed.");
  admin->run("SET default_transaction_read_only = off");
  admin->run_script(("ALTER DATABASE " + name + " SET default_transaction_read_only = off").c_str());
  CHECK(succeeds_in_time([&] { return (*reader)->expire_days(some_days()).has_value(); }));
}

}  // namespace slotwire::tests
