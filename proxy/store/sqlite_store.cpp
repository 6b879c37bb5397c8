#include "proxy/store/sqlite_store.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>
#include <thread>
#include <utility>

#include "proxy/store/cell_text.h"
#include "proxy/store/list_text.h"
#include "proxy/store/sqlite_detail.h"

namespace slotwire::proxy {
namespace {

// One string for each version; user_version counts those that have run. Append, never edit.
constexpr std::array kMigrations = {
    R"(CREATE TABLE connection (
         id INTEGER PRIMARY KEY CHECK (id = 1), mode INTEGER NOT NULL, sealed_token BLOB NOT NULL,
         token_fingerprint TEXT NOT NULL, user_uri TEXT NOT NULL, user_name TEXT NOT NULL,
         organization_uri TEXT NOT NULL, scheduling_url TEXT NOT NULL, connected_by TEXT NOT NULL,
         connected_at_us INTEGER, last_synced_at_us INTEGER, last_validated_at_us INTEGER, longest_window_days INTEGER);
       CREATE TABLE event_type (
         position INTEGER PRIMARY KEY, uri TEXT NOT NULL, name TEXT NOT NULL, slug TEXT NOT NULL,
         duration_min INTEGER NOT NULL, duration_options TEXT NOT NULL, description TEXT NOT NULL, color TEXT NOT NULL,
         kind TEXT NOT NULL, locale TEXT NOT NULL, scheduling_url TEXT NOT NULL, active INTEGER NOT NULL,
         secret INTEGER NOT NULL);
       CREATE TABLE day_cell (
         event_type_uri TEXT NOT NULL, day INTEGER NOT NULL, fetched_at_us INTEGER NOT NULL, slots TEXT NOT NULL,
         PRIMARY KEY (event_type_uri, day)) WITHOUT ROWID;
       CREATE INDEX day_cell_age ON day_cell (fetched_at_us);
       CREATE TABLE audit (
         id INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, subject TEXT NOT NULL, role TEXT NOT NULL, action TEXT NOT NULL,
         outcome TEXT NOT NULL, client TEXT NOT NULL, request_id TEXT NOT NULL);)",
    R"(ALTER TABLE connection ADD COLUMN granted_scopes TEXT NOT NULL DEFAULT '';
       ALTER TABLE connection ADD COLUMN missing_scopes TEXT NOT NULL DEFAULT '';)",
    R"(CREATE TABLE change (
         id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, first_day INTEGER NOT NULL, end_day INTEGER NOT NULL,
         at_s INTEGER NOT NULL DEFAULT (CAST(strftime('%s','now') AS INTEGER)));
       ALTER TABLE day_cell ADD COLUMN seen_change INTEGER NOT NULL DEFAULT 0;
       ALTER TABLE event_type ADD COLUMN booking_form TEXT NOT NULL DEFAULT '';
       CREATE TABLE webhook (
         id INTEGER PRIMARY KEY CHECK (id = 1), uri TEXT NOT NULL, callback_url TEXT NOT NULL, sealed_key BLOB NOT NULL,
         created_by TEXT NOT NULL, created_at_us INTEGER NOT NULL);
       CREATE TABLE webhook_delivery (digest TEXT PRIMARY KEY, at_us INTEGER NOT NULL) WITHOUT ROWID;
       CREATE TABLE booking (
         key TEXT PRIMARY KEY, request TEXT NOT NULL, owner TEXT NOT NULL, moved_at_us INTEGER NOT NULL,
         sent_at_us INTEGER, status INTEGER NOT NULL DEFAULT 0, sealed_reply BLOB NOT NULL DEFAULT x'') WITHOUT ROWID;
       CREATE INDEX booking_sent ON booking (sent_at_us);)",
};

int number_from(ConnectionMode mode) { return mode == ConnectionMode::pat ? 1 : 2; }
std::int64_t number_from(Day day) { return day.time_since_epoch().count(); }
Day day_from(std::int64_t number) { return Day(std::chrono::days(static_cast<int>(number))); }

void bind(SQLite::Statement& statement, int at, const std::optional<Instant>& instant) {
  if (instant) {
    statement.bind(at, us_from(*instant));
  } else {
    statement.bind(at);
  }
}

std::optional<Instant> optional_instant(const SQLite::Column& column) {
  if (column.isNull()) return std::nullopt;
  return instant_from(column.getInt64());
}

