#pragma once
// Everything that outlives the process or that several servers agree on: the connection (with its token sealed), its event types,
// old day cells, a log of changes, bookings under way, issued JWTs, the audit log. Never holds a secret in plain text.
// Thread-safe; calls block.
//
// Servers learn about each other's changes from the change log. Ids ascend in the order of commits, so a server that has read up
// to N has seen every change up to N. The id stored with a cell shows which changes its fetcher had seen before it asked.
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/store/jwt_record.h"
#include "shared/answers.h"
#include "shared/calendar.h"
#include "shared/day_cells.h"
#include "shared/result.h"
#include "shared/slot.h"

namespace slotwire::store {

// A subscription by which Calendly reports bookings.
struct Webhook {
  std::string uri;  // Calendly's name for the subscription
  std::string callback_url;
  std::string sealed_key;  // from SealedBox; signs deliveries
  std::string created_by;
  Instant created_at{};
  bool tells_of_types = false;  // also reports changes of event types
  bool operator==(const Webhook&) const = default;
};

struct ConnectionRecord {
  ConnectionMode mode = ConnectionMode::none;
  std::string sealed_token;  // from SealedBox; empty unless mode is pat
  std::string token_fingerprint;
  std::string user_uri;
  std::string user_name;
  std::string timezone;  // the user's own, IANA; empty: unknown (public mode, or read by a version that did not store it)
  std::string organization_uri;
  std::string scheduling_url;
  std::string connected_by;
  std::optional<Instant> connected_at;
  std::optional<Instant> last_synced_at;  // when the reading of the event types began, by the clock that all servers share
  std::optional<Instant> last_validated_at;
  std::optional<std::chrono::days> longest_window;  // learned: the longest range Calendly allows this account in one request
  std::vector<std::string> granted_scopes;          // checked when the token was set; a scope in no list is unknown
  std::vector<std::string> missing_scopes;
  std::vector<std::string> beyond_plan;  // scopes whose calls the account's plan does not include
  std::vector<EventType> types;
  std::vector<std::string> left_out;         // event types that could not be read, with the reason: "Intro: has no duration"
  std::int64_t types_seen_change = 0;        // the newest change in the log when the reading of `types` began
  std::map<std::string, std::string> forms;  // by event type URI: its booking form, as text
  std::optional<Webhook> webhook;
};

struct AuditEntry {
  Instant at;
  std::string subject;
  std::string role;
  std::string action;   // "token.set"
  std::string outcome;  // "ok" or an error code's name
  std::string client;
  std::string request_id;
};

// Done and refused actions are limited separately, so that a thousand refusals push no done action out of the log.
inline constexpr int kMostAudit = 10'000;
inline constexpr int kMostAuditRefused = 2'000;

enum class Wiped {
  every_byte,
  not_every_byte,  // another program is reading; a later wipe completes it
  out_of_reach,  // everything is deleted, but the database keeps old bytes where no program can erase them: its log, its backups
};

struct Change {
  enum class Kind {
    account,  // the connection was saved or wiped
    days,     // the slots of these days changed, for any event type
    purge,    // all copies were dropped
    types,    // event types differ from those that were read
    jwts,     // a JWT was made or revoked
  };
  std::int64_t id = 0;
  Kind kind = Kind::account;
  DayRange days;  // only of Kind::days
};

inline constexpr DayRange kEveryDay{Day(std::chrono::year(1970) / 1 / 1), Day(std::chrono::year(9999) / 12 / 31)};

struct StoredCell {
  DayCell cell;
  bool is_outdated = false;  // its day changed, or all copies were dropped, after it was requested
};

// The state of a booking under one Idempotency-Key. The store sees names and answers only as digests and sealed blobs.
//
//   claimed --mark_booking_sent--> sent --finish_booking--> done
//      |                             \--- its owner died, or leave_booking: it may have been made, so it is looked up and
//      |                                  never sent again
//      \--- its owner died, or release_booking: nothing was sent; the key may be claimed again
struct BookingClaim {
  enum class Standing {
    ours_to_send,     // claimed for the caller
    ours_to_look_up,  // sent by an owner that is gone
    under_way,        // another owner is working on it
    done,             // `status` and `sealed_reply` are its result
    conflict,         // the key belongs to another request
  };
  Standing standing = Standing::conflict;
  int status = 0;
  std::string sealed_reply;
  std::optional<Instant> sent_at;
};

// A server's request to be the one that reads the event types from Calendly. Times use the clock that all servers share.
struct TypesClaimTerms {
  std::string owner;
  std::optional<Instant> connected_at;  // of the account as the caller knows it
  Instant now;
  std::chrono::milliseconds lease{};
  Instant read_since;             // a reading since then is good enough,
  std::int64_t least_change = 0;  // if its reader had seen this change
};
struct TypesClaim {
  enum class Standing {
    ours,     // no other server reads them before the lease ends
    held,     // another server does, until `held_until`
    known,    // they were read at `read_at`
    another,  // another account is connected, or none
  };
  Standing standing = Standing::another;
  Instant read_at{};
  std::int64_t seen_change = 0;  // ours: the newest change in the log. known: the newest change that the reader had seen
  Instant held_until{};
};

class Store {
 public:
  virtual ~Store() = default;

