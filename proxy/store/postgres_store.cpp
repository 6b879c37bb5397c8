#include "proxy/store/postgres_store.h"

#include <limits>
#include <thread>

#include "proxy/store/cell_text.h"
#include "proxy/store/list_text.h"
#include "proxy/store/postgres_schema.h"

namespace slotwire::proxy {
namespace {

int number_from(ConnectionMode mode) { return mode == ConnectionMode::pat ? 1 : 2; }

PgValue optional_value(const std::optional<Instant>& instant) { return instant ? pg_value(*instant) : std::nullopt; }

// First in a transaction that logs a change, or right after what decides whether there is one: the counter's row is held until the commit, so ids come in the order
// of commits, without gaps, and nobody who has read up to N will ever find a smaller one.
std::int64_t log_change(PgConnection& connection, Change::Kind kind, DayRange days = {}) {
  return connection
      .run("WITH counted AS (UPDATE slotwire.change_counter SET last=last+1 RETURNING last) "
           "INSERT INTO slotwire.change (id,kind,first_day,end_day) SELECT last,$1::int,$2::int,$3::int FROM counted RETURNING id",
           {pg_value(static_cast<std::int64_t>(kind)), pg_value(days.begin), pg_value(days.end)})
      .number(0, 0);
}

void insert_types(PgConnection& connection, const ConnectionRecord& record) {
  constexpr std::size_t kColumns = 13;
  std::array<std::vector<std::string>, kColumns> columns;
  for (const EventType& type : record.types) {
    const auto form = record.forms.find(type.uri);
    const std::array<std::string, kColumns> row = {
        type.uri,           type.name,
        type.slug,          std::to_string(type.duration.count()),
        text_from_minutes(type.duration_options), type.description,
        type.color,         type.kind,
        type.locale,        type.scheduling_url,
        type.active ? "t" : "f", type.secret ? "t" : "f",
        form == record.forms.end() ? std::string() : form->second};
    for (std::size_t i = 0; i < kColumns; ++i) columns.at(i).push_back(row.at(i));
  }
  std::vector<PgValue> values;
  for (const auto& column : columns) values.push_back(pg_texts(column));
  connection.run(
      "INSERT INTO slotwire.event_type SELECT position,uri,name,slug,duration::bigint,options,description,color,kind,locale,url,"
      "active::boolean,secret::boolean,form FROM unnest($1::text[],$2::text[],$3::text[],$4::text[],$5::text[],$6::text[],"
      "$7::text[],$8::text[],$9::text[],$10::text[],$11::text[],$12::text[],$13::text[]) WITH ORDINALITY AS "
      "given(uri,name,slug,duration,options,description,color,kind,locale,url,active,secret,form,position)",
      values);
}

void read_types(PgConnection& connection, ConnectionRecord& record) {
  const PgRows rows = connection.run(
      "SELECT uri,name,slug,duration_min,duration_options,description,color,kind,locale,scheduling_url,active,secret,"
      "booking_form FROM slotwire.event_type ORDER BY position");
  for (int row = 0; row < rows.count(); ++row) {
    EventType type;
    type.uri = rows.text(row, 0);
    type.name = rows.text(row, 1);
    type.slug = rows.text(row, 2);
    type.duration = std::chrono::minutes(rows.number(row, 3));
    type.duration_options = minutes_from_text(rows.text(row, 4));
    type.description = rows.text(row, 5);
    type.color = rows.text(row, 6);
    type.kind = rows.text(row, 7);
    type.locale = rows.text(row, 8);
    type.scheduling_url = rows.text(row, 9);
    type.active = rows.is_true(row, 10);
    type.secret = rows.is_true(row, 11);
    if (std::string form = rows.text(row, 12); !form.empty()) record.forms.emplace(type.uri, std::move(form));
    record.types.push_back(std::move(type));
  }
}

void insert_webhook(PgConnection& connection, const Webhook& webhook) {
  connection.run("INSERT INTO slotwire.webhook VALUES (1,$1,$2,$3,$4,$5)",
                 {webhook.uri, webhook.callback_url, pg_bytes(webhook.sealed_key), webhook.created_by, pg_value(webhook.created_at)});
}

std::optional<Webhook> read_webhook(PgConnection& connection) {
  const PgRows rows = connection.run("SELECT uri,callback_url,sealed_key,created_by,created_at_us FROM slotwire.webhook");
  if (rows.count() == 0) return std::nullopt;
  return Webhook{rows.text(0, 0), rows.text(0, 1), rows.bytes(0, 2), rows.text(0, 3), rows.instant(0, 4)};
}

// Another account or mode, or the same one connected anew: what was fetched before is not to come back.
bool is_connected_anew(PgConnection& connection, const ConnectionRecord& record) {
  const PgRows rows = connection.run("SELECT mode,connected_at_us FROM slotwire.connection");
  return rows.count() == 0 || rows.number(0, 0) != number_from(record.mode) || rows.optional_instant(0, 1) != record.connected_at;
}

}  // namespace

Result<std::unique_ptr<PostgresStore>> PostgresStore::open(std::string_view url) {
  constexpr std::chrono::seconds kStartPatience{10};
  constexpr std::chrono::milliseconds kBetweenTries{250};
  std::unique_ptr<PostgresStore> store(new PostgresStore(SecretString(url)));
  const Deadline end = std::chrono::steady_clock::now() + kStartPatience;
  while (true) {
    const Result<Done> migrated = store->migrate();
    if (migrated) return store;
    // Started together with its database, a server waits for it; what will not change by waiting has no retry_after.
    if (!migrated.error().retry_after || std::chrono::steady_clock::now() >= end) return migrated.error();
    std::this_thread::sleep_for(kBetweenTries);
  }
}

Result<Done> PostgresStore::migrate() {
  constexpr std::size_t kNewest = kPostgresMigrations.size();
  return pool_.writing([](PgConnection& connection) -> Result<Done> {
    // One server at a time; the others then find everything made. The number is ours alone.
    connection.run("SELECT pg_advisory_xact_lock(8317406912)");
    // CREATE SCHEMA wants a right that a server need not have once the schema is there, even with IF NOT EXISTS.
    if (connection.run("SELECT to_regclass('slotwire.schema_version')").is_null(0, 0)) {
      connection.run_script(
          "CREATE SCHEMA IF NOT EXISTS slotwire; CREATE TABLE slotwire.schema_version (version INTEGER NOT NULL);"
          "INSERT INTO slotwire.schema_version VALUES (0)");
    }
    const auto version = static_cast<std::size_t>(connection.run("SELECT version FROM slotwire.schema_version").number(0, 0));
    if (version > kNewest) return Error{ErrorCode::storage_failed, "The database was made by a newer slotwire."};
    for (std::size_t next = version; next < kNewest; ++next) connection.run_script(kPostgresMigrations.at(next));
    if (version < kNewest) {
      connection.run("UPDATE slotwire.schema_version SET version=$1", {pg_value(static_cast<std::int64_t>(kNewest))});
    }
    return Done{};
  });
}

Result<std::optional<ConnectionRecord>> PostgresStore::connection() {
  return pool_.writing([&](PgConnection& connection) -> Result<std::optional<ConnectionRecord>> {
    // One picture of three tables.
    connection.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    const PgRows rows = connection.run(
        "SELECT mode,sealed_token,token_fingerprint,user_uri,user_name,organization_uri,scheduling_url,connected_by,"
        "connected_at_us,last_synced_at_us,last_validated_at_us,longest_window_days,granted_scopes,missing_scopes "
        "FROM slotwire.connection");
    if (rows.count() == 0) return std::optional<ConnectionRecord>();
    ConnectionRecord record;
    record.mode = rows.number(0, 0) == 1 ? ConnectionMode::pat : ConnectionMode::public_links;
    record.sealed_token = rows.bytes(0, 1);
    record.token_fingerprint = rows.text(0, 2);
    record.user_uri = rows.text(0, 3);
    record.user_name = rows.text(0, 4);
    record.organization_uri = rows.text(0, 5);
    record.scheduling_url = rows.text(0, 6);
    record.connected_by = rows.text(0, 7);
    record.connected_at = rows.optional_instant(0, 8);
    record.last_synced_at = rows.optional_instant(0, 9);
    record.last_validated_at = rows.optional_instant(0, 10);
    if (!rows.is_null(0, 11)) record.longest_window = std::chrono::days(static_cast<int>(rows.number(0, 11)));
    record.granted_scopes = names_from_text(rows.text(0, 12));
    record.missing_scopes = names_from_text(rows.text(0, 13));
    read_types(connection, record);
    record.webhook = read_webhook(connection);
    return std::optional(std::move(record));
  });
}

Result<Done> PostgresStore::save_connection(const ConnectionRecord& record) {
  const Result<bool> saved = save_connection_unless_changed(record, std::numeric_limits<std::int64_t>::max());
  if (!saved) return saved.error();
  return Done{};
}

Result<bool> PostgresStore::save_connection_unless_changed(const ConnectionRecord& record, std::int64_t seen) {
  return pool_.writing([&](PgConnection& connection) -> Result<bool> {
    // Waits for whoever is changing something, so that what is read next is what they have left.
    const std::int64_t id = log_change(connection, Change::Kind::account);
    const PgRows later = connection.run("SELECT 1 FROM slotwire.change WHERE id>$1 AND id<$2 AND kind=$3::int LIMIT 1",
                                        {pg_value(seen), pg_value(id), pg_value(static_cast<std::int64_t>(Change::Kind::account))});
    if (later.count() != 0) {
      connection.run("ROLLBACK");
      return false;
    }
    if (is_connected_anew(connection, record)) connection.run("DELETE FROM slotwire.day_cell");
    connection.run_script("DELETE FROM slotwire.connection; DELETE FROM slotwire.event_type; DELETE FROM slotwire.webhook");
    connection.run("INSERT INTO slotwire.connection VALUES (1,$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)",
                   {pg_value(number_from(record.mode)), pg_bytes(record.sealed_token), record.token_fingerprint, record.user_uri,
                    record.user_name, record.organization_uri, record.scheduling_url, record.connected_by,
                    optional_value(record.connected_at), optional_value(record.last_synced_at),
                    optional_value(record.last_validated_at),
                    record.longest_window ? pg_value(record.longest_window->count()) : std::nullopt,
                    text_from_names(record.granted_scopes), text_from_names(record.missing_scopes)});
    insert_types(connection, record);
    if (record.webhook) insert_webhook(connection, *record.webhook);
    return true;
  });
}

Result<Done> PostgresStore::save_longest_window(const std::string& token_fingerprint, std::chrono::days longest) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    const PgRows rows = connection.run("SELECT 1 FROM slotwire.connection WHERE token_fingerprint=$1", {token_fingerprint});
    if (rows.count() == 0) return Done{};
    log_change(connection, Change::Kind::account);
    connection.run("UPDATE slotwire.connection SET longest_window_days=$1 WHERE token_fingerprint=$2",
                   {pg_value(longest.count()), token_fingerprint});
    return Done{};
  });
}

