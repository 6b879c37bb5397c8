#include "proxy/store/postgres_store.h"

#include <thread>

#include "proxy/store/postgres_schema.h"
#include "proxy/store/stored_rows.h"

namespace slotwire::store {

Result<std::unique_ptr<PostgresStore>> PostgresStore::open(std::string_view url) {
  constexpr std::chrono::seconds kStartPatience{10};
  constexpr std::chrono::milliseconds kBetweenTries{250};
  std::unique_ptr<PostgresStore> store(new PostgresStore(secrets::SecretString(url)));
  const Deadline end = std::chrono::steady_clock::now() + kStartPatience;
  while (true) {
    const Result<Done> migrated = store->migrate();
    if (migrated) return store;
    // A server that is started together with its database waits for it. Errors that waiting cannot fix have no retry_after.
    if (!migrated.error().retry_after || std::chrono::steady_clock::now() >= end) return migrated.error();
    std::this_thread::sleep_for(kBetweenTries);
  }
}

Result<Done> PostgresStore::migrate() {
  constexpr std::size_t kNewest = kPostgresMigrations.size();
  return pool_.writing([](PgConnection& connection) -> Result<Done> {
    // One server at a time; the others then find the schema ready. Only slotwire uses this number.
    connection.run("SELECT pg_advisory_xact_lock(8317406912)");
    // Even with IF NOT EXISTS, CREATE SCHEMA needs a privilege that a server need not have once the schema exists.
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

std::int64_t log_change(PgConnection& connection, Change::Kind kind, DayRange days) {
  return connection
      .run(
          "WITH counted AS (UPDATE slotwire.change_counter SET last=last+1 RETURNING last) "
          "INSERT INTO slotwire.change (id,kind,first_day,end_day) SELECT last,$1::int,$2::int,$3::int FROM counted RETURNING id",
          {pg_value(static_cast<std::int64_t>(kind)), pg_value(days.begin), pg_value(days.end)})
      .number(0, 0);
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
        connection.run(std::string("SELECT ") + kChangeColumns + " FROM slotwire.change WHERE id>$1 ORDER BY id", {pg_value(id)});
    std::vector<Change> changes;
    for (int row = 0; row < rows.count(); ++row) changes.push_back(change_from(rows.at(row)));
    return with_losses(changes, id, last.value());
  });
}

// A replica that lacked the last changes took over, or a backup was restored. The lost changes are unknown, so nothing that was
// fetched before counts, and ids continue above the highest one that any server has seen.
Result<std::vector<Change>> PostgresStore::changes_after_loss(std::int64_t id) {
  return pool_.writing([&](PgConnection& connection) -> Result<std::vector<Change>> {
    // With a wide margin: other servers may have seen a few more ids than this one, and a server that asks for changes after a
    // reused id would miss them.
    constexpr std::int64_t kIdGap = 100'000;
    connection.run("UPDATE slotwire.change_counter SET last=GREATEST(last,$1)", {pg_value(id + kIdGap)});
    const std::int64_t account = log_change(connection, Change::Kind::account);
    const std::int64_t purge = log_change(connection, Change::Kind::purge);
    const std::int64_t types = log_change(connection, Change::Kind::types);
    connection.run("DELETE FROM slotwire.day_cell");
    return std::vector<Change>{
        {account, Change::Kind::account, {}}, {purge, Change::Kind::purge, {}}, {types, Change::Kind::types, {}}};
  });
}

Result<std::int64_t> PostgresStore::expire_days(DayRange days) {
  return pool_.writing(
      [&](PgConnection& connection) -> Result<std::int64_t> { return log_change(connection, Change::Kind::days, days); });
}

Result<std::chrono::microseconds> PostgresStore::clock_ahead(Instant now) {
  return pool_.reading([&](PgConnection& connection) -> Result<std::chrono::microseconds> {
    const std::int64_t theirs = connection.run("SELECT (extract(epoch FROM clock_timestamp())*1000000)::bigint").number(0, 0);
    return Instant(std::chrono::microseconds(theirs)) - now;
  });
}

Result<Done> PostgresStore::append_audit(const AuditEntry& entry) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    connection.run(
        "INSERT INTO slotwire.audit (at_us,subject,role,action,outcome,client,request_id) VALUES ($1,$2,$3,$4,$5,$6,$7)",
        {pg_value(entry.at), entry.subject, entry.role, entry.action, entry.outcome, entry.client, entry.request_id});
    const bool was_done = entry.outcome == "ok";
    connection.run(
        "DELETE FROM slotwire.audit WHERE (outcome='ok')=$1::boolean AND id<=(SELECT id FROM slotwire.audit "
        "WHERE (outcome='ok')=$1::boolean ORDER BY id DESC LIMIT 1 OFFSET $2::bigint)",
        {std::string(was_done ? "true" : "false"), pg_value(std::int64_t{was_done ? kMostAudit : kMostAuditRefused})});
    return Done{};
  });
}

Result<std::vector<AuditEntry>> PostgresStore::audit(int at_most) {
  return pool_.reading([&](PgConnection& connection) -> Result<std::vector<AuditEntry>> {
    const std::string newest = " (SELECT * FROM slotwire.audit WHERE (outcome='ok')=";
    const PgRows rows = connection.run(std::string("SELECT ") + kAuditColumns + " FROM (" + newest +
                                           "true ORDER BY id DESC LIMIT $1::bigint) UNION ALL" + newest +
                                           "false ORDER BY id DESC LIMIT $1::bigint)) AS newest ORDER BY id DESC",
                                       {pg_value(std::int64_t{at_most})});
    std::vector<AuditEntry> entries;
    for (int row = 0; row < rows.count(); ++row) entries.push_back(audit_from(rows.at(row)));
    return entries;
  });
}

}  // namespace slotwire::store