  // "SQLite" or "PostgreSQL".
  [[nodiscard]] virtual std::string_view kind() const = 0;

  // The only error of all calls is storage_failed (unreachable, full, read-only, damaged); a failed write changes nothing.

  [[nodiscard]] virtual Result<std::optional<ConnectionRecord>> connection() = 0;
  // False, and nothing is written, if another program saved or wiped the connection after the change `seen`.
  [[nodiscard]] virtual Result<bool> save_connection_unless_changed(const ConnectionRecord& record, std::int64_t seen) = 0;
  // Saves it regardless of earlier changes by others.
  [[nodiscard]] Result<Done> save_connection(const ConnectionRecord& record);
  // Atomic among all callers. An owner gets its own claim back.
  [[nodiscard]] virtual Result<TypesClaim> claim_types(const TypesClaimTerms& terms) = 0;
  // Extends the owner's claim until then, or ends it when that is past. Does nothing if the claim now belongs to another owner.
  [[nodiscard]] virtual Result<Done> hold_types(const std::string& owner, Instant until) = 0;
  // Records that the event types were read and did not differ, without a change in the log. False when another account is
  // connected by now.
  [[nodiscard]] virtual Result<bool> note_types_read(const ConnectionRecord& record) = 0;
  // Only for the connection whose token has this fingerprint; does nothing if there is another one by now.
  [[nodiscard]] virtual Result<Done> save_longest_window(const std::string& token_fingerprint, std::chrono::days longest) = 0;
  // Removes connection, event types and cells, and overwrites their bytes as far as the database allows. While another program
  // reads a SQLite file, the bytes cannot be overwritten: everything is removed even so, and a later wipe overwrites them.
  [[nodiscard]] virtual Result<Wiped> wipe_connection() = 0;

  // The change log. Saving and wiping a connection write to it too.
  [[nodiscard]] virtual Result<std::int64_t> last_change() = 0;
  // The changes after `id`, ascending. Cheap when there are none: meant to be called twice a second. Changes that were lost, or
  // are too old to be kept, are replaced by a change of the account and one of every day.
  [[nodiscard]] virtual Result<std::vector<Change>> changes_since(std::int64_t id) = 0;
  // Logs that slots of these days changed. Returns the change's id.
  [[nodiscard]] virtual Result<std::int64_t> expire_days(DayRange days) = 0;
  // Drops all copies. Returns the change's id.
  [[nodiscard]] virtual Result<std::int64_t> purge_cells() = 0;

  // A cell replaces an older one of the same day; a newer one stays. `seen_change`: the newest change that was known when the
  // cells were requested.
  [[nodiscard]] virtual Result<Done> save_cells(const std::string& event_type_uri, const std::vector<DayCell>& cells,
                                                std::int64_t seen_change) = 0;
  // Never waits for a write, neither our own nor another program's.
  [[nodiscard]] virtual Result<std::vector<StoredCell>> cells(const std::string& event_type_uri, DayRange days,
                                                              Instant oldest) = 0;
  // Also drops changes as old as that, but none from the last day: a server that reads the log less often has lost its place.
  [[nodiscard]] virtual Result<Done> drop_cells_older_than(Instant oldest) = 0;
  [[nodiscard]] virtual Result<Done> drop_cells_newer_than(Instant newest) = 0;

