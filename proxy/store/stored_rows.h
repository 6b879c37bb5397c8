#pragma once
// Turns rows of the tables into values, for either database. Each reader takes the columns listed above it, in that order, from
// the `Row` type of its database, which offers text, bytes, number, is_true, is_null, instant, optional_instant and day by
// column.
#include <optional>
#include <string>
#include <utility>

#include "proxy/store/column_text.h"
#include "proxy/store/store.h"
#include "shared/time_between.h"

namespace slotwire::store {

[[nodiscard]] inline int number_from(ConnectionMode mode) { return mode == ConnectionMode::pat ? 1 : 2; }

inline constexpr char kConnectionColumns[] =
    "mode,sealed_token,token_fingerprint,user_uri,user_name,organization_uri,scheduling_url,connected_by,connected_at_us,"
    "last_synced_at_us,last_validated_at_us,longest_window_days,granted_scopes,missing_scopes,left_out,types_seen_change,"
    "beyond_plan,timezone";
// Without event types and webhook, which have tables of their own.
template <class Row>
[[nodiscard]] ConnectionRecord connection_from(const Row& row) {
  ConnectionRecord record;
  record.mode = row.number(0) == number_from(ConnectionMode::pat) ? ConnectionMode::pat : ConnectionMode::public_links;
  record.sealed_token = row.bytes(1);
  record.token_fingerprint = row.text(2);
  record.user_uri = row.text(3);
  record.user_name = row.text(4);
  record.organization_uri = row.text(5);
  record.scheduling_url = row.text(6);
  record.connected_by = row.text(7);
  record.connected_at = row.optional_instant(8);
  record.last_synced_at = row.optional_instant(9);
  record.last_validated_at = row.optional_instant(10);
  if (!row.is_null(11)) record.longest_window = std::chrono::days(static_cast<int>(row.number(11)));
  record.granted_scopes = names_from_text(row.text(12));
  record.missing_scopes = names_from_text(row.text(13));
  record.left_out = lines_from_text(row.text(14));
  record.types_seen_change = row.number(15);
  record.beyond_plan = names_from_text(row.text(16));
  record.timezone = row.text(17);
  return record;
}

inline constexpr char kFreshnessColumns[] = "mode,connected_at_us";
// True for another account or mode, or for the same one connected again: data fetched before must not come back.
template <class Row>
[[nodiscard]] bool is_connected_anew(const Row& stored, const ConnectionRecord& record) {
  return stored.number(0) != number_from(record.mode) || stored.optional_instant(1) != record.connected_at;
}

inline constexpr char kTypeColumns[] =
    "uri,name,slug,duration_min,duration_options,description,color,kind,locale,scheduling_url,active,secret,booking_form,"
    "host,place";
template <class Row>
void add_type(ConnectionRecord& record, const Row& row) {
  EventType type;
  type.uri = row.text(0);
  type.name = row.text(1);
  type.slug = row.text(2);
  type.duration = std::chrono::minutes(row.number(3));
  type.duration_options = minutes_from_text(row.text(4));
  type.description = row.text(5);
  type.color = row.text(6);
  type.kind = row.text(7);
  type.locale = row.text(8);
  type.scheduling_url = row.text(9);
  type.active = row.is_true(10);
  type.secret = row.is_true(11);
  if (std::string form = row.text(12); !form.empty()) record.forms.emplace(type.uri, std::move(form));
  type.host = row.text(13);
  type.place = row.text(14);
  record.types.push_back(std::move(type));
}

inline constexpr char kWebhookColumns[] = "uri,callback_url,sealed_key,created_by,created_at_us,tells_of_types";
template <class Row>
[[nodiscard]] Webhook webhook_from(const Row& row) {
  return {row.text(0), row.text(1), row.bytes(2), row.text(3), row.instant(4), row.is_true(5)};
}

inline constexpr char kTypesReadColumns[] = "connected_at_us,last_synced_at_us,types_seen_change";
// The outcome of a claim on event types, from the row of the connection (nullptr: none). nullopt: the lease decides.
template <class Row>
[[nodiscard]] std::optional<TypesClaim> claim_by(const Row* connection, const TypesClaimTerms& terms) {
  TypesClaim claim;
  if (!connection || connection->optional_instant(0) != terms.connected_at) return claim;
  const std::optional<Instant> read_at = connection->optional_instant(1);
  claim.seen_change = connection->number(2);
  // A time after now: the clock was set back, so the age is unknown.
  if (!read_at || *read_at < terms.read_since || *read_at > terms.now + std::chrono::seconds(1) ||
      claim.seen_change < terms.least_change)
    return std::nullopt;
  claim.standing = TypesClaim::Standing::known;
  claim.read_at = *read_at;
  return claim;
}
// The same from the row of the lease: owner, until_us.
template <class Row>
[[nodiscard]] std::optional<TypesClaim> claim_by_lease(const Row& lease, const TypesClaimTerms& terms) {
  const std::string owner = lease.text(0);
  const Instant until = lease.instant(1);
  // A lease that ends much later than any new one was taken before the clock was set back. Not one that ends a little later:
  // servers look at their clocks before they wait for each other here.
  constexpr std::chrono::seconds kWait{5};
  if (owner.empty() || owner == terms.owner || until <= terms.now || until > terms.now + terms.lease + kWait) return std::nullopt;
  TypesClaim claim;
  claim.standing = TypesClaim::Standing::held;
  claim.held_until = until;
  return claim;
}

inline constexpr char kChangeColumns[] = "id,kind,first_day,end_day";
template <class Row>
[[nodiscard]] Change change_from(const Row& row) {
  return {row.number(0), static_cast<Change::Kind>(row.number(1)), {row.day(2), row.day(3)}};
}

// `last`: the end of the log, read before the changes after `id`. Lost changes are replaced as described in Store.
[[nodiscard]] inline std::vector<Change> with_losses(const std::vector<Change>& changes, std::int64_t id, std::int64_t last) {
  std::vector<Change> all;
  const auto lose_up_to = [&](std::int64_t lost) {
    all.push_back({lost, Change::Kind::account, {}});
    all.push_back({lost, Change::Kind::days, kEveryDay});
  };
  std::int64_t next = id + 1;
  for (const Change& change : changes) {
    if (change.id != next) lose_up_to(change.id - 1);
    all.push_back(change);
    next = change.id + 1;
  }
  if (next <= last) lose_up_to(last);
  return all;
}

// Columns day, fetched_at_us, slots, and whether a later change outdates it. An unreadable copy counts as none; showing it as an
// empty day would be wrong.
template <class Row>
[[nodiscard]] std::optional<StoredCell> cell_from(const Row& row) {
  std::optional<std::vector<Slot>> slots = slots_from_text(row.text(2));
  if (!slots) return std::nullopt;
  return StoredCell{{row.day(0), row.instant(1), std::move(*slots)}, row.is_true(3)};
}

inline constexpr char kBookingColumns[] = "request,owner,moved_at_us,sent_at_us,status,sealed_reply";
// The outcome of a claim on an existing key. If it is ours, the caller must record itself as owner in the row.
template <class Row>
[[nodiscard]] BookingClaim claim_on(const Row& row, const std::string& request, const std::string& owner, Instant now,
                                    std::chrono::seconds lease) {
  BookingClaim claim;
  if (row.text(0) != request) return claim;
  claim.sent_at = row.optional_instant(3);
  claim.status = static_cast<int>(row.number(4));
  if (claim.status != 0) {
    claim.standing = BookingClaim::Standing::done;
    claim.sealed_reply = row.bytes(5);
    return claim;
  }
  claim.standing = BookingClaim::Standing::under_way;
  const std::string holder = row.text(1);  // empty: leave_booking
  if (!holder.empty() && holder != owner && time_between(row.instant(2), now) < lease) return claim;
  claim.standing = claim.sent_at ? BookingClaim::Standing::ours_to_look_up : BookingClaim::Standing::ours_to_send;
  return claim;
}
[[nodiscard]] inline bool is_ours(const BookingClaim& claim) {
  return claim.standing == BookingClaim::Standing::ours_to_send || claim.standing == BookingClaim::Standing::ours_to_look_up;
}

inline constexpr char kJwtColumns[] =
    "id,subject,role,made_by,secret_mark,made_at_us,expires_at_us,last_used_at_us,revoked_at_us,revoked_by";
template <class Row>
[[nodiscard]] JwtRecord jwt_from(const Row& row) {
  return {row.text(0),
          row.text(1),
          row.text(2),
          row.text(3),
          row.text(4),
          row.instant(5),
          row.instant(6),
          row.optional_instant(7),
          row.optional_instant(8),
          row.text(9)};
}

inline constexpr char kAuditColumns[] = "at_us,subject,role,action,outcome,client,request_id";
template <class Row>
[[nodiscard]] AuditEntry audit_from(const Row& row) {
  return {row.instant(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6)};
}

}  // namespace slotwire::store
