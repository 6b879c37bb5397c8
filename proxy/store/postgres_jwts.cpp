// JWTs made by this proxy.
#include "proxy/store/postgres_store.h"
#include "proxy/store/stored_rows.h"

namespace slotwire::store {

Result<Done> PostgresStore::add_jwt(const JwtRecord& record) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    log_change(connection, Change::Kind::jwts);
    connection.run(
        "INSERT INTO slotwire.jwt (id,subject,role,made_by,secret_mark,made_at_us,expires_at_us) VALUES ($1,$2,$3,$4,$5,$6,$7)",
        {record.id, record.subject, record.role, record.made_by, record.secret_mark, pg_value(record.made_at),
         pg_value(record.expires_at)});
    return Done{};
  });
}

Result<std::vector<JwtRecord>> PostgresStore::jwts_ending_after(Instant oldest) {
  return pool_.reading([&](PgConnection& connection) -> Result<std::vector<JwtRecord>> {
    const PgRows rows = connection.run(
        std::string("SELECT ") + kJwtColumns + " FROM slotwire.jwt WHERE expires_at_us>$1 ORDER BY made_at_us DESC, id",
        {pg_value(oldest)});
    std::vector<JwtRecord> records;
    for (int row = 0; row < rows.count(); ++row) records.push_back(jwt_from(rows.at(row)));
    return records;
  });
}

Result<int> PostgresStore::revoke_jwts(const std::vector<std::string>& ids, const std::string& by, Instant now) {
  return pool_.writing([&](PgConnection& connection) -> Result<int> {
    log_change(connection, Change::Kind::jwts);
    return connection
        .run("UPDATE slotwire.jwt SET revoked_at_us=$1, revoked_by=$2 WHERE id=ANY($3::text[]) AND revoked_at_us IS NULL",
             {pg_value(now), by, pg_texts(ids)})
        .changed();
  });
}

Result<Done> PostgresStore::note_jwt_used(const std::string& id, Instant now, std::chrono::seconds between) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    connection.run(
        "UPDATE slotwire.jwt SET last_used_at_us=$1::bigint WHERE id=$2 AND (last_used_at_us IS NULL OR "
        "last_used_at_us<=$3::bigint)",
        {pg_value(now), id, pg_value(now - between)});
    return Done{};
  });
}

Result<Done> PostgresStore::drop_jwts_ended_before(Instant oldest) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    connection.run("DELETE FROM slotwire.jwt WHERE expires_at_us<$1", {pg_value(oldest)});
    return Done{};
  });
}

}  // namespace slotwire::store
