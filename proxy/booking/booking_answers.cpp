#include "proxy/booking/booking_answers.h"

#include <algorithm>

#include "shared/json_text.h"

namespace slotwire::booking {
std::string_view name_from_no_booking(NoBooking reason) {
  switch (reason) {
    case NoBooking::none:
      return "";
    case NoBooking::is_public_mode:
      return "public";
    case NoBooking::origin:
      return "origin";
    case NoBooking::scope:
      return "scope";
    case NoBooking::event_type:
      return "event_type";
    case NoBooking::account:
      return "account";
  }
  return "";
}

std::string data_from_form(const EventType& type, const calendly::BookingForm& form, NoBooking reason) {
  std::string out = "{";
  append_json_field(out, "eventTypeUri", type.uri);
  append_json_field(out, "eventTypeName", type.name);
  append_json_field(out, "duration", type.duration.count());
  append_json_flag(out, "canBook", reason == NoBooking::none);
  if (reason != NoBooking::none) append_json_field(out, "reason", name_from_no_booking(reason));
  append_json_field(out, "schedulingUrl", type.scheduling_url);
  append_json_field(out, "maxGuests", static_cast<std::int64_t>(form.most_guests));
  append_json_list(out, "questions", form.questions, [&](const calendly::BookingQuestion& question) {
    out += '{';
    append_json_field(out, "name", question.name);
    append_json_field(out, "type", calendly::name_from_question_kind(question.kind));
    append_json_field(out, "position", question.position);
    append_json_flag(out, "required", question.is_required);
    append_json_list(out, "options", question.options, [&](const std::string& option) { append_json_string(out, option); });
    append_json_flag(out, "includeOther", question.takes_other);
    out += '}';
  });
  append_json_list(out, "locations", form.places, [&](const calendly::BookingPlace& place) {
    out += '{';
    append_json_field(out, "kind", place.kind);
    append_json_field(out, "text", calendly::is_fit_to_show(place) ? std::string_view(place.text) : std::string_view());
    append_json_field(out, "asks", calendly::name_from_place_asks(place.asks));
    out += '}';
  });
  return out + "}";
}

std::string data_from_booked(const EventType& type, Instant start, const calendly::BookedInvitee& invitee) {
  std::string out = "{";
  append_json_field(out, "eventTypeUri", type.uri);
  append_json_field(out, "start", text_from_instant(start));
  append_json_field(out, "end", text_from_instant(start + type.duration));
  append_json_field(out, "status", invitee.status.empty() ? "active" : invitee.status);
  append_json_field(out, "eventUri", invitee.event_uri);
  append_json_field(out, "inviteeUri", invitee.uri);
  append_json_field(out, "cancelUrl", invitee.cancel_url);
  append_json_field(out, "rescheduleUrl", invitee.reschedule_url);
  return out + "}";
}

std::string data_from_nearest(const EventType& type, const std::vector<Slot>& nearest) {
  std::string out = "{";
  append_json_list(out, "nearest", nearest, [&](const Slot& slot) {
    out += '{';
    append_json_field(out, "start", text_from_instant(slot.start));
    append_json_field(out, "end", text_from_instant(slot.start + type.duration));
    append_json_field(out, "inviteesRemaining", slot.invitees_remaining);
    append_json_field(out, "schedulingUrl", slot.scheduling_url);
    out += '}';
  });
  return out + "}";
}

std::string data_from_scheduling_url(std::string_view url) {
  std::string out = "{";
  append_json_field(out, "schedulingUrl", url);
  return out + "}";
}

std::string booking_page_of(const EventType& type, Instant start) {
  if (type.scheduling_url.find('?') != std::string::npos) return type.scheduling_url;
  const std::string day = text_from_day(utc_day_of(start));
  return type.scheduling_url + "/" + text_from_instant(start) + "?month=" + day.substr(0, 7) + "&date=" + day;
}

std::vector<Slot> nearest_slots(std::vector<Slot> slots, Instant start, std::size_t at_most) {
  std::erase_if(slots, [&](const Slot& slot) { return slot.start == start; });
  const auto distance = [&](const Slot& slot) { return slot.start < start ? start - slot.start : slot.start - start; };
  std::sort(slots.begin(), slots.end(),
            [&](const Slot& a, const Slot& b) { return std::pair(distance(a), a.start) < std::pair(distance(b), b.start); });
  if (slots.size() > at_most) slots.resize(at_most);
  return slots;
}

Error slot_taken() { return {ErrorCode::slot_taken, "This time is not free any more. Please choose another one."}; }

Error booking_not_available() {
  return {ErrorCode::booking_not_available, "Bookings are not taken here. Please book on the Calendly page."};
}

Error idempotency_conflict() {
  return {ErrorCode::idempotency_conflict,
          "This Idempotency-Key belongs to another booking. Send a new key with every booking that is not the same.",
          {{"Idempotency-Key", "was used for another booking"}}};
}

Error booking_unknown() {
  return {ErrorCode::booking_unknown,
          "Nobody can tell yet whether this was booked. Look for the confirmation mail before you book again. Asking again with "
          "the same Idempotency-Key looks for the booking and never books a second time."};
}

Error booking_limit(std::chrono::seconds wait) {
  return {ErrorCode::booking_limit,
          "Calendly takes no more bookings from other pages for this account just now. Please book on the Calendly page, or try "
          "again later.",
          {},
          wait};
}

Error too_many_bookings(std::chrono::seconds wait) {
  return {ErrorCode::too_many_requests, "Too many bookings were made from here.", {}, wait};
}

}  // namespace slotwire::booking
