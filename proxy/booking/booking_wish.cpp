#include "proxy/booking/booking_wish.h"

#include "shared/json_text.h"

namespace slotwire::booking {

std::string canonical_text(const BookingWish& wish) {
  std::string out = "[";
  const auto add = [&](std::string_view text) {
    append_json_string(out, text);
    out += ',';
  };
  add(wish.event_type);
  add(wish.start ? calendly_text_from_instant(*wish.start) : "");
  for (const std::string* text : {&wish.name, &wish.email, &wish.timezone}) add(*text);
  for (const BookingWish::Answer& answer : wish.answers) {
    add(answer.position ? std::to_string(*answer.position) : "");
    add(answer.question);
    add(answer.text);
  }
  add(wish.place ? "at" : "");
  add(wish.place ? wish.place->kind : "");
  add(wish.place ? wish.place->text : "");
  for (const std::string& text : wish.tracking) add(text);
  // Guests are written as a list of their own, which cannot be confused with the fields before it.
  if (!wish.guests.empty()) {
    out += '[';
    for (const std::string& guest : wish.guests) add(guest);
    out += ']';
  }
  return out + "]";
}

}  // namespace slotwire::booking
