// JWTs made by this proxy.
#include "proxy/store/sqlite_detail.h"
#include "proxy/store/stored_rows.h"

namespace slotwire::store {

Result<Done> SqliteStore::add_jwt(const JwtRecord& record) {
  return guarded([&]() -> Result<Done> {
    SQLite::Transaction transaction(*database_);
    SQLite::Statement insert(
        *database_, "INSERT INTO jwt (id,subject,role,made_by,secret_mark,made_at_us,expires_at_us) VALUES (?,?,?,?,?,?,?)");
    insert.bind(1, record.id);
    insert.bind(2, record.subject);
    insert.bind(3, record.role);
    insert.bind(4, record.made_by);
    insert.bind(5, record.secret_mark);
    insert.bind(6, us_from(record.made_at));
    insert.bind(7, us_from(record.expires_at));
    insert.exec();
    log_change(*database_, Change::Kind::jwts);
    transaction.commit();
    return Done{};
  });
}

Result<std::vector<JwtRecord>> SqliteStore::jwts_ending_after(Instant oldest) {
  // On the second connection, like changes_since, so that a revocation does not wait for a write.
  return guarded_by(copies_ ? copies_mutex_ : mutex_, [&]() -> Result<std::vector<JwtRecord>> {
    SQLite::Statement query(copies_ ? *copies_ : *database_, std::string("SELECT ") + kJwtColumns +
                                                                 " FROM jwt WHERE expires_at_us>? ORDER BY made_at_us DESC, id");
    query.bind(1, us_from(oldest));
    std::vector<JwtRecord> records;
    while (query.executeStep()) records.push_back(jwt_from(SqliteRow(query)));
    return records;
  });
}

Result<int> SqliteStore::revoke_jwts(const std::vector<std::string>& ids, const std::string& by, Instant now) {
  return guarded([&]() -> Result<int> {
    SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement update(*database_, "UPDATE jwt SET revoked_at_us=?, revoked_by=? WHERE id=? AND revoked_at_us IS NULL");
    int revoked = 0;
    for (const std::string& id : ids) {
      update.bind(1, us_from(now));
      update.bind(2, by);
      update.bind(3, id);
      revoked += update.exec();
      update.reset();
    }
    if (revoked > 0) log_change(*database_, Change::Kind::jwts);
    transaction.commit();
    return revoked;
  });
}

Result<Done> SqliteStore::note_jwt_used(const std::string& id, Instant now, std::chrono::seconds between) {
  return guarded([&]() -> Result<Done> {
    SQLite::Statement update(*database_,
                             "UPDATE jwt SET last_used_at_us=? WHERE id=? AND (last_used_at_us IS NULL OR last_used_at_us<=?)");
    update.bind(1, us_from(now));
    update.bind(2, id);
    update.bind(3, us_from(now - between));
    update.exec();
    return Done{};
  });
}

Result<Done> SqliteStore::drop_jwts_ended_before(Instant oldest) {
  return guarded([&]() -> Result<Done> {
    SQLite::Statement drop(*database_, "DELETE FROM jwt WHERE expires_at_us<?");
    drop.bind(1, us_from(oldest));
    drop.exec();
    return Done{};
  });
}

}  // namespace slotwire::store
