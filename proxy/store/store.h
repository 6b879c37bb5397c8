#pragma once
// What outlives the process and what several servers agree on: the connection (token sealed), its event types, old day
// cells, a log of changes, bookings under way, JWTs that were made, the audit log. Knows no plaintext secret. Thread-safe; calls
// block.
//
// The change log is how everybody hears of what one did: ids grow in the order of commits, so that whoever has read up to N
// has seen every change up to N, and a cell fetched by someone who had is told apart from one asked for before it.
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

// Calendly's promise to tell us of bookings.
struct Webhook {
  std::string uri;  // Calendly's name for the subscription
  std::string callback_url;
  std::string sealed_key;  // of SealedBox; signs what is delivered
  std::string created_by;
  Instant created_at{};
  bool tells_of_types = false;  // of changes to event types as well as of bookings
  bool operator==(const Webhook&) const = default;
};

struct ConnectionRecord {
  ConnectionMode mode = ConnectionMode::none;
  std::string sealed_token;  // of SealedBox; empty unless mode is pat
  std::string token_fingerprint;
  std::string user_uri;
  std::string user_name;
  std::string timezone;  // the user's own, IANA; empty: not known (public mode, or read by a version that did not keep it)
  std::string organization_uri;
  std::string scheduling_url;
  std::string connected_by;
  std::optional<Instant> connected_at;
  std::optional<Instant> last_synced_at;  // when the reading of the event types began, by the clock that all servers share
  std::optional<Instant> last_validated_at;
  std::optional<std::chrono::days> longest_window;  // learned: what Calendly lets this account ask at once
  std::vector<std::string> granted_scopes;          // found out when the token was set; a scope in no list is not known
  std::vector<std::string> missing_scopes;
  std::vector<std::string> beyond_plan;  // scopes whose calls the account's plan does not include
  std::vector<EventType> types;
  std::vector<std::string> left_out;         // those that could not be read, and why: "Intro: has no duration"
  std::int64_t types_seen_change = 0;        // the newest change that was in the log when their reading began
  std::map<std::string, std::string> forms;  // by event type URI: what its bookings ask for, as text
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

// What was done, and what was refused, apart: whoever is refused a thousand times pushes out nobody's deeds.
inline constexpr int kMostAudit = 10'000;
inline constexpr int kMostAuditRefused = 2'000;

enum class Wiped {
  every_byte,
  not_every_byte,  // somebody reads; a later wipe ends it
  out_of_reach,    // all is removed, but the database keeps old bytes where no program reaches: its log, its backups
};

struct Change {
  enum class Kind {
    account,  // the connection was saved or wiped
    days,     // slots of these days, of any event type, are other than they were
    purge,    // all copies were dropped
    types,    // event types are other than they were read
    jwts,     // one was made or revoked
  };
  std::int64_t id = 0;
  Kind kind = Kind::account;
  DayRange days;  // only of Kind::days
};

inline constexpr DayRange kEveryDay{Day(std::chrono::year(1970) / 1 / 1), Day(std::chrono::year(9999) / 12 / 31)};

struct StoredCell {
  DayCell cell;
  bool is_outdated = false;  // its day changed, or all copies were dropped, after it was asked for
};

// How far a booking under one Idempotency-Key has come. Names and answers are known here only as digests and sealed blobs.
//
//   claimed --mark_booking_sent--> sent --finish_booking--> done
//      |                             \--- its owner is gone, or leave_booking: may have been booked, so it is looked up and
//      |                                  never sent again
//      \--- its owner is gone, or release_booking: nothing was sent; the key may be claimed anew
struct BookingClaim {
  enum class Standing {
    ours_to_send,     // claimed for the asker
    ours_to_look_up,  // was sent by an owner that is gone
    under_way,        // another owner is at it
    done,             // `status` and `sealed_reply` tell how it ended
    conflict,         // the key belongs to another request
  };
  Standing standing = Standing::conflict;
  int status = 0;
  std::string sealed_reply;
  std::optional<Instant> sent_at;
};

// Which server reads the event types at Calendly. Times are by the clock that all servers share.
struct TypesClaimTerms {
  std::string owner;
  std::optional<Instant> connected_at;  // of the account that the asker knows
  Instant now;
  std::chrono::milliseconds lease{};
  Instant read_since;             // what was read after this will do,
  std::int64_t least_change = 0;  // if its reader had seen this change
};
struct TypesClaim {
  enum class Standing {
    ours,     // nobody else reads them before the lease ends
    held,     // another server does, until `held_until`
    known,    // they were read at `read_at`
    another,  // another account is connected, or none
  };
  Standing standing = Standing::another;
  Instant read_at{};
  std::int64_t seen_change = 0;  // ours: the newest change in the log. known: the newest that the reader had seen
  Instant held_until{};
};

class Store {
 public:
  virtual ~Store() = default;