// Old row versions stay in the database's pages until they are reused, and longer in its log, backups and replicas: no
// statement reaches them.
Result<Wiped> PostgresStore::wipe_connection() {
  return pool_.writing([](PgConnection& connection) -> Result<Wiped> {
    log_change(connection, Change::Kind::account);
    connection.run_script(
        "DELETE FROM slotwire.connection; DELETE FROM slotwire.event_type; DELETE FROM slotwire.webhook; DELETE FROM slotwire.day_cell");
    return Wiped::out_of_reach;
  });
}

Result<std::int64_t> PostgresStore::last_change() {
  return pool_.reading([](PgConnection& connection) -> Result<std::int64_t> {
    return connection.run("SELECT last FROM slotwire.change_counter").number(0, 0);
  });
}

Result<std::vector<Change>> PostgresStore::changes_since(std::int64_t id) {
  const Result<std::int64_t> last = last_change();
  if (!last) return last.error();
  if (last.value() == id) return std::vector<Change>();
  if (last.value() < id) return changes_after_loss(id);
  return pool_.reading([&](PgConnection& connection) -> Result<std::vector<Change>> {
    const PgRows rows =
        connection.run("SELECT id,kind,first_day,end_day FROM slotwire.change WHERE id>$1 ORDER BY id", {pg_value(id)});
    std::vector<Change> changes;
    for (int row = 0; row < rows.count(); ++row) {
      changes.push_back({rows.number(row, 0), static_cast<Change::Kind>(rows.number(row, 1)), {rows.day(row, 2), rows.day(row, 3)}});
    }
    return changes;
  });
}

