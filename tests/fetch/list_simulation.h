#pragma once
// A seeded simulation around fetch::ListMachine: up to three servers that share a store, and a Calendly whose list of event types
// changes, with and without notification. One random number generator decides all events and failures. The machine's promises are
// checked after every step. The same seed gives the same run.
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "proxy/fetch/list_machine.h"

namespace slotwire::fetch {

class ListSimulation {
 public:
  explicit ListSimulation(std::uint32_t seed);

  // The first broken promise as a sentence; empty if all held. At the end everything works again, and nothing is pending.
  [[nodiscard]] std::string run(std::uint64_t steps);
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  // The last events, for debugging a seed.
  [[nodiscard]] std::string last_events() const;
  // How often each kind of event happened, to recognise a run in which little happened.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& seen() const { return seen_; }

 private:
  struct Known {  // a list, and facts about it
    int version = 0;
    Tick began;  // when its reading began
    std::int64_t seen_change = 0;
  };
  struct Reading {  // a server's progress with a turn that it was granted
    Id turn = 0;
    int epoch = 0;
    int pages = 0;
    bool is_whole = false;
    bool is_out = false;  // a call is under way
    Known list;
  };
  struct Task {
    enum class Kind { claim, page, answered, keep, leave } kind;
    std::size_t server = 0;
    int life = 0;  // of the server: counts its restarts
    ListAction action;
    std::optional<Failure> failure = {};
    bool is_last = false;
  };
  struct Server {
    std::unique_ptr<ListMachine> machine;
    int life = 0;
    Tick born;
    Tick read_at = Tick::min();  // when this server itself last read the list
    std::chrono::milliseconds wall_ahead{};
    Known known;
    int epoch = 0;  // of the account that it knows
    std::int64_t last_change_read = 0;
    std::int64_t claimed_change = 0;         // the newest that it wanted to read the list for,
    std::vector<Tick> claims_for_changes{};  // and when it wanted that lately
    std::optional<Reading> reading;
    std::map<Id, Tick> asks;
    std::optional<Id> turn;
    Tick turn_since;
    Tick busy_until;  // its only thread is busy until then
  };
  struct Change {
    std::int64_t id;
    Tick logged_at;
    std::map<std::size_t, Tick> noticed_at;
    bool is_excused = false;  // a failure happened that allows it to be noticed late
    bool is_read = false;
  };

  void step();
  void something_happens();
  void start(std::size_t server);
  void connect();
  void deliver();
  void read_log(std::size_t server);
  bool advance(std::chrono::milliseconds at_most);
  void run_task(Task task);
  void claim(Server& server, std::size_t index, const ClaimList& action);
  void ask_calendly(Server& server, std::size_t index, const AskPage& action);
  void keep(Server& server, std::size_t index, const KeepList& action);
  void carry_out(std::size_t server);
  void post(std::chrono::milliseconds after, Task task);
  void check();
  void check_deliveries();
  void come_to_rest();
  void excuse_all();

  [[nodiscard]] bool chance(int percent) { return int_in(1, 100) <= percent; }
  [[nodiscard]] int int_in(int least, int most);
  [[nodiscard]] Moment now(const Server& server);
  [[nodiscard]] Instant store_clock() const;
  [[nodiscard]] std::optional<std::chrono::milliseconds> stored_age() const;
  void expect(bool holds, const std::string& promise);
  void record(const std::string& kind, const std::string& what);

  std::mt19937 random_;
  ListSettings settings_;
  bool is_one_machine_;  // all servers share one clock
  Tick tick_;
  std::uint64_t steps_ = 0;
  std::string broken_;
  std::map<std::string, std::uint64_t> seen_;
  std::deque<std::string> events_;

  std::vector<Server> servers_;
  std::multimap<Tick, Task> tasks_;
  std::multimap<Tick, std::pair<std::size_t, int>> next_log_read_;  // when each server reads the change log

  // Calendly
  int version_ = 1;
  int pages_ = 1;
  bool is_down_ = false;
  bool is_slow_ = false;
  int calls_left_ = 50;
  Tick minute_;
  std::optional<Tick> refused_at_;  // when our own budget refused a call

  // The store
  bool is_connected_ = true;
  int epoch_ = 1;
  Known stored_;
  Instant stored_read_at_;
  bool is_store_down_ = false;
  std::chrono::milliseconds store_ahead_{};
  std::optional<std::size_t> holder_;
  Instant lease_until_ = Instant::min();
  std::int64_t last_change_ = 0;
  std::deque<Change> changes_;

  bool is_at_rest_ = false;
  Tick well_since_;  // no failure has happened since then
  Tick clock_set_at_ = Tick::min();
  Tick anew_at_ = Tick::min();  // something after the last reading allows an early one
};

}  // namespace slotwire::fetch
