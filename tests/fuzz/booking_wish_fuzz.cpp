// A booking's body: however its JSON is written, it is one wish; every problem has a name; and what goes to Calendly says what
// was asked for.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "proxy/booking/booking_rules.h"
#include "proxy/booking/wish_json.h"
#include "proxy/calendly/invitee_json.h"
#include "shared/json_members.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;

calendly::BookingForm some_form() {
  calendly::BookingForm form;
  using calendly::QuestionKind;
  form.questions = {{"Phone?", QuestionKind::phone_number, 0, false, {}, false},
                    {"Which?", QuestionKind::multi_select, 1, true, {"a", "b"}, false},
                    {"Else?", QuestionKind::text, 2, false, {}, false}};
  form.places = {{"outbound_call", "", calendly::PlaceAsks::phone}, {"custom", "here", calendly::PlaceAsks::nothing}};
  return form;
}

void hold_order(const booking::BookingWish& wish, const calendly::BookingForm& form) {
  EventType type;
  type.uri = "https://api.calendly.com/event_types/A";
  type.duration = std::chrono::minutes(30);
  const calendly::InviteeOrder order = booking::order_from(wish, type, form);
  const Json sent = json_from_text(calendly::json_for_invitee(order));
  holds(sent.is_object(), "what Calendly is sent is JSON");
  holds(instant_at(sent, "start_time") == wish.start, "the start is the one that was asked for");
  const Json& invitee = member(sent, "invitee");
  holds(text_at(invitee, "email") == order.email && text_at(invitee, "timezone") == wish.timezone,
        "as whoever asked for it said");
  holds(list_at(sent, "event_guests").size() <= calendly::kMostGuests, "no more guests than Calendly takes");
  for (const Json& answer : list_at(sent, "questions_and_answers")) {
    const std::string question = text_at(answer, "question");
    holds(std::any_of(form.questions.begin(), form.questions.end(), [&](const auto& asked) { return asked.name == question; }),
          "what is answered was asked");
  }
  const Json& tracking = member(sent, "tracking");
  holds(tracking.is_null() || tracking.size() == calendly::kTrackingKeys.size(), "all of tracking, or none");
}

}  // namespace

FUZZ_TARGET(booking_wish) {
  static const time::Zones zones;
  const auto read = booking::wish_from_json(bytes);
  const Json document = json_from_text(bytes);
  holds(read.has_value() == document.is_object(), "a wish is an object, and no other JSON is one");
  (void)booking::is_idempotency_key(bytes);
  if (!read) return;

  // Another writing of the same JSON: sorted, without spaces, escapes undone.
  const auto again = booking::wish_from_json(document.dump());
  holds(again && booking::canonical_text(again->wish) == booking::canonical_text(read->wish),
        "the same wish however it is written");
  holds(again->problems == read->problems, "with the same problems");

  std::vector<ErrorDetail> problems = read->problems;
  for (const auto& more :
       {booking::problems_of(read->wish, zones), booking::problems_with_form(read->wish, some_form(), Instant())})
    problems.insert(problems.end(), more.begin(), more.end());
  for (const ErrorDetail& problem : problems)
    holds(!problem.field.empty() && !problem.message.empty(), "a problem has a field and words");
  if (!problems.empty()) {
    const Error error = booking::error_from_problems(problems);
    holds(error.code == ErrorCode::bad_input && !error.details.empty() && error.details.size() <= problems.size(),
          "all are told at once");
    return;
  }
  holds(read->wish.start.has_value() && !read->wish.name.empty(), "what has no problem has what it needs");
  hold_order(read->wish, some_form());
}