  // "SQLite" or "PostgreSQL".
  [[nodiscard]] virtual std::string_view kind() const = 0;

  // Every call's only error is storage_failed (unreachable, full, read-only, damaged); a failed write leaves all as it was.

  [[nodiscard]] virtual Result<std::optional<ConnectionRecord>> connection() = 0;
  // False, and nothing is written, when somebody saved or wiped the connection after the change `seen`.
  [[nodiscard]] virtual Result<bool> save_connection_unless_changed(const ConnectionRecord& record, std::int64_t seen) = 0;
  // Whoever changed it before.
  [[nodiscard]] Result<Done> save_connection(const ConnectionRecord& record);
  // Atomic, whoever else asks. An owner gets its own claim back.
  [[nodiscard]] virtual Result<TypesClaim> claim_types(const TypesClaimTerms& terms) = 0;
  // The owner reads on until then, or no more when that is past. Nothing when the claim is another's by now.
  [[nodiscard]] virtual Result<Done> hold_types(const std::string& owner, Instant until) = 0;
  // The event types were read and are as they are stored: noted without a change in the log. False when another account is
  // connected by now.
  [[nodiscard]] virtual Result<bool> note_types_read(const ConnectionRecord& record) = 0;
  // Only of the connection whose token has this fingerprint; nothing when there is another by now.
  [[nodiscard]] virtual Result<Done> save_longest_window(const std::string& token_fingerprint, std::chrono::days longest) = 0;
  // Removes connection, event types and cells, and overwrites their bytes as far as the database can. While another program
  // reads a SQLite file its bytes cannot be overwritten: everything is removed all the same, and a later wipe ends it.
  [[nodiscard]] virtual Result<Wiped> wipe_connection() = 0;

  // The change log. Saving and wiping a connection write to it too.
  [[nodiscard]] virtual Result<std::int64_t> last_change() = 0;
  // Ascending, those after `id`. Cheap when there are none: meant to be asked twice a second. What is missing between them was
  // lost on the way or is too old to be kept: in its stead the account and every day count as changed.
  [[nodiscard]] virtual Result<std::vector<Change>> changes_since(std::int64_t id) = 0;
  // Says that slots of these days changed. Returns the change's id.
  [[nodiscard]] virtual Result<std::int64_t> expire_days(DayRange days) = 0;
  // Drops all copies. Returns the change's id.
  [[nodiscard]] virtual Result<std::int64_t> purge_cells() = 0;

  // A cell replaces an older one of the same day; a newer one stays. `seen_change`: the last change known when the cells
  // were asked for.
  [[nodiscard]] virtual Result<Done> save_cells(const std::string& event_type_uri, const std::vector<DayCell>& cells,
                                                std::int64_t seen_change) = 0;
  // Never waits for a write, be it ours or another program's.
  [[nodiscard]] virtual Result<std::vector<StoredCell>> cells(const std::string& event_type_uri, DayRange days,
                                                              Instant oldest) = 0;
  // And changes as old, once they are older than a day as well: whoever looks less often than that has lost its place.
  [[nodiscard]] virtual Result<Done> drop_cells_older_than(Instant oldest) = 0;
  [[nodiscard]] virtual Result<Done> drop_cells_newer_than(Instant newest) = 0;

  // How far the clock that all servers share is ahead of one that shows `now`: times of bookings are by that clock, so that
  // leases end when they should wherever they are looked at. Zero where one machine holds them all.
  [[nodiscard]] virtual Result<std::chrono::microseconds> clock_ahead(Instant now) = 0;

