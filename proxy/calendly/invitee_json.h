#pragma once
// The bodies of `POST /invitees` and `POST /scheduling_links`, their answers, and the list of a booking's invitees. Personal
// data: passed on, never stored or logged. Facts about Calendly: its published API documents, checked 2026-11.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/calendar.h"
#include "shared/result.h"
#include "shared/time_style.h"

namespace slotwire::calendly {

// A page's tracking values, by Calendly's names.
inline constexpr std::array<std::string_view, 6> kTrackingKeys = {"utm_campaign", "utm_source", "utm_medium",
                                                                  "utm_content",  "utm_term",   "salesforce_uuid"};

struct InviteeOrder {
  struct Answer {
    std::string question;
    std::string text;
    int position = 0;
  };
  struct Place {
    std::string kind;
    std::string text;  // empty: not sent
  };
  std::string event_type_uri;
  Instant start;
  TimeStyle listed_in;  // how Calendly wrote the start
  std::string name;
  std::string email;
  std::string timezone;
  std::vector<std::string> guests;  // none: not sent
  std::vector<Answer> answers;
  std::optional<Place> place;
  std::array<std::string, kTrackingKeys.size()> tracking;  // all empty: not sent
};
// Writes the start in the text in which Calendly listed it, and tracking with all its keys, as Calendly requires.
[[nodiscard]] std::string json_for_invitee(const InviteeOrder& order);

struct BookedInvitee {
  std::string uri;
  std::string event_uri;
  std::string email;
  std::string status;          // "active" or "canceled"
  std::string cancel_url;      // empty unless it is http(s), because it becomes a link in a page
  std::string reschedule_url;  // the same
  std::optional<Instant> created_at;
};
// {"resource": {...}}. Errors: calendly_unavailable when it names no invitee or no event.
[[nodiscard]] Result<BookedInvitee> invitee_from_calendly(std::string_view json);

struct InviteePage {
  std::vector<BookedInvitee> invitees;
  std::optional<std::string> next_page_token;
};
// `GET /scheduled_events/{uuid}/invitees`. Errors: calendly_unavailable.
[[nodiscard]] Result<InviteePage> invitees_from_calendly(std::string_view json);

// `POST /scheduling_links`: a link for one booking.
[[nodiscard]] std::string json_for_scheduling_link(std::string_view event_type_uri);
// Errors: calendly_unavailable when it has no https (or, for a simulator, http) booking_url.
[[nodiscard]] Result<std::string> booking_url_from_calendly(std::string_view json);

}  // namespace slotwire::calendly
