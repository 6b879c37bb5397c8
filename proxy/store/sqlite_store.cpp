#include "proxy/store/sqlite_store.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "proxy/store/sqlite_detail.h"
#include "proxy/store/sqlite_schema.h"
#include "proxy/store/stored_rows.h"

namespace slotwire::store {
namespace {

// If several programs open a new file at once, only one can switch it to a write-ahead log; the others are refused at once,
// without the busy timeout.
void write_ahead(SQLite::Database& database) {
  constexpr int kTries = 100;
  constexpr std::chrono::milliseconds kBetween{20};
  for (int left = kTries;; --left) {
    try {
      database.exec("PRAGMA journal_mode=WAL");
      return;
    } catch (const SQLite::Exception& exception) {
      if ((exception.getErrorCode() & 0xff) != SQLITE_BUSY || left == 0) throw;
    }
    std::this_thread::sleep_for(kBetween);
  }
}

// SQLite would create the file with the umask's mode. If we create it first with 0600, its journal files inherit that. An
// existing file, perhaps a copy, is closed to other users together with its journal.
void make_private(const std::string& path) {
  constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly);
  if (descriptor >= 0) ::close(descriptor);
  for (const char* part : {"", "-wal", "-shm"}) {
    struct stat file {};
    const std::string name = path + part;
    if (::stat(name.c_str(), &file) == 0 && S_ISREG(file.st_mode) && (file.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
      ::chmod(name.c_str(), kOwnerOnly);
    }
  }
}

}  // namespace

Error error_from_sqlite(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {ErrorCode::storage_failed, "The database's disk is full; nothing was changed."};
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {ErrorCode::storage_failed, "The database may not be written; nothing was changed."};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorCode::storage_failed, "The database is damaged or is not a database of slotwire."};
    case SQLITE_CANTOPEN:
      return {ErrorCode::storage_failed, "The database cannot be opened."};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::storage_failed, "The database is held by another program; try again."};
    default:
      return {ErrorCode::storage_failed, "The database failed; nothing was changed."};
  }
}

SqliteStore::SqliteStore(std::unique_ptr<SQLite::Database> database) : database_(std::move(database)) {}
SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path) {
  if (path != ":memory:") make_private(path);
  try {
    constexpr int kBusyTimeoutMs = 5000;
    auto database = std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyTimeoutMs);
    // secure_delete before the first write: it overwrites deleted content with zeros.
    database->exec("PRAGMA secure_delete=ON");
    write_ahead(*database);
    database->exec("PRAGMA synchronous=FULL");
    const int version = database->execAndGet("PRAGMA user_version").getInt();
    if (version > static_cast<int>(kSqliteMigrations.size())) {
      return Error{ErrorCode::storage_failed, "The database was made by a newer slotwire."};
    }
    if (database->execAndGet("PRAGMA quick_check(1)").getString() != "ok") return error_from_sqlite(SQLITE_CORRUPT);
    std::unique_ptr<SqliteStore> store(new SqliteStore(std::move(database)));
    store->migrate();
    if (path != ":memory:") {
      store->copies_ = std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE, kBusyTimeoutMs);
    }
    return store;
  } catch (const SQLite::Exception& exception) {
    return error_from_sqlite(exception.getErrorCode());
  }
}

void SqliteStore::migrate() {
  // IMMEDIATE: if several programs start at once, one creates the tables and the others find them.
  SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
  const auto version = static_cast<std::size_t>(database_->execAndGet("PRAGMA user_version").getInt());
  for (std::size_t next = version; next < kSqliteMigrations.size(); ++next) {
    database_->exec(kSqliteMigrations.at(next));
    database_->exec("PRAGMA user_version=" + std::to_string(next + 1));
  }
  transaction.commit();
}

std::int64_t log_change(SQLite::Database& database, Change::Kind kind, DayRange days) {
  SQLite::Statement insert(database, "INSERT INTO change (kind,first_day,end_day) VALUES (?,?,?)");
  insert.bind(1, static_cast<int>(kind));
  insert.bind(2, number_from(days.begin));
  insert.bind(3, number_from(days.end));
  insert.exec();
  return database.getLastInsertRowid();
}

Result<std::int64_t> SqliteStore::last_change() {
  return guarded([&]() -> Result<std::int64_t> { return database_->execAndGet(kLastChange).getInt64(); });
}

Result<std::vector<Change>> SqliteStore::changes_since(std::int64_t id) {
  return guarded_by(copies_ ? copies_mutex_ : mutex_, [&]() -> Result<std::vector<Change>> {
    SQLite::Database& database = copies_ ? *copies_ : *database_;
    const std::int64_t last = database.execAndGet(kLastChange).getInt64();
    SQLite::Statement query(database, std::string("SELECT ") + kChangeColumns + " FROM change WHERE id>? ORDER BY id");
    query.bind(1, id);
    std::vector<Change> changes;
    while (query.executeStep()) changes.push_back(change_from(SqliteRow(query)));
    return with_losses(changes, id, last);
  });
}

Result<std::int64_t> SqliteStore::expire_days(DayRange days) {
  return guarded([&]() -> Result<std::int64_t> { return log_change(*database_, Change::Kind::days, days); });
}

Result<Done> SqliteStore::append_audit(const AuditEntry& entry) {
  return guarded([&]() -> Result<Done> {
    SQLite::Statement insert(*database_, "INSERT INTO audit VALUES (NULL,?,?,?,?,?,?,?)");
    insert.bind(1, us_from(entry.at));
    insert.bind(2, entry.subject);
    insert.bind(3, entry.role);
    insert.bind(4, entry.action);
    insert.bind(5, entry.outcome);
    insert.bind(6, entry.client);
    insert.bind(7, entry.request_id);
    insert.exec();
    const bool was_done = entry.outcome == "ok";
    SQLite::Statement drop(*database_,
                           "DELETE FROM audit WHERE (outcome='ok')=?1 AND id<=(SELECT id FROM audit WHERE (outcome='ok')=?1 "
                           "ORDER BY id DESC LIMIT 1 OFFSET ?2)");
    drop.bind(1, was_done ? 1 : 0);
    drop.bind(2, was_done ? kMostAudit : kMostAuditRefused);
    drop.exec();
    return Done{};
  });
}

Result<std::vector<AuditEntry>> SqliteStore::audit(int at_most) {
  return guarded([&]() -> Result<std::vector<AuditEntry>> {
    const std::string newest = " SELECT * FROM (SELECT * FROM audit WHERE (outcome='ok')=";
    SQLite::Statement query(*database_, std::string("SELECT ") + kAuditColumns + " FROM (" + newest +
                                            "1 ORDER BY id DESC LIMIT ?1) UNION ALL" + newest +
                                            "0 ORDER BY id DESC LIMIT ?1)) ORDER BY id DESC");
    query.bind(1, at_most);
    std::vector<AuditEntry> entries;
    while (query.executeStep()) entries.push_back(audit_from(SqliteRow(query)));
    return entries;
  });
}

}  // namespace slotwire::store
