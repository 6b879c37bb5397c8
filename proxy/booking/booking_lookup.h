#pragma once
// Finds out from Calendly's own list what became of a booking whose answer was lost.
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
  by_email,  // Calendly leaves out all others' bookings
  none,      // nobody documents whether the letters' case counts in that filter
};

// The visitor's own invitee of that very event type and start, active, and made since it was sent (give or take what two
// clocks may differ). nullopt: not there, or Calendly did not say. Two calls or a few; blocks for each at most four seconds.
[[nodiscard]] std::optional<calendly::BookedInvitee> found_booking(calendly::CalendlyClient& calendly,
                                                                   const connection::Account& account, const LostBooking& lost,
                                                                   Filter filter);

}  // namespace slotwire::booking