void insert_types(SQLite::Database& database, const ConnectionRecord& record) {
  SQLite::Statement insert(database, "INSERT INTO event_type VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  for (const EventType& type : record.types) {
    insert.bind(1, type.uri);
    insert.bind(2, type.name);
    insert.bind(3, type.slug);
    insert.bind(4, static_cast<std::int64_t>(type.duration.count()));
    insert.bind(5, text_from_minutes(type.duration_options));
    insert.bind(6, type.description);
    insert.bind(7, type.color);
    insert.bind(8, type.kind);
    insert.bind(9, type.locale);
    insert.bind(10, type.scheduling_url);
    insert.bind(11, type.active ? 1 : 0);
    insert.bind(12, type.secret ? 1 : 0);
    const auto form = record.forms.find(type.uri);
    insert.bind(13, form == record.forms.end() ? std::string() : form->second);
    insert.exec();
    insert.reset();
  }
}

void read_types(SQLite::Database& database, ConnectionRecord& record) {
  SQLite::Statement query(database,
                          "SELECT uri,name,slug,duration_min,duration_options,description,color,kind,locale,"
                          "scheduling_url,active,secret,booking_form FROM event_type ORDER BY position");
  while (query.executeStep()) {
    EventType type;
    type.uri = query.getColumn(0).getString();
    type.name = query.getColumn(1).getString();
    type.slug = query.getColumn(2).getString();
    type.duration = std::chrono::minutes(query.getColumn(3).getInt64());
    type.duration_options = minutes_from_text(query.getColumn(4).getString());
    type.description = query.getColumn(5).getString();
    type.color = query.getColumn(6).getString();
    type.kind = query.getColumn(7).getString();
    type.locale = query.getColumn(8).getString();
    type.scheduling_url = query.getColumn(9).getString();
    type.active = query.getColumn(10).getInt() != 0;
    type.secret = query.getColumn(11).getInt() != 0;
    if (std::string form = query.getColumn(12).getString(); !form.empty()) record.forms.emplace(type.uri, std::move(form));
    record.types.push_back(std::move(type));
  }
}

void insert_webhook(SQLite::Database& database, const Webhook& webhook) {
  SQLite::Statement insert(database, "INSERT INTO webhook VALUES (1,?,?,?,?,?)");
  insert.bind(1, webhook.uri);
  insert.bind(2, webhook.callback_url);
  insert.bind(3, webhook.sealed_key.data(), static_cast<int>(webhook.sealed_key.size()));
  insert.bind(4, webhook.created_by);
  insert.bind(5, us_from(webhook.created_at));
  insert.exec();
}

std::optional<Webhook> read_webhook(SQLite::Database& database) {
  SQLite::Statement query(database, "SELECT uri,callback_url,sealed_key,created_by,created_at_us FROM webhook");
  if (!query.executeStep()) return std::nullopt;
  return Webhook{query.getColumn(0).getString(), query.getColumn(1).getString(), query.getColumn(2).getString(),
                 query.getColumn(3).getString(), instant_from(query.getColumn(4).getInt64())};
}

// Another account or mode, or the same one connected anew: what was fetched before is not to come back.
bool is_connected_anew(SQLite::Database& database, const ConnectionRecord& record) {
  SQLite::Statement query(database, "SELECT mode,connected_at_us FROM connection");
  if (!query.executeStep()) return true;
  return query.getColumn(0).getInt() != number_from(record.mode) || optional_instant(query.getColumn(1)) != record.connected_at;
}

std::int64_t log_change(SQLite::Database& database, Change::Kind kind, DayRange days = {}) {
  SQLite::Statement insert(database, "INSERT INTO change (kind,first_day,end_day) VALUES (?,?,?)");
  insert.bind(1, static_cast<int>(kind));
  insert.bind(2, number_from(days.begin));
  insert.bind(3, number_from(days.end));
  insert.exec();
  return database.getLastInsertRowid();
}

// Of programs that open a new file at once only one can switch it, and the others are refused at once instead of after the
// busy timeout.
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

// SQLite would make the file with the umask's mode; made first by us, its journal files inherit 0600 too.
void make_private(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor >= 0) ::close(descriptor);
}

}  // namespace

