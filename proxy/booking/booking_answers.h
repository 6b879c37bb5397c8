#pragma once
// The answers about bookings: the `data` part as JSON, and the errors with their sentences. Pure.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/calendly/booking_form.h"
#include "proxy/calendly/invitee_json.h"
#include "shared/result.h"
#include "shared/slot.h"

namespace slotwire::booking {

// Why visitors cannot book inside a page, in the order of the checks.
enum class NoBooking { none, is_public_mode, origin, scope, event_type, account };
[[nodiscard]] std::string_view name_from_no_booking(NoBooking reason);  // "public", "origin", "scope", "event_type", "account"

[[nodiscard]] std::string data_from_form(const EventType& type, const calendly::BookingForm& form, NoBooking reason);
[[nodiscard]] std::string data_from_booked(const EventType& type, Instant start, const calendly::BookedInvitee& invitee);
// {"nearest":[{start,end,inviteesRemaining,schedulingUrl}]}
[[nodiscard]] std::string data_from_nearest(const EventType& type, const std::vector<Slot>& nearest);
[[nodiscard]] std::string data_from_scheduling_url(std::string_view url);

// The page where the visitor can book this slot: an address in the form Calendly uses for slots.
[[nodiscard]] std::string booking_page_of(const EventType& type, Instant start);

// At most `at_most` slots without `start` itself, nearest to `start` first; at equal distance the earlier one first.
[[nodiscard]] std::vector<Slot> nearest_slots(std::vector<Slot> slots, Instant start, std::size_t at_most);

[[nodiscard]] Error slot_taken();
[[nodiscard]] Error booking_not_available();
[[nodiscard]] Error idempotency_conflict();
[[nodiscard]] Error booking_unknown();
[[nodiscard]] Error booking_limit(std::chrono::seconds wait);
[[nodiscard]] Error too_many_bookings(std::chrono::seconds wait);

}  // namespace slotwire::booking
