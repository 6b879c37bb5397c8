#pragma once
// Answers why a day is empty: collects what visitors see, what Calendly reports and what is known here, with as few calls as
// possible, and evaluates it.
//
//   what visitors see, from the cache as usual -> no times, and from the cache? fetch once more
//   event type, its hours, busy times, meeting limits: one call each; bookings only if there are any, or if limits count them
//   still unexplained? the times of other days, which are often cached
//
// A fact that cannot be read is left out and listed. Nothing is stored.
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
  std::string event_type;                    // uri, uuid, slug or link of an event type, active or not
  std::optional<std::string> date = {};      // YYYY-MM-DD; default: today
  std::optional<std::string> timezone = {};  // IANA; default: UTC
  std::string request_id = {};
};

struct WhyAnswer {
  std::string event_type_uri;  // this and the next two are set as far as they are known; empty: unknown
  std::string event_type_name;
  std::string scheduling_url;
  Day day;
  std::string timezone;
  Instant read_at;
  bool was_copy_behind = false;  // visitors saw no times until now, from a copy that was still fresh enough for them
  Verdict verdict;
};

class WhyService {
 public:
  struct Parts {  // all borrowed; must outlive the service. Stop the Workers before destroying it.
    connection::Connection& connection;
    slots::SlotService& slots;
    calendly::CalendlyClient& calendly;
    const time::Zones& zones;
    const time::Clock& clock;
    log::Log& log;
    time::Workers& calls;  // may wait for Calendly
  };
  explicit WhyService(Parts parts) : parts_(parts) {}

  // Calls `done` exactly once, on this thread or another, after at most half a minute. Errors: bad_input naming event_type,
  // invalid_date_range naming date or timezone. Everything else is a reason.
  void ask(WhyQuery query, std::function<void(Result<WhyAnswer>)> done);

 private:
  struct Asking;  // a question under way
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
