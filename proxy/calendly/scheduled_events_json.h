#pragma once
// `GET /scheduled_events`: the account's bookings as values. Personal data: read for an admin, handed on, never kept.
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
  std::string location;               // a place, a number or a join link, whichever Calendly names; empty: none
  std::optional<int> invitees;        // who come
  std::optional<int> invitees_limit;  // places there are
  std::string created_at;             // as Calendly wrote it
};

struct ScheduledEventPage {
  std::vector<ScheduledEvent> events;
  std::optional<std::string> next_page_token;
};
// Any bytes are safe to pass. Errors: calendly_unavailable when there is no list or an entry has no uri or no times.
[[nodiscard]] Result<ScheduledEventPage> scheduled_events_from_calendly(std::string_view json);

}  // namespace slotwire::calendly
