#pragma once
// All bookings, single-use links and webhook subscriptions. The owner locks.
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "shared/calendar.h"
#include "tests/sim/account.h"

namespace slotwire::sim {

struct Cancellation {
  std::string by;
  Json reason = nullptr;
  std::string canceler_type;  // "host" or "invitee"
  Instant at;
};

struct NoShow {
  std::string uuid;
  Instant at;
};

struct Invitee {
  std::string uuid;
  std::string name;
  std::string email;
  std::string timezone;
  Json answers = Json::array();
  Json tracking = nullptr;
  Json first_name = nullptr;  // with last_name: set only if the request gave them separately
  Json last_name = nullptr;
  Json text_reminder_number = nullptr;
  std::optional<Cancellation> cancellation = {};
  std::optional<NoShow> no_show = {};
  Instant created_at = {};

  [[nodiscard]] bool is_canceled() const { return cancellation.has_value(); }
};

struct ScheduledEvent {
  std::string uuid;
  std::string event_type_uuid;
  std::string name;
  InstantRange time;
  int seats = 1;
  Json location = nullptr;
  std::vector<std::string> guests;
  std::optional<Cancellation> cancellation;
  Instant created_at;
  std::vector<Invitee> invitees;

  [[nodiscard]] bool is_canceled() const { return cancellation.has_value(); }
};

// Other parts of a booking besides the invitee.
struct Surroundings {
  Json location = nullptr;  // as events show it
  std::vector<std::string> guests = {};
};

struct SingleUseLink {
  std::string event_type_uuid;
  bool used = false;
};

struct WebhookSubscription {
  std::string uuid;
  std::string url;
  std::vector<std::string> events;
  std::string scope;
  std::string signing_key;
  std::string creator_uri = {};
  Instant created_at = {};
};

class BookingLedger {
 public:
  // Adds an invitee to the event of that type and time, or a new event. The caller has checked that there is room.
  const ScheduledEvent& book(const EventTypeRecord& type, Instant start, Invitee invitee, const Surroundings& around,
                             Instant now);
  // Makes a start unavailable without a booking, as if the host's calendar had filled.
  void block(std::string_view event_type_uuid, Instant start);

  [[nodiscard]] bool is_blocked(std::string_view event_type_uuid, Instant start) const;
  [[nodiscard]] int invitees_at(std::string_view event_type_uuid, Instant start) const;
  [[nodiscard]] ScheduledEvent* find_event(std::string_view uuid);
  struct Found {
    ScheduledEvent* event = nullptr;  // null: not found
    Invitee* invitee = nullptr;
  };
  [[nodiscard]] Found find_invitee(std::string_view uuid);
  [[nodiscard]] Found find_no_show(std::string_view uuid);
  [[nodiscard]] const std::deque<ScheduledEvent>& events() const { return events_; }

  [[nodiscard]] std::string add_link(std::string_view event_type_uuid);
  [[nodiscard]] SingleUseLink* find_link(std::string_view id);

  [[nodiscard]] std::string next_uuid(std::string_view kind);

  std::vector<WebhookSubscription> webhooks;
  std::vector<Instant> api_bookings;  // for the limits of POST /invitees

 private:
  std::deque<ScheduledEvent> events_;
  std::set<std::pair<std::string, Instant>> blocked_;
  std::map<std::string, SingleUseLink, std::less<>> links_;
  int last_number_ = 0;
};

[[nodiscard]] std::string uri_of(const ScheduledEvent& event);
[[nodiscard]] std::string uri_of(const ScheduledEvent& event, const Invitee& invitee);
// Webhooks show events without buffers.
enum class EventView { api, webhook };
[[nodiscard]] Json json_from_event(const ScheduledEvent& event, const Account& account, EventView view = EventView::api);
[[nodiscard]] Json json_from_cancellation(const Cancellation& cancellation);
[[nodiscard]] Json json_from_invitee(const ScheduledEvent& event, const Invitee& invitee, const std::string& page_base);

}  // namespace slotwire::sim
