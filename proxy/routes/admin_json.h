#pragma once
// What admins read, as JSON. Never a token.
#include <string>
#include <vector>

#include "proxy/calendly/client.h"
#include "proxy/connection/connection.h"
#include "proxy/slots/slot_service.h"
#include "proxy/store/store.h"

namespace slotwire::proxy {

[[nodiscard]] std::string json_from_status(const Account& account);
[[nodiscard]] std::string json_from_stats(const SlotService::Stats& stats, const CalendlyClient::Counts& counts);
[[nodiscard]] std::string json_from_bookings(const Connection::Bookings& bookings, DayRange days);
[[nodiscard]] std::string json_from_audit(const std::vector<AuditEntry>& entries);

}  // namespace slotwire::proxy