// A replica that had not heard of everything took over, or a backup came back: what is lost cannot be known, so nothing that
// was fetched before counts, and ids go on where somebody has seen them end.
Result<std::vector<Change>> PostgresStore::changes_after_loss(std::int64_t id) {
  return pool_.writing([&](PgConnection& connection) -> Result<std::vector<Change>> {
    // Far ahead: other servers may have seen a few more than this one, and whoever asks after an id that is used anew hears nothing.
    constexpr std::int64_t kNobodySawMore = 100'000;
    connection.run("UPDATE slotwire.change_counter SET last=GREATEST(last,$1)", {pg_value(id + kNobodySawMore)});
    const std::int64_t account = log_change(connection, Change::Kind::account);
    const std::int64_t purge = log_change(connection, Change::Kind::purge);
    connection.run("DELETE FROM slotwire.day_cell");
    return std::vector<Change>{{account, Change::Kind::account, {}}, {purge, Change::Kind::purge, {}}};
  });
}

Result<std::int64_t> PostgresStore::expire_days(DayRange days) {
  return pool_.writing([&](PgConnection& connection) -> Result<std::int64_t> {
    return log_change(connection, Change::Kind::days, days);
  });
}

Result<bool> PostgresStore::take_delivery(const std::string& digest, DayRange days, Instant now, Instant oldest) {
  return pool_.writing([&](PgConnection& connection) -> Result<bool> {
    connection.run("DELETE FROM slotwire.webhook_delivery WHERE at_us<$1", {pg_value(oldest)});
    const bool is_new =
        connection.run("INSERT INTO slotwire.webhook_delivery VALUES ($1,$2) ON CONFLICT DO NOTHING", {digest, pg_value(now)}).changed() > 0;
    if (is_new) log_change(connection, Change::Kind::days, days);
    return is_new;
  });
}

