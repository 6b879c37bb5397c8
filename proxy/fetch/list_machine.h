#pragma once
// Decides when a list at Calendly that several servers share is read again, which server reads it, and what a failure means. A
// pure machine like machine.h: events in, actions out; no clock, no threads, no I/O, no lock. A shell passes the time with every
// event and carries out the actions.
//
//   too old, outdated, or not read for a long time
//     -> ClaimList -> known: another server has read it        -> use what is stored
//                  -> held: another server is reading it       -> look again shortly
//                  -> ours -> AskPage ... -> all pages came     -> KeepList -> kept: fresh since the reading began
//                                         -> a page failed     -> rest, retry; or LeaveList: the old list stays
//
// Promises, which the simulation in tests/fetch checks under seeded failures:
//  - a list that is older than fresh_for, or known to be outdated, is never reported as fresh;
//  - only complete lists are kept, each for the account for which its reading began; a failure changes nothing that is stored;
//  - while nothing fails, all servers together read once in four fifths of fresh_for while there are requests, and otherwise once
//    within idle_for;
//  - a known change leads to a reading within two seconds, by this or another server, unless changes come in a flood;
//  - every reading ends, and every caller that waits for one continues within kLongestWait;
//  - a call that was never sent (Failure::Kind::ours) is no failure of the list.
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "proxy/fetch/machine.h"
#include "proxy/fetch/paged_read.h"
#include "shared/result.h"

