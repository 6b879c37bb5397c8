// The check of free times before a booking is sent. A time that was shown to the visitor is cached, so it costs no call.
#include <algorithm>

#include "proxy/booking/booking_attempt.h"
#include "shared/wire_json.h"

namespace slotwire::booking {
namespace {

// The same age as in a page's own check before it books: a start that is not listed may have been listed since.
constexpr std::chrono::seconds kLookAgain{30};
constexpr std::chrono::days kNearby{1};
constexpr std::size_t kMostOthers = 6;
// Our lists contain no earlier starts.
constexpr std::chrono::minutes kSoon{2};

bool lists(const SlotsAnswer& answer, Instant start) {
  return std::any_of(answer.slots.begin(), answer.slots.end(), [&](const Slot& slot) { return slot.start == start; });
}

bool is_own_share_spent(const SlotsAnswer& answer) {
  return std::any_of(answer.windows.begin(), answer.windows.end(),
                     [](const AnsweredWindow& window) { return window.error == ErrorCode::too_many_requests; });
}

Error share_spent() {
  return {ErrorCode::too_many_requests, "Too much was asked of Calendly from here.", {}, std::chrono::seconds(30)};
}

}  // namespace

void BookingService::look_at_start(const Shared& attempt) {
  if (attempt->start < parts_.clock.now() + kSoon) {
    attempt->is_looked_at = true;
    return post(attempt, &BookingService::claim);
  }
  slots::SlotQuery query;
  query.event_type = attempt->type.uri;
  const Day day = utc_day_of(attempt->start);
  query.range = {std::max(parts_.clock.now(), Instant(day)), Instant(day + kNearby)};
  query.days = {day, day + kNearby};
  query.request_id = attempt->request.request_id;
  query.max_age = attempt->look_age;
  if (!attempt->request.is_admin) query.client = attempt->request.payer;
  parts_.slots.find(std::move(query), [this, attempt](Result<slots::SlotReply> found) {
    attempt->look = std::move(found);
    post(attempt, &BookingService::settle_look);
  });
}

void BookingService::settle_look(const Shared& attempt) {
  const Result<slots::SlotReply>& found = *attempt->look;
  const std::string elsewhere = data_from_scheduling_url(booking_page_of(attempt->type, attempt->start));
  const Result<SlotsAnswer> answered = found ? slots_from_json(found->answer->json) : Result<SlotsAnswer>(found.error());
  if (!answered && answered.error().code == ErrorCode::too_many_requests) {
    return answer(attempt, {answered.error(), elsewhere}, Outcome::refused);
  }
  if (answered && !lists(*answered, attempt->start)) {
    if (is_own_share_spent(*answered)) return answer(attempt, {share_spent(), elsewhere}, Outcome::refused);
    const bool is_known = answered->complete && !answered->stale;
    if (is_known && !attempt->look_age) {
      attempt->look_age = kLookAgain;
      return look_at_start(attempt);
    }
    if (is_known) {
      parts_.log.info("booking", attempt->request.request_id,
                      std::string(uuid_from_uri(attempt->type.uri)) + " at " + text_from_instant(attempt->start) +
                          " is not among its free times; nothing was sent");
      return answer(attempt,
                    {slot_taken(), data_from_nearest(attempt->type, nearest_slots(answered->slots, attempt->start, kMostOthers))},
                    Outcome::taken);
    }
  }
  // The start is listed, or that cannot be found out and Calendly will decide.
  attempt->is_looked_at = true;
  claim(attempt);
}

}  // namespace slotwire::booking
