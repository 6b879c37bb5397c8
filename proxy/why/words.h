#pragma once
// Words the causes in plain sentences: the problem, and what to do. Contains times and counts, never a guest's name.
#include <string>

#include "proxy/why/judge.h"

namespace slotwire::why {

struct Evidence {
  int starts = 0;                             // starts that this cause takes away
  int of = 0;                                 // starts of the day in total
  std::optional<Instant> first_offered = {};  // after the day
  std::optional<Instant> last_offered = {};   // before the day
};

// A reason without its certainty.
[[nodiscard]] Reason worded(Cause cause, const Facts& facts, const Evidence& evidence);
// The sentence for visitors about a certain reason; empty: none.
[[nodiscard]] std::string visitors_sentence(Cause cause, const Facts& facts);

}  // namespace slotwire::why
