// Calendly's other answers: users, bookings, invitees, webhooks, schedules, busy times, limits, errors, deliveries. Whole or not
// at all, and no link that runs in a page.
#include <string>

#include "proxy/booking/booking_rules.h"
#include "proxy/calendly/availability_json.h"
#include "proxy/calendly/invitee_json.h"
#include "proxy/calendly/scheduled_events_json.h"
#include "proxy/calendly/webhook_json.h"
#include "shared/json_members.h"
#include "shared/wire_json.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;

bool is_link(const std::string& text) { return text.empty() || text.starts_with("https://") || text.starts_with("http://"); }

template <class T>
void hold_failure(const Result<T>& result) {
  if (!result) holds(result.error().code == ErrorCode::calendly_unavailable, "what cannot be read is Calendly's failure");
}

void hold_schedules(const std::vector<calendly::Schedule>& schedules) {
  const auto hold_spans = [](const std::vector<calendly::WallSpan>& spans) {
    for (const auto& span : spans)
      holds(span.from.count() >= 0 && span.from < span.to && span.to <= std::chrono::hours(24), "hours are within their day");
  };
  for (const auto& schedule : schedules) {
    holds(!schedule.timezone.empty(), "hours are somewhere's");
    for (const auto& spans : schedule.weekly) hold_spans(spans);
    for (const auto& [day, spans] : schedule.dates) hold_spans(spans);
  }
}

void hold_invitee(const calendly::BookedInvitee& invitee) {
  holds(!invitee.uri.empty() && !invitee.event_uri.empty(), "an invitee belongs to a booking");
  holds(is_link(invitee.cancel_url) && is_link(invitee.reschedule_url), "links lead to the web");
}

void hold_problem(std::string_view bytes) {
  const CalendlyProblem problem = problem_from_calendly(bytes);
  (void)is_range_complaint(problem);
  (void)booking::is_taken(problem);
  (void)booking::is_complaint_of_start(problem);
  for (const ErrorDetail& detail : booking::problems_from_refusal(problem)) holds(!detail.field.empty(), "a problem has a field");
  booking::BookingWish wish;
  wish.name = "Ada Lovelace";
  wish.email = "ada@example.com";
  const std::string logged = booking::text_for_log(problem, wish);
  holds(logged.find(wish.email) == logged.npos && logged.find(wish.name) == logged.npos, "no log knows who wanted to book");
}

}  // namespace

FUZZ_TARGET(calendly_lists) {
  const Json document = json_from_text(bytes);
  const std::size_t entries = list_at(document, "collection").size();

  const auto user = user_from_calendly(bytes);
  hold_failure(user);
  if (user) holds(!user->uri.empty(), "a user has a uri");

  const auto events = calendly::scheduled_events_from_calendly(bytes);
  hold_failure(events);
  if (events) {
    holds(events->events.size() == entries, "no booking is lost or made up");
    for (std::size_t i = 0; i < entries; ++i) {
      const Json& counter = member(list_at(document, "collection")[i], "invitees_counter");
      const auto& event = events->events[i];
      if (event.invitees) holds(number_at(counter, "active", -1) == *event.invitees, "as many come as Calendly says");
      if (event.invitees_limit)
        holds(number_at(counter, "limit", -1) == *event.invitees_limit, "as many places as Calendly says");
    }
  }

  const auto invitees = calendly::invitees_from_calendly(bytes);
  hold_failure(invitees);
  if (invitees) {
    holds(invitees->invitees.size() == entries, "no invitee is lost or made up");
    for (const auto& invitee : invitees->invitees) hold_invitee(invitee);
  }
  if (const auto invitee = calendly::invitee_from_calendly(bytes)) hold_invitee(*invitee);
  if (const auto url = calendly::booking_url_from_calendly(bytes)) holds(!url->empty() && is_link(*url), "links lead to the web");

  const auto webhooks = calendly::webhooks_from_calendly(bytes);
  hold_failure(webhooks);
  if (webhooks) holds(webhooks->webhooks.size() == entries, "no webhook is lost or made up");
  if (const auto uri = calendly::webhook_uri_from_calendly(bytes)) holds(!uri->empty(), "a webhook has a uri");

  const auto schedules = calendly::schedules_from_calendly(bytes);
  hold_failure(schedules);
  if (schedules) {
    holds(schedules->size() == entries, "no schedule is lost or made up");
    hold_schedules(*schedules);
  }
  const auto busy = calendly::busy_times_from_calendly(bytes);
  hold_failure(busy);
  if (busy) {
    holds(busy->size() == entries, "no busy time is lost or made up");
    for (const auto& time : *busy)
      holds(time.buffered.begin <= time.time.begin && time.buffered.end >= time.time.end, "buffers take time and give none");
  }
  const auto limits = calendly::meeting_limits_from_calendly(bytes);
  hold_failure(limits);
  if (limits)
    for (const auto& limit : {limits->daily, limits->weekly, limits->monthly})
      holds(limit.value_or(1) > 0, "a limit lets somebody meet");

  const auto delivery = calendly::delivery_from_json(bytes);
  holds(delivery.has_value() == document.is_object(), "a delivery is an object, and no other JSON is one");
  if (delivery && delivery->time) holds(delivery->time->begin <= delivery->time->end, "a booking does not end before it begins");

  hold_problem(bytes);
}
