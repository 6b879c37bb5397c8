#pragma once
// A seeded world around fetch::ListMachine: up to three servers that share a store, a Calendly whose list changes, with and
// without telling, and all that can go wrong with them, by one random number generator; after every step the machine's promises.
// The same seed gives the same run.
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

  // The first promise that was broken, in a sentence; empty when all held. Ends with everything well, and at rest.
  [[nodiscard]] std::string run(std::uint64_t steps);
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  // The last events, for who replays a seed.
  [[nodiscard]] std::string story() const;
  // How often what happened, to tell a run from an idle one.
  [[nodiscard]] const std::map<std::string, std::uint64_t>& seen() const { return seen_; }

 private:
  struct Known {  // a list, and what is true of it
    int version = 0;
    Tick began;  // when its reading did
    std::int64_t seen_change = 0;
  };
  struct Reading {  // what a server has of a turn that it was granted
    Id turn = 0;
    int epoch = 0;
    int pages = 0;
    bool is_whole = false;
    bool is_out = false;  // a call is under way
    Known list;
  };
  struct Task {
    enum class Kind { claim, page, told, keep, leave } kind;
    std::size_t server = 0;
    int life = 0;  // of the server
    ListAction action;
    std::optional<Failure> failure = {};
    bool is_last = false;
  };
  struct Server {
    std::unique_ptr<ListMachine> machine;
    int life = 0;
    Tick born;
    Tick read_at = Tick::min();  // by itself
    std::chrono::milliseconds wall_ahead{};
    Known known;
    int epoch = 0;  // of the account it knows
    std::int64_t heard = 0;
    std::optional<Reading> reading;
    std::map<Id, Tick> asks;
    std::optional<Id> turn;
    Tick turn_since;
    Tick busy_until;  // its one thread
  };
  struct Change {
    std::int64_t id;
    Tick logged_at;
    std::map<std::size_t, Tick> heard_at;
    bool is_excused = false;  // something went wrong that lets it wait
    bool is_read = false;
  };

  void step();
  void something_happens();
  void start(std::size_t server);
  void connect();
  void deliver();
  void hear(std::size_t server);
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
  void tell(const std::string& kind, const std::string& what);

  std::mt19937 random_;
  ListSettings settings_;
  bool is_one_machine_;  // all clocks are one
  Tick tick_;
  std::uint64_t steps_ = 0;
  std::string broken_;
  std::map<std::string, std::uint64_t> seen_;
  std::deque<std::string> story_;

  std::vector<Server> servers_;
  std::multimap<Tick, Task> tasks_;
  std::multimap<Tick, std::pair<std::size_t, int>> news_;  // when a server looks at the log

  // Calendly
  int version_ = 1;
  int pages_ = 1;
  bool is_down_ = false;
  bool is_slow_ = false;
  int calls_left_ = 50;
  Tick minute_;
  std::optional<Tick> refused_at_;  // by our own budget

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
  Tick well_since_;  // nothing has gone wrong since
  Tick clock_set_at_ = Tick::min();
  Tick anew_at_ = Tick::min();  // something since the last reading lets another one come early
};

}  // namespace slotwire::fetch
