#pragma once
// A visitor's wish out of JSON: every field that is missing, misspelt or of the wrong type is named at once. Pure.
#include <string_view>
#include <vector>

#include "proxy/booking/booking_wish.h"
#include "shared/result.h"

namespace slotwire::booking {

struct ReadWish {
  BookingWish wish;
  std::vector<ErrorDetail> problems;  // fields that are missing or of the wrong type: all of them
};
// {eventType, start, invitee{name,email,timezone}, answers?:[{position?,question?,answer}], guests?:[...],
// location?:{kind,location?}, tracking?:{...}}. An answer is a text, or for several choices a list of texts. Errors: bad_input
// when it is no object.
[[nodiscard]] Result<ReadWish> wish_from_json(std::string_view text);

}  // namespace slotwire::booking
