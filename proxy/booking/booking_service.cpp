#include "proxy/booking/booking_service.h"

#include <algorithm>
#include <set>
#include <utility>

#include "proxy/booking/booking_lookup.h"
#include "proxy/booking/booking_rules.h"
#include "proxy/secrets/digest.h"
#include "shared/wire_json.h"

namespace slotwire::proxy {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kScope = "scheduled_events:write";
constexpr int kBooked = 201;
constexpr int kTaken = 409;
constexpr std::chrono::days kKeysKept{7};

// One exchange and the looking up after it end within the lease, so that nobody else takes over what is still being done;
// whoever waits for another server waits for that server's lease to end, and a little more.
constexpr seconds kLease{20};
constexpr seconds kPatience{26};
constexpr milliseconds kBetweenLooksAtStore{150};
// Longer than this in the queue, and the visitor is better served by an answer.
constexpr seconds kLongestQueue{8};
constexpr std::size_t kMostUnderWay = 200;

constexpr std::array<milliseconds, 4> kBeforeLook = {milliseconds(0), milliseconds(500), milliseconds(1'500), milliseconds(2'500)};
constexpr seconds kLookingEnds{8};

constexpr std::chrono::minutes kForbiddenFor{10};
constexpr seconds kUsualLimitWait{60};
constexpr std::chrono::days kOthersWithin{14};
constexpr std::size_t kMostOthers = 6;
constexpr seconds kOthersPatience{5};
constexpr seconds kBetweenSyncs{60};

std::string identity_of(const std::string& key) { return "booking/" + key; }

// The first complaint of each field is the one that says most.
std::vector<ErrorDetail> one_for_each_field(std::vector<ErrorDetail> problems) {
  std::set<std::string> seen;
  std::erase_if(problems, [&](const ErrorDetail& problem) { return !seen.insert(problem.field).second; });
  return problems;
}

std::optional<BookingForm> form_of(const Account& account, const EventType& type) {
  const auto text = account.record.forms.find(type.uri);
  return text == account.record.forms.end() ? std::nullopt : form_from_text(text->second);
}

Error unknown_type() {
  return {ErrorCode::event_type_not_found, "There is no such event type.", {{"eventType", "is not known"}}};
}

Error not_usable(const Account& account) {
  return account.problem.value_or(Error{ErrorCode::token_unreadable, "The stored token cannot be opened."});
}

}  // namespace

struct BookingService::Attempt {
  BookingRequest request;
  std::string key;   // digests of what came
  std::string wish;
  Instant start;
  Tick begun;
  bool is_claimed = false;
  std::shared_ptr<const Account> account;
  EventType type;
  Instant sent_at;
  std::optional<Tick> looking_since;
  std::size_t looks = 0;
  std::vector<BookingDone> dones;  // under the service's lock
};

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
    // What the event type would complain of besides, so that a form is mended once. By itself it is no reason to refuse
    // yet: the key may be that of a booking made when the form was another.
    const std::shared_ptr<const Account> account = parts_.connection.account();
    if (const EventType* type = account->find_type(request.wish.event_type)) {
      const auto form = form_of(*account, *type);
      const auto more = form ? problems_with_form(request.wish, *form, parts_.clock.now()) : std::vector<ErrorDetail>();
      problems.insert(problems.end(), more.begin(), more.end());
    }
    return done({error_from_problems(one_for_each_field(std::move(problems)))});
  }
  auto attempt = std::make_shared<Attempt>();
  attempt->key = sha256_hex("booking\n" + request.key, 32);
  // With the key, which is kept nowhere, so that nobody who reads the database can try names and addresses against it.
  attempt->wish = sha256_hex(request.key + "\n" + canonical_text(request.wish), 32);
  attempt->start = *request.wish.start;
  attempt->request = std::move(request);
  attempt->begun = parts_.clock.tick();
  std::optional<Error> refusal;
  {
    const std::lock_guard lock(mutex_);
    const auto found = under_way_.find(attempt->key);
    if (found != under_way_.end()) {
      if (found->second->wish == attempt->wish) {
        found->second->dones.push_back(std::move(done));
        return;
      }
      refusal = idempotency_conflict();
    } else if (under_way_.size() >= kMostUnderWay) {
      refusal = too_many_bookings(seconds(5));
    } else {
      attempt->dones.push_back(std::move(done));
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
      // Nobody knows how far it came; the key does, and asking again goes on from there.
      answer(attempt, {booking_unknown()}, Outcome::unknown);
      throw;
    }
  });
}

