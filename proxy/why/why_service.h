#pragma once
// Answers why a day is empty: gathers what visitors see, what Calendly tells and what is known here, with as few calls as will
// do, and has it judged.
//
//   what visitors see, cached as ever -> nothing, and not fresh from Calendly? look once more
//   event type, its hours, busy times, meeting limits: a call each; bookings only where there are some, or limits count them
//   still unexplained? the times of other days, which are often cached
//
// A fact that cannot be had is left out and named. Nothing of it is kept.
#include <functional>
#include <optional>
#include <string>

#include "proxy/calendly/client.h"
#include "proxy/connection/connection.h"
#include "proxy/log/log.h"
#include "proxy/slots/slot_service.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"
#include "proxy/time/zones.h"
#include "proxy/why/judge.h"

namespace slotwire::why {

struct WhyQuery {
  std::string event_type;                    // uri, uuid, slug or link of one; those that are switched off too
  std::optional<std::string> date = {};      // YYYY-MM-DD; today
  std::optional<std::string> timezone = {};  // IANA; UTC
  std::string request_id = {};
};

struct WhyAnswer {
  std::string event_type_uri;  // with name and link, of what is known here; empty: nothing
  std::string event_type_name;
  std::string scheduling_url;
  Day day;
  std::string timezone;
  Instant read_at;
  bool was_copy_behind = false;  // until now visitors were shown nothing, from a copy that was younger than it may be
  Verdict verdict;
};

class WhyService {
 public:
  struct Parts {  // all borrowed; must outlive the service. The Workers must be stopped before it goes.
    connection::Connection& connection;
    slots::SlotService& slots;
    calendly::CalendlyClient& calendly;
    const time::Zones& zones;
    const time::Clock& clock;
    log::Log& log;
    time::Workers& calls;  // may wait for Calendly
  };
  explicit WhyService(Parts parts) : parts_(parts) {}

  // Calls `done` exactly once, on this thread or another, after half a minute at most.
  // Errors: bad_input naming event_type, invalid_date_range naming date or timezone. All else is a reason.
  void ask(WhyQuery query, std::function<void(Result<WhyAnswer>)> done);

 private:
  struct Asking;  // one that is under way
  using SharedAsking = std::shared_ptr<Asking>;

  void look(const SharedAsking& asking);
  void look_again(const SharedAsking& asking);
  void look_for_unknown(const SharedAsking& asking);
  void gather(const SharedAsking& asking);
  void finish(const SharedAsking& asking);
  void find(const SharedAsking& asking, DayRange days, std::optional<std::chrono::seconds> max_age, slots::SlotsDone done);

  Parts parts_;
};

}  // namespace slotwire::why
