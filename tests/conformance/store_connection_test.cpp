#include <SQLiteCpp/SQLiteCpp.h>
#include <array>
#include <atomic>
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <thread>
#include <unistd.h>

#include "proxy/store/sqlite_schema.h"
#include "proxy/store/store.h"
#include "tests/conformance/store_samples.h"
#include "tests/conformance/stores.h"

namespace slotwire::tests {
using namespace store;
namespace {

using std::chrono::days;

void check_same(const ConnectionRecord& back, const ConnectionRecord& record) {
  CHECK(back.mode == record.mode);
  CHECK(back.sealed_token == record.sealed_token);
  CHECK(back.token_fingerprint == record.token_fingerprint);
  CHECK(back.user_uri == record.user_uri);
  CHECK(back.user_name == record.user_name);
  CHECK(back.timezone == record.timezone);
  CHECK(back.organization_uri == record.organization_uri);
  CHECK(back.scheduling_url == record.scheduling_url);
  CHECK(back.connected_by == record.connected_by);
  CHECK(back.connected_at == record.connected_at);
  CHECK(back.last_synced_at == record.last_synced_at);
  CHECK(back.last_validated_at == record.last_validated_at);
  CHECK(back.longest_window == record.longest_window);
  CHECK(back.granted_scopes == record.granted_scopes);
  CHECK(back.missing_scopes == record.missing_scopes);
  CHECK(back.types == record.types);
  CHECK(back.left_out == record.left_out);
  CHECK(back.types_seen_change == record.types_seen_change);
  CHECK(back.forms == record.forms);
  REQUIRE(back.webhook.has_value() == record.webhook.has_value());
  if (!record.webhook) return;
  CHECK(back.webhook->uri == record.webhook->uri);
  CHECK(back.webhook->callback_url == record.webhook->callback_url);
  CHECK(back.webhook->sealed_key == record.webhook->sealed_key);
  CHECK(back.webhook->created_by == record.webhook->created_by);
  CHECK(back.webhook->created_at == record.webhook->created_at);
  CHECK(back.webhook->tells_of_types == record.webhook->tells_of_types);
}

}  // namespace

TEST_CASE("Store: a connection comes back as it was, to the byte, after a restart too", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const ConnectionRecord record = sample();
  {
    const auto store = subject.open();
    CHECK_FALSE(store->connection().value().has_value());
    REQUIRE(store->save_connection(record));
    REQUIRE(store->save_connection(record));  // replaces the record
    check_same(store->connection().value().value(), record);
  }
  const auto store = subject.open();
  check_same(store->connection().value().value(), record);
  ConnectionRecord links;
  links.mode = ConnectionMode::public_links;
  REQUIRE(store->save_connection(links));
  check_same(store->connection().value().value(), links);
}

TEST_CASE("Store: a connection is saved only when nobody else changed it, if that is asked for", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  const auto other = subject.open();
  REQUIRE(store->save_connection(sample()));
  const std::int64_t seen = store->last_change().value();
  ConnectionRecord record = sample();
  record.user_name = "Grace";
  REQUIRE(other->expire_days({on(1), on(2)}));  // not a change of the connection
  CHECK(store->save_connection_unless_changed(record, seen).value());
  CHECK(store->connection().value()->user_name == "Grace");
  const std::int64_t saved = store->last_change().value();
  REQUIRE(other->wipe_connection());
  const std::int64_t wiped = store->last_change().value();
  CHECK_FALSE(store->save_connection_unless_changed(record, saved).value());
  CHECK_FALSE(store->connection().value().has_value());
  CHECK(store->last_change().value() == wiped);
  CHECK(store->save_connection_unless_changed(record, wiped).value());
  CHECK(store->connection().value().has_value());
}

TEST_CASE("Store: the longest window is kept for the token it was learned of only", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  REQUIRE(store->save_connection(sample()));
  const std::int64_t before = store->last_change().value();
  REQUIRE(store->save_longest_window("another", days(31)));
  CHECK(store->last_change().value() == before);
  CHECK(store->connection().value()->longest_window == days(7));
  REQUIRE(store->save_longest_window("abc", days(31)));
  CHECK(store->connection().value()->longest_window == days(31));
  CHECK(store->changes_since(before).value().size() == 1);
}

TEST_CASE("Store: wiping leaves no connection, no type, no webhook and no copy", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  REQUIRE(store->save_connection(sample()));
  REQUIRE(store->save_cells("uri", {{on(1), at(0), {}}}, 1));
  REQUIRE(store->wipe_connection());
  CHECK_FALSE(store->connection().value().has_value());
  CHECK(cells_of(*store).empty());
  REQUIRE(store->wipe_connection());
  ConnectionRecord links;
  links.mode = ConnectionMode::public_links;
  REQUIRE(store->save_connection(links));
  CHECK_FALSE(store->connection().value()->webhook);
}

// A reader repeated one refused call for eight minutes, and admins' actions disappeared from the log.
TEST_CASE("Store: what was refused pushed what was done out of the audit log", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  REQUIRE(store->append_audit({at(0), "ada", "admin", "cache.purge", "ok", "::1", "r"}));
  for (int i = 0; i < kMostAuditRefused + 50; ++i) {
    REQUIRE(store->append_audit({at(1 + i), "crm", "reader", "api.read", "forbidden", "::1", std::to_string(i)}));
  }
  const auto newest = store->audit(10).value();
  REQUIRE(newest.size() == 11);
  CHECK(newest.front().request_id == std::to_string(kMostAuditRefused + 49));
  CHECK(newest.back().action == "cache.purge");
  CHECK(store->audit(kMostAudit + kMostAuditRefused).value().size() == kMostAuditRefused + 1);
}

TEST_CASE("Store: the audit log keeps order, newest first", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  for (int i = 0; i < 5; ++i) {
    REQUIRE(store->append_audit({at(i), "Ädä 'x'", "admin", "action-" + std::to_string(i), "ok", "::1", "r"}));
  }
  const auto entries = store->audit(3).value();
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].action == "action-4");
  CHECK(entries[0].at == at(4));
  CHECK(entries[0].subject == "Ädä 'x'");
  CHECK(entries[2].action == "action-2");
}

