#pragma once
// A seeded world around fetch::Machine: visitors, workers, a disk, other servers, a Calendly with a budget, changes and clocks
// that err, all by one random number generator, and after every step the machine's promises. The same seed gives the same run.
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "proxy/fetch/machine.h"

namespace slotwire::fetch {

class Simulation {
 public:
  explicit Simulation(std::uint32_t seed);

  // The first promise that was broken, in a sentence; empty when all held. Ends with everything at rest.
  [[nodiscard]] std::string run(std::uint64_t steps);
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  // The last events, for who replays a seed.
  [[nodiscard]] std::string story() const;

  // How often what happened, to tell a run from an idle one.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& seen() const { return seen_; }

 private:
  struct Payload;  // what Calendly said of a day
  struct Asked {
    Ask ask;
    Tick deadline;
  };
  struct Task {  // what a worker has in hand
    enum class Kind { look, disk, claim, send, land } kind;
    Ref ref;
    Claiming claiming = {};
    Sending sending = {};
    Tick began = {};
    Instant began_at = {};
    std::int64_t seen_change = 0;
    int account = 0;
  };

  void step();
  void ask_something();
  void change_something();
  void change_days(DayRange changed);
  void run_task();
  void look(Task task);
  void read_disk(Task task);
  void claim(const Task& task);
  void send(Task task);
  void land(const Task& task);
  void carry_out();
  void judge(const Answer& answer);
  void judge_day(const Asked& asked, Day day, const Outcome& outcome);
  void judge_send(const Task& task);
  void check_records();
  void come_to_rest();

  [[nodiscard]] bool chance(int percent) { return int_in(1, 100) <= percent; }
  [[nodiscard]] int int_in(int least, int most);
  [[nodiscard]] std::chrono::milliseconds latency(int usual, int at_worst);
  [[nodiscard]] Moment now();
  void pass(std::chrono::milliseconds time);
  void post(std::chrono::milliseconds after, Task task) { tasks_.emplace(tick_ + after, std::move(task)); }
  [[nodiscard]] Cell cell(const std::string& key, Day day, std::chrono::seconds age, std::int64_t seen_change);
  [[nodiscard]] std::int64_t told_change(const std::string& key, Day day) const;
  [[nodiscard]] static bool has_elsewhere(const std::string& key) { return key < "D"; }
  void expect(bool holds, const std::string& promise);
  void tell(const std::string& kind, const std::string& what);

  std::mt19937 random_;
  Settings settings_;
  Shares shares_;
  Machine machine_;
  Instant wall_;
  Tick tick_;
  std::uint64_t steps_ = 0;
  std::string broken_;
  std::map<std::string, std::uint64_t> seen_;
  std::deque<std::string> story_;

  std::map<Id, Asked> asks_;
  std::multimap<Tick, Task> tasks_;
  int account_ = 1;
  bool account_left_ = false;  // answers under way may say so
  std::int64_t last_change_ = 0;
  std::map<Day, std::int64_t> changed_at_;
  std::int64_t all_changed_at_ = 0;
  std::map<std::string, std::int64_t> key_changed_at_;
  int personal_ = 0;  // asks
  int calls_left_ = 50;
  Tick minute_;
  bool is_down_ = false;
  bool is_rush_ = false;                                                     // whatever is asked changes while Calendly answers
  std::map<std::string, Tick> trouble_near_;                                 // Calendly failed a window that visitors waited for
  std::map<std::pair<std::string, Day>, std::map<std::string, Tick>> said_;  // of a window over the day: what its failure said
  std::map<std::pair<std::string, Day>, Instant> fresh_until_;               // what landed here needs no call before then
  std::map<std::pair<std::string, Day>, Tick> looked_once_more_;             // by an ask that is over, perhaps before its windows
  std::map<std::string, std::deque<Tick>> spent_;                            // by client, when it alone asked: its windows
};

}  // namespace slotwire::fetch
