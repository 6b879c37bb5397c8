#pragma once
// Reads a visitor's booking request from JSON. Reports all missing, misspelt or mistyped fields at once. Pure.
#include <string_view>
#include <vector>

#include "proxy/booking/booking_wish.h"
#include "shared/result.h"

namespace slotwire::booking {

struct ReadWish {
  BookingWish wish;
  std::vector<ErrorDetail> problems;  // all fields that are missing, misspelt or of the wrong type
};
// {eventType, start, invitee{name,email,timezone}, answers?:[{position?,question?,answer}], guests?:[...],
// location?:{kind,location?}, tracking?:{...}}. An answer is a text, or a list of texts when several may be chosen. Errors:
// bad_input when the JSON is not an object.
[[nodiscard]] Result<ReadWish> wish_from_json(std::string_view text);

}  // namespace slotwire::booking