void BookingService::claim(const Shared& attempt) {
  const auto waited = parts_.clock.tick() - attempt->begun;
  if (!attempt->is_claimed && waited > kLongestQueue) {
    return answer(attempt, {Error{ErrorCode::calendly_unavailable, "Calendly is slow to take bookings; nothing was sent.", {}, seconds(10)}},
                  Outcome::refused);
  }
  attempt->is_claimed = true;
  const Result<BookingClaim> claimed =
      parts_.store.claim_booking(attempt->key, attempt->wish, parts_.owner, parts_.clock.now(), kLease);
  if (!claimed) return answer(attempt, {claimed.error()}, Outcome::refused);
  switch (claimed->standing) {
    case BookingClaim::Standing::ours_to_send: return check_and_send(attempt);
    case BookingClaim::Standing::ours_to_look_up:
      attempt->sent_at = claimed->sent_at.value_or(parts_.clock.now());
      return look_up(attempt);
    case BookingClaim::Standing::under_way:
      if (waited > kPatience) return answer(attempt, {booking_unknown()}, Outcome::unknown);
      return post(attempt, &BookingService::claim, kBetweenLooksAtStore);
    case BookingClaim::Standing::done:
      if (const auto stored = stored_answer(*attempt, *claimed)) return answer(attempt, *stored, Outcome::repeated);
      // Sealed by a key that is no longer given: Calendly still knows.
      attempt->sent_at = claimed->sent_at.value_or(parts_.clock.now());
      return look_up(attempt);
    case BookingClaim::Standing::conflict: return answer(attempt, {idempotency_conflict()}, Outcome::refused);
  }
}

std::optional<BookingAnswer> BookingService::stored_answer(const Attempt& attempt, const BookingClaim& claim) const {
  const Result<SecretString> data = parts_.box.open(claim.sealed_reply, identity_of(attempt.key));
  if (!data) return std::nullopt;
  BookingAnswer stored;
  stored.data = data->reveal();
  if (claim.status != kBooked) stored.error = slot_taken();
  return stored;
}

NoBooking BookingService::no_booking(const Account& account) const {
  if (account.record.mode == ConnectionMode::public_links) return NoBooking::is_public_mode;
  const auto& missing = account.record.missing_scopes;
  if (std::find(missing.begin(), missing.end(), kScope) != missing.end()) return NoBooking::scope;
  const std::lock_guard lock(mutex_);
  const bool is_forbidden = forbidden_until_ && forbidden_until_->first == account.generation &&
                            parts_.clock.tick() < forbidden_until_->second;
  return is_forbidden ? NoBooking::account : NoBooking::none;
}

Result<std::string> BookingService::form(std::string_view event_type, bool may_book_from_here) const {
  const std::shared_ptr<const Account> account = parts_.connection.account();
  if (account->record.mode == ConnectionMode::none) {
    return Error{ErrorCode::not_connected, "No Calendly account is connected.", {}, seconds(60)};
  }
  const EventType* type = account->find_type(event_type);
  if (!type) return unknown_type();
  NoBooking reason = no_booking(*account);
  if (reason == NoBooking::is_public_mode) return data_from_form(*type, {}, reason);
  if (!account->token) return not_usable(*account);
  const std::optional<BookingForm> form = form_of(*account, *type);
  if (!form) return data_from_form(*type, {}, NoBooking::account);
  if (!may_book_from_here) reason = NoBooking::origin;
  return data_from_form(*type, *form, reason);
}

std::optional<BookingAnswer> BookingService::refusal_before_sending(Attempt& attempt) {
  const BookingWish& wish = attempt.request.wish;
  attempt.account = parts_.connection.account();
  const Account& account = *attempt.account;
  if (account.record.mode == ConnectionMode::none) {
    return BookingAnswer{Error{ErrorCode::not_connected, "No Calendly account is connected.", {}, seconds(60)}};
  }
  const EventType* type = account.find_type(wish.event_type);
  if (!type) return BookingAnswer{unknown_type()};
  attempt.type = *type;
  const std::string elsewhere = data_from_scheduling_url(booking_page_of(*type, attempt.start));
  if (no_booking(account) == NoBooking::is_public_mode) return BookingAnswer{booking_not_available(), elsewhere};
  if (!account.token) return BookingAnswer{not_usable(account)};
  const std::optional<BookingForm> form = form_of(account, *type);
  // Of a database that an older version has written: read with the next sync.
  if (!form) return BookingAnswer{booking_not_available(), elsewhere};
  if (auto problems = problems_with_form(wish, *form, parts_.clock.now()); !problems.empty()) {
    return BookingAnswer{error_from_problems(one_for_each_field(std::move(problems)))};
  }
  if (no_booking(account) != NoBooking::none) return BookingAnswer{booking_not_available(), elsewhere};
  const Result<Usage> used = usage();
  if (!used) return BookingAnswer{used.error()};
  if (used->refused_for) return BookingAnswer{booking_limit(*used->refused_for), elsewhere};
  if (used->counted.wait) return BookingAnswer{booking_limit(*used->counted.wait), elsewhere};
  // Last, so that it is only taken for what is really sent.
  if (const auto wait = parts_.take_one(attempt.request.client)) return BookingAnswer{too_many_bookings(*wait)};
  return std::nullopt;
}

