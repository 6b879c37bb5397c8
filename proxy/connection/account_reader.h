#pragma once
// Reads of an account at Calendly for which somebody waits on a thread: asked again while fetch::PagedRead says so, and read to
// the last page.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/calendly/call_failure.h"
#include "proxy/calendly/client.h"
#include "proxy/time/clock.h"

namespace slotwire::connection {

struct TypesRead {
  std::vector<EventType> types;
  std::vector<std::string> left_out;         // as EventTypePage has them
  std::map<std::string, std::string> forms;  // by event type URI, as text
  Instant began_at{};                        // by the clock that all servers share
  std::int64_t seen_change = 0;              // the newest in the log by then
  std::string timezone;                      // the user's own, where that was read too

  // Adds a page. The token of the one after it; nullopt: it was the last.
  [[nodiscard]] std::optional<std::string> add(calendly::EventTypesAndForms page);
};

struct BookingsRead {
  std::vector<calendly::ScheduledEvent> events;
  bool is_complete = true;
};

// Every call blocks. Errors: why Calendly did not answer.
struct AccountReader {  // all borrowed
  calendly::CalendlyClient& calendly;
  const time::Clock& clock;
  const std::function<void(std::chrono::milliseconds)>& wait;
  const calendly::Chance& chance;
  calendly::Urgency urgency = calendly::Urgency::reserved;  // who has it read

  [[nodiscard]] Result<CalendlyUser> user(const secrets::SecretString& token) const;
  [[nodiscard]] Result<TypesRead> event_types(const secrets::SecretString& token, std::string_view user_uri) const;
  // Those that start in the range, at most about a thousand.
  [[nodiscard]] Result<BookingsRead> bookings(const secrets::SecretString& token, const std::string& user_uri,
                                              InstantRange range) const;
};

}  // namespace slotwire::connection
