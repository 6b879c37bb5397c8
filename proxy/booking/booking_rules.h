#pragma once
// Checks a booking request: reports all problems at once, by field, and builds Calendly's request when there are none. Pure.
#include <string_view>
#include <vector>

#include "proxy/booking/booking_wish.h"
#include "proxy/calendly/booking_form.h"
#include "proxy/time/zones.h"
#include "shared/result.h"
#include "shared/slot.h"
#include "shared/wire_json.h"

namespace slotwire::booking {

// 1 to 200 visible ASCII characters.
[[nodiscard]] bool is_idempotency_key(std::string_view text);

// Problems for any event type: name, addresses, zone, lengths. Fields: start, invitee.name, invitee.email, invitee.timezone,
// guests, guests.<index>, answers.<position>, location.location, tracking.<name>.
[[nodiscard]] std::vector<ErrorDetail> problems_of(const BookingWish& wish, const time::Zones& zones);

// Problems with this event type's form, now: answers that are missing or not among the options, a place that is not offered,
// guests where none are allowed, a start in the past. Fields: start, guests, answers.<position>, location.kind,
// location.location.
[[nodiscard]] std::vector<ErrorDetail> problems_with_form(const BookingWish& wish, const calendly::BookingForm& form,
                                                          Instant now);

// Only for a wish without problems.
[[nodiscard]] calendly::InviteeOrder order_from(const BookingWish& wish, const EventType& type,
                                                const calendly::BookingForm& form);

// A bad_input error whose sentence names all fields; of several problems of one field only the first is kept.
[[nodiscard]] Error error_from_problems(std::vector<ErrorDetail> problems);

// What Calendly rejected, as our own fields, each once: from its parameters ("invitee.email", "event.start_time"), its codes or,
// when it sends neither, its sentences. Empty when it named nothing that we know.
[[nodiscard]] std::vector<ErrorDetail> problems_from_refusal(const CalendlyProblem& refusal);
// Another visitor has this time: code already_filled, or a sentence that says so.
[[nodiscard]] bool is_taken(const CalendlyProblem& refusal);
// Calendly rejects the start for another reason than being taken, perhaps for how it is written.
[[nodiscard]] bool is_complaint_of_start(const CalendlyProblem& refusal);
// Calendly's title, message, parameters and codes for a log, without anything the visitor wrote.
[[nodiscard]] std::string text_for_log(const CalendlyProblem& refusal, const BookingWish& wish);

}  // namespace slotwire::booking
