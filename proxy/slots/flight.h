#pragma once
// The records behind SlotService: what waits, and what is waited for. Owned and locked by the service.
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
  std::set<const Waited*> open;
  std::vector<SlotsDone> dones;
  Tick asked_at;
  bool has_left = false;  // being answered: read without the lock from here on, so nothing may touch it
};

struct SlotService::Waited {
  std::string uri;
  std::shared_ptr<const Account> account;
  Urgency urgency = Urgency::visitor;
  Tick deadline;
  std::string request_id;
  std::chrono::days asked_days{};  // of the request that started it, for the log
  std::vector<std::shared_ptr<Pending>> waiters;
};

struct SlotService::Claim : Waited {
  std::set<Day> days;
  std::optional<std::chrono::seconds> max_age;  // the strictest of those who wait
  bool has_read_disk = false;
  int turn = 0;  // of the look that is posted; earlier ones do nothing
  bool is_looking = false;
  bool look_again = false;  // something happened during the look
};

struct SlotService::Flight : Waited {
  DayRange window;
  std::string cluster_account;
  std::int64_t seen_change = 0;  // the newest change that counted here when the attempt was sent
  int attempts = 0;
  std::optional<Error> last_error;  // of an attempt, while it is being tried again
  std::shared_ptr<Batch> batch;
};

// What visitors are told who waited for an account that is no longer there.
[[nodiscard]] Error changed_under_way();

struct SlotService::Batch {
  std::deque<std::shared_ptr<Flight>> waiting;
  int running = 0;
};

}  // namespace slotwire::proxy
