#pragma once
// What is wrong with a wish to be booked, all of it at once and by field, and what Calendly is sent when nothing is. Pure.
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

// What is wrong whatever the event type asks: name, addresses, zone, lengths. Fields: start, invitee.name, invitee.email,
// invitee.timezone, guests, guests.<index>, answers.<position>, location.location, tracking.<name>.
[[nodiscard]] std::vector<ErrorDetail> problems_of(const BookingWish& wish, const time::Zones& zones);

// What is wrong for an event type that asks for this, now: answers that are missing or none of the options, a place that is
// not offered, guests where none may be brought, a start that has passed. Fields: start, guests, answers.<position>,
// location.kind, location.location.
[[nodiscard]] std::vector<ErrorDetail> problems_with_form(const BookingWish& wish, const calendly::BookingForm& form,
                                                          Instant now);

// For a wish without problems.
[[nodiscard]] calendly::InviteeOrder order_from(const BookingWish& wish, const EventType& type,
                                                const calendly::BookingForm& form);

// Details of a bad_input with all fields in its words; of several problems of a field the first.
[[nodiscard]] Error error_from_problems(std::vector<ErrorDetail> problems);

// What Calendly did not like, as fields of ours, once each: by its parameters ("invitee.email", "event.start_time"), its codes,
// or, when it gives neither, by its words. Empty when it named nothing that we know.
[[nodiscard]] std::vector<ErrorDetail> problems_from_refusal(const CalendlyProblem& refusal);
// Somebody else has this time: code already_filled, or the words alone.
[[nodiscard]] bool is_taken(const CalendlyProblem& refusal);
// Calendly complains of the start, and not that it is taken: perhaps of how it is written.
[[nodiscard]] bool is_complaint_of_start(const CalendlyProblem& refusal);
// Calendly's title, message, parameters and codes for a log; whatever the visitor wrote is taken out of them.
[[nodiscard]] std::string text_for_log(const CalendlyProblem& refusal, const BookingWish& wish);

}  // namespace slotwire::booking