Result<std::int64_t> PostgresStore::purge_cells() {
  return pool_.writing([](PgConnection& connection) -> Result<std::int64_t> {
    const std::int64_t id = log_change(connection, Change::Kind::purge);
    connection.run("DELETE FROM slotwire.day_cell");
    return id;
  });
}

Result<Done> PostgresStore::save_cells(const std::string& event_type_uri, const std::vector<DayCell>& cells,
                                       std::int64_t seen_change) {
  std::vector<std::string> days, times, slots;
  for (const DayCell& cell : cells) {
    days.push_back(std::to_string(cell.day.time_since_epoch().count()));
    times.push_back(std::to_string(cell.fetched_at.time_since_epoch().count()));
    slots.push_back(text_from_slots(cell.slots));
  }
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    // In the order of days, so that two servers that save the same ones do not wait for each other in a circle.
    connection.run(
        "INSERT INTO slotwire.day_cell SELECT $1,day::int,fetched_at::bigint,slots,$5::bigint "
        "FROM unnest($2::text[],$3::text[],$4::text[]) AS given(day,fetched_at,slots) ORDER BY day::int "
        "ON CONFLICT (event_type_uri,day) DO UPDATE SET fetched_at_us=excluded.fetched_at_us, slots=excluded.slots, "
        "seen_change=excluded.seen_change WHERE excluded.fetched_at_us >= day_cell.fetched_at_us",
        {event_type_uri, pg_texts(days), pg_texts(times), pg_texts(slots), pg_value(seen_change)});
    return Done{};
  });
}

