#pragma once
// Decides when a list at Calendly that several servers share is read again, which of them reads it, and what a failure means. A
// pure machine, as machine.h is: events in, actions out; no clock, no threads, no I/O, no lock. A shell tells it the time with
// every event and carries its actions out.
//
//   old, outdated, or nobody read it for long
//     -> ClaimList -> known: another server has read it        -> what is stored is ours
//                  -> held: another server is at it            -> look again shortly
//                  -> ours -> AskPage ... -> the last one came -> KeepList -> kept: fresh from when the reading began
//                                         -> one failed        -> rest, again; or LeaveList: all stays as it was
//
// Promises, held by the simulation in tests/fetch against seeded bad luck:
//  - what is older than fresh_for, or known to be outdated, is not told as fresh;
//  - whole lists alone are kept, each of the account for which its reading began; no failure changes what is known;
//  - while nothing fails all servers together read once in four fifths of fresh_for when somebody asks, and within idle_for when
//    nobody does;
//  - a change that is heard of leads to a reading within two seconds, or by another server, unless they come in a flood;
//  - every reading ends, and whoever waits for one goes on within kPatience;
//  - what never left the process (Failure::Kind::ours) is no failure of the list.
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
  std::chrono::milliseconds idle_for{3'600'000};    // read again after so long though nobody asks
  std::chrono::milliseconds stale_for{86'400'000};  // beyond idle_for: what is older is not told at all
};

enum class ListStanding {
  fresh,
  old,   // to be told all the same: reading it goes on, or failed
  lost,  // too old for that
};

// ---- Actions. Each belongs to a turn, and what comes of it is told with that turn; what an earlier turn brings is ignored. ----

// Which server is to read? claimed or claim_failed follows.
struct ClaimList {
  Id turn = 0;
  std::chrono::milliseconds max_age{};  // a list that was read within so long will do, if its reader had seen
  std::int64_t least_change = 0;        // this change
};
// Ask Calendly for a page: page_came or page_failed follows.
struct AskPage {
  Id turn = 0;
  int page = 0;  // those before it came in this turn
  std::chrono::milliseconds timeout{};
  bool is_again = false;
};
// All pages came: let this be the list, for all. kept or not_kept follows.
struct KeepList {
  Id turn = 0;
  std::int64_t seen_change = 0;
};
// This server reads no more: others may.
struct LeaveList {
  Id turn = 0;
};
// Whoever asked under this number goes on, with what is known.
struct GoOn {
  Id ask = 0;
};
using ListAction = std::variant<ClaimList, AskPage, KeepList, LeaveList, GoOn>;

// What comes of a claim.
struct ListClaim {
  enum class Standing {
    ours,   // to read
    held,   // another server reads it, for `held_for` at most
    known,  // it was read, `age` ago
  };
  Standing standing = Standing::held;
  std::optional<std::chrono::milliseconds> age = {};
  // ours: the newest change there is, which a reading that begins now has seen. known: the newest that its reader had.
  std::int64_t seen_change = 0;
  std::chrono::milliseconds held_for{};
};

class ListMachine {
 public:
  static constexpr std::chrono::milliseconds kPatience{2'000};
  static constexpr std::chrono::milliseconds kDriftTold{
      5'000};  // more than that is a clock that was set, or a machine that slept
  // So many changes in a row are read at once each, and no more than that within kFlood.
  static constexpr std::size_t kAtOnce = 4;
  static constexpr std::chrono::seconds kFlood{80};

  explicit ListMachine(ListSettings settings) : settings_(settings) {}

  // ---- Events. What follows from each is in actions(). ----

  // An account is there, another one perhaps: what is under way for the one before is dropped, and whoever waits goes on. `age`:
  // when its list was read; nullopt when nobody knows.
  void begin(std::optional<std::chrono::milliseconds> age, std::int64_t seen_change, const Moment& now);
  // None is.
  void end();
  // Somebody is about to tell the list. nullopt: go on at once; else GoOn comes with this number.
  [[nodiscard]] std::optional<Id> ask(const Moment& now);
  // The change log says that the list is other than it was.
  void outdated(std::int64_t change, const Moment& now);
  // The list was read by other means, an admin's say, or taken up from the store.
  void heard(std::optional<std::chrono::milliseconds> age, std::int64_t seen_change, const Moment& now);

  void claimed(Id turn, const ListClaim& claim, const Moment& now);
  void claim_failed(Id turn, const Error& error, const Moment& now);
  void page_came(Id turn, bool is_last, const Moment& now);
  void page_failed(Id turn, const Failure& failure, const Moment& now);
  void kept(Id turn, const Moment& now);
  void not_kept(Id turn, const Error& error, const Moment& now);
  void wake(const Moment& now);

  [[nodiscard]] std::vector<ListAction> actions() { return std::exchange(actions_, {}); }
  // wake() is due then; nullopt: nothing waits for time to pass.
  [[nodiscard]] std::optional<Tick> next_wake(Tick now) const;

  [[nodiscard]] ListStanding standing(Tick now) const;
  // Until then it is fresh and nobody's asking changes anything, unless an event comes. In the past: ask.
  [[nodiscard]] Tick quiet_until() const;
  // From then on it is lost, unless an event comes.
  [[nodiscard]] Tick lost_from() const;
  // Why it could not be read; nullopt when the last reading went well.
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
    bool is_doubtful = false;  // the clock was set meanwhile
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
  void let_go();  // all who wait
  [[nodiscard]] bool is_of(Id turn, Turn::State state) const { return turn_ && turn_->id == turn && turn_->state == state; }

  ListSettings settings_;
  bool has_account_ = false;
  std::optional<Tick> read_at_;  // when the reading of what is known began
  std::int64_t seen_ = 0;        // the newest change that its reader had seen
  std::int64_t wanted_ = 0;      // the newest that outdates the list
  std::int64_t counted_ = 0;     // the newest that is in at_once_
  std::deque<Tick> at_once_;     // when changes were read at once
  bool is_doubtful_ = false;     // the clock was set: no age is known
  bool was_asked_ = false;       // in the last fifth of its life
  std::optional<Turn> turn_;
  Tick held_until_ = Tick::min();   // another server reads
  Tick pause_until_ = Tick::min();  // a reading failed, or may not be made now
  bool is_ours_ = false;            // the pause is our own budget's
  int failures_ = 0;                // in a row
  std::optional<Error> trouble_;
  std::map<Id, Tick> asks_;  // until when each waits
  Id last_id_ = 0;
  std::vector<ListAction> actions_;
  std::optional<Instant::duration> wall_ahead_;
};

}  // namespace slotwire::fetch
