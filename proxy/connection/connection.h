#pragma once
// The Calendly account behind the proxy: validates and keeps its token (sealed on disk, wiped in memory), its event types, and
// its current problem.
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/calendly/client.h"
#include "proxy/connection/account_reader.h"
#include "proxy/connection/public_mode.h"
#include "proxy/log/log.h"
#include "proxy/secrets/sealed_box.h"
#include "proxy/store/store.h"
#include "proxy/time/clock.h"
#include "shared/answers.h"

namespace slotwire::connection {

// One state of the connection, immutable once published: a reader may hold it as long as it wants.
struct Account {
  std::uint64_t generation = 0;    // grows with every change of token or mode, so that late results for an older one are dropped
  store::ConnectionRecord record;  // mode, names, event types; its sealed_token is left empty
  std::shared_ptr<const secrets::SecretString> token;  // only in mode pat, and only when it could be unsealed
  std::uint64_t types_version = 0;                     // grows with every change of event types
  std::optional<Error> problem;                        // token_rejected, token_unreadable, insufficient_scope ...

  // By uri, uuid or full scheduling link (secret event types too), or by the slug of a listed event type. nullptr: unknown.
  // Inactive event types count as unknown.
  [[nodiscard]] const EventType* find_type(std::string_view key) const;
  // The listed event types of the owner whose page this link is. nullopt: the link belongs to no owner of this account.
  [[nodiscard]] std::optional<std::vector<EventType>> types_of(std::string_view owner_link) const;
};

// The identity under which the webhook's signing key is sealed.
inline constexpr std::string_view kWebhookKeyIdentity = "connection/1/webhook";

class Connection {
 public:
  struct Parts {  // all borrowed; must outlive the connection
    store::Store& store;
    const secrets::SealedBox& box;
    calendly::CalendlyClient& calendly;
    const time::Clock& clock;
    log::Log& log;
    std::function<void(std::chrono::milliseconds)> wait;  // between retries; a parameter so that tests need not wait
    calendly::Chance chance;
  };
  // Reads the stored connection. A token that cannot be unsealed gives a working Connection with problem token_unreadable.
  // Errors: storage_failed.
  [[nodiscard]] static Result<std::unique_ptr<Connection>> open(Parts parts);

  // Never null; cheap; any thread.
  [[nodiscard]] std::shared_ptr<const Account> account() const;

  // The calls below change the account one at a time, and block for Calendly and the disk. A failure changes nothing.

  // Errors: bad_input naming accessToken, invalid_token, insufficient_scope, storage_failed, or Calendly's failure.
  [[nodiscard]] Result<Done> set_token(secrets::SecretString token, std::string_view by, std::string_view request_id);
  // Reads all event types again, on behalf of an admin unless `urgency` says otherwise. Errors: not_connected in any mode but
  // pat, and as above.
  [[nodiscard]] Result<Done> sync(std::string_view request_id, calendly::Urgency urgency = calendly::Urgency::reserved);
  // Stores what was read of the account of this generation as its event types, unless a later reading is known. If nothing
  // differs, no change is logged and no server is notified. Errors: not_connected when another account is connected by now,
  // storage_failed.
  [[nodiscard]] Result<Done> take_types(std::uint64_t generation, const TypesRead& read, std::string_view request_id);
  // Sets up links only, without a token. Errors: bad_input with the field, storage_failed.
  [[nodiscard]] Result<Done> configure_public(std::string_view calendly_username, const std::vector<PublicEventType>& types,
                                              std::string_view by);
  // Deletes token and event types, on disk too. Errors: storage_failed.
  [[nodiscard]] Result<Done> disconnect();
  // Seals the stored token and the webhook's key again, with the first key. False: it sealed both already, and nothing was
  // changed. Errors: not_connected, token_unreadable, storage_failed.
  [[nodiscard]] Result<bool> reseal();
  // Stores the subscription of the account of this generation, or deletes it. Errors: not_connected when another account is
  // connected by now, storage_failed.
  [[nodiscard]] Result<Done> save_webhook(std::uint64_t generation, std::optional<store::Webhook> webhook);
  // The account's bookings that start in the range, at most about a thousand. Nothing is stored. Errors: not_connected in any
  // mode but pat, token_rejected, insufficient_scope, or Calendly's failure.
  [[nodiscard]] Result<BookingsRead> bookings(InstantRange range);

  // Applies what another program (the command line, another proxy) has written to the store. Cheap when there is nothing. Returns
  // false, and leaves it for the next call, while a change of our own is under way or when the store cannot be read.
  bool apply_changes();

  // When the reading of the known event types began, by the clock that all servers share. nullopt: unknown.
  [[nodiscard]] std::optional<Instant> types_read_at() const;
  // Another server has read the account's event types, and they are the same as here.
  void note_types_read(std::uint64_t generation, Instant read_at);

  // Results of calls to Calendly for the account of this generation; older generations are ignored.
  void note_problem(std::uint64_t generation, const Error& problem);
  void note_success(std::uint64_t generation);
  // Calendly accepts only windows of 7 days from this account: stored across restarts, logged once.
  void note_short_windows(std::uint64_t generation);

  // `changed` is called after every change by an admin or a sync, on the changing thread, without the account's lock. Set before
  // use.
  void on_change(std::function<void()> changed) { changed_ = std::move(changed); }

 private:
  explicit Connection(Parts parts);
  void publish(Account account);
  // Overwrites whatever others have written meanwhile; the token is sealed with the first key.
  [[nodiscard]] Result<Done> save_and_publish(Account account);
  // Only if no other program has changed the connection since `seen_change_`. Errors: not_connected, storage_failed.
  [[nodiscard]] Result<Done> save_unless_changed(Account account, std::string sealed_token);
  // The same, with the token's bytes as stored, because another program may have sealed them with a newer key.
  [[nodiscard]] Result<Done> save_with_stored_seal(Account account);
  void log_left_out(const std::vector<std::string>& left_out, std::string_view request_id);
  void note_read(const std::optional<Instant>& read_at);  // with mutex_
  // With changes_ held.
  [[nodiscard]] Result<Done> take_up_stored();
  // Called before event types are read: fills the fields of TypesRead about the beginning of the reading.
  [[nodiscard]] Result<TypesRead> begin_types() const;
  [[nodiscard]] Account account_from(store::ConnectionRecord record);
  [[nodiscard]] AccountReader reader(calendly::Urgency urgency = calendly::Urgency::reserved) const {
    return {parts_.calendly, parts_.clock, parts_.wait, parts_.chance, urgency};
  }

  Parts parts_;
  std::function<void()> changed_;
  std::mutex changes_;  // held during a whole change, including network calls; a reading of event types releases it meanwhile
                        // and checks again before it writes
  std::int64_t seen_change_ = 0;  // the last change of the store's log that was applied here
  mutable std::mutex mutex_;
  std::shared_ptr<const Account> account_;
  std::optional<Instant> types_read_at_;
};

// Refuses texts that cannot be a token: empty, over 8 KiB, control characters or spaces. Does not change the text.
[[nodiscard]] Result<Done> check_token_text(std::string_view token);

}  // namespace slotwire::connection
