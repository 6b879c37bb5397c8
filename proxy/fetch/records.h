#pragma once
// The records of Machine: waiting asks, claims and windows under way. They refer to each other only by days: an ask lacks days,
// and anything that provides such a day settles it. So no list of waiters can be wrong.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "proxy/fetch/machine.h"

namespace slotwire::fetch {

struct Machine::Waiting {
  Id id = 0;
  Ask ask;
  std::vector<Client> clients;  // whose shares may pay for its windows
  Outcomes outcomes;
  std::set<Day> lacking;  // days without an outcome
  Tick deadline;
  Tick same_until = Tick::max();
  bool was_unpaid = false;  // not paid from a share; another client may be able to pay
};

struct Machine::Claim {
  Id id = 0;
  std::set<Day> days;
  std::optional<std::chrono::seconds> max_age;  // the strictest of the waiting asks
  bool is_background = false;
  Tick deadline;
  std::string request_id;
  std::chrono::days asked_days{};
  int turn = 0;  // of the look that was posted last; earlier ones are ignored
  std::optional<Tick> look_at = {};
  bool has_read_disk = false;
  bool is_looking = false;
  bool look_again = false;  // an event came during the look
  int immediate_looks = 0;
  std::int64_t seen_before = 0;  // the newest change when the disk read began
};

struct Machine::Window {
  enum class State { queued, posted, sent, resting };
  Id id = 0;
  Id batch = 0;
  DayRange days;
  Retry retry{Tick()};
  bool is_background = false;  // no caller waits
  bool gives_way = false;      // background, far away, or already known days: visitors' calls go first
  std::string request_id;
  std::chrono::days asked_days{};
  State state = State::queued;
  int turn = 0;
  Tick sent_at = {};
  Tick resume_at = {};
  std::int64_t seen_change = 0;  // the newest change seen here when the attempt was sent
  bool is_outdated = false;      // outdated() was called since then
  std::optional<Failure> last_failure = {};
};

struct Machine::Key {
  std::string name;
  bool is_kept = true;
  std::map<Id, Waiting> asks;
  std::map<Id, Claim> claims;
  std::map<Id, Window> windows;
  struct Quiet {
    Tick until;
    Error error;
  };
  std::optional<Quiet> quiet = {};  // Calendly failed a moment ago: copies are served without a call
  Tick no_refresh_before = {};      // a refresh failed

  [[nodiscard]] bool is_idle(Tick now) const {
    return asks.empty() && claims.empty() && windows.empty() && (!quiet || now >= quiet->until) && now >= no_refresh_before;
  }
  // The window this event was posted for, if it has been in this state ever since.
  [[nodiscard]] Window* window_in(Window::State state, const Ref& ref) {
    const auto found = windows.find(ref.id);
    if (found == windows.end() || found->second.turn != ref.turn || found->second.state != state) return nullptr;
    return &found->second;
  }
  [[nodiscard]] Window* window_over(Day day) {
    for (auto& [id, window] : windows) {
      if (window.days.contains(day)) return &window;
    }
    return nullptr;
  }
  [[nodiscard]] bool is_lacked(Day day) const {
    return std::any_of(asks.begin(), asks.end(), [&](const auto& ask) { return ask.second.lacking.contains(day); });
  }
  [[nodiscard]] bool is_any_lacked(DayRange days) const {
    return std::any_of(asks.begin(), asks.end(), [&](const auto& ask) {
      const std::set<Day>& lacking = ask.second.lacking;
      return lacking.lower_bound(days.begin) != lacking.lower_bound(days.end);
    });
  }
  [[nodiscard]] Claim* claim_over(Day day) {
    for (auto& [id, claim] : claims) {
      if (claim.days.contains(day)) return &claim;
    }
    return nullptr;
  }
};

}  // namespace slotwire::fetch
