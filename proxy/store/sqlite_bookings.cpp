// Bookings by their keys, and the deliveries already received.
#include "proxy/store/sqlite_detail.h"
#include "proxy/store/stored_rows.h"

namespace slotwire::store {

Result<BookingClaim> SqliteStore::claim_booking(const std::string& key, const std::string& request, const std::string& owner,
                                                Instant now, std::chrono::seconds lease) {
  return guarded([&]() -> Result<BookingClaim> {
    // IMMEDIATE: two programs that read first and wrote afterwards would both believe the key was free.
    SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement query(*database_, std::string("SELECT ") + kBookingColumns + " FROM booking WHERE key=?");
    query.bind(1, key);
    if (!query.executeStep()) {
      SQLite::Statement insert(*database_, "INSERT INTO booking (key,request,owner,moved_at_us) VALUES (?,?,?,?)");
      insert.bind(1, key);
      insert.bind(2, request);
      insert.bind(3, owner);
      insert.bind(4, us_from(now));
      insert.exec();
      transaction.commit();
      BookingClaim claim;
      claim.standing = BookingClaim::Standing::ours_to_send;
      return claim;
    }
    const BookingClaim claim = claim_on(SqliteRow(query), request, owner, now, lease);
    if (!is_ours(claim)) return claim;
    SQLite::Statement take(*database_, "UPDATE booking SET owner=?, moved_at_us=? WHERE key=?");
    take.bind(1, owner);
    take.bind(2, us_from(now));
    take.bind(3, key);
    take.exec();
    transaction.commit();
    return claim;
  });
}

Result<bool> SqliteStore::mark_booking_sent(const std::string& key, const std::string& owner, Instant now) {
  return guarded([&]() -> Result<bool> {
    SQLite::Statement update(*database_,
                             "UPDATE booking SET sent_at_us=?, moved_at_us=? WHERE key=? AND owner=? AND sent_at_us IS NULL");
    update.bind(1, us_from(now));
    update.bind(2, us_from(now));
    update.bind(3, key);
    update.bind(4, owner);
    return update.exec() > 0;
  });
}

Result<Done> SqliteStore::finish_booking(const std::string& key, int status, const std::string& sealed_reply, Instant now) {
  return guarded([&]() -> Result<Done> {
    SQLite::Statement update(*database_, "UPDATE booking SET status=?, sealed_reply=?, moved_at_us=? WHERE key=? AND status=0");
    update.bind(1, status);
    update.bind(2, sealed_reply.data(), static_cast<int>(sealed_reply.size()));
    update.bind(3, us_from(now));
    update.bind(4, key);
    update.exec();
    return Done{};
  });
}

Result<Done> SqliteStore::release_booking(const std::string& key, const std::string& owner) {
  return guarded([&]() -> Result<Done> {
    SQLite::Statement statement(*database_, "DELETE FROM booking WHERE key=? AND owner=? AND status=0");
    statement.bind(1, key);
    statement.bind(2, owner);
    statement.exec();
    return Done{};
  });
}

Result<Done> SqliteStore::leave_booking(const std::string& key, const std::string& owner) {
  return guarded([&]() -> Result<Done> {
    SQLite::Statement statement(*database_, "UPDATE booking SET owner='' WHERE key=? AND owner=?");
    statement.bind(1, key);
    statement.bind(2, owner);
    statement.exec();
    return Done{};
  });
}

Result<std::vector<Instant>> SqliteStore::bookings_sent_since(Instant oldest) {
  return guarded([&]() -> Result<std::vector<Instant>> {
    SQLite::Statement query(*database_, "SELECT sent_at_us FROM booking WHERE sent_at_us>=? ORDER BY sent_at_us");
    query.bind(1, us_from(oldest));
    std::vector<Instant> sent;
    while (query.executeStep()) sent.push_back(SqliteRow(query).instant(0));
    return sent;
  });
}

Result<Done> SqliteStore::drop_bookings_before(Instant oldest) {
  return guarded([&]() -> Result<Done> {
    SQLite::Statement statement(*database_, "DELETE FROM booking WHERE moved_at_us<?");
    statement.bind(1, us_from(oldest));
    statement.exec();
    return Done{};
  });
}

Result<bool> SqliteStore::take_delivery(const std::string& digest, Change::Kind kind, DayRange days, Instant now,
                                        Instant oldest) {
  return guarded([&]() -> Result<bool> {
    SQLite::Transaction transaction(*database_);
    SQLite::Statement drop(*database_, "DELETE FROM webhook_delivery WHERE at_us<?");
    drop.bind(1, us_from(oldest));
    drop.exec();
    SQLite::Statement insert(*database_, "INSERT OR IGNORE INTO webhook_delivery VALUES (?,?)");
    insert.bind(1, digest);
    insert.bind(2, us_from(now));
    const bool is_new = insert.exec() > 0;
    if (is_new) log_change(*database_, kind, days);
    transaction.commit();
    return is_new;
  });
}

}  // namespace slotwire::store
