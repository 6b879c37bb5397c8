// The connection: its token, its event types, its webhook.
#include "proxy/store/sqlite_detail.h"
#include "proxy/store/stored_rows.h"

namespace slotwire::store {
namespace {

void bind(SQLite::Statement& statement, int at, const std::optional<Instant>& instant) {
  if (instant) {
    statement.bind(at, us_from(*instant));
  } else {
    statement.bind(at);
  }
}

void insert_types(SQLite::Database& database, const ConnectionRecord& record) {
  SQLite::Statement insert(database, "INSERT INTO event_type VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
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
    insert.bind(14, type.host);
    insert.bind(15, type.place);
    insert.exec();
    insert.reset();
  }
}

void insert_webhook(SQLite::Database& database, const Webhook& webhook) {
  SQLite::Statement insert(database, "INSERT INTO webhook VALUES (1,?,?,?,?,?,?)");
  insert.bind(1, webhook.uri);
  insert.bind(2, webhook.callback_url);
  insert.bind(3, webhook.sealed_key.data(), static_cast<int>(webhook.sealed_key.size()));
  insert.bind(4, webhook.created_by);
  insert.bind(5, us_from(webhook.created_at));
  insert.bind(6, webhook.tells_of_types ? 1 : 0);
  insert.exec();
}

}  // namespace

Result<std::optional<ConnectionRecord>> SqliteStore::connection() {
  return guarded([&]() -> Result<std::optional<ConnectionRecord>> {
    // A consistent view of three tables, which another program may be changing.
    const SQLite::Transaction transaction(*database_);
    SQLite::Statement query(*database_, std::string("SELECT ") + kConnectionColumns + " FROM connection WHERE id=1");
    if (!query.executeStep()) return std::optional<ConnectionRecord>();
    ConnectionRecord record = connection_from(SqliteRow(query));
    SQLite::Statement types(*database_, std::string("SELECT ") + kTypeColumns + " FROM event_type ORDER BY position");
    while (types.executeStep()) add_type(record, SqliteRow(types));
    SQLite::Statement webhook(*database_, std::string("SELECT ") + kWebhookColumns + " FROM webhook");
    if (webhook.executeStep()) record.webhook = webhook_from(SqliteRow(webhook));
    return std::optional(std::move(record));
  });
}

Result<bool> SqliteStore::save_connection_unless_changed(const ConnectionRecord& record, std::int64_t seen) {
  return guarded([&]() -> Result<bool> {
    // IMMEDIATE: it reads first, and SQLite refuses the later write at once if another program has written since.
    SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement later(*database_, "SELECT 1 FROM change WHERE id>? AND kind=?");
    later.bind(1, seen);
    later.bind(2, static_cast<int>(Change::Kind::account));
    if (later.executeStep()) return false;
    SQLite::Statement stored(*database_, std::string("SELECT ") + kFreshnessColumns + " FROM connection");
    if (!stored.executeStep() || is_connected_anew(SqliteRow(stored), record)) database_->exec("DELETE FROM day_cell");
    stored.reset();
    database_->exec("DELETE FROM event_type; DELETE FROM webhook");
    SQLite::Statement insert(*database_, "INSERT OR REPLACE INTO connection VALUES (1,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
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
    insert.bind(15, text_from_lines(record.left_out));
    insert.bind(16, record.types_seen_change);
    insert.bind(17, text_from_names(record.beyond_plan));
    insert.bind(18, record.timezone);
    insert.exec();
    insert_types(*database_, record);
    if (record.webhook) insert_webhook(*database_, *record.webhook);
    log_change(*database_, Change::Kind::account);
    transaction.commit();
    return true;
  });
}

Result<TypesClaim> SqliteStore::claim_types(const TypesClaimTerms& terms) {
  return guarded([&]() -> Result<TypesClaim> {
    // IMMEDIATE: two programs that read first and wrote afterwards would both believe the claim was theirs.
    SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement connection(*database_, std::string("SELECT ") + kTypesReadColumns + " FROM connection");
    const SqliteRow row(connection);
    if (const auto claim = claim_by(connection.executeStep() ? &row : nullptr, terms)) return *claim;
    SQLite::Statement lease(*database_, "SELECT owner,until_us FROM types_lease");
    if (lease.executeStep()) {
      if (const auto claim = claim_by_lease(SqliteRow(lease), terms)) return *claim;
    }
    SQLite::Statement take(*database_, "UPDATE types_lease SET owner=?, until_us=?");
    take.bind(1, terms.owner);
    take.bind(2, us_from(terms.now + terms.lease));
    take.exec();
    TypesClaim claim;
    claim.standing = TypesClaim::Standing::ours;
    claim.seen_change = database_->execAndGet(kLastChange).getInt64();
    connection.reset();
    lease.reset();
    transaction.commit();
    return claim;
  });
}

Result<Done> SqliteStore::hold_types(const std::string& owner, Instant until) {
  return guarded([&]() -> Result<Done> {
    SQLite::Statement hold(*database_, "UPDATE types_lease SET until_us=? WHERE owner=?");
    hold.bind(1, us_from(until));
    hold.bind(2, owner);
    hold.exec();
    return Done{};
  });
}

Result<bool> SqliteStore::note_types_read(const ConnectionRecord& record) {
  return guarded([&]() -> Result<bool> {
    SQLite::Statement note(*database_,
                           "UPDATE connection SET last_synced_at_us=?, last_validated_at_us=?, "
                           "types_seen_change=MAX(types_seen_change,?) WHERE token_fingerprint=? AND connected_at_us IS ?");
    bind(note, 1, record.last_synced_at);
    bind(note, 2, record.last_validated_at);
    note.bind(3, record.types_seen_change);
    note.bind(4, record.token_fingerprint);
    bind(note, 5, record.connected_at);
    return note.exec() > 0;
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

Result<Wiped> SqliteStore::wipe_connection() {
  return guarded([&]() -> Result<Wiped> {
    {
      SQLite::Transaction transaction(*database_);
      database_->exec(
          "DELETE FROM connection; DELETE FROM event_type; DELETE FROM webhook; DELETE FROM day_cell; "
          "DELETE FROM assistant_type");
      log_change(*database_, Change::Kind::account);
      transaction.commit();
    }
    // The write-ahead log still holds old pages. Move them into the file, where secure_delete has zeroed deleted content, and
    // truncate the log.
    const bool is_held = database_->execAndGet("PRAGMA wal_checkpoint(TRUNCATE)").getInt() != 0;
    return is_held ? Wiped::not_every_byte : Wiped::every_byte;
  });
}

Result<std::vector<std::string>> SqliteStore::assistant_types() {
  return guarded_by(copies_ ? copies_mutex_ : mutex_, [&]() -> Result<std::vector<std::string>> {
    SQLite::Statement query(copies_ ? *copies_ : *database_, "SELECT event_type_uri FROM assistant_type ORDER BY event_type_uri");
    std::vector<std::string> uris;
    while (query.executeStep()) uris.push_back(query.getColumn(0).getString());
    return uris;
  });
}

Result<Done> SqliteStore::set_assistant_type(const std::string& event_type_uri, bool is_open) {
  return guarded([&]() -> Result<Done> {
    SQLite::Statement change(*database_, is_open ? "INSERT OR IGNORE INTO assistant_type VALUES (?)"
                                                 : "DELETE FROM assistant_type WHERE event_type_uri=?");
    change.bind(1, event_type_uri);
    change.exec();
    return Done{};
  });
}

}  // namespace slotwire::store
