#pragma once
// A form's body as Rails reads it, which is how Calendly reads every POST: "events[]=a&events[]=b" is a list, "invitee[name]=x"
// an object, "questions_and_answers[][question]=q" a list of objects. Every value is a text.
#include <string_view>

#include "tests/sim/answer.h"

namespace slotwire::sim {

// Discarded (Json::is_discarded) when a name's brackets do not fit what stands there already.
[[nodiscard]] Json json_from_form(std::string_view body);

}  // namespace slotwire::sim
