#pragma once
// Finds out from Calendly's list of events whether a booking was made whose answer was lost.
#include <optional>
#include <string>

#include "proxy/calendly/client.h"
#include "proxy/connection/connection.h"

namespace slotwire::booking {

struct LostBooking {
  std::string event_type_uri;
  Instant start;
  std::string email;
  Instant sent_at;
};

enum class Filter {
  by_email,  // Calendly returns only this visitor's bookings
  none,      // in case Calendly's filter is case-sensitive, which is undocumented
};

// The visitor's active booking of that event type and start, made after `sent_at` (with a tolerance for clock differences).
// nullopt: none, or Calendly did not answer. Makes two calls or a few more; each blocks for at most four seconds.
[[nodiscard]] std::optional<calendly::BookedInvitee> found_booking(calendly::CalendlyClient& calendly,
                                                                   const connection::Account& account, const LostBooking& lost,
                                                                   Filter filter);

}  // namespace slotwire::booking
