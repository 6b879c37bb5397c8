#include "proxy/booking/booking_service.h"

#include <utility>

#include "proxy/booking/booking_attempt.h"
#include "proxy/booking/booking_lookup.h"
#include "proxy/booking/booking_rules.h"
#include "proxy/text/digest.h"

namespace slotwire::booking {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::chrono::days kKeysKept{7};

// One call and the look-up after it end within the lease, so that no other server takes over work in progress. A server that
// waits for another one waits a little longer than that server's lease.
constexpr seconds kLease{20};
constexpr seconds kLongestWait{26};
constexpr milliseconds kBetweenLooksAtStore{150};
// After this time in the queue, an error serves the visitor better than more waiting.
constexpr seconds kLongestQueue{8};
constexpr std::size_t kMostUnderWay = 200;

constexpr std::array<milliseconds, 4> kBeforeLook = {milliseconds(0), milliseconds(500), milliseconds(1'500),
                                                     milliseconds(2'500)};
constexpr seconds kLookingEnds{8};

}  // namespace

BookingService::BookingService(Parts parts) : parts_(std::move(parts)) {}
BookingService::~BookingService() = default;

void BookingService::book(BookingRequest request, BookingDone done) {
  std::vector<ErrorDetail> problems;
  if (!is_idempotency_key(request.key)) {
    problems.push_back({"Idempotency-Key", request.key.empty() ? "is missing: a new one for each booking, such as a UUID"
                                                               : "must be 1 to 200 visible ASCII characters"});
  }
  problems.insert(problems.end(), request.problems.begin(), request.problems.end());
  const std::vector<ErrorDetail> own = problems_of(request.wish, parts_.zones);
  problems.insert(problems.end(), own.begin(), own.end());
  if (!problems.empty()) {
    // Adds the problems with the event type's form, so that the visitor corrects everything at once. Alone they are no reason to
    // refuse yet: the key may belong to a booking made with an older form.
    const std::shared_ptr<const connection::Account> account = parts_.connection.account();
    if (const EventType* type = account->find_type(request.wish.event_type)) {
      const auto form = form_of(*account, *type);
      const auto more = form ? problems_with_form(request.wish, *form, parts_.clock.now()) : std::vector<ErrorDetail>();
      problems.insert(problems.end(), more.begin(), more.end());
    }
    return done({error_from_problems(std::move(problems))});
  }
  auto attempt = std::make_shared<Attempt>();
  attempt->key = text::sha256_hex("booking\n" + request.key, 32);
  // Salted with the key, which is not stored, so that a reader of the database cannot test names and addresses against it.
  attempt->wish = text::sha256_hex(request.key + "\n" + canonical_text(request.wish), 32);
  attempt->start = *request.wish.start;
  attempt->request = std::move(request);
  attempt->begun = parts_.clock.tick();
  std::optional<Error> refusal;
  {
    const std::lock_guard lock(mutex_);
    const auto found = under_way_.find(attempt->key);
    if (found != under_way_.end()) {
      if (found->second->wish == attempt->wish) {
        found->second->callbacks.push_back(std::move(done));
        return;
      }
      refusal = idempotency_conflict();
    } else if (under_way_.size() >= kMostUnderWay) {
      refusal = too_many_bookings(seconds(5));
    } else {
      attempt->callbacks.push_back(std::move(done));
      under_way_[attempt->key] = attempt;
    }
  }
  if (refusal) return done({*refusal});
  post(attempt, &BookingService::claim);
}

void BookingService::post(const Shared& attempt, Step step, milliseconds wait) {
  parts_.workers.post_after(wait, [this, attempt, step] {
    try {
      (this->*step)(attempt);
    } catch (...) {
      // It is unknown how far the attempt came, but the stored key records it, and a repeated request continues from there.
      answer(attempt, {booking_unknown()}, Outcome::unknown);
      throw;
    }
  });
}

Instant BookingService::shared_now() const {
  const Instant now = parts_.clock.now();
  const auto ahead = parts_.store.clock_ahead(now);
  return ahead ? now + *ahead : now;  // a store that fails here fails again below
}

void BookingService::claim(const Shared& attempt) {
  const auto waited = parts_.clock.tick() - attempt->begun;
  if (!attempt->is_claimed && waited > kLongestQueue) {
    return answer(
        attempt,
        {Error{ErrorCode::calendly_unavailable, "Calendly is slow to take bookings; nothing was sent.", {}, seconds(10)}},
        Outcome::refused);
  }
  attempt->is_claimed = true;
  const Result<store::BookingClaim> claimed =
      parts_.store.claim_booking(attempt->key, attempt->wish, parts_.owner, shared_now(), kLease);
  if (!claimed) return answer(attempt, {claimed.error()}, Outcome::refused);
  switch (claimed->standing) {
    case store::BookingClaim::Standing::ours_to_send:
      if (attempt->is_looked_at) return check_and_send(attempt);
      if (const auto refusal = refusal_by_account(*attempt)) {
        release(*attempt);
        return answer(attempt, *refusal, Outcome::refused);
      }
      // The check may take longer than the lease, so the key is claimed again after it.
      release(*attempt);
      return look_at_start(attempt);
    case store::BookingClaim::Standing::ours_to_look_up:
      attempt->sent_at = claimed->sent_at.value_or(shared_now());
      return look_up(attempt);
    case store::BookingClaim::Standing::under_way:
      if (waited > kLongestWait) return answer(attempt, {booking_unknown()}, Outcome::unknown);
      return post(attempt, &BookingService::claim, kBetweenLooksAtStore);
    case store::BookingClaim::Standing::done:
      if (const auto stored = stored_answer(*attempt, *claimed)) return answer(attempt, *stored, Outcome::repeated);
      // The stored answer is sealed with a key that is no longer configured, but Calendly still has the booking.
      attempt->sent_at = claimed->sent_at.value_or(shared_now());
      return look_up(attempt);
    case store::BookingClaim::Standing::conflict:
      return answer(attempt, {idempotency_conflict()}, Outcome::refused);
  }
}

std::optional<BookingAnswer> BookingService::stored_answer(const Attempt& attempt, const store::BookingClaim& claim) const {
  const Result<secrets::SecretString> data = parts_.box.open(claim.sealed_reply, identity_of(attempt.key));
  if (!data) return std::nullopt;
  BookingAnswer stored;
  stored.data = data->reveal();
  if (claim.status != kBooked) stored.error = slot_taken();
  return stored;
}

void BookingService::check_and_send(const Shared& attempt) {
  std::unique_lock counting(sending_);
  std::optional<BookingAnswer> refusal = refusal_before_sending(*attempt);
  bool is_ours = false;
  if (!refusal) {
    attempt->sent_at = shared_now();
    const Result<bool> marked = parts_.store.mark_booking_sent(attempt->key, parts_.owner, attempt->sent_at);
    if (!marked) refusal = BookingAnswer{marked.error()};
    is_ours = marked && *marked;
  }
  counting.unlock();
  if (refusal) {
    release(*attempt);
    return answer(attempt, *refusal, Outcome::refused);
  }
  // Another server took over because we were slow: wait for its result.
  if (!is_ours) return post(attempt, &BookingService::claim, kBetweenLooksAtStore);
  send(attempt);
}

void BookingService::send(const Shared& attempt) {
  const connection::Account& account = *attempt->account;
  calendly::InviteeOrder order =
      order_from(attempt->request.wish, attempt->type, form_of(account, attempt->type).value_or(calendly::BookingForm()));
  order.listed_in = parts_.slots.listed_in(attempt->type.uri, attempt->start);
  const calendly::CallTerms terms{calendly::Urgency::reserved};
  calendly::Called<calendly::BookedInvitee> called = parts_.calendly.create_invitee(*account.token, order, terms);
  // A start that was taken meanwhile is no longer listed, so we may not know how Calendly writes it. Sent again in the other
  // usual style, Calendly reports the real problem. After a 400 a repeat cannot book twice.
  if (const auto* refused = std::get_if<calendly::CallFailure>(&called);
      refused && refused->status == 400 && is_complaint_of_start(refused->refusal)) {
    order.listed_in = order.listed_in == TimeStyle{} ? TimeStyle{.decimals = 0} : TimeStyle{};
    called = parts_.calendly.create_invitee(*account.token, order, terms);
  }
  if (const auto* invitee = std::get_if<calendly::BookedInvitee>(&called))
    return settle_booked(attempt, *invitee, Outcome::booked);
  const calendly::CallFailure& failure = std::get<calendly::CallFailure>(called);
  if (!failure.may_have_acted) return settle_refusal(attempt, failure);
  parts_.log.warn("booking", attempt->request.request_id,
                  "it is not known whether it was booked (" + failure.error.detail + "); looking it up");
  look_up(attempt);
}

void BookingService::look_up(const Shared& attempt) {
  const time::Tick now = parts_.clock.tick();
  if (!attempt->looking_since) {
    attempt->looking_since = now;
    attempt->account = parts_.connection.account();
    if (const EventType* type = attempt->account->find_type(attempt->request.wish.event_type)) attempt->type = *type;
  }
  if (attempt->account->token && !attempt->type.uri.empty()) {
    const LostBooking lost{attempt->type.uri, attempt->start, attempt->request.wish.email, attempt->sent_at};
    const Filter filter = attempt->looks + 1 < kBeforeLook.size() ? Filter::by_email : Filter::none;
    if (const auto invitee = found_booking(parts_.calendly, *attempt->account, lost, filter)) {
      return settle_booked(attempt, *invitee, Outcome::found);
    }
    ++attempt->looks;
    if (attempt->looks < kBeforeLook.size() && parts_.clock.tick() - *attempt->looking_since < kLookingEnds) {
      return post(attempt, &BookingService::look_up, kBeforeLook.at(attempt->looks));
    }
  }
  parts_.log.error("booking", attempt->request.request_id,
                   "it stays unknown whether " + std::string(uuid_from_uri(attempt->type.uri)) + " at " +
                       text_from_instant(attempt->start) + " was booked");
  const auto left = parts_.store.leave_booking(attempt->key, parts_.owner);
  if (!left) parts_.log.warn("booking", attempt->request.request_id, left.error().detail);
  answer(attempt, {booking_unknown()}, Outcome::unknown);
}

void BookingService::answer(const Shared& attempt, const BookingAnswer& answer, Outcome outcome) {
  std::vector<BookingDone> callbacks;
  {
    const std::lock_guard lock(mutex_);
    // If this attempt is answered a second time, another attempt may already use the key.
    if (const auto found = under_way_.find(attempt->key); found != under_way_.end() && found->second == attempt)
      under_way_.erase(found);
    callbacks.swap(attempt->callbacks);
  }
  if (callbacks.empty()) return;  // answered already; the exception came later
  ++outcomes_.at(static_cast<std::size_t>(outcome));
  outcomes_.at(static_cast<std::size_t>(Outcome::repeated)) += callbacks.size() - 1;
  for (const BookingDone& done : callbacks) done(answer);
}

void BookingService::read_missing_forms() {
  const std::shared_ptr<const connection::Account> account = parts_.connection.account();
  if (!account->token || account->record.types.empty() || !(account->record.forms.empty() || account->record.timezone.empty()))
    return;
  if (const auto synced = parts_.connection.sync(""); !synced) parts_.log.warn("connection", "", synced.error().detail);
}

void BookingService::drop_old_keys() {
  const auto dropped = parts_.store.drop_bookings_before(shared_now() - kKeysKept);
  if (!dropped) parts_.log.warn("booking", "", dropped.error().detail);
}

}  // namespace slotwire::booking
