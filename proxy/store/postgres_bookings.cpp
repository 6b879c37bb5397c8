// Bookings under their keys, and deliveries that were seen.
#include "proxy/store/postgres_store.h"

namespace slotwire::proxy {

Result<BookingClaim> PostgresStore::claim_booking(const std::string& key, const std::string& request, const std::string& owner,
                                                  Instant now, std::chrono::seconds lease) {
  return pool_.writing([&](PgConnection& connection) -> Result<BookingClaim> {
    BookingClaim claim;
    // Waits for another server that is inserting the same key, so exactly one makes the row.
    const PgRows made = connection.run(
        "INSERT INTO slotwire.booking (key,request,owner,moved_at_us) VALUES ($1,$2,$3,$4) ON CONFLICT (key) DO NOTHING",
        {key, request, owner, pg_value(now)});
    if (made.changed() == 1) {
      claim.standing = BookingClaim::Standing::ours_to_send;
      return claim;
    }
    const PgRows rows = connection.run(
        "SELECT request,moved_at_us,sent_at_us,status,sealed_reply,owner FROM slotwire.booking WHERE key=$1 FOR UPDATE", {key});
    if (rows.count() == 0) {  // released in between: the next try finds it free
      claim.standing = BookingClaim::Standing::under_way;
      return claim;
    }
    if (rows.text(0, 0) != request) return claim;
    claim.status = static_cast<int>(rows.number(0, 3));
    claim.sent_at = rows.optional_instant(0, 2);
    if (claim.status != 0) {
      claim.standing = BookingClaim::Standing::done;
      claim.sealed_reply = rows.bytes(0, 4);
      return claim;
    }
    claim.standing = BookingClaim::Standing::under_way;
    if (rows.text(0, 5) != owner && now - rows.instant(0, 1) < lease) return claim;
    claim.standing = claim.sent_at ? BookingClaim::Standing::ours_to_look_up : BookingClaim::Standing::ours_to_send;
    connection.run("UPDATE slotwire.booking SET owner=$1, moved_at_us=$2 WHERE key=$3", {owner, pg_value(now), key});
    return claim;
  });
}

Result<bool> PostgresStore::mark_booking_sent(const std::string& key, const std::string& owner, Instant now) {
  return pool_.writing([&](PgConnection& connection) -> Result<bool> {
    return connection
               .run("UPDATE slotwire.booking SET sent_at_us=$1, moved_at_us=$1 WHERE key=$2 AND owner=$3 AND sent_at_us IS NULL",
                    {pg_value(now), key, owner})
               .changed() > 0;
  });
}

Result<Done> PostgresStore::finish_booking(const std::string& key, int status, const std::string& sealed_reply, Instant now) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    connection.run("UPDATE slotwire.booking SET status=$1, sealed_reply=$2, moved_at_us=$3 WHERE key=$4 AND status=0",
                   {pg_value(std::int64_t{status}), pg_bytes(sealed_reply), pg_value(now), key});
    return Done{};
  });
}

Result<Done> PostgresStore::release_booking(const std::string& key, const std::string& owner) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    connection.run("DELETE FROM slotwire.booking WHERE key=$1 AND owner=$2 AND status=0", {key, owner});
    return Done{};
  });
}

Result<std::vector<Instant>> PostgresStore::bookings_sent_since(Instant oldest) {
  return pool_.reading([&](PgConnection& connection) -> Result<std::vector<Instant>> {
    const PgRows rows = connection.run("SELECT sent_at_us FROM slotwire.booking WHERE sent_at_us>=$1 ORDER BY sent_at_us",
                                       {pg_value(oldest)});
    std::vector<Instant> sent;
    for (int row = 0; row < rows.count(); ++row) sent.push_back(rows.instant(row, 0));
    return sent;
  });
}

Result<Done> PostgresStore::drop_bookings_before(Instant oldest) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    connection.run("DELETE FROM slotwire.booking WHERE moved_at_us<$1", {pg_value(oldest)});
    return Done{};
  });
}

}  // namespace slotwire::proxy
