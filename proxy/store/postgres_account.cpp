// The connection: its token, its event types, its webhook.
#include "proxy/store/postgres_store.h"
#include "proxy/store/stored_rows.h"

namespace slotwire::store {
namespace {

PgValue optional_value(const std::optional<Instant>& instant) { return instant ? pg_value(*instant) : std::nullopt; }

void insert_types(PgConnection& connection, const ConnectionRecord& record) {
  constexpr std::size_t kColumns = 15;
  std::array<std::vector<std::string>, kColumns> columns;
  for (const EventType& type : record.types) {
    const auto form = record.forms.find(type.uri);
    const std::array<std::string, kColumns> row = {type.uri,
                                                   type.name,
                                                   type.slug,
                                                   std::to_string(type.duration.count()),
                                                   text_from_minutes(type.duration_options),
                                                   type.description,
                                                   type.color,
                                                   type.kind,
                                                   type.locale,
                                                   type.scheduling_url,
                                                   type.active ? "t" : "f",
                                                   type.secret ? "t" : "f",
                                                   form == record.forms.end() ? std::string() : form->second,
                                                   type.host,
                                                   type.place};
    for (std::size_t i = 0; i < kColumns; ++i) columns.at(i).push_back(row.at(i));
  }
  std::vector<PgValue> values;
  for (const auto& column : columns) values.push_back(pg_texts(column));
  connection.run(
      "INSERT INTO slotwire.event_type SELECT position,uri,name,slug,duration::bigint,options,description,color,kind,locale,url,"
      "active::boolean,secret::boolean,form,host,place FROM "
      "unnest($1::text[],$2::text[],$3::text[],$4::text[],$5::text[],$6::text[],"
      "$7::text[],$8::text[],$9::text[],$10::text[],$11::text[],$12::text[],$13::text[],$14::text[],$15::text[]) WITH ORDINALITY "
      "AS "
      "given(uri,name,slug,duration,options,description,color,kind,locale,url,active,secret,form,host,place,position)",
      values);
}

void insert_webhook(PgConnection& connection, const Webhook& webhook) {
  connection.run("INSERT INTO slotwire.webhook VALUES (1,$1,$2,$3,$4,$5,$6)",
                 {webhook.uri, webhook.callback_url, pg_bytes(webhook.sealed_key), webhook.created_by,
                  pg_value(webhook.created_at), webhook.tells_of_types ? "t" : "f"});
}

}  // namespace

Result<std::optional<ConnectionRecord>> PostgresStore::connection() {
  return pool_.writing([&](PgConnection& connection) -> Result<std::optional<ConnectionRecord>> {
    // A consistent view of the three tables.
    connection.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    const PgRows rows = connection.run(std::string("SELECT ") + kConnectionColumns + " FROM slotwire.connection");
    if (rows.count() == 0) return std::optional<ConnectionRecord>();
    ConnectionRecord record = connection_from(rows.at(0));
    const PgRows types = connection.run(std::string("SELECT ") + kTypeColumns + " FROM slotwire.event_type ORDER BY position");
    for (int row = 0; row < types.count(); ++row) add_type(record, types.at(row));
    const PgRows webhook = connection.run(std::string("SELECT ") + kWebhookColumns + " FROM slotwire.webhook");
    if (webhook.count() != 0) record.webhook = webhook_from(webhook.at(0));
    return std::optional(std::move(record));
  });
}

Result<bool> PostgresStore::save_connection_unless_changed(const ConnectionRecord& record, std::int64_t seen) {
  return pool_.writing([&](PgConnection& connection) -> Result<bool> {
    // Waits for a concurrent change, so that the next read sees its result.
    const std::int64_t id = log_change(connection, Change::Kind::account);
    const PgRows later =
        connection.run("SELECT 1 FROM slotwire.change WHERE id>$1 AND id<$2 AND kind=$3::int LIMIT 1",
                       {pg_value(seen), pg_value(id), pg_value(static_cast<std::int64_t>(Change::Kind::account))});
    if (later.count() != 0) {
      connection.run("ROLLBACK");
      return false;
    }
    const PgRows stored = connection.run(std::string("SELECT ") + kFreshnessColumns + " FROM slotwire.connection");
    if (stored.count() == 0 || is_connected_anew(stored.at(0), record)) connection.run("DELETE FROM slotwire.day_cell");
    connection.run_script("DELETE FROM slotwire.connection; DELETE FROM slotwire.event_type; DELETE FROM slotwire.webhook");
    connection.run(
        "INSERT INTO slotwire.connection VALUES (1,$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)",
        {pg_value(number_from(record.mode)), pg_bytes(record.sealed_token), record.token_fingerprint, record.user_uri,
         record.user_name, record.organization_uri, record.scheduling_url, record.connected_by,
         optional_value(record.connected_at), optional_value(record.last_synced_at), optional_value(record.last_validated_at),
         record.longest_window ? pg_value(record.longest_window->count()) : std::nullopt, text_from_names(record.granted_scopes),
         text_from_names(record.missing_scopes), text_from_lines(record.left_out), pg_value(record.types_seen_change),
         text_from_names(record.beyond_plan), record.timezone});
    insert_types(connection, record);
    if (record.webhook) insert_webhook(connection, *record.webhook);
    return true;
  });
}

Result<TypesClaim> PostgresStore::claim_types(const TypesClaimTerms& terms) {
  return pool_.writing([&](PgConnection& connection) -> Result<TypesClaim> {
    // Concurrent claims wait here, and then see what the earlier one wrote.
    const PgRows lease = connection.run("SELECT owner,until_us FROM slotwire.types_lease WHERE id=1 FOR UPDATE");
    const PgRows read = connection.run(std::string("SELECT ") + kTypesReadColumns + " FROM slotwire.connection");
    const auto row = read.count() == 0 ? std::nullopt : std::optional(read.at(0));
    if (const auto claim = claim_by(row ? &*row : nullptr, terms)) return *claim;
    if (const auto claim = claim_by_lease(lease.at(0), terms)) return *claim;
    connection.run("UPDATE slotwire.types_lease SET owner=$1, until_us=$2", {terms.owner, pg_value(terms.now + terms.lease)});
    TypesClaim claim;
    claim.standing = TypesClaim::Standing::ours;
    claim.seen_change = connection.run("SELECT last FROM slotwire.change_counter").number(0, 0);
    return claim;
  });
}

Result<Done> PostgresStore::hold_types(const std::string& owner, Instant until) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    connection.run("UPDATE slotwire.types_lease SET until_us=$1 WHERE owner=$2", {pg_value(until), owner});
    return Done{};
  });
}