Result<std::vector<StoredCell>> PostgresStore::cells(const std::string& event_type_uri, DayRange days, Instant oldest) {
  return pool_.reading([&](PgConnection& connection) -> Result<std::vector<StoredCell>> {
    // Whoever asks for all days says so with dates that no INTEGER holds.
    const PgRows rows = connection.run(
        "SELECT day,fetched_at_us,slots,EXISTS (SELECT 1 FROM slotwire.change WHERE change.id>seen_change AND (kind=$6::int "
        "OR (kind=$1::int AND first_day<=day AND end_day>day))) FROM slotwire.day_cell "
        "WHERE event_type_uri=$2 AND day>=$3::bigint AND day<$4::bigint AND fetched_at_us>=$5::bigint ORDER BY day",
        {pg_value(static_cast<std::int64_t>(Change::Kind::days)), event_type_uri, pg_value(days.begin), pg_value(days.end),
         pg_value(oldest), pg_value(static_cast<std::int64_t>(Change::Kind::purge))});
    std::vector<StoredCell> cells;
    for (int row = 0; row < rows.count(); ++row) {
      std::optional<std::vector<Slot>> slots = slots_from_text(rows.text(row, 2));
      if (!slots) continue;  // a copy that cannot be read is no copy; an empty day would be a lie
      cells.push_back({{rows.day(row, 0), rows.instant(row, 1), std::move(*slots)}, rows.is_true(row, 3)});
    }
    return cells;
  });
}

Result<Done> PostgresStore::drop_cells_older_than(Instant oldest) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    connection.run("DELETE FROM slotwire.day_cell WHERE fetched_at_us<$1", {pg_value(oldest)});
    // A change older than every copy, and than whatever a running program may hold, has nothing left to outdate.
    connection.run("DELETE FROM slotwire.change WHERE at_s<$1", {pg_value(oldest.time_since_epoch().count() / 1'000'000)});
    return Done{};
  });
}

Result<Done> PostgresStore::drop_cells_newer_than(Instant newest) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    connection.run("DELETE FROM slotwire.day_cell WHERE fetched_at_us>$1", {pg_value(newest)});
    return Done{};
  });
}

Result<Done> PostgresStore::append_audit(const AuditEntry& entry) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    connection.run(
        "INSERT INTO slotwire.audit (at_us,subject,role,action,outcome,client,request_id) VALUES ($1,$2,$3,$4,$5,$6,$7)",
        {pg_value(entry.at), entry.subject, entry.role, entry.action, entry.outcome, entry.client, entry.request_id});
    return Done{};
  });
}

Result<std::vector<AuditEntry>> PostgresStore::audit(int at_most) {
  return pool_.reading([&](PgConnection& connection) -> Result<std::vector<AuditEntry>> {
    const PgRows rows = connection.run(
        "SELECT at_us,subject,role,action,outcome,client,request_id FROM slotwire.audit ORDER BY id DESC LIMIT $1",
        {pg_value(std::int64_t{at_most})});
    std::vector<AuditEntry> entries;
    for (int row = 0; row < rows.count(); ++row) {
      entries.push_back({rows.instant(row, 0), rows.text(row, 1), rows.text(row, 2), rows.text(row, 3), rows.text(row, 4),
                         rows.text(row, 5), rows.text(row, 6)});
    }
    return entries;
  });
}

}  // namespace slotwire::proxy
