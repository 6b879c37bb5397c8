// Bookings by their keys, and the deliveries already received.
#include "proxy/store/postgres_store.h"
#include "proxy/store/stored_rows.h"

namespace slotwire::store {

Result<BookingClaim> PostgresStore::claim_booking(const std::string& key, const std::string& request, const std::string& owner,
                                                  Instant now, std::chrono::seconds lease) {
  return pool_.writing([&](PgConnection& connection) -> Result<BookingClaim> {
    // Waits for another server that is inserting the same key, so exactly one creates the row.
    const PgRows made = connection.run(
        "INSERT INTO slotwire.booking (key,request,owner,moved_at_us) VALUES ($1,$2,$3,$4) ON CONFLICT (key) DO NOTHING",
        {key, request, owner, pg_value(now)});
    if (made.changed() == 1) return BookingClaim{BookingClaim::Standing::ours_to_send, 0, {}, {}};
    const PgRows rows =
        connection.run(std::string("SELECT ") + kBookingColumns + " FROM slotwire.booking WHERE key=$1 FOR UPDATE", {key});
    // Released in between: the next attempt finds it free.
    if (rows.count() == 0) return BookingClaim{BookingClaim::Standing::under_way, 0, {}, {}};
    const BookingClaim claim = claim_on(rows.at(0), request, owner, now, lease);
    if (!is_ours(claim)) return claim;
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

Result<Done> PostgresStore::leave_booking(const std::string& key, const std::string& owner) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    connection.run("UPDATE slotwire.booking SET owner='' WHERE key=$1 AND owner=$2", {key, owner});
    return Done{};
  });
}

Result<std::vector<Instant>> PostgresStore::bookings_sent_since(Instant oldest) {
  return pool_.reading([&](PgConnection& connection) -> Result<std::vector<Instant>> {
    const PgRows rows =
        connection.run("SELECT sent_at_us FROM slotwire.booking WHERE sent_at_us>=$1 ORDER BY sent_at_us", {pg_value(oldest)});
    std::vector<Instant> sent;
    for (int row = 0; row < rows.count(); ++row) sent.push_back(rows.at(row).instant(0));
    return sent;
  });
}

Result<Done> PostgresStore::drop_bookings_before(Instant oldest) {
  return pool_.writing([&](PgConnection& connection) -> Result<Done> {
    connection.run("DELETE FROM slotwire.booking WHERE moved_at_us<$1", {pg_value(oldest)});
    return Done{};
  });
}

Result<bool> PostgresStore::take_delivery(const std::string& digest, Change::Kind kind, DayRange days, Instant now,
                                          Instant oldest) {
  return pool_.writing([&](PgConnection& connection) -> Result<bool> {
    connection.run("DELETE FROM slotwire.webhook_delivery WHERE at_us<$1", {pg_value(oldest)});
    const bool is_new =
        connection.run("INSERT INTO slotwire.webhook_delivery VALUES ($1,$2) ON CONFLICT DO NOTHING", {digest, pg_value(now)})
            .changed() > 0;
    if (is_new) log_change(connection, kind, days);
    return is_new;
  });
}

}  // namespace slotwire::store
