#pragma once
// Finds out why a day is empty: takes facts, returns reasons and a timeline. Pure: the same facts give the same result.
//
//   do visitors see times that day?  --yes-->  no reasons
//            |no
//   connection, token, event type, copies  ->  the day's hours and limits  ->  what takes away the starts, one by one
//                                                                               |some are left, but Calendly lists none
//                                               what it lists on other days suggests: notice, horizon, limit of the event type
#include <optional>
#include <string>
#include <vector>

#include "proxy/why/causes.h"
#include "proxy/why/facts.h"
#include "proxy/why/timeline.h"

namespace slotwire::why {

// certain: read from Calendly or known here, and sufficient by itself. likely: the best explanation of what was read.
enum class Certainty { certain, likely };
[[nodiscard]] std::string_view name_from_certainty(Certainty certainty);

struct Reason {
  Cause cause = Cause::unexplained;
  Certainty certainty = Certainty::likely;
  int starts = 0;       // how many of the day's starts it takes; 0: it is not about single starts
  std::string message;  // explains it to the account's owner
  std::string action;   // what to do about it
};

struct Unread {
  std::string what;  // "busy times"
  Error why;
};

struct Verdict {
  std::vector<Instant> free;    // what visitors see of the day
  std::vector<Reason> reasons;  // the most important first. None when there are free times, otherwise at least one
  std::vector<TimelinePiece> timeline;
  std::vector<Unread> unread;  // facts that are missing, so nothing was concluded from them
  std::string for_visitors;    // a sentence for everyone if it is certain and reveals no bookings or calendars; or empty
};

[[nodiscard]] Verdict judged(const Facts& facts);

// The days to read for a question about `day`: six, since Calendly returns a week at once, and a day of a zone touches two UTC
// days. They begin today if `day` is near: earlier days without times suggest a minimum notice, later ones a booking horizon.
[[nodiscard]] DayRange days_around(Day day, Day today);

// Other days whose times would show whether a notice or a horizon is the cause. nullopt: they would not help.
[[nodiscard]] std::optional<DayRange> days_to_probe(const Facts& facts);

}  // namespace slotwire::why
