#pragma once
// Books a slot for a visitor exactly once, even if answers are lost or a request is repeated with the same key.
//
//   book -> claim the key --conflict--> 409            under way: wait, then read the store again
//              | ours      --done--> the stored answer  sent by a server that died: look up
//           check (event type, form, account, limits) --no--> release the key, refuse
//              | is the start listed? unknown: fetch, from the client's share of calls --no--> release the key, refuse
//              |
//           mark it sent in the store -> one POST -> finish -> announce the changed days
//                                          | no answer: look it up, a few times, never send again
//
// The outcome for the key:
//
//   Calendly's answer                        our answer                  key
//   201                                      201                         kept: the same answer for seven days
//   400 already_filled                       409 slot_taken              kept: another time needs a new key
//   400 anything else                        400 bad_input               free: nothing was booked, the request can be corrected
//   401                                      503 token_rejected          free: an admin has to repair the connection
//   403                                      409 booking_not_available   free; this event type (or all, when a scope is missing)
//                                                                        is not tried for some minutes
//   404                                      404 event_type_not_found    free
//   424                                      503 calendar_error          free
//   429                                      503 booking_limit           free; no booking is tried until the limit ends
//   not sent (connection or circuit breaker) 503                         free: nothing was sent
//   timeout, cut, unreadable, 5xx, other     looked up; 201 or 504       sent: only looked up from now on
//
// "Free" is safe, since each of these answers means that nothing was booked. If the program dies before it frees a key, the key
// stays "sent" and is only looked up from then on: a booking may be missed, but never made twice.
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/booking/booking_answers.h"
#include "proxy/booking/booking_limits.h"
#include "proxy/booking/booking_wish.h"
#include "proxy/calendly/client.h"
#include "proxy/connection/connection.h"
#include "proxy/log/log.h"
#include "proxy/secrets/sealed_box.h"
#include "proxy/slots/slot_service.h"
#include "proxy/store/store.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"
#include "proxy/time/zones.h"

namespace slotwire::booking {

struct BookingRequest {
  BookingWish wish;
  std::vector<ErrorDetail> problems;  // found while reading it
  std::string key;                    // Idempotency-Key as received; empty: none
  std::string client;
  fetch::Client payer = {};  // whose share of the account's calls pays for fetching free times
  std::string request_id;
  bool is_admin = false;  // the account's own server: no limit per client
};

struct BookingAnswer {
  std::optional<Error> error;  // none: booked
  std::string data = "{}";     // JSON
};
using BookingDone = std::function<void(BookingAnswer)>;

class BookingService {
 public:
  struct Parts {  // all borrowed; must outlive the service. Stop the Workers before destroying it.
    connection::Connection& connection;
    slots::SlotService& slots;
    calendly::CalendlyClient& calendly;
    store::Store& store;
    const secrets::SealedBox& box;
    time::Workers& workers;  // its own workers, since they wait as long as Calendly hangs
    const time::Zones& zones;
    const time::Clock& clock;
    log::Log& log;
    // Takes one of the client's remaining bookings; otherwise returns the time until the next one.
    std::function<std::optional<std::chrono::seconds>(std::string_view client)> take_one;
    std::string owner;  // identifies this program among all that share the store
  };
  explicit BookingService(Parts parts);
  ~BookingService();

  // Calls `done` exactly once, on this thread or another, without a lock held.
  void book(BookingRequest request, BookingDone done);

  // The event type's form as `data`. Never blocks. Errors: not_connected, token_unreadable, event_type_not_found.
  [[nodiscard]] Result<std::string> form(std::string_view event_type, bool may_book_from_here) const;

  // The refusal of a booking from a page that may not book, with the address where it can be made. For an event type that is not
  // listed, existing or not, that is the account's own page. Never blocks. Additional errors: not_connected.
  [[nodiscard]] BookingAnswer not_here(const BookingWish& wish) const;

  // Recent bookings of all servers. Blocks for the store. Errors: storage_failed.
  struct Usage {
    BookingUsage counted;
    std::optional<std::chrono::seconds> refused_for;  // while Calendly's own refusal lasts
  };
  [[nodiscard]] Result<Usage> usage() const;

  // A database from an older version lacks the event types' forms and the host's time zone: a sync adds them. Blocks.
  void read_missing_forms();
  // Drops keys older than seven days. To be called now and then; blocks for the store.
  void drop_old_keys();

  enum class Outcome { booked, found, taken, refused, unknown, repeated };
  static constexpr std::array<std::string_view, 6> kOutcomeNames = {"booked", "found", "taken", "refused", "unknown", "repeated"};
  [[nodiscard]] std::uint64_t count_of(Outcome outcome) const { return outcomes_.at(static_cast<std::size_t>(outcome)).load(); }

 private:
  struct Attempt;
  using Shared = std::shared_ptr<Attempt>;

  // Runs one step of an attempt on a worker. The visitor is answered even if it throws.
  using Step = void (BookingService::*)(const Shared&);
  void post(const Shared& attempt, Step step, std::chrono::milliseconds wait = {});
  // Each on a worker:
  void claim(const Shared& attempt);
  void check_and_send(const Shared& attempt);
  // Checks that Calendly lists the start before anything is sent, so that a stranger cannot spend the account's bookings on
  // made-up starts.
  void look_at_start(const Shared& attempt);
  void settle_look(const Shared& attempt);
  void send(const Shared& attempt);
  void settle_refusal(const Shared& attempt, const calendly::CallFailure& failure);
  void settle_booked(const Shared& attempt, const calendly::BookedInvitee& invitee, Outcome outcome);
  void look_up(const Shared& attempt);
  void offer_others(const Shared& attempt);
  void settle_taken(const Shared& attempt, const std::vector<Slot>& nearest);

  [[nodiscard]] std::optional<BookingAnswer> refusal_before_sending(Attempt& attempt);
  [[nodiscard]] std::optional<BookingAnswer> refusal_by_account(Attempt& attempt) const;
  [[nodiscard]] std::optional<BookingAnswer> stored_answer(const Attempt& attempt, const store::BookingClaim& claim) const;
  // For an event type, including its form. Checks about the page itself come before this one.
  [[nodiscard]] NoBooking no_booking(const connection::Account& account, const EventType& type) const;
  // By the clock that all servers share. Blocks for the store.
  [[nodiscard]] Instant shared_now() const;
  void forbid(const Attempt& attempt, const calendly::CallFailure& failure);
  void keep(const Attempt& attempt, int status, const std::string& data);
  void release(const Attempt& attempt);
  void expire_days_of(const Attempt& attempt);
  void answer(const Shared& attempt, const BookingAnswer& answer, Outcome outcome);

  Parts parts_;
  std::array<std::atomic<std::uint64_t>, kOutcomeNames.size()> outcomes_{};
  // Held from counting the sent bookings until the next one is recorded: otherwise two threads could both take the last place.
  std::mutex sending_;
  mutable std::mutex mutex_;
  std::map<std::string, Shared> under_way_;  // by the key's digest
  struct Forbidden {
    std::uint64_t generation = 0;  // of the account
    time::Tick until;
  };
  std::map<std::string, Forbidden, std::less<>> forbidden_;  // by event type URI
  std::optional<time::Tick> limited_until_;
};

}  // namespace slotwire::booking
