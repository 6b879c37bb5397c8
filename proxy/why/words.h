#pragma once
// Causes in plain words: what is the matter, and what to do. Times and counts, never a name of a guest.
#include <string>

#include "proxy/why/judge.h"

namespace slotwire::why {

struct Told {
  int starts = 0;                             // that this cause takes
  int of = 0;                                 // that the day has
  std::optional<Instant> first_offered = {};  // after the day
  std::optional<Instant> last_offered = {};   // before the day
};

// A reason without its certainty.
[[nodiscard]] Reason worded(Cause cause, const Facts& facts, const Told& told);
// What visitors may be told of a certain reason; empty: nothing.
[[nodiscard]] std::string visitors_sentence(Cause cause, const Facts& facts);

}  // namespace slotwire::why
