#include "proxy/store/store.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <atomic>
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "proxy/store/column_text.h"
#include "proxy/store/database_file.h"
#include "proxy/store/pg_connection.h"
#include "proxy/store/sqlite_store.h"
#include "tests/proxy/fakes.h"

namespace slotwire::tests {
using namespace store;
namespace {

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("slotwire-store-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directory(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string file() const { return (path_ / "test.db").string(); }
  // All bytes of all its files, including the write-ahead log.
  [[nodiscard]] std::string bytes() const {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      std::ifstream file(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), {});
    }
    return all;
  }

 private:
  std::filesystem::path path_;
};

ConnectionRecord sample() {
  ConnectionRecord record;
  record.mode = ConnectionMode::pat;
  record.sealed_token = std::string("SWB1\0marker-sealed", 18);
  record.token_fingerprint = "abc";
  record.user_uri = "https://api.calendly.com/users/U";
  record.user_name = "Ada 'quoted' \"Ünï\"";
  record.timezone = "America/Argentina/Buenos_Aires";
  record.connected_at = instant("2026-01-05T10:00:00.123456Z");
  record.longest_window = std::chrono::days(7);
  EventType type;
  type.uri = kTypeUri;
  type.name = "marker-type-name";
  type.slug = "30min";
  type.duration = std::chrono::minutes(30);
  type.duration_options = {std::chrono::minutes(15), std::chrono::minutes(30)};
  type.secret = true;
  record.types = {type, type};
  record.types[1].active = false;
  return record;
}

}  // namespace

TEST_CASE("Store: a connection comes back as it was, after a restart too", "[proxy][store]") {
  const Folder folder;
  const ConnectionRecord record = sample();
  {
    const auto store = SqliteStore::open(folder.file()).value();
    CHECK_FALSE(store->connection().value().has_value());
    REQUIRE(store->save_connection(record));
    REQUIRE(store->save_connection(record));  // replaces the record
  }
  const auto store = SqliteStore::open(folder.file()).value();
  const ConnectionRecord back = store->connection().value().value();
  CHECK(back.sealed_token == record.sealed_token);
  CHECK(back.user_name == record.user_name);
  CHECK(back.timezone == record.timezone);
  CHECK(back.connected_at == record.connected_at);
  CHECK_FALSE(back.last_synced_at);
  CHECK(back.longest_window == record.longest_window);
  CHECK(back.types == record.types);
}