void BookingService::check_and_send(const Shared& attempt) {
  std::unique_lock counting(sending_);
  std::optional<BookingAnswer> refusal = refusal_before_sending(*attempt);
  bool is_ours = false;
  if (!refusal) {
    attempt->sent_at = parts_.clock.now();
    const Result<bool> marked = parts_.store.mark_booking_sent(attempt->key, parts_.owner, attempt->sent_at);
    if (!marked) refusal = BookingAnswer{marked.error()};
    is_ours = marked && *marked;
  }
  counting.unlock();
  if (refusal) {
    release(*attempt);
    return answer(attempt, *refusal, Outcome::refused);
  }
  // Somebody else took over while we were slow: their doing is waited for.
  if (!is_ours) return post(attempt, &BookingService::claim, kBetweenLooksAtStore);
  send(attempt);
}

void BookingService::send(const Shared& attempt) {
  const Account& account = *attempt->account;
  const InviteeOrder order =
      order_from(attempt->request.wish, attempt->type, form_of(account, attempt->type).value_or(BookingForm()));
  const Called<BookedInvitee> called = parts_.calendly.create_invitee(*account.token, order, {});
  if (const auto* invitee = std::get_if<BookedInvitee>(&called)) return settle_booked(attempt, *invitee, Outcome::booked);
  const CallFailure& failure = std::get<CallFailure>(called);
  if (!failure.may_have_acted) return settle_refusal(attempt, failure);
  parts_.log.warn("booking", attempt->request.request_id, "it is not known whether it was booked (" + failure.error.detail +
                                                              "); looking it up");
  look_up(attempt);
}

void BookingService::settle_refusal(const Shared& attempt, const CallFailure& failure) {
  const std::string elsewhere = data_from_scheduling_url(booking_page_of(attempt->type, attempt->start));
  BookingAnswer told{failure.error};
  switch (failure.status) {
    case 400:
    case 422: {
      const auto& codes = failure.codes;
      if (std::find(codes.begin(), codes.end(), "already_filled") != codes.end()) return offer_others(attempt);
      told.error = Error{ErrorCode::bad_input, "Calendly did not accept the booking.", problems_from_parameters(failure.parameters)};
      // Perhaps the event type asks for something else by now.
      parts_.workers.post([this, id = attempt->request.request_id] {
        const auto account = parts_.connection.account();
        if (account->record.last_synced_at && parts_.clock.now() - *account->record.last_synced_at < kBetweenSyncs) return;
        if (auto synced = parts_.connection.sync(id); !synced) parts_.log.warn("connection", id, synced.error().detail);
      });
      break;
    }
    case 401: parts_.connection.note_problem(attempt->account->generation, failure.error); break;
    case 403: {
      const std::lock_guard lock(mutex_);
      forbidden_until_ = {attempt->account->generation, parts_.clock.tick() + kForbiddenFor};
      told = {booking_not_available(), elsewhere};
      break;
    }
    case 429: {
      const auto wait = std::max(seconds(1), failure.asked_wait ? std::chrono::ceil<seconds>(*failure.asked_wait) : kUsualLimitWait);
      const std::lock_guard lock(mutex_);
      limited_until_ = parts_.clock.tick() + wait;
      told = {booking_limit(wait), elsewhere};
      break;
    }
    default: break;  // nothing was sent, or an error that says all there is to say
  }
  parts_.log.warn("booking", attempt->request.request_id,
                  "not booked, " + std::string(name_from_code(told.error->code)) +
                      (failure.status == 0 ? ": nothing was sent" : ": Calendly answered " + std::to_string(failure.status)));
  release(*attempt);
  answer(attempt, told, Outcome::refused);
}

void BookingService::settle_booked(const Shared& attempt, const BookedInvitee& invitee, Outcome outcome) {
  const std::string data = data_from_booked(attempt->type, attempt->start, invitee);
  keep(*attempt, kBooked, data);
  const auto took = std::chrono::duration_cast<milliseconds>(parts_.clock.tick() - attempt->begun);
  parts_.log.info("booking", attempt->request.request_id,
                  (outcome == Outcome::found ? "found " : "booked ") + std::string(uuid_from_uri(attempt->type.uri)) + " at " +
                      text_from_instant(attempt->start) + " in " + std::to_string(took.count()) + " ms");
  expire_days_of(*attempt);
  answer(attempt, {std::nullopt, data}, outcome);
}

void BookingService::look_up(const Shared& attempt) {
  const Tick now = parts_.clock.tick();
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
  answer(attempt, {booking_unknown()}, Outcome::unknown);
}

