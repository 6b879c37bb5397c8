#pragma once
// Why a day is empty: facts in, reasons and a timeline out. Pure, and the same for the same facts.
//
//   what visitors see has times that day?  --yes-->  no reasons
//            |no
//   connection, token, event type, copies  ->  the day's hours and limits  ->  what takes the starts, one by one
//                                                                               |some are left, and Calendly lists none
//                                                          what it lists on other days: notice, horizon, limit of the event type
#include <optional>
#include <string>
#include <vector>

#include "proxy/why/causes.h"
#include "proxy/why/facts.h"
#include "proxy/why/timeline.h"

namespace slotwire::why {

// certain: read from Calendly or known here, and enough by itself. likely: the best explanation of what was read.
enum class Certainty { certain, likely };
[[nodiscard]] std::string_view name_from_certainty(Certainty certainty);

struct Reason {
  Cause cause = Cause::unexplained;
  Certainty certainty = Certainty::likely;
  int starts = 0;       // so many of the day's starts it takes; 0: it is not about single starts
  std::string message;  // what it is, for the account's owner
  std::string action;   // what to do about it
};

struct Unread {
  std::string what;  // "busy times"
  Error why;
};

struct Verdict {
  std::vector<Instant> free;    // what visitors are shown of the day
  std::vector<Reason> reasons;  // the first is the one to look at first. None when there are free times, else at least one
  std::vector<TimelinePiece> timeline;
  std::vector<Unread> unread;  // facts that are missing, so that nothing is concluded from them
  std::string for_visitors;  // what anybody may be told, where it is certain and says nothing of bookings or calendars; or empty
};

[[nodiscard]] Verdict judged(const Facts& facts);

// The days to know when somebody asks of `day`: six, since Calendly tells a week at once and a day of a zone touches two of UTC.
// From today on while a later day is among them, since what comes before tells of a notice, and what comes after of a horizon.
[[nodiscard]] DayRange days_around(Day day, Day today);

// Other days whose times would tell a notice from a horizon from neither. nullopt: they would not.
[[nodiscard]] std::optional<DayRange> days_to_probe(const Facts& facts);

}  // namespace slotwire::why
