#pragma once
// What is known of a day and of an event type when somebody asks why nothing is free: values, with nothing in them that names a
// guest.
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

// What was read, or why it could not be. nullopt: it was not asked for.
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
  bool is_of_type = false;   // of the event type that is asked about
  std::optional<int> taken;  // places
  std::optional<int> places;
};

// What visitors are shown of some days.
struct Shown {
  std::vector<Instant> starts;        // ascending
  std::optional<Instant> fetched_at;  // of the oldest part
  // The day that is asked about:
  std::optional<ErrorCode> is_copy_because;  // some of it is an old copy: why there is none younger
  std::optional<ErrorCode> is_failed_by;     // some of it could not be had at all
  // Nobody's copy is too old, but whoever asks why would see a younger one: why there is none.
  std::optional<ErrorCode> is_newer_missing_by;
  bool are_others_fresh = true;  // days beside the one that is asked about: whether they tell anything of it
  [[nodiscard]] bool is_fresh() const { return !is_copy_because && !is_failed_by; }
};

// The account's minute of calls, as Calendly last told it.
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
  std::string asked_type;        // as it was asked for
  bool is_type_known = false;
  bool is_listed_active = true;  // as the event types were last read
  bool is_breaker_open = false;  // Calendly has failed so often that it is left alone
  std::optional<CallBudget> budget;

  // Days of `zone`, `day` among them, that `shown`, `busy` and what is reckoned from them are about.
  DayRange around;
  Fact<Shown> shown;
  Fact<calendly::TypeSettings> type;
  Fact<std::vector<HostHours>> hours;
  bool are_hours_of_type = true;  // false: the host's usual ones, which the event type need not use
  Fact<std::vector<calendly::BusyTime>> busy;
  Fact<std::vector<Booking>> bookings;  // of the whole week and month of the day where a limit counts them
  Fact<calendly::MeetingLimits> limits;
  // Whether other days have free times: asked for when only that can tell.
  std::optional<DayRange> probed;
  Fact<Shown> probe;
};

// Of what would tell why, `shown` and `probe` aside: why the first that is missing could not be read; nullptr: none is.
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
