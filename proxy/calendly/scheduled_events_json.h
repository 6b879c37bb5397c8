#pragma once
// `GET /scheduled_events`: the account's bookings as values. Personal data: read for an admin, passed on, never stored.
// Facts about Calendly: its published API documents, checked 2026-11.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/calendar.h"
#include "shared/result.h"

namespace slotwire::calendly {

struct ScheduledEvent {
  std::string uri;
  std::string name;
  std::string status;  // "active" or "canceled"
  InstantRange time;
  std::string event_type_uri;
  std::string location;               // an address, a number or a link to join, whichever Calendly gives; empty: none
  std::optional<int> invitees;        // people who booked
  std::optional<int> invitees_limit;  // places in total
  std::string created_at;             // as Calendly wrote it
};

struct ScheduledEventPage {
  std::vector<ScheduledEvent> events;
  std::optional<std::string> next_page_token;
};
// Any bytes are safe to pass. Errors: calendly_unavailable when there is no list or an entry has no uri or no times.
[[nodiscard]] Result<ScheduledEventPage> scheduled_events_from_calendly(std::string_view json);

}  // namespace slotwire::calendly