  // Atomic, whoever else asks. `key` and `request` are digests; an owner that has not moved for `lease` is gone. An owner
  // gets its own claim back at once: who is at it within one program is that program's to know.
  [[nodiscard]] virtual Result<BookingClaim> claim_booking(const std::string& key, const std::string& request,
                                                           const std::string& owner, Instant now, std::chrono::seconds lease) = 0;
  // False when the claim is no longer the owner's: then nothing may be sent.
  [[nodiscard]] virtual Result<bool> mark_booking_sent(const std::string& key, const std::string& owner, Instant now) = 0;
  // Whoever has the answer may write it: the first one stays.
  [[nodiscard]] virtual Result<Done> finish_booking(const std::string& key, int status, const std::string& sealed_reply,
                                                    Instant now) = 0;
  // Forgets the owner's claim, so that the key may be used again. For bookings that certainly were not made.
  [[nodiscard]] virtual Result<Done> release_booking(const std::string& key, const std::string& owner) = 0;
  // The owner does no more for it, and does not know how it ended: whoever asks next goes on at once.
  [[nodiscard]] virtual Result<Done> leave_booking(const std::string& key, const std::string& owner) = 0;
  // When bookings were sent, ascending; released ones are forgotten.
  [[nodiscard]] virtual Result<std::vector<Instant>> bookings_sent_since(Instant oldest) = 0;
  [[nodiscard]] virtual Result<Done> drop_bookings_before(Instant oldest) = 0;

  // True when this delivery (a digest) was not noted before: then it is, and so is what it changed (Kind::days or Kind::types),
  // both or neither. Those from before `oldest` are forgotten.
  [[nodiscard]] virtual Result<bool> take_delivery(const std::string& digest, Change::Kind kind, DayRange days, Instant now,
                                                   Instant oldest) = 0;

  // JWTs that were made here. Making and revoking them are changes.
  [[nodiscard]] virtual Result<Done> add_jwt(const JwtRecord& record) = 0;
  // Newest first.
  [[nodiscard]] virtual Result<std::vector<JwtRecord>> jwts_ending_after(Instant oldest) = 0;
  // Those of `ids` that are not revoked yet, all or none. Returns how many that were.
  [[nodiscard]] virtual Result<int> revoke_jwts(const std::vector<std::string>& ids, const std::string& by, Instant now) = 0;
  // Written only when no use was noted for so long, whichever server noted it.
  [[nodiscard]] virtual Result<Done> note_jwt_used(const std::string& id, Instant now, std::chrono::seconds between) = 0;
  [[nodiscard]] virtual Result<Done> drop_jwts_ended_before(Instant oldest) = 0;

  // URIs of the event types that assistants may see, in order; forgotten with the connection.
  [[nodiscard]] virtual Result<std::vector<std::string>> assistant_types() = 0;
  [[nodiscard]] virtual Result<Done> set_assistant_type(const std::string& event_type_uri, bool is_open) = 0;

  // The newest kMostAudit of those that were done ("ok") stay, and of the refused the newest kMostAuditRefused.
  [[nodiscard]] virtual Result<Done> append_audit(const AuditEntry& entry) = 0;
  // Newest first.
  [[nodiscard]] virtual Result<std::vector<AuditEntry>> audit(int at_most) = 0;
};

// The absolute path of the file that open_store would make. nullopt: it is there, or the database is no file.
[[nodiscard]] std::optional<std::string> file_to_be_made(std::string_view url);
// Whether open_store knows what to do with it. Errors: bad_input naming CALENDLY_DATABASE_URL, never repeating the text.
[[nodiscard]] Result<Done> check_database_url(std::string_view url);

// "sqlite:path" ("sqlite::memory:" is a store of its own) or "postgresql://...". Opens or makes it and brings it to this
// version's schema. Errors: storage_failed when it cannot be opened or reached, is damaged, or was made by a newer slotwire;
// those of check_database_url.
[[nodiscard]] Result<std::unique_ptr<Store>> open_store(std::string_view url);

}  // namespace slotwire::store
