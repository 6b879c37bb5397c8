#pragma once
// The records behind SlotService: what waits, and what is on its way. Owned and locked by the service.
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "proxy/slots/slot_service.h"

namespace slotwire::proxy {

struct SlotService::Pending {
  std::string key;
  SlotQuery query;
  std::shared_ptr<const Account> account;
  EventType type;
  DayRange days;  // UTC days that are needed
  std::map<Day, DayOutcome> outcomes;
  std::set<const Flight*> open;
  std::vector<SlotsDone> dones;
  Tick asked_at;
  bool has_left = false;  // being answered: read without the lock from here on, so no flight may touch it
};

struct SlotService::Flight {
  std::string uri;
  DayRange window;
  std::shared_ptr<const Account> account;
  Urgency urgency = Urgency::visitor;
  Tick deadline;
  std::string request_id;
  std::chrono::days asked_days{};  // of the request that started it, for the log
  int attempts = 0;
  std::optional<Error> last_error;  // of an attempt, while it is being tried again
  std::vector<std::shared_ptr<Pending>> waiters;
  std::shared_ptr<Batch> batch;
};

struct SlotService::Batch {
  std::deque<std::shared_ptr<Flight>> waiting;
  int running = 0;
};

}  // namespace slotwire::proxy