void BookingService::offer_others(const Shared& attempt) {
  expire_days_of(*attempt);
  const Instant start = attempt->start;
  SlotQuery query;
  query.event_type = attempt->type.uri;
  query.range = {std::max(parts_.clock.now(), start - kOthersWithin), start + kOthersWithin};
  query.days = utc_days_touching(query.range);
  query.request_id = attempt->request.request_id;
  // Whichever comes first; the visitor does not wait for ever for times that may not come.
  const auto is_settled = std::make_shared<std::atomic<bool>>(false);
  parts_.slots.find(std::move(query), [this, attempt, is_settled, start](Result<SlotReply> found) {
    std::string json = found ? found->answer->json : std::string();
    parts_.workers.post([this, attempt, is_settled, start, json = std::move(json)] {
      if (is_settled->exchange(true)) return;
      const Result<SlotsAnswer> slots = slots_from_json(json);
      settle_taken(attempt, slots ? nearest_slots(slots->slots, start, kMostOthers) : std::vector<Slot>());
    });
  });
  parts_.workers.post_after(kOthersPatience, [this, attempt, is_settled] {
    if (!is_settled->exchange(true)) settle_taken(attempt, {});
  });
}

void BookingService::settle_taken(const Shared& attempt, const std::vector<Slot>& nearest) {
  const std::string data = data_from_nearest(attempt->type, nearest);
  keep(*attempt, kTaken, data);
  parts_.log.info("booking", attempt->request.request_id,
                  std::string(uuid_from_uri(attempt->type.uri)) + " at " +
                      text_from_instant(attempt->start) + " was taken already, " +
                      std::to_string(nearest.size()) + " others offered");
  answer(attempt, {slot_taken(), data}, Outcome::taken);
}

// What cannot be written is only logged: the visitor has been booked, or not, whatever becomes of our note of it, and a key
// that stays "sent" is looked up.
void BookingService::keep(const Attempt& attempt, int status, const std::string& data) {
  const Result<std::string> sealed = parts_.box.seal(SecretString(data), identity_of(attempt.key));
  if (!sealed) return parts_.log.error("booking", attempt.request.request_id, sealed.error().detail);
  const auto kept = parts_.store.finish_booking(attempt.key, status, *sealed, parts_.clock.now());
  if (!kept) parts_.log.error("booking", attempt.request.request_id, kept.error().detail);
}

void BookingService::release(const Attempt& attempt) {
  const auto released = parts_.store.release_booking(attempt.key, parts_.owner);
  if (!released) parts_.log.error("booking", attempt.request.request_id, released.error().detail);
}

void BookingService::expire_days_of(const Attempt& attempt) {
  const auto expired = parts_.slots.expire_days(days_changed_by({attempt.start, attempt.start + attempt.type.duration}));
  if (!expired) parts_.log.warn("booking", attempt.request.request_id, expired.error().detail);
}

void BookingService::answer(const Shared& attempt, const BookingAnswer& answer, Outcome outcome) {
  std::vector<BookingDone> dones;
  {
    const std::lock_guard lock(mutex_);
    // By now another attempt may go by this key, when this one is answered a second time.
    if (const auto found = under_way_.find(attempt->key); found != under_way_.end() && found->second == attempt) under_way_.erase(found);
    dones.swap(attempt->dones);
  }
  if (dones.empty()) return;  // answered already, and what was thrown came after
  ++outcomes_.at(static_cast<std::size_t>(outcome));
  outcomes_.at(static_cast<std::size_t>(Outcome::repeated)) += dones.size() - 1;
  for (const BookingDone& done : dones) done(answer);
}

Result<BookingService::Usage> BookingService::usage() const {
  const Instant now = parts_.clock.now();
  const Result<std::vector<Instant>> sent = parts_.store.bookings_sent_since(now - kBookingLimits.back().within);
  if (!sent) return sent.error();
  Usage usage;
  usage.counted = usage_from(*sent, now);
  const std::lock_guard lock(mutex_);
  const Tick tick = parts_.clock.tick();
  if (limited_until_ && tick < *limited_until_) usage.refused_for = std::chrono::ceil<seconds>(*limited_until_ - tick);
  return usage;
}

void BookingService::read_missing_forms() {
  const std::shared_ptr<const Account> account = parts_.connection.account();
  if (!account->token || account->record.types.empty() || !account->record.forms.empty()) return;
  if (const auto synced = parts_.connection.sync(""); !synced) parts_.log.warn("connection", "", synced.error().detail);
}

void BookingService::drop_old_keys() {
  const auto dropped = parts_.store.drop_bookings_before(parts_.clock.now() - kKeysKept);
  if (!dropped) parts_.log.warn("booking", "", dropped.error().detail);
}

}  // namespace slotwire::proxy