TEST_CASE("Store: many programs may open a new one at once", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(StoreKind::sqlite_file, StoreKind::postgresql));
  INFO(subject.name());
  constexpr int kPrograms = 4;
  std::atomic<int> ready{0};
  std::array<std::shared_ptr<Store>, kPrograms> stores;
  std::vector<std::thread> programs;
  for (int i = 0; i < kPrograms; ++i) {
    programs.emplace_back([&, i] {
      ++ready;
      while (ready < kPrograms) std::this_thread::yield();
      if (auto opened = open_store(subject.url())) stores.at(static_cast<std::size_t>(i)) = std::move(opened).value();
    });
  }
  for (std::thread& program : programs) program.join();
  for (const auto& store : stores) {
    REQUIRE(store);
    CHECK(store->save_connection(sample()));
  }
}

TEST_CASE("Store: one made by a newer slotwire is refused and left alone", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(StoreKind::sqlite_file, StoreKind::postgresql));
  INFO(subject.name());
  REQUIRE(subject.open()->save_connection(sample()));
  const int version = subject.schema_version();
  subject.set_schema_version(version + 1);
  const auto opened = open_store(subject.url());
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == ErrorCode::storage_failed);
  CHECK(opened.error().detail.starts_with("The database was made by a newer slotwire. CALENDLY_DATABASE_URL names it: "));
  subject.set_schema_version(version);
  check_same(subject.open()->connection().value().value(), sample());
}

TEST_CASE("Store: what any older version has left is taken along, with nothing known of what it did not keep",
          "[conformance][store]") {
  for (std::size_t version = 1; version < kSqliteMigrations.size(); ++version) {
    INFO(version);
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("slotwire-old-" + std::to_string(::getpid()) + "-" + std::to_string(version));
    {
      SQLite::Database old(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
      for (std::size_t i = 0; i < version; ++i) old.exec(kSqliteMigrations.at(i));
      old.exec("PRAGMA user_version=" + std::to_string(version));
      old.exec(
          "INSERT INTO connection (id,mode,sealed_token,token_fingerprint,user_uri,user_name,organization_uri,scheduling_url,"
          "connected_by) VALUES (1,1,x'00','abc','u','Ada','o','https://calendly.com/ada','root')");
    }
    {
      const auto store = open_store("sqlite:" + file.string()).value();
      const ConnectionRecord back = store->connection().value().value();
      CHECK(back.user_name == "Ada");
      CHECK(back.timezone.empty());
      ConnectionRecord now = back;
      now.timezone = "Europe/Berlin";
      REQUIRE(store->save_connection(now));
      CHECK(store->connection().value()->timezone == "Europe/Berlin");
    }
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix);
  }
}

TEST_CASE("Store: which event types assistants see is kept until the connection goes", "[conformance][store]") {
  StoreUnderTest subject(GENERATE(from_range(all_store_kinds())));
  INFO(subject.name());
  const auto store = subject.open();
  const auto other = subject.open();
  using Uris = std::vector<std::string>;
  CHECK(store->assistant_types().value().empty());
  REQUIRE(store->set_assistant_type("https://b", true));
  REQUIRE(store->set_assistant_type("https://B", true));
  REQUIRE(store->set_assistant_type("https://a", true));
  REQUIRE(store->set_assistant_type("https://a", true));
  CHECK(other->assistant_types().value() == Uris{"https://B", "https://a", "https://b"});
  REQUIRE(other->set_assistant_type("https://B", false));
  REQUIRE(other->set_assistant_type("https://nobody's", false));
  // Reading or saving the connection does not change them.
  REQUIRE(store->save_connection(sample()));
  CHECK(store->assistant_types().value() == Uris{"https://a", "https://b"});
  REQUIRE(store->wipe_connection());
  CHECK(other->assistant_types().value().empty());
}

}  // namespace slotwire::tests
