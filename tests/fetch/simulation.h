#pragma once
// A seeded simulation around fetch::Machine: visitors, workers, a disk, other servers, a Calendly with a budget, changes and
// inaccurate clocks. One random number generator decides everything. The machine's promises are checked after every step. The
// same seed gives the same run.
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

  // The first broken promise as a sentence; empty if all held. At the end nothing is pending.
  [[nodiscard]] std::string run(std::uint64_t steps);
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  // The last events, for debugging a seed.
  [[nodiscard]] std::string last_events() const;

  // How often each kind of event happened, to recognise a run in which little happened.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& seen() const { return seen_; }

 private:
  struct Payload;  // Calendly's answer for a day
  struct Asked {
    Ask ask;
    Tick deadline;
  };
  struct Task {  // a worker's current task
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
  void record(const std::string& kind, const std::string& what);

  std::mt19937 random_;
  Settings settings_;
  Shares shares_;
  Machine machine_;
  Instant wall_;
  Tick tick_;
  std::uint64_t steps_ = 0;
  std::string broken_;
  std::map<std::string, std::uint64_t> seen_;
  std::deque<std::string> events_;

  std::map<Id, Asked> asks_;
  std::multimap<Tick, Task> tasks_;
  int account_ = 1;
  bool account_left_ = false;  // answers under way may say that the account changed
  std::int64_t last_change_ = 0;
  std::map<Day, std::int64_t> changed_at_;
  std::int64_t all_changed_at_ = 0;
  std::map<std::string, std::int64_t> key_changed_at_;
  int personal_ = 0;  // number of one-time keys, see ask_something
  int calls_left_ = 50;
  Tick minute_;
  bool is_down_ = false;
  // Everything that is requested changes while Calendly answers.
  bool is_rush_ = false;
  // By ask key: when Calendly failed a window that visitors waited for.
  std::map<std::string, Tick> trouble_near_;
  // By ask key and day: error texts of failed windows that contain the day, and when they failed.
  std::map<std::pair<std::string, Day>, std::map<std::string, Tick>> failure_texts_;
  // By ask key and day: until when the data stored here needs no new call.
  std::map<std::pair<std::string, Day>, Instant> fresh_until_;
  // By ask key and day: when an ask that has ended looked once more, perhaps before its windows were sent.
  std::map<std::pair<std::string, Day>, Tick> looked_once_more_;
  // By client: when windows were sent that it alone asked for.
  std::map<std::string, std::deque<Tick>> spent_;
};

}  // namespace slotwire::fetch
