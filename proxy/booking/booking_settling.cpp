// Applies Calendly's answer to a booking: for the visitor, for the key, and for the changed days.
#include <algorithm>

#include "proxy/booking/booking_attempt.h"
#include "proxy/booking/booking_rules.h"
#include "shared/time_between.h"
#include "shared/wire_json.h"

namespace slotwire::booking {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::chrono::minutes kForbiddenFor{10};
constexpr seconds kUsualLimitWait{60};
constexpr std::chrono::days kOthersWithin{14};
constexpr std::size_t kMostOthers = 6;
constexpr seconds kOthersPatience{5};
constexpr seconds kBetweenSyncs{60};

}  // namespace

void BookingService::settle_refusal(const Shared& attempt, const calendly::CallFailure& failure) {
  const std::string elsewhere = data_from_scheduling_url(booking_page_of(attempt->type, attempt->start));
  BookingAnswer told{failure.error};
  switch (failure.status) {
    case 400:
    case 422: {
      if (is_taken(failure.refusal)) return offer_others(attempt);
      told.error = Error{ErrorCode::bad_input, "Calendly did not accept the booking.", problems_from_refusal(failure.refusal)};
      // The event type's form may have changed since it was read.
      parts_.workers.post([this, id = attempt->request.request_id] {
        const auto account = parts_.connection.account();
        if (account->record.last_synced_at && time_between(*account->record.last_synced_at, parts_.clock.now()) < kBetweenSyncs)
          return;
        if (auto synced = parts_.connection.sync(id, calendly::Urgency::visitor); !synced)
          parts_.log.warn("connection", id, synced.error().detail);
      });
      break;
    }
    case 401:
      parts_.connection.note_problem(attempt->account->generation, failure.error);
      break;
    case 403:
      forbid(*attempt, failure);
      told = {booking_not_available(), elsewhere};
      break;
    case 429: {
      const auto wait =
          std::max(seconds(1), failure.asked_wait ? std::chrono::ceil<seconds>(*failure.asked_wait) : kUsualLimitWait);
      const std::lock_guard lock(mutex_);
      limited_until_ = parts_.clock.tick() + wait;
      told = {booking_limit(wait), elsewhere};
      break;
    }
    default:
      // Nothing was sent (our budget is used up, or the circuit breaker is open), or the error says everything. Calendly's own
      // page works without us.
      told.data = elsewhere;
      break;
  }
  parts_.log.warn("booking", attempt->request.request_id,
                  "not booked, " + std::string(name_from_code(told.error->code)) +
                      (failure.status == 0 ? ": nothing was sent"
                                           : ": Calendly answered " + std::to_string(failure.status) + ", " +
                                                 text_for_log(failure.refusal, attempt->request.wish)));
  release(*attempt);
  answer(attempt, told, Outcome::refused);
}

// Calendly refuses one event type (because of a plan or a rule of its owner), and all of them only when the token lacks a scope,
// which the refusal then names.
void BookingService::forbid(const Attempt& attempt, const calendly::CallFailure& failure) {
  const std::string type_uri = failure.error.details.empty() ? attempt.type.uri : std::string(kEveryType);
  const time::Tick now = parts_.clock.tick();
  const std::lock_guard lock(mutex_);
  std::erase_if(forbidden_, [&](const auto& entry) { return entry.second.until <= now; });
  forbidden_[type_uri] = {attempt.account->generation, now + kForbiddenFor};
}

void BookingService::settle_booked(const Shared& attempt, const calendly::BookedInvitee& invitee, Outcome outcome) {
  const std::string data = data_from_booked(attempt->type, attempt->start, invitee);
  keep(*attempt, kBooked, data);
  const auto took = std::chrono::duration_cast<milliseconds>(parts_.clock.tick() - attempt->begun);
  parts_.log.info("booking", attempt->request.request_id,
                  (outcome == Outcome::found ? "found " : "booked ") + std::string(uuid_from_uri(attempt->type.uri)) + " at " +
                      text_from_instant(attempt->start) + " in " + std::to_string(took.count()) + " ms");
  expire_days_of(*attempt);
  answer(attempt, {std::nullopt, data}, outcome);
}

void BookingService::offer_others(const Shared& attempt) {
  expire_days_of(*attempt);
  const Instant start = attempt->start;
  slots::SlotQuery query;
  query.event_type = attempt->type.uri;
  query.range = {std::max(parts_.clock.now(), start - kOthersWithin), start + kOthersWithin};
  query.days = utc_days_touching(query.range);
  query.request_id = attempt->request.request_id;
  query.client = attempt->request.payer;
  // The first result counts; the visitor does not wait without limit for other times.
  const auto is_settled = std::make_shared<std::atomic<bool>>(false);
  parts_.slots.find(std::move(query), [this, attempt, is_settled, start](Result<slots::SlotReply> found) {
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
                  std::string(uuid_from_uri(attempt->type.uri)) + " at " + text_from_instant(attempt->start) +
                      " was taken already, " + std::to_string(nearest.size()) + " others offered");
  answer(attempt, {slot_taken(), data}, Outcome::taken);
}

// A failed write is only logged: it changes nothing about the booking itself, and a key that stays "sent" is looked up.
void BookingService::keep(const Attempt& attempt, int status, const std::string& data) {
  const Result<std::string> sealed = parts_.box.seal(secrets::SecretString(data), identity_of(attempt.key));
  if (!sealed) return parts_.log.error("booking", attempt.request.request_id, sealed.error().detail);
  const auto kept = parts_.store.finish_booking(attempt.key, status, *sealed, shared_now());
  if (!kept) parts_.log.error("booking", attempt.request.request_id, kept.error().detail);
}

void BookingService::release(const Attempt& attempt) {
  const auto released = parts_.store.release_booking(attempt.key, parts_.owner);
  if (!released) parts_.log.error("booking", attempt.request.request_id, released.error().detail);
}

void BookingService::expire_days_of(const Attempt& attempt) {
  const auto expired = parts_.slots.expire_days(slots::days_changed_by({attempt.start, attempt.start + attempt.type.duration}));
  if (!expired) parts_.log.warn("booking", attempt.request.request_id, expired.error().detail);
}

}  // namespace slotwire::booking
