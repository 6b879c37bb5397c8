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

namespace slotwire::proxy {

struct TypesRead {
  std::vector<EventType> types;
  std::map<std::string, std::string> forms;  // by event type URI, as text
};

struct BookingsRead {
  std::vector<ScheduledEvent> events;
  bool is_complete = true;
};

// Every call blocks. Errors: why Calendly did not answer.
struct AccountReader {  // all borrowed
  CalendlyClient& calendly;
  const Clock& clock;
  const std::function<void(std::chrono::milliseconds)>& wait;
  const Chance& chance;
  Urgency urgency = Urgency::reserved;  // who has it read

  [[nodiscard]] Result<CalendlyUser> user(const SecretString& token) const;
  [[nodiscard]] Result<TypesRead> event_types(const SecretString& token, std::string_view user_uri) const;
  // Those that start in the range, at most about a thousand.
  [[nodiscard]] Result<BookingsRead> bookings(const SecretString& token, const std::string& user_uri, InstantRange range) const;
};

}  // namespace slotwire::proxy
