#pragma once
// What visitors are told of bookings, as the `data` of an answer, and in words. Pure.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/calendly/booking_form.h"
#include "proxy/calendly/invitee_json.h"
#include "shared/result.h"
#include "shared/slot.h"

namespace slotwire::booking {

// Why a page's visitors cannot book inside it, in the order they are looked at.
enum class NoBooking { none, is_public_mode, origin, scope, event_type, account };
[[nodiscard]] std::string_view name_from_no_booking(NoBooking reason);  // "public", "origin", "scope", "event_type", "account"

[[nodiscard]] std::string data_from_form(const EventType& type, const calendly::BookingForm& form, NoBooking reason);
[[nodiscard]] std::string data_from_booked(const EventType& type, Instant start, const calendly::BookedInvitee& invitee);
// {"nearest":[{start,end,inviteesRemaining,schedulingUrl}]}
[[nodiscard]] std::string data_from_nearest(const EventType& type, const std::vector<Slot>& nearest);
[[nodiscard]] std::string data_from_scheduling_url(std::string_view url);

// Where the visitor can book this very slot: Calendly's own form of a slot's address.
[[nodiscard]] std::string booking_page_of(const EventType& type, Instant start);

// At most `at_most` of the slots, nearest to `start` first (of two at the same distance the earlier), without `start` itself.
[[nodiscard]] std::vector<Slot> nearest_slots(std::vector<Slot> slots, Instant start, std::size_t at_most);

[[nodiscard]] Error slot_taken();
[[nodiscard]] Error booking_not_available();
[[nodiscard]] Error idempotency_conflict();
[[nodiscard]] Error booking_unknown();
[[nodiscard]] Error booking_limit(std::chrono::seconds wait);
[[nodiscard]] Error too_many_bookings(std::chrono::seconds wait);

}  // namespace slotwire::booking
