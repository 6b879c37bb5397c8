#pragma once
// Answers assistants: free times of the event types opened to them, and bookings through the same path as visitors' bookings.
//
//   handle -> understand (messages.h) -> answer
//             | a tool's call -> event types are fresh -> which are open (store) -> slots, bookings -> answer
//
// A closed event type is answered like one that does not exist.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "proxy/booking/booking_service.h"
#include "proxy/connection/connection.h"
#include "proxy/connection/types_upkeep.h"
#include "proxy/mcp/tools.h"
#include "proxy/slots/any_of_service.h"
#include "proxy/store/store.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"
#include "proxy/time/zones.h"

namespace slotwire::mcp {

// The client behind a message, as the transport identified it.
struct Speaker {
  bool may_book = false;
  bool is_admin = false;  // as in BookingRequest
  std::string client;
  fetch::Client payer = {};
  std::string request_id;
};

class McpService {
 public:
  struct Parts {  // all borrowed; must outlive the service. Stop the Workers before destroying it.
    connection::Connection& connection;
    connection::TypesUpkeep& types;
    store::Store& store;
    slots::AnyOfService& slots;
    booking::BookingService& bookings;
    time::Workers& workers;  // block for the store; not the workers that must react at once
    const time::Zones& zones;
    const time::Clock& clock;
    std::function<std::string()> nonce;  // a different text each time
  };
  explicit McpService(Parts parts) : parts_(std::move(parts)) {}

  // Calls `done` exactly once, on this thread or another. nullopt: the message gets no answer.
  void handle(const std::string& message, const std::optional<Head>& head, const Speaker& speaker,
              std::function<void(std::optional<Answer>)> done);

 private:
  using ToolDone = std::function<void(ToolResult)>;
  struct Open {
    std::shared_ptr<const connection::Account> account;
    std::vector<std::string> uris;
    [[nodiscard]] const EventType* find(std::string_view name) const;
    [[nodiscard]] std::vector<EventType> types() const;
  };

  void carry_out(const Asked& asked, const Speaker& speaker, const ToolDone& done);
  void find(const FindAsked& asked, const Open& open, const Speaker& speaker, const ToolDone& done);
  void book(BookAsked asked, const Open& open, const Speaker& speaker, const ToolDone& done);
  [[nodiscard]] ToolResult cancel(const CancelAsked& asked) const;

  Parts parts_;
};

}  // namespace slotwire::mcp
