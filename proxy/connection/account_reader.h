#pragma once
// Reads of an account at Calendly that somebody waits for: asked again while that helps and time is left, and read to the last
// page.
#include <functional>
#include <map>
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