  // How far the clock that all servers share is ahead of a clock that shows `now`. Bookings use the shared clock, so that leases
  // end at the same moment for all servers. Zero when one machine runs all of them.
  [[nodiscard]] virtual Result<std::chrono::microseconds> clock_ahead(Instant now) = 0;

  // Atomic among all callers. `key` and `request` are digests. An owner without progress for `lease` counts as gone. An owner
  // gets its own claim back at once; it must itself make sure that only one of its threads works on it.
  [[nodiscard]] virtual Result<BookingClaim> claim_booking(const std::string& key, const std::string& request,
                                                           const std::string& owner, Instant now, std::chrono::seconds lease) = 0;
  // False when the claim no longer belongs to the owner: then nothing may be sent.
  [[nodiscard]] virtual Result<bool> mark_booking_sent(const std::string& key, const std::string& owner, Instant now) = 0;
  // Any server that has the answer may write it: the first one stays.
  [[nodiscard]] virtual Result<Done> finish_booking(const std::string& key, int status, const std::string& sealed_reply,
                                                    Instant now) = 0;
  // Deletes the owner's claim, so that the key can be used again. Only for bookings that certainly were not made.
  [[nodiscard]] virtual Result<Done> release_booking(const std::string& key, const std::string& owner) = 0;
  // The owner stops working on it without knowing the outcome, so the next caller may continue at once.
  [[nodiscard]] virtual Result<Done> leave_booking(const std::string& key, const std::string& owner) = 0;
  // When bookings were sent, ascending; without released ones.
  [[nodiscard]] virtual Result<std::vector<Instant>> bookings_sent_since(Instant oldest) = 0;
  [[nodiscard]] virtual Result<Done> drop_bookings_before(Instant oldest) = 0;

  // True when this delivery (a digest) is new. Then the delivery and its change (Kind::days or Kind::types) are written together,
  // or neither is. Deliveries from before `oldest` are deleted.
  [[nodiscard]] virtual Result<bool> take_delivery(const std::string& digest, Change::Kind kind, DayRange days, Instant now,
                                                   Instant oldest) = 0;

  // JWTs made by this proxy. Making and revoking them writes changes to the log.
  [[nodiscard]] virtual Result<Done> add_jwt(const JwtRecord& record) = 0;
  // Newest first.
  [[nodiscard]] virtual Result<std::vector<JwtRecord>> jwts_ending_after(Instant oldest) = 0;
  // Revokes those of `ids` that are not revoked yet, all or none. Returns their number.
  [[nodiscard]] virtual Result<int> revoke_jwts(const std::vector<std::string>& ids, const std::string& by, Instant now) = 0;
  // Writes only when no server has recorded a use for `between`.
  [[nodiscard]] virtual Result<Done> note_jwt_used(const std::string& id, Instant now, std::chrono::seconds between) = 0;
  [[nodiscard]] virtual Result<Done> drop_jwts_ended_before(Instant oldest) = 0;

  // URIs of the event types that assistants may see, in order; deleted with the connection.
  [[nodiscard]] virtual Result<std::vector<std::string>> assistant_types() = 0;
  [[nodiscard]] virtual Result<Done> set_assistant_type(const std::string& event_type_uri, bool is_open) = 0;

  // Keeps the newest kMostAudit entries of done actions ("ok"), and the newest kMostAuditRefused of refused ones.
  [[nodiscard]] virtual Result<Done> append_audit(const AuditEntry& entry) = 0;
  // Newest first.
  [[nodiscard]] virtual Result<std::vector<AuditEntry>> audit(int at_most) = 0;
};

// The absolute path of the file that open_store would create. nullopt: it exists, or the database is not a file.
[[nodiscard]] std::optional<std::string> file_to_be_made(std::string_view url);
// Checks that open_store supports this address. Errors: bad_input naming CALENDLY_DATABASE_URL, never repeating the text.
[[nodiscard]] Result<Done> check_database_url(std::string_view url);

// "sqlite:path" ("sqlite::memory:" is a separate store) or "postgresql://...". Opens or creates it, and upgrades it to this
// version's schema. Errors: storage_failed when it cannot be opened or reached, is damaged, or was made by a newer slotwire,
// naming its path or server and what to do; those of check_database_url.
[[nodiscard]] Result<std::unique_ptr<Store>> open_store(std::string_view url);

}  // namespace slotwire::store
