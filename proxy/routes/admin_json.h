#pragma once
// What admins read, as JSON. Never a token.
#include <optional>
#include <string>
#include <vector>

#include "proxy/booking/booking_service.h"
#include "proxy/calendly/client.h"
#include "proxy/connection/connection.h"
#include "proxy/connection/types_upkeep.h"
#include "proxy/slots/slot_service.h"
#include "proxy/store/store.h"

namespace slotwire::routes {

// How old event types are, and why no younger ones could be read.
struct TypesShown {
  std::optional<Instant> read_at;
  connection::TypesUpkeep::State state;
};

// `last_delivery`: when Calendly last told of a booking. How many bookings were sent of late is null where the store does not
// say.
[[nodiscard]] std::string json_from_status(const connection::Account& account, const TypesShown& types,
                                           const Result<booking::BookingService::Usage>& usage,
                                           std::optional<Instant> last_delivery);
[[nodiscard]] std::string json_from_stats(const slots::SlotService::Stats& stats, const calendly::CalendlyClient::Counts& counts,
                                          const Result<booking::BookingService::Usage>& usage);
[[nodiscard]] std::string json_from_bookings(const connection::BookingsRead& bookings, DayRange days);
// Of the active, listed event types which are open to assistants; `mcp` is CALENDLY_MCP.
[[nodiscard]] std::string json_from_assistants(std::string_view mcp, const connection::Account& account,
                                               const std::vector<std::string>& open);
[[nodiscard]] std::string json_from_audit(const std::vector<store::AuditEntry>& entries);

}  // namespace slotwire::routes
