#pragma once
// Everything known about a day and an event type, for finding out why nothing is free. Values only; no name of a guest.
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proxy/calendly/availability_json.h"
#include "shared/answers.h"
#include "shared/calendar.h"
#include "shared/result.h"
#include "shared/zone_offsets.h"

namespace slotwire::why {

// What was read, or why it could not be read. nullopt: not requested.
template <class T>
using Fact = std::optional<Result<T>>;

template <class T>
[[nodiscard]] const T* known(const Fact<T>& fact) {
  return fact && *fact ? &**fact : nullptr;
}

// A schedule together with its zone's table.
struct HostHours {
  calendly::Schedule schedule;
  std::shared_ptr<const ZoneOffsets> zone;
};

struct Booking {
  InstantRange time;
  std::string event_uri;
  bool is_of_type = false;   // for the event type in question
  std::optional<int> taken;  // places taken
  std::optional<int> places;
};

// What visitors see of some days.
struct Shown {
  std::vector<Instant> starts;        // ascending
  std::optional<Instant> fetched_at;  // of the oldest part
  // About the day in question:
  std::optional<ErrorCode> is_copy_because;  // part of it is an old copy: why there is no newer one
  std::optional<ErrorCode> is_failed_by;     // part of it is missing: why
  // The copy is fresh enough for visitors, but a newer one was requested for this question: why there is none.
  std::optional<ErrorCode> is_newer_missing_by;
  bool are_others_fresh = true;  // about the other days: whether their times may be used as evidence
  [[nodiscard]] bool is_fresh() const { return !is_copy_because && !is_failed_by; }
};

// The account's calls per minute, as Calendly last reported them.
struct CallBudget {
  int limit = 0;
  std::chrono::seconds until_reset{};
};

struct Facts {
  Instant now;
  Day day;
  std::string timezone;
  std::shared_ptr<const ZoneOffsets> zone;  // of `timezone`

  ConnectionMode mode = ConnectionMode::none;
  std::optional<Error> problem;  // of the connection
  std::string asked_type;        // as written in the request
  bool is_type_known = false;
  bool is_listed_active = true;  // when the event types were last read
  bool is_breaker_open = false;  // Calendly has failed so often that it is not called now
  std::optional<CallBudget> budget;

  // The days of `zone`, including `day`, that `shown`, `busy` and everything derived from them cover.
  DayRange around;
  Fact<Shown> shown;
  Fact<calendly::TypeSettings> type;
  Fact<std::vector<HostHours>> hours;
  bool are_hours_of_type = true;  // false: the host's usual hours, which the event type need not use
  Fact<std::vector<calendly::BusyTime>> busy;
  Fact<std::vector<Booking>> bookings;  // of the day's whole week and month if a limit counts them
  Fact<calendly::MeetingLimits> limits;
  // Whether other days have free times; only requested when nothing else can tell.
  std::optional<DayRange> probed;
  Fact<Shown> probe;
};

// The error of the first missing fact, without `shown` and `probe`; nullptr: none is missing.
[[nodiscard]] inline const Error* unread_error(const Facts& facts) {
  const Error* found = nullptr;
  const auto look = [&](const auto& fact) {
    if (!found && fact && !*fact) found = &fact->error();
  };
  look(facts.type);
  look(facts.hours);
  look(facts.busy);
  look(facts.limits);
  look(facts.bookings);
  return found;
}

}  // namespace slotwire::why