Error error_from_sqlite(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL: return {ErrorCode::storage_failed, "The database's disk is full; nothing was changed."};
    case SQLITE_READONLY:
    case SQLITE_PERM: return {ErrorCode::storage_failed, "The database may not be written; nothing was changed."};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return {ErrorCode::storage_failed, "The database is damaged or is not a database of slotwire."};
    case SQLITE_CANTOPEN: return {ErrorCode::storage_failed, "The database cannot be opened."};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {ErrorCode::storage_failed, "The database is held by another program; try again."};
    default: return {ErrorCode::storage_failed, "The database failed; nothing was changed."};
  }
}

SqliteStore::SqliteStore(std::unique_ptr<SQLite::Database> database) : database_(std::move(database)) {}
SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path) {
  if (path != ":memory:") make_private(path);
  try {
    constexpr int kBusyTimeoutMs = 5000;
    auto database =
        std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyTimeoutMs);
    // secure_delete before anything is written: it overwrites deleted content with zeros.
    database->exec("PRAGMA secure_delete=ON");
    write_ahead(*database);
    database->exec("PRAGMA synchronous=FULL");
    const int version = database->execAndGet("PRAGMA user_version").getInt();
    if (version > static_cast<int>(kMigrations.size())) {
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
  // IMMEDIATE: of programs that start at once, one makes the tables and the others find them made.
  SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
  const auto version = static_cast<std::size_t>(database_->execAndGet("PRAGMA user_version").getInt());
  for (std::size_t next = version; next < kMigrations.size(); ++next) {
    database_->exec(kMigrations.at(next));
    database_->exec("PRAGMA user_version=" + std::to_string(next + 1));
  }
  transaction.commit();
}

Result<std::optional<ConnectionRecord>> SqliteStore::connection() {
  return guarded([&]() -> Result<std::optional<ConnectionRecord>> {
    // One picture of three tables, which another program may be changing.
    const SQLite::Transaction transaction(*database_);
    SQLite::Statement query(*database_,
                            "SELECT mode,sealed_token,token_fingerprint,user_uri,user_name,organization_uri,"
                            "scheduling_url,connected_by,connected_at_us,last_synced_at_us,last_validated_at_us,"
                            "longest_window_days,granted_scopes,missing_scopes FROM connection WHERE id=1");
    if (!query.executeStep()) return std::optional<ConnectionRecord>();
    ConnectionRecord record;
    record.mode = query.getColumn(0).getInt() == 1 ? ConnectionMode::pat : ConnectionMode::public_links;
    record.sealed_token = query.getColumn(1).getString();
    record.token_fingerprint = query.getColumn(2).getString();
    record.user_uri = query.getColumn(3).getString();
    record.user_name = query.getColumn(4).getString();
    record.organization_uri = query.getColumn(5).getString();
    record.scheduling_url = query.getColumn(6).getString();
    record.connected_by = query.getColumn(7).getString();
    record.connected_at = optional_instant(query.getColumn(8));
    record.last_synced_at = optional_instant(query.getColumn(9));
    record.last_validated_at = optional_instant(query.getColumn(10));
    if (!query.getColumn(11).isNull()) record.longest_window = std::chrono::days(query.getColumn(11).getInt());
    record.granted_scopes = names_from_text(query.getColumn(12).getString());
    record.missing_scopes = names_from_text(query.getColumn(13).getString());
    read_types(*database_, record);
    record.webhook = read_webhook(*database_);
    return std::optional(std::move(record));
  });
}

Result<Done> SqliteStore::save_connection(const ConnectionRecord& record) {
  const Result<bool> saved = save_connection_unless_changed(record, std::numeric_limits<std::int64_t>::max());
  if (!saved) return saved.error();
  return Done{};
}

Result<bool> SqliteStore::save_connection_unless_changed(const ConnectionRecord& record, std::int64_t seen) {
  return guarded([&]() -> Result<bool> {
    // IMMEDIATE: it reads first, and what has read is refused at once when somebody else has written since.
    SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement later(*database_, "SELECT 1 FROM change WHERE id>? AND kind=?");
    later.bind(1, seen);
    later.bind(2, static_cast<int>(Change::Kind::account));
    if (later.executeStep()) return false;
    if (is_connected_anew(*database_, record)) database_->exec("DELETE FROM day_cell");
    database_->exec("DELETE FROM event_type; DELETE FROM webhook");
    SQLite::Statement insert(*database_, "INSERT OR REPLACE INTO connection VALUES (1,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    insert.bind(1, number_from(record.mode));
    insert.bind(2, record.sealed_token.data(), static_cast<int>(record.sealed_token.size()));
    insert.bind(3, record.token_fingerprint);
    insert.bind(4, record.user_uri);
    insert.bind(5, record.user_name);
    insert.bind(6, record.organization_uri);
    insert.bind(7, record.scheduling_url);
    insert.bind(8, record.connected_by);
    bind(insert, 9, record.connected_at);
    bind(insert, 10, record.last_synced_at);
    bind(insert, 11, record.last_validated_at);
    if (record.longest_window) {
      insert.bind(12, static_cast<std::int64_t>(record.longest_window->count()));
    } else {
      insert.bind(12);
    }
    insert.bind(13, text_from_names(record.granted_scopes));
    insert.bind(14, text_from_names(record.missing_scopes));
    insert.exec();
    insert_types(*database_, record);
    if (record.webhook) insert_webhook(*database_, *record.webhook);
    log_change(*database_, Change::Kind::account);
    transaction.commit();
    return true;
  });
}

Result<Done> SqliteStore::save_longest_window(const std::string& token_fingerprint, std::chrono::days longest) {
  return guarded([&]() -> Result<Done> {
    SQLite::Transaction transaction(*database_);
    SQLite::Statement statement(*database_, "UPDATE connection SET longest_window_days=? WHERE token_fingerprint=?");
    statement.bind(1, static_cast<std::int64_t>(longest.count()));
    statement.bind(2, token_fingerprint);
    if (statement.exec() > 0) log_change(*database_, Change::Kind::account);
    transaction.commit();
    return Done{};
  });
}

Result<std::int64_t> SqliteStore::last_change() {
  return guarded([&]() -> Result<std::int64_t> {
    return database_->execAndGet("SELECT COALESCE(MAX(seq),0) FROM sqlite_sequence WHERE name='change'").getInt64();
  });
}

Result<std::vector<Change>> SqliteStore::changes_since(std::int64_t id) {
  return guarded_by(copies_ ? copies_mutex_ : mutex_, [&]() -> Result<std::vector<Change>> {
    SQLite::Statement query(copies_ ? *copies_ : *database_, "SELECT id,kind,first_day,end_day FROM change WHERE id>? ORDER BY id");
    query.bind(1, id);
    std::vector<Change> changes;
    while (query.executeStep()) {
      changes.push_back({query.getColumn(0).getInt64(), static_cast<Change::Kind>(query.getColumn(1).getInt()),
                         {day_from(query.getColumn(2).getInt64()), day_from(query.getColumn(3).getInt64())}});
    }
    return changes;
  });
}

Result<std::int64_t> SqliteStore::expire_days(DayRange days) {
  return guarded([&]() -> Result<std::int64_t> { return log_change(*database_, Change::Kind::days, days); });
}

Result<bool> SqliteStore::take_delivery(const std::string& digest, DayRange days, Instant now, Instant oldest) {
  return guarded([&]() -> Result<bool> {
    SQLite::Transaction transaction(*database_);
    SQLite::Statement drop(*database_, "DELETE FROM webhook_delivery WHERE at_us<?");
    drop.bind(1, us_from(oldest));
    drop.exec();
    SQLite::Statement insert(*database_, "INSERT OR IGNORE INTO webhook_delivery VALUES (?,?)");
    insert.bind(1, digest);
    insert.bind(2, us_from(now));
    const bool is_new = insert.exec() > 0;
    if (is_new) log_change(*database_, Change::Kind::days, days);
    transaction.commit();
    return is_new;
  });
}

Result<std::int64_t> SqliteStore::purge_cells() {
  return guarded([&]() -> Result<std::int64_t> {
    SQLite::Transaction transaction(*database_);
    database_->exec("DELETE FROM day_cell");
    const std::int64_t id = log_change(*database_, Change::Kind::purge);
    transaction.commit();
    return id;
  });
}

Result<Wiped> SqliteStore::wipe_connection() {
  return guarded([&]() -> Result<Wiped> {
    {
      SQLite::Transaction transaction(*database_);
      database_->exec("DELETE FROM connection; DELETE FROM event_type; DELETE FROM webhook; DELETE FROM day_cell");
      log_change(*database_, Change::Kind::account);
      transaction.commit();
    }
    // The write-ahead log still holds old pages: move it into the file, whose copies secure_delete has zeroed, and cut it.
    const bool is_held = database_->execAndGet("PRAGMA wal_checkpoint(TRUNCATE)").getInt() != 0;
    return is_held ? Wiped::not_every_byte : Wiped::every_byte;
  });
}

Result<Done> SqliteStore::save_cells(const std::string& event_type_uri, const std::vector<DayCell>& cells,
                                     std::int64_t seen_change) {
  return guarded([&]() -> Result<Done> {
    SQLite::Transaction transaction(*database_);
    SQLite::Statement insert(*database_,
                             "INSERT INTO day_cell VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET "
                             "fetched_at_us=excluded.fetched_at_us, slots=excluded.slots, seen_change=excluded.seen_change "
                             "WHERE excluded.fetched_at_us >= day_cell.fetched_at_us");
    for (const DayCell& cell : cells) {
      insert.bind(1, event_type_uri);
      insert.bind(2, number_from(cell.day));
      insert.bind(3, us_from(cell.fetched_at));
      insert.bind(4, text_from_slots(cell.slots));
      insert.bind(5, seen_change);
      insert.exec();
      insert.reset();
    }
    transaction.commit();
    return Done{};
  });
}

Result<std::vector<StoredCell>> SqliteStore::cells(const std::string& event_type_uri, DayRange days, Instant oldest) {
  return guarded_by(copies_ ? copies_mutex_ : mutex_, [&]() -> Result<std::vector<StoredCell>> {
    SQLite::Statement query(copies_ ? *copies_ : *database_,
                            "SELECT day,fetched_at_us,slots,EXISTS (SELECT 1 FROM change WHERE change.id>seen_change "
                            "AND (kind=? OR (kind=? AND first_day<=day AND end_day>day))) FROM day_cell "
                            "WHERE event_type_uri=? AND day>=? AND day<? AND fetched_at_us>=? ORDER BY day");
    query.bind(1, static_cast<int>(Change::Kind::purge));
    query.bind(2, static_cast<int>(Change::Kind::days));
    query.bind(3, event_type_uri);
    query.bind(4, number_from(days.begin));
    query.bind(5, number_from(days.end));
    query.bind(6, us_from(oldest));
    std::vector<StoredCell> cells;
    while (query.executeStep()) {
      std::optional<std::vector<Slot>> slots = slots_from_text(query.getColumn(2).getString());
      if (!slots) continue;  // a copy that cannot be read is no copy; an empty day would be a lie
      cells.push_back({{day_from(query.getColumn(0).getInt64()), instant_from(query.getColumn(1).getInt64()),
                        std::move(*slots)},
                       query.getColumn(3).getInt() != 0});
    }
    return cells;
  });
}

Result<Done> SqliteStore::drop_cells_older_than(Instant oldest) {
  return guarded([&]() -> Result<Done> {
    SQLite::Statement statement(*database_, "DELETE FROM day_cell WHERE fetched_at_us<?");
    statement.bind(1, us_from(oldest));
    statement.exec();
    // A change older than every copy, and than whatever a running program may hold, has nothing left to outdate.
    SQLite::Statement changes(*database_, "DELETE FROM change WHERE at_s<?");
    changes.bind(1, us_from(oldest) / 1'000'000);
    changes.exec();
    return Done{};
  });
}

Result<Done> SqliteStore::drop_cells_newer_than(Instant newest) {
  return guarded([&]() -> Result<Done> {
    SQLite::Statement statement(*database_, "DELETE FROM day_cell WHERE fetched_at_us>?");
    statement.bind(1, us_from(newest));
    statement.exec();
    return Done{};
  });
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
    return Done{};
  });
}

Result<std::vector<AuditEntry>> SqliteStore::audit(int at_most) {
  return guarded([&]() -> Result<std::vector<AuditEntry>> {
    SQLite::Statement query(*database_,
                            "SELECT at_us,subject,role,action,outcome,client,request_id FROM audit "
                            "ORDER BY id DESC LIMIT ?");
    query.bind(1, at_most);
    std::vector<AuditEntry> entries;
    while (query.executeStep()) {
      entries.push_back({instant_from(query.getColumn(0).getInt64()), query.getColumn(1).getString(),
                         query.getColumn(2).getString(), query.getColumn(3).getString(), query.getColumn(4).getString(),
                         query.getColumn(5).getString(), query.getColumn(6).getString()});
    }
    return entries;
  });
}

}  // namespace slotwire::proxy
