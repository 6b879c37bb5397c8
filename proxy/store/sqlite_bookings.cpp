// Bookings under their keys, and deliveries that were seen.
#include "proxy/store/sqlite_detail.h"

namespace slotwire::proxy {

Result<BookingClaim> SqliteStore::claim_booking(const std::string& key, const std::string& request, const std::string& owner,
                                                Instant now, std::chrono::seconds lease) {
  return guarded([&]() -> Result<BookingClaim> {
    // IMMEDIATE: two programs that read first and wrote after would both believe the key was free.
    SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement query(*database_, "SELECT request,moved_at_us,sent_at_us,status,sealed_reply,owner FROM booking WHERE key=?");
    query.bind(1, key);
    BookingClaim claim;
    if (!query.executeStep()) {
      SQLite::Statement insert(*database_, "INSERT INTO booking (key,request,owner,moved_at_us) VALUES (?,?,?,?)");
      insert.bind(1, key);
      insert.bind(2, request);
      insert.bind(3, owner);
      insert.bind(4, us_from(now));
      insert.exec();
      transaction.commit();
      claim.standing = BookingClaim::Standing::ours_to_send;
      return claim;
    }
    if (query.getColumn(0).getString() != request) return claim;
    claim.status = query.getColumn(3).getInt();
    if (!query.getColumn(2).isNull()) claim.sent_at = instant_from(query.getColumn(2).getInt64());
    if (claim.status != 0) {
      claim.standing = BookingClaim::Standing::done;
      claim.sealed_reply = query.getColumn(4).getString();
      return claim;
    }
    claim.standing = BookingClaim::Standing::under_way;
    const bool is_own = query.getColumn(5).getString() == owner;
    if (!is_own && now - instant_from(query.getColumn(1).getInt64()) < lease) return claim;
    claim.standing = claim.sent_at ? BookingClaim::Standing::ours_to_look_up : BookingClaim::Standing::ours_to_send;
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
    SQLite::Statement update(*database_,
                             "UPDATE booking SET status=?, sealed_reply=?, moved_at_us=? WHERE key=? AND status=0");
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

Result<std::vector<Instant>> SqliteStore::bookings_sent_since(Instant oldest) {
  return guarded([&]() -> Result<std::vector<Instant>> {
    SQLite::Statement query(*database_, "SELECT sent_at_us FROM booking WHERE sent_at_us>=? ORDER BY sent_at_us");
    query.bind(1, us_from(oldest));
    std::vector<Instant> sent;
    while (query.executeStep()) sent.push_back(instant_from(query.getColumn(0).getInt64()));
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

}  // namespace slotwire::proxy