TEST_CASE("Store: its files are for their owner only", "[proxy][store]") {
  const Folder folder;
  const auto store = SqliteStore::open(folder.file()).value();
  REQUIRE(store->save_connection(sample()));
  for (const char* suffix : {"", "-wal", "-shm"}) {
    struct stat facts {};
    REQUIRE(::stat((folder.file() + suffix).c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);
  }
}

TEST_CASE("Store: a database that was there with mode 0644 stayed open to all", "[proxy][store]") {
  const Folder folder;
  REQUIRE(SqliteStore::open(folder.file()).value()->save_connection(sample()));
  REQUIRE(::chmod(folder.file().c_str(), 0644) == 0);
  const auto store = SqliteStore::open(folder.file()).value();
  struct stat facts {};
  REQUIRE(::stat(folder.file().c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
}

TEST_CASE("Store: the audit log grew for ever", "[proxy][store]") {
  const auto store = open_store("sqlite::memory:").value();
  for (int i = 0; i < kMostAudit + 20; ++i) REQUIRE(store->append_audit({{}, "a", "admin", std::to_string(i), "ok", "", ""}));
  const auto kept = store->audit(kMostAudit + 100).value();
  CHECK(kept.size() == kMostAudit);
  CHECK(kept.front().action == std::to_string(kMostAudit + 19));
}

TEST_CASE("Store: wiping leaves no byte of the token or the types", "[proxy][store][secrets]") {
  const Folder folder;
  const auto store = SqliteStore::open(folder.file()).value();
  REQUIRE(store->save_connection(sample()));
  REQUIRE(folder.bytes().find("marker") != std::string::npos);
  REQUIRE(store->wipe_connection());
  CHECK(folder.bytes().find("marker") == std::string::npos);
  CHECK_FALSE(store->connection().value().has_value());
}

// Another program was reading the database. Disconnecting reported success, and the sealed token stayed in the file.
TEST_CASE("Store: a wipe that a reader keeps from the bytes says so, and the next one ends it", "[proxy][store]") {
  const Folder folder;
  const auto store = SqliteStore::open(folder.file()).value();
  REQUIRE(store->save_connection(sample()));
  {
    SQLite::Database reader(folder.file(), SQLite::OPEN_READONLY);
    reader.exec("BEGIN");
    (void)reader.execAndGet("SELECT count(*) FROM connection").getInt();
    const Result<Wiped> wiped = store->wipe_connection();
    REQUIRE(wiped);
    CHECK(wiped.value() == Wiped::not_every_byte);
    CHECK_FALSE(store->connection().value().has_value());
  }
  const Result<Wiped> again = store->wipe_connection();
  REQUIRE(again);
  CHECK(again.value() == Wiped::every_byte);
  CHECK(folder.bytes().find("marker") == std::string::npos);
}

TEST_CASE("Store: a damaged file, a folder and a file of the future are told, not used", "[proxy][store]") {
  const Folder folder;
  std::ofstream(folder.file()) << std::string(8192, 'x');
  const auto damaged = SqliteStore::open(folder.file());
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().code == ErrorCode::storage_failed);
  CHECK(damaged.error().detail.find(folder.file()) == std::string::npos);
  CHECK_FALSE(SqliteStore::open(std::filesystem::path(folder.file()).parent_path().string()));
  CHECK_FALSE(SqliteStore::open("/nowhere/at/all.db"));
}

// All of these were "The database cannot be opened."
TEST_CASE("open_store: why a database cannot be opened is told with its place, and never a password", "[proxy][store]") {
  const Folder folder;
  const std::filesystem::path parent = std::filesystem::path(folder.file()).parent_path();
  const auto told = [](const std::string& url) {
    const auto store = open_store(url);
    REQUIRE_FALSE(store);
    CHECK(store.error().detail.find("CALENDLY_DATABASE_URL") != std::string::npos);
    return store.error().detail;
  };
  CHECK(told("sqlite:" + parent.string()).find(parent.string() + " (CALENDLY_DATABASE_URL) cannot be opened: it is a folder") !=
        std::string::npos);
  CHECK(told("sqlite:/nowhere/at/all.db").find("the folder /nowhere/at does not exist") != std::string::npos);
  CHECK(told("sqlite:" + (parent / "none" / "at" / "all.db").string()).find("does not exist") != std::string::npos);
  std::ofstream(folder.file()) << std::string(8192, 'x');
  CHECK(told("sqlite:" + folder.file() + "/in.db").find(folder.file() + " is not a folder") != std::string::npos);
  CHECK(told("sqlite:" + folder.file()).find("is not a database of slotwire. CALENDLY_DATABASE_URL names it: " + folder.file()) !=
        std::string::npos);
  CHECK_FALSE(obstacle_to("sqlite:" + folder.file()));
  const std::string place = postgres_place("postgresql://me:marker@db.example:5432/slotwire?password=marker&sslmode=require");
  CHECK(place == "PostgreSQL at db.example, database slotwire");
}

TEST_CASE("open_store: a database of another user is told with the user's name", "[proxy][store]") {
  constexpr uid_t kNobody = 65534;
  if (::geteuid() != 0) SKIP("needs root, to become another user");
  const Folder folder;
  const std::filesystem::path parent = std::filesystem::path(folder.file()).parent_path();
  std::filesystem::permissions(parent, std::filesystem::perms(0755));
  std::ofstream(folder.file()) << "x";
  std::filesystem::permissions(folder.file(), std::filesystem::perms(0600));
  REQUIRE(::seteuid(kNobody) == 0);
  const auto file = obstacle_to("sqlite:" + folder.file());
  const auto new_file = obstacle_to("sqlite:" + (parent / "new.db").string());
  REQUIRE(::seteuid(0) == 0);
  REQUIRE(file);
  CHECK(file->find("the file belongs to the user root, and nobody may not write it") != std::string::npos);
  REQUIRE(new_file);
  CHECK(new_file->find("the folder " + parent.string() + " belongs to the user root") != std::string::npos);
}

TEST_CASE("Store: a newer cell replaces an older one, never the other way", "[proxy][store]") {
  const auto store = SqliteStore::open(":memory:").value();
  const Day the_day = day("2026-02-01");
  const Instant old_time = instant("2026-01-05T10:00:00Z");
  const Instant new_time = instant("2026-01-05T10:05:00Z");
  const Slot slot{Instant(the_day) + std::chrono::hours(14), 3, "https://calendly.com/a?b=c d"};
  REQUIRE(store->save_cells("uri", {{the_day, new_time, {slot}}}, 0));
  REQUIRE(store->save_cells("uri", {{the_day, old_time, {}}}, 0));
  const DayRange days{the_day, the_day + std::chrono::days(1)};
  const auto cells = store->cells("uri", days, old_time).value();
  REQUIRE(cells.size() == 1);
  CHECK(cells.front().cell == DayCell{the_day, new_time, {slot}});
  CHECK(store->cells("uri", days, new_time + std::chrono::seconds(1)).value().empty());
  CHECK(store->cells("another", days, old_time).value().empty());
  REQUIRE(store->drop_cells_older_than(new_time + std::chrono::seconds(1)));
  CHECK(store->cells("uri", days, old_time).value().empty());
}

TEST_CASE("slots_from_text: reads what text_from_slots wrote and nothing else", "[proxy][store]") {
  const std::vector<Slot> slots = {{instant("2026-02-01T14:00:00Z"), 1, "https://a/b?c=d e"},
                                   {instant("2026-02-01T15:00:00.5Z"), 20, ""},
                                   {instant("2026-02-01T16:00:00Z"), 1, "https://a/b:1 2", {0, false, 0}},
                                   {instant("2026-02-01T17:00:00Z"), 3, "", {9, true, -570}},
                                   {instant("2026-02-01T18:00:00Z"), 3, "u", {6, true, 0}}};
  CHECK(slots_from_text(text_from_slots(slots)) == slots);
  // Written by versions without styles, and still written in the usual style.
  CHECK(text_from_slots({slots.front()}) == "1769954400000000 1 https://a/b?c=d e\n");
  CHECK(slots_from_text("") == std::vector<Slot>());
  for (const char* wrong : {"x", "1 2 url", "1 x url\n", "1\n", "\n", "99999999999999999999 1 u\n", "1 1: u\n", "1 1:10 u\n",
                            "1 1:0:1440 u\n", "1 1:0:0:0 u\n", "1 1:x u\n", "1 1:0\n"}) {
    INFO(wrong);
    CHECK_FALSE(slots_from_text(wrong));
  }
}

// Another program had a transaction open in the database. For a visitor of a new event type the slot service read copies, behind
// a write of ours that waited for that program, while it held the service's lock: all visitors waited for ten seconds.
TEST_CASE("Store: copies are read while a write waits for another program", "[proxy][store]") {
  const Folder folder;
  const auto store = SqliteStore::open(folder.file()).value();
  REQUIRE(store->save_cells(std::string(kTypeUri), {{day("2026-01-06"), instant("2026-01-05T10:00:00Z"), {}}}, 0));
  SQLite::Database other(folder.file(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  std::atomic<bool> has_started{false};
  bool is_saved = false;
  std::thread writer([&] {
    has_started = true;
    is_saved =
        store->save_cells(std::string(kTypeUri), {{day("2026-01-07"), instant("2026-01-05T10:00:00Z"), {}}}, 0).has_value();
  });
  const auto copies = [&] {
    const auto found = store->cells(std::string(kTypeUri), {day("2026-01-01"), day("2026-02-01")}, Instant::min());
    return found ? found.value().size() : 0;
  };
  bool is_readable = true;
  for (int left = 2000; left > 0; left -= has_started ? 1 : 0) is_readable = is_readable && copies() == 1;
  other.exec("ROLLBACK");
  writer.join();
  CHECK(is_readable);
  CHECK(is_saved);  // if reads waited for the writer, the other program would roll back too late for it
  CHECK(copies() == 2);
}

TEST_CASE("Store: the audit log keeps order, newest first", "[proxy][store]") {
  const auto store = SqliteStore::open(":memory:").value();
  for (int i = 0; i < 5; ++i) {
    REQUIRE(
        store->append_audit({instant("2026-01-05T10:00:00Z"), "ada", "admin", "action-" + std::to_string(i), "ok", "::1", "r"}));
  }
  const auto entries = store->audit(3).value();
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].action == "action-4");
  CHECK(entries[2].action == "action-2");
}

}  // namespace slotwire::tests
