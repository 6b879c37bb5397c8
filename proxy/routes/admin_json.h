#pragma once
// The admin answers as JSON. Never contains a token.
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

// When the event types were last read, and why a newer reading failed.
struct TypesShown {
  std::optional<Instant> read_at;
  connection::TypesUpkeep::State state;
};

// `last_delivery`: when Calendly last reported a booking. The number of recent bookings is null if the store cannot be read.
[[nodiscard]] std::string json_from_status(const connection::Account& account, const TypesShown& types,
                                           const Result<booking::BookingService::Usage>& usage,
                                           std::optional<Instant> last_delivery);
[[nodiscard]] std::string json_from_stats(const slots::SlotService::Stats& stats, const calendly::CalendlyClient::Counts& counts,
                                          const Result<booking::BookingService::Usage>& usage);
[[nodiscard]] std::string json_from_bookings(const connection::BookingsRead& bookings, DayRange days);
// Which of the active, listed event types are open to assistants; `mcp` is CALENDLY_MCP.
[[nodiscard]] std::string json_from_assistants(std::string_view mcp, const connection::Account& account,
                                               const std::vector<std::string>& open);
[[nodiscard]] std::string json_from_audit(const std::vector<store::AuditEntry>& entries);

}  // namespace slotwire::routes