Result<bool> PostgresStore::note_types_read(const ConnectionRecord& record) {
  return pool_.writing([&](PgConnection& connection) -> Result<bool> {
    const PgRows noted = connection.run(
        "UPDATE slotwire.connection SET last_synced_at_us=$1, last_validated_at_us=$2, "
        "types_seen_change=GREATEST(types_seen_change,$3) WHERE token_fingerprint=$4 AND connected_at_us IS NOT DISTINCT FROM "
        "$5::bigint RETURNING 1",
        {optional_value(record.last_synced_at), optional_value(record.last_validated_at), pg_value(record.types_seen_change),
         record.token_fingerprint, optional_value(record.connected_at)});
    return noted.count() != 0;
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

// Old row versions stay in the database's pages until those are reused, and longer in its log, backups and replicas, where no
// statement can delete them.
Result<Wiped> PostgresStore::wipe_connection() {
  return pool_.writing([](PgConnection& connection) -> Result<Wiped> {
    log_change(connection, Change::Kind::account);
    connection.run_script(
        "DELETE FROM slotwire.connection; DELETE FROM slotwire.event_type; DELETE FROM slotwire.webhook; DELETE FROM "
        "slotwire.day_cell; DELETE FROM slotwire.assistant_type");
    return Wiped::out_of_reach;
  });
}

Result<std::vector<std::string>> PostgresStore::assistant_types() {
  return pool_.reading([&](PgConnection& connection) -> Result<std::vector<std::string>> {
    const PgRows rows = connection.run("SELECT event_type_uri FROM slotwire.assistant_type ORDER BY event_type_uri");
    std::vector<std::string> uris;
    for (int row = 0; row < rows.count(); ++row) uris.emplace_back(rows.text(row, 0));
    return uris;
  });
}

Result<Done> PostgresStore::set_assistant_type(const std::string& event_type_uri, bool is_open) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    connection.run(is_open ? "INSERT INTO slotwire.assistant_type VALUES ($1) ON CONFLICT DO NOTHING"
                           : "DELETE FROM slotwire.assistant_type WHERE event_type_uri=$1",
                   {event_type_uri});
    return Done{};
  });
}

}  // namespace slotwire::store