namespace slotwire::fetch {

struct ListSettings {
  std::chrono::milliseconds fresh_for{300'000};
  std::chrono::milliseconds idle_for{3'600'000};    // read again after this long even without requests
  std::chrono::milliseconds stale_for{86'400'000};  // in addition to idle_for; older lists are not used at all
};

enum class ListStanding {
  fresh,
  old,   // still usable while a new reading goes on, or after it failed
  lost,  // too old to use
};

// ---- Actions. Each belongs to a turn, and its outcome is reported with that turn. Outcomes of earlier turns are ignored. ----

// Find out which server reads: claimed or claim_failed follows.
struct ClaimList {
  Id turn = 0;
  std::chrono::milliseconds max_age{};  // another server's reading is good enough if it is no older than this, and if its
  std::int64_t least_change = 0;        // reader had seen this change
};
// Request a page from Calendly: page_came or page_failed follows.
struct AskPage {
  Id turn = 0;
  int page = 0;  // the pages before it came in this turn
  std::chrono::milliseconds timeout{};
  bool is_again = false;
};
// All pages came: store the list for all servers. kept or not_kept follows.
struct KeepList {
  Id turn = 0;
  std::int64_t seen_change = 0;
};
// This server stops reading, so that others may.
struct LeaveList {
  Id turn = 0;
};
// The caller with this number continues with what is known.
struct GoOn {
  Id ask = 0;
};
using ListAction = std::variant<ClaimList, AskPage, KeepList, LeaveList, GoOn>;

// The outcome of a claim.
struct ListClaim {
  enum class Standing {
    ours,   // this server is to read
    held,   // another server is reading, for at most `held_for`
    known,  // already read, `age` ago
  };
  Standing standing = Standing::held;
  std::optional<std::chrono::milliseconds> age = {};
  // ours: the newest existing change, which a reading that begins now includes. known: the newest change its reader had seen.
  std::int64_t seen_change = 0;
  std::chrono::milliseconds held_for{};
};

class ListMachine {
 public:
  static constexpr std::chrono::milliseconds kLongestWait{2'000};
  static constexpr std::chrono::milliseconds kLargestDrift{
      5'000};  // a larger difference means that the clock was set, or the machine slept
  // This many changes in a row each cause a reading at once; further ones within kFlood wait.
  static constexpr std::size_t kAtOnce = 4;
  static constexpr std::chrono::seconds kFlood{80};

  explicit ListMachine(ListSettings settings) : settings_(settings) {}

  // ---- Events. Their consequences are in actions(). ----

  // An account is connected, possibly another one. Work for the previous account is dropped, and waiting callers continue. `age`:
  // time since its list was read; nullopt when unknown.
  void begin(std::optional<std::chrono::milliseconds> age, std::int64_t seen_change, const Moment& now);
  // No account is connected.
  void end();
  // A caller wants to use the list. nullopt: continue at once; otherwise GoOn follows with this number.
  [[nodiscard]] std::optional<Id> ask(const Moment& now);
  // The change log reports a change of the list.
  void outdated(std::int64_t change, const Moment& now);
  // The list was read by other means (an admin's request), or loaded from the store.
  void read_elsewhere(std::optional<std::chrono::milliseconds> age, std::int64_t seen_change, const Moment& now);

  void claimed(Id turn, const ListClaim& claim, const Moment& now);
  void claim_failed(Id turn, const Error& error, const Moment& now);
  void page_came(Id turn, bool is_last, const Moment& now);
  void page_failed(Id turn, const Failure& failure, const Moment& now);
  void kept(Id turn, const Moment& now);
  void not_kept(Id turn, const Error& error, const Moment& now);
  void wake(const Moment& now);

  [[nodiscard]] std::vector<ListAction> actions() { return std::exchange(actions_, {}); }
  // When wake() is due; nullopt: nothing is scheduled.
  [[nodiscard]] std::optional<Tick> next_wake(Tick now) const;

  [[nodiscard]] ListStanding standing(Tick now) const;
  // The list is fresh until then, and ask() changes nothing unless an event comes. In the past: call ask().
  [[nodiscard]] Tick quiet_until() const;
  // The list is lost from then on, unless an event comes.
  [[nodiscard]] Tick lost_from() const;
  // Why the last reading failed; nullopt when it succeeded.
  [[nodiscard]] const std::optional<Error>& trouble() const { return trouble_; }
  [[nodiscard]] std::optional<Id> turn() const { return turn_ ? std::optional(turn_->id) : std::nullopt; }
  [[nodiscard]] std::size_t waiting() const { return asks_.size(); }

 private:
  struct Turn {
    enum class State { claiming, asking, resting, keeping };
    Id id = 0;
    State state = State::claiming;
    PagedRead read;
    std::int64_t seen_change = 0;
    Tick began;
    Tick resume_at = {};
    bool is_doubtful = false;  // the clock was set during the reading
  };

  void notice_clock(const Moment& now);
  [[nodiscard]] bool is_fresh(Tick now) const;
  [[nodiscard]] bool is_outdated() const { return wanted_ > seen_; }
  [[nodiscard]] bool is_due(Tick now) const;
  [[nodiscard]] Tick not_before() const;
  void consider(const Moment& now);
  void ask_page(bool is_again, const Moment& now);
  void is_read(Tick at, std::int64_t seen_change);
  void fail(const Error& error, const Moment& now);
  void pause(std::chrono::milliseconds time, const Moment& now);
  void end_turn() { turn_.reset(); }
  void release_waiting();  // lets all waiting callers continue
  [[nodiscard]] bool is_of(Id turn, Turn::State state) const { return turn_ && turn_->id == turn && turn_->state == state; }

  ListSettings settings_;
  bool has_account_ = false;
  std::optional<Tick> read_at_;  // when the reading of the current list began
  std::int64_t seen_ = 0;        // the newest change that its reader had seen
  std::int64_t wanted_ = 0;      // the newest change that outdates the list
  std::int64_t counted_ = 0;     // the newest change counted in at_once_
  std::deque<Tick> at_once_;     // when changes were read at once
  bool is_doubtful_ = false;     // the clock was set: the list's age is unknown
  bool was_asked_ = false;       // in the last fifth of its life
  std::optional<Turn> turn_;
  Tick held_until_ = Tick::min();   // another server is reading until then
  Tick pause_until_ = Tick::min();  // a reading failed, or is not allowed now
  bool is_ours_ = false;            // the pause comes from our own budget
  int failures_ = 0;                // in a row
  std::optional<Error> trouble_;
  std::map<Id, Tick> asks_;  // each caller's deadline
  Id last_id_ = 0;
  std::vector<ListAction> actions_;
  std::optional<Instant::duration> wall_ahead_;
};

}  // namespace slotwire::fetch
