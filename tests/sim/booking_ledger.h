#pragma once
// What has been booked, which single-use links and webhook subscriptions exist. The owner locks.
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "shared/calendar.h"
#include "tests/sim/account.h"

namespace slotwire::sim {

struct Invitee {
  std::string uuid;
  std::string name;
  std::string email;
  std::string timezone;
  bool canceled = false;
  Json answers = Json::array();
  Json tracking = nullptr;
  Instant created_at = {};
};

struct ScheduledEvent {
  std::string uuid;
  std::string event_type_uuid;
  std::string name;
  InstantRange time;
  bool canceled = false;
  std::string cancel_reason;
  Instant created_at;
  std::vector<Invitee> invitees;
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
};

class BookingLedger {
 public:
  // Adds an invitee to the event of that type and time, or a new event. The caller has checked that there is room.
  const ScheduledEvent& book(const EventTypeRecord& type, Instant start, Invitee invitee, Instant now);
  // Takes a start away without a booking that anyone could list, as if the host's calendar had filled.
  void block(std::string_view event_type_uuid, Instant start);

  [[nodiscard]] bool is_blocked(std::string_view event_type_uuid, Instant start) const;
  // True when the host is busy with another booking: a group event of the same type and start does not count.
  [[nodiscard]] bool host_is_busy(std::string_view event_type_uuid, InstantRange time) const;
  [[nodiscard]] int invitees_at(std::string_view event_type_uuid, Instant start) const;
  [[nodiscard]] ScheduledEvent* find_event(std::string_view uuid);
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
[[nodiscard]] Json json_from_event(const ScheduledEvent& event, const Account& account);
[[nodiscard]] Json json_from_invitee(const ScheduledEvent& event, const Invitee& invitee, const std::string& page_base);

}  // namespace slotwire::sim
