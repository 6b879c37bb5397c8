#pragma once
// What an event type asks a visitor who books: its questions and places. As values, read from Calendly's JSON, and written to and
// read from our own text.
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
  std::string name;  // sent back to Calendly unchanged
  QuestionKind kind = QuestionKind::text;
  int position = 0;  // Calendly's number of the question
  bool is_required = false;
  std::vector<std::string> options;  // only for selects
  bool takes_other = false;          // accepts an answer that is none of the options
  bool operator==(const BookingQuestion&) const = default;
};

enum class PlaceAsks { nothing, phone, text };
[[nodiscard]] std::string_view name_from_place_asks(PlaceAsks asks);

struct BookingPlace {
  std::string kind;                     // Calendly's: "zoom_conference", "physical", "outbound_call" ...
  std::string text;                     // an address or the host's own text; never the host's phone number
  PlaceAsks asks = PlaceAsks::nothing;  // from the visitor: a number to call, or where to meet
  bool operator==(const BookingPlace&) const = default;
};

// The most guests that Calendly accepts with a booking.
inline constexpr std::size_t kMostGuests = 10;

struct BookingForm {
  std::vector<BookingQuestion> questions;  // enabled ones, by position
  std::vector<BookingPlace> places;
  std::size_t most_guests = kMostGuests;  // guests a visitor may bring; 0 where every participant books separately. Not stored
  bool is_elsewhere = false;              // a poll or a paid event: can only be booked on Calendly's own page
  bool operator==(const BookingForm&) const = default;
};

// The form of each event type in a page of `GET /event_types`, by URI. Lenient: unknown kinds of questions are read as text. Any
// bytes are safe to pass; bytes that are no such page give an empty map.
[[nodiscard]] std::map<std::string, BookingForm> booking_forms_from_calendly(std::string_view json);

// The form as text for the store.
[[nodiscard]] std::string text_from_form(const BookingForm& form);
[[nodiscard]] std::optional<BookingForm> form_from_text(std::string_view text);

// False for text that only people who have booked may see: a link to join, a phone number.
[[nodiscard]] bool is_fit_to_show(const BookingPlace& place);

}  // namespace slotwire::calendly
