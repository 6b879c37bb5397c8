#pragma once
// A simulator and a proxy that share a clock which the test sets, and what Calendly really had at any time, for judging answers.
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/chaos/tally.h"
#include "tests/e2e/booking.h"
#include "tests/e2e/stack.h"

namespace slotwire::chaos {

// A file that the proxy's clock is read from (tests/sim/shifted_clock.cpp).
class SharedClock {
 public:
  explicit SharedClock(const std::filesystem::path& file);
  ~SharedClock();
  SharedClock(const SharedClock&) = delete;
  SharedClock& operator=(const SharedClock&) = delete;
  void set(std::chrono::seconds shift) { shift_->store(shift.count()); }
  [[nodiscard]] std::chrono::seconds shift() const { return std::chrono::seconds(shift_->load()); }
  [[nodiscard]] Instant now() const { return e2e::now() + shift(); }
  // What a program needs in its environment to go by it.
  [[nodiscard]] e2e::Environment settings() const;

 private:
  std::filesystem::path file_;
  std::atomic<std::int64_t>* shift_ = nullptr;
};

// Starts that were free at Calendly, by time.
class Truth {
 public:
  // Asks the simulator itself, which must be without faults. What changed since it was asked last changed after `since`.
  void note(const e2e::Simulator& simulator, InstantRange range, Instant since, Instant now);
  // Whether exactly these starts of `range` may have been free at some moment in [from, to].
  [[nodiscard]] bool was(const std::set<Instant>& starts, InstantRange range, Instant from, Instant to) const;
  [[nodiscard]] const std::set<Instant>& newest() const { return versions_.back().starts; }

 private:
  struct Version {
    Instant from;                    // at the earliest
    std::optional<Instant> to = {};  // at the latest; none: still
    std::set<Instant> starts = {};
  };
  std::vector<Version> versions_;
};

class Stage {
 public:
  struct Options {
    e2e::Environment settings = {};
    std::filesystem::path folder = {};  // of the database; empty: a temporary one
  };
  explicit Stage(Options options);
  Stage() : Stage(Options{}) {}

  // The fourteen days that are asked for, far enough from now that a clock may be set on by half a day.
  static constexpr int kFirstDay = 3;
  static constexpr int kDays = 14;
  static constexpr std::chrono::seconds kFreshFor{300};

  [[nodiscard]] std::string day(int n) const;
  [[nodiscard]] InstantRange range() const;
  [[nodiscard]] e2e::Reply ask(int first = 0, int count = kDays) const;
  [[nodiscard]] e2e::Fields admin(const std::string& role = "admin") const;
  // To be called after every change at Calendly; `since` is before the change. None: just now.
  void note_truth(std::optional<Instant> since = std::nullopt);
  // The days that are asked for begin again from what the clock says now; what was true before is forgotten.
  void begin_anew();
  // Somebody takes a free time at Calendly, and nobody tells. Returns the time.
  Instant take_one(std::size_t n);

  // How often this time is booked at Calendly.
  [[nodiscard]] std::size_t bookings_at(Instant start) const;

  enum class End { by_itself, killed };
  void end_proxy(End how);
  void start_proxy();
  void restart(End how) {
    end_proxy(how);
    start_proxy();
  }

  // Holds an answer to every promise about slots. `where` leads each failure. Returns whether it was whole and fresh.
  bool judge_slots(Tally& tally, const std::string& where, const e2e::Reply& reply, Instant asked_at) const;
  // Whether an answer that was judged to be whole and fresh was fetched after `since`.
  [[nodiscard]] static bool is_newer(const e2e::Reply& reply, Instant since);
  // The proxy's last lines, for failures.
  [[nodiscard]] std::string end_of_log() const;
  // That no letter of the token is in what was answered, logged or stored.
  void judge_secrecy(Tally& tally, const std::string& where) const;
  // Keeps the answer for judge_secrecy().
  void keep_answer(const e2e::Reply& reply);

  [[nodiscard]] const std::filesystem::path& folder() const { return database_folder_; }

  // Calendly itself has said that the event type is not there.
  bool may_be_gone = false;

  e2e::TemporaryFolder temporary;
  SharedClock clock;
  e2e::Simulator simulator;  // by the same clock
  Truth truth;
  std::unique_ptr<e2e::Proxy> proxy;

 private:
  e2e::Environment settings_;
  std::filesystem::path database_folder_;
  std::string logs_;
  std::string answers_;
  Day today_ = e2e::today();
};

[[nodiscard]] std::string shortened(const e2e::Reply& reply);

// As e2e::eventually, but with pauses that leave the machine to the others: for what takes seconds.
[[nodiscard]] bool heals(const std::function<bool()>& holds, std::chrono::seconds patience);

// Does `count` jobs on `threads` threads. An exception of one becomes a failure of `tally`.
void side_by_side(Tally& tally, std::size_t count, unsigned threads, const std::function<void(std::size_t)>& job);

}  // namespace slotwire::chaos
