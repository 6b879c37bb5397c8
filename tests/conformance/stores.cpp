#include "tests/conformance/stores.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "proxy/store/pg_connection.h"

namespace slotwire::tests {
using namespace store;
namespace {

std::unique_ptr<PgConnection> sql_on(const std::string& url) {
  return PgConnection::open(secrets::SecretString(url), std::chrono::steady_clock::now() + std::chrono::seconds(10));
}

}  // namespace

StoreUnderTest::StoreUnderTest(StoreKind kind) : kind_(kind) {
  switch (kind) {
    case StoreKind::sqlite_memory:
      url_ = "sqlite::memory:";
      break;
    case StoreKind::sqlite_file:
      url_ = "sqlite:" + (folder_.path() / "test.db").string();
      break;
    case StoreKind::postgresql:
      url_ = servers::shared_postgres().new_database();
      break;
  }
}

const char* StoreUnderTest::name() const {
  switch (kind_) {
    case StoreKind::sqlite_memory:
      return "SQLite in memory";
    case StoreKind::sqlite_file:
      return "SQLite file";
    case StoreKind::postgresql:
      return "PostgreSQL";
  }
  return "";
}

std::shared_ptr<Store> StoreUnderTest::open() {
  if (in_memory_) return in_memory_;
  std::shared_ptr<Store> store = open_store(url_).value();
  if (kind_ == StoreKind::sqlite_memory) in_memory_ = store;
  return store;
}

int StoreUnderTest::schema_version() const {
  if (kind_ == StoreKind::postgresql) {
    return static_cast<int>(sql_on(url_)->run("SELECT version FROM slotwire.schema_version").number(0, 0));
  }
  SQLite::Database database(folder_.path() / "test.db", SQLite::OPEN_READONLY);
  return database.execAndGet("PRAGMA user_version").getInt();
}

void StoreUnderTest::forget_changes_up_to(std::int64_t id) const {
  if (kind_ == StoreKind::postgresql) {
    sql_on(url_)->run("DELETE FROM slotwire.change WHERE id<=$1", {pg_value(id)});
    return;
  }
  SQLite::Database database(folder_.path() / "test.db", SQLite::OPEN_READWRITE);
  database.exec("DELETE FROM change WHERE id<=" + std::to_string(id));
}

void StoreUnderTest::set_schema_version(int version) const {
  if (kind_ == StoreKind::postgresql) {
    sql_on(url_)->run("UPDATE slotwire.schema_version SET version=$1", {pg_value(std::int64_t{version})});
    return;
  }
  SQLite::Database database(folder_.path() / "test.db", SQLite::OPEN_READWRITE);
  database.exec("PRAGMA user_version=" + std::to_string(version));
}

}  // namespace slotwire::tests
