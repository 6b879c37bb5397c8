#pragma once
// What an event type asks of somebody who books it: its questions and its places. Values, and how they come from Calendly's
// JSON and go to and from our own text.
// Facts about Calendly: its published API documents, checked 2026-11.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/result.h"

namespace slotwire::calendly {

enum class QuestionKind { string, text, phone_number, single_select, multi_select };
[[nodiscard]] std::string_view name_from_question_kind(QuestionKind kind);

struct BookingQuestion {
  std::string name;  // goes back to Calendly letter for letter
  QuestionKind kind = QuestionKind::text;
  int position = 0;  // Calendly's number for it
  bool is_required = false;
  std::vector<std::string> options;  // only of the selects
  bool takes_other = false;          // an answer that is none of the options is fine
  bool operator==(const BookingQuestion&) const = default;
};

enum class PlaceAsks { nothing, phone, text };
[[nodiscard]] std::string_view name_from_place_asks(PlaceAsks asks);

struct BookingPlace {
  std::string kind;                     // Calendly's: "zoom_conference", "physical", "outbound_call" ...
  std::string text;                     // an address or the host's own words; never the host's phone number
  PlaceAsks asks = PlaceAsks::nothing;  // of the visitor: a number to be called at, or where to meet
  bool operator==(const BookingPlace&) const = default;
};

// Calendly takes no more addresses with a booking.
inline constexpr std::size_t kMostGuests = 10;

struct BookingForm {
  std::vector<BookingQuestion> questions;  // enabled ones, by position
  std::vector<BookingPlace> places;
  std::size_t most_guests =
      kMostGuests;            // that a visitor may bring along; none where everybody books a place of their own. Not kept
  bool is_elsewhere = false;  // a poll, or paid for: only Calendly's own page can book it
  bool operator==(const BookingForm&) const = default;
};

// Of each event type in a page of `GET /event_types`, by URI. Lenient: kinds of questions that came later are read as text.
// Any bytes are safe to pass; what is no page gives nothing.
[[nodiscard]] std::map<std::string, BookingForm> booking_forms_from_calendly(std::string_view json);

// How a form is kept in the store.
[[nodiscard]] std::string text_from_form(const BookingForm& form);
[[nodiscard]] std::optional<BookingForm> form_from_text(std::string_view text);

// False for words that belong to whoever has booked, and to nobody else: a link to join by, a phone number.
[[nodiscard]] bool is_fit_to_show(const BookingPlace& place);

}  // namespace slotwire::calendly
