#pragma once
// Parses a form's body like Rails, as Calendly does for every POST: "events[]=a&events[]=b" is a list, "invitee[name]=x" an
// object, "questions_and_answers[][question]=q" a list of objects. Every value is a text.
#include <string_view>

#include "tests/sim/answer.h"

namespace slotwire::sim {

// Discarded (Json::is_discarded) if the brackets of a name contradict an earlier name.
[[nodiscard]] Json json_from_form(std::string_view body);

}  // namespace slotwire::sim
