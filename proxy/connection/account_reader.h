#pragma once
// Reads of an account at Calendly, on a thread that waits for them: retried as fetch::PagedRead decides, and read to the last
// page.
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
  std::vector<std::string> left_out;         // as in EventTypePage
  std::map<std::string, std::string> forms;  // by event type URI, as text
  Instant began_at{};                        // by the clock that all servers share
  std::int64_t seen_change = 0;              // the newest change in the log at that time
  std::string timezone;                      // the user's own, if it was read too

  // Adds a page. Returns the token of the next page; nullopt: this was the last.
  [[nodiscard]] std::optional<std::string> add(calendly::EventTypesAndForms page);
};

struct BookingsRead {
  std::vector<calendly::ScheduledEvent> events;
  bool is_complete = true;
};

// Every call blocks. Errors: Calendly's failure.
struct AccountReader {  // all borrowed
  calendly::CalendlyClient& calendly;
  const time::Clock& clock;
  const std::function<void(std::chrono::milliseconds)>& wait;
  const calendly::Chance& chance;
  calendly::Urgency urgency = calendly::Urgency::reserved;  // on whose behalf it reads

  [[nodiscard]] Result<CalendlyUser> user(const secrets::SecretString& token) const;
  [[nodiscard]] Result<TypesRead> event_types(const secrets::SecretString& token, std::string_view user_uri) const;
  // Bookings that start in the range, at most about a thousand.
  [[nodiscard]] Result<BookingsRead> bookings(const secrets::SecretString& token, const std::string& user_uri,
                                              InstantRange range) const;
};

}  // namespace slotwire::connection
