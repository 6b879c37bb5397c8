#pragma once
// Decides who fetches which days, when, and what those who wait are told. A pure machine, as web/model is: events in, actions
// out; no clock, no threads, no I/O, no lock. A shell tells it the time with every event and carries its actions out.
//
//   ask -> all days known and fresh? --yes--> answer
//          |some are not
//          under way already: wait for that; rest: a claim
//          claim: look (copies on disk, cells of other servers) -> known | held by another server | windows that are ours
//          window: send -> landed -> cells, answers
//                       -> failed -> a copy at once to those who have one; again later, or over
//
// What a day holds is opaque here (Cell::payload), so that slots and Calendly's own bytes go through the same machine. What has
// no days is asked for as the one day kNoDay.
//
// Promises, held by the simulation in tests/fetch against seeded bad luck:
//  - what is known to be outdated is never told as fresh, nor anything for longer than fresh_for and its jitter;
//  - every ask is answered exactly once, by its deadline, and no record outlives its asks;
//  - no day of a key is in two windows at once; windows are the planner's fewest for what was missing;
//  - what never left the process (Failure::Kind::ours) makes nothing count as failing;
//  - days nobody knows anything of are failed, never empty.
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "proxy/fetch/cells.h"
#include "proxy/fetch/retry.h"
#include "proxy/fetch/shares.h"
#include "shared/answers.h"
#include "shared/calendar.h"
#include "shared/result.h"

namespace slotwire::fetch {

using Id = std::uint64_t;
inline constexpr Day kNoDay{};

// What time it is when an event comes, and what chance brings then: anywhere in [-1, 1].
struct Moment {
  Instant wall;
  Tick tick;
  double chance = 0;
};

struct Settings {
  std::chrono::seconds fresh_for{300};
  std::chrono::seconds stale_for{86'400};
  std::chrono::days window{7};  // longest to be asked for at once
  std::size_t max_bytes = std::size_t{48} * 1024 * 1024;
  // With servers beside this one: how long their changes may go unheard before what is cached counts as a copy.
  std::optional<std::chrono::milliseconds> blind_after = {};
};

struct Ask {
  std::string key;
  DayRange days;
  // Cells older than this are asked for anew though they are fresh: the look before a booking.
  std::optional<std::chrono::seconds> max_age = {};
  Client client = {};
  std::string request_id = {};
  std::chrono::days asked_days{};  // by the visitor's calendar, for the log
  // An answer that lacks a day is of no use: the ask ends with the first that is failed, and all it lacks are failed like it.
  bool is_whole = false;
  // False: nothing of it is kept for anybody else. The key is then of this ask alone.
  bool is_kept = true;
};

struct Failure {
  enum class Kind {
    ours,     // never left the process: budget, breaker
    refused,  // says something of what was asked, such as its dates
    trouble,  // Calendly failed, or did not answer
    meant,    // an answer in the negative: no copy says better, and those there are go
  };
  Error error;
  Kind kind = Kind::trouble;
  RetryHint retry = {};
  bool is_range_complaint = false;         // ask again with shorter windows
  std::shared_ptr<const void> words = {};  // in which it was said; the owner's business
};

// How one day of an ask came out. `cell` is there unless the source is failed; `error` unless it is cache or upstream.
struct Outcome {
  WindowSource source = WindowSource::failed;
  Cell cell = {};
  std::optional<Error> error = {};
  std::shared_ptr<const void> words = {};  // of a failed day, as Failure::words
};
using Outcomes = std::map<Day, Outcome>;

// Names a claim or a window in actions and in the events that answer them.
struct Ref {
  std::string key;
  Id id = 0;
  int turn = 0;  // of a claim: which look; of a window: which attempt. Events of an earlier turn are ignored.
  bool operator==(const Ref&) const = default;
};

// ---- Actions ----

// Ends an ask. With `error` nothing is known of any day, and `outcomes` is empty.
struct Answer {
  Id ask = 0;
  Outcomes outcomes;
  std::optional<Error> error = {};
  // Whoever asks the same until then, while version_of(key) stays, would be told the same. In the past: never.
  Tick same_until = {};
};
// Find out what of a claim's days others know: begin_look, disk_read and claimed follow.
struct Look {
  Ref claim;
  bool is_background = false;  // nobody waits
};
// Ask Calendly: begin_send follows, then landed or failed.
struct Send {
  Ref window;
  bool is_background = false;
};
// Give these cells to the disk and to other servers.
struct Remember {
  std::string key;
  DayRange window;
  std::vector<Cell> cells;
  std::int64_t seen_change = 0;
};
// This server fetches these days no longer: others may.
struct Release {
  std::string key;
  DayRange window;
};
// The wall clock was set by so much; stored ages are wrong.
struct ClockWasSet {
  std::chrono::seconds by{};
  Instant now;
};
using Action = std::variant<Answer, Look, Send, Remember, Release, ClockWasSet>;

// ---- What the shell carries in and out ----

struct Looking {
  std::optional<DayRange> disk;  // read what is stored of these days; nullopt: it was read already
};
// A cell from elsewhere. It is outdated when a day changed after `seen_change`.
struct Offer {
  Cell cell;
  std::int64_t seen_change = 0;
};
struct WantedDay {
  Day day;
  std::int64_t least_change = 0;
  bool operator==(const WantedDay&) const = default;
};
struct Claiming {
  std::vector<WantedDay> days;  // ascending
  std::chrono::days longest_window{7};
  std::int64_t seen_change = 0;
  bool takes_aging = true;  // a cell in the last fifth of its life will do
  std::optional<std::chrono::seconds> max_age = {};
  std::string request_id = {};
};
// What other servers say to a claim: as Claimed of cluster/cluster.h.
struct Grant {
  std::vector<Offer> offers;
  std::vector<DayRange> windows;
  std::vector<Day> held;  // ascending
};
struct Sending {
  DayRange window;
  std::chrono::milliseconds timeout{};
  bool is_background = false;  // gives way to visitors in the account's budget
  bool is_again = false;       // not the first attempt
  std::string request_id = {};
  std::chrono::days asked_days{};
};

class Machine {
 public:
  // `shares` is borrowed: those who ask for other things of the same account are counted together.
  Machine(Settings settings, Shares& shares);
  ~Machine();

  // ---- Events. What follows from each is in actions(). ----

  Id ask(Ask ask, const Moment& now);
  // Somebody else asks what `ask` asks, and will take its answer. False: not from that one; ask on your own.
  [[nodiscard]] bool join(const std::string& key, Id ask, const Client& client);
  // A visitor saw these days from the cache: those in the last fifth of their life are fetched behind everybody's back.
  void saw(const std::string& key, DayRange days, const Moment& now);

  // nullopt: it has become needless.
  [[nodiscard]] std::optional<Looking> begin_look(const Ref& claim, const Moment& now);
  [[nodiscard]] std::optional<Claiming> disk_read(const Ref& claim, std::vector<Offer> stored, const Moment& now);
  void claimed(const Ref& claim, Grant grant, const Moment& now);
  void look_failed(const Ref& claim, const Error& error, const Moment& now);

  [[nodiscard]] std::optional<Sending> begin_send(const Ref& window, const Moment& now);
  // Payload and bytes of each day of the window, in order.
  using Fetched = std::vector<std::pair<std::shared_ptr<const void>, std::size_t>>;
  void landed(const Ref& window, Fetched fetched, const Moment& now);
  void failed(const Ref& window, const Failure& failure, const Moment& now);

  // The change log says so, in this order. nullopt: everything changed, or nobody knows any more what did.
  void changed(std::int64_t id, std::optional<DayRange> days, const Moment& now);
  // Whatever is asked under these keys may be other than it was; nobody else need hear of it.
  void outdated(const std::function<bool(const std::string& key)>& is_meant, const Moment& now);
  // All copies were dropped.
  void purged(std::int64_t id, const Moment& now);
  // The log was read to its end by a reader who began then.
  void heard_changes(Tick asked_at) { last_heard_ = asked_at; }
  // Another account: everything of the old one is forgotten, and whoever waits is told `why`.
  void account_changed(const Error& why, const Moment& now);
  void forget();
  // Another server landed or gave up these days.
  void heard_settled(const std::string& key, DayRange days, const Moment& now);
  void wake(const Moment& now);
  void set_longest_window(std::chrono::days longest) { longest_window_ = longest; }
  void drop_old_copies(Instant now) { cells_.drop_fetched_before(now - settings_.stale_for); }

  [[nodiscard]] std::vector<Action> actions() { return std::exchange(actions_, {}); }
  // wake() is due then; nullopt: nothing waits for time to pass.
  [[nodiscard]] std::optional<Tick> next_wake();

  // What is known of a day, however old. nullptr: nothing. Valid until the next call.
  [[nodiscard]] const Cell* known(const std::string& key, Day day) { return cells_.find(key, day); }
  // Of what an answer of this key was made; another number: it may be another answer.
  [[nodiscard]] std::uint64_t version_of(const std::string& key) const { return cells_.version_of(key); }
  [[nodiscard]] std::int64_t seen_change() const { return seen_change_; }
  // What is cached counts as a copy, since changes may have gone unheard.
  [[nodiscard]] bool is_blind(Tick now) const;

  struct Counts {
    std::size_t cells = 0;
    std::size_t bytes = 0;
    std::uint64_t evicted = 0;
    std::size_t asks = 0;
    std::size_t claims = 0;
    std::size_t windows = 0;
  };
  [[nodiscard]] Counts counts() const;
  [[nodiscard]] std::vector<std::pair<std::string, DayRange>> windows_under_way() const;

 private:
  struct Waiting;  // an ask
  struct Claim;
  struct Window;
  struct Key;
  enum class Timer { ask, look, window };

  void notice_clock(const Moment& now);
  [[nodiscard]] bool is_trusted(const Cell& cell, const Moment& now) const;
  [[nodiscard]] const Cell* copy_of(const std::string& key, Day day, const Moment& now);
  [[nodiscard]] std::int64_t least_change(Day day) const;
  void take_offers(const std::string& key, std::vector<Offer> offers, const Moment& now);
  using IsMeant = std::function<bool(const std::string& key, Day day)>;
  void ask_anew(const IsMeant& is_meant, const Moment& now);

  void cover(Key& key, Waiting& ask, const Moment& now);
  void post_look(Key& key, Claim& claim, std::chrono::milliseconds wait, const Moment& now);
  void take_known(Key& key, const Moment& now);
  void open_windows(Key& key, Claim& claim, const std::vector<DayRange>& granted, const Moment& now);
  void open_window(Key& key, const Claim& claim, Id batch, DayRange days, const std::set<Day>& wanted, const Moment& now);
  // Takes a window from the share of somebody who lacks one of `days`. too_many_requests: nobody has one left.
  [[nodiscard]] std::optional<Error> unpaid(Key& key, const std::set<Day>& days, const Moment& now);
  struct Trouble {
    const Error& error;
    Failure::Kind kind;
    bool is_final;    // days without a copy are failed; otherwise they go on waiting
    Tick same_until;  // of Answer
    std::shared_ptr<const void> words = {};
  };
  void tell(Key& key, DayRange days, const Trouble& trouble, const Moment& now);
  void launch(Key& key, Id batch);
  void post_send(Key& key, Window& window);
  void end_window(Key& key, Id id);
  void split(Key& key, Id id);
  void finish(Key& key, const Moment& now);
  void at(Tick when, Timer timer, const std::string& key, Id id) { timers_.emplace(when, Due{timer, key, id}); }

  struct Due {
    Timer timer;
    std::string key;
    Id id;
  };
  [[nodiscard]] bool is_still_due(Tick when, const Due& due) const;
  void come_due(const Due& due, const Moment& now);

  Settings settings_;
  std::chrono::days longest_window_ = std::chrono::days(31);
  Cells cells_;
  Shares& shares_;
  std::map<std::string, Key> keys_;  // only those with something under way, quiet or failing
  std::multimap<Tick, Due> timers_;
  std::vector<Action> actions_;
  Id last_id_ = 0;
  std::int64_t seen_change_ = 0;            // the newest change that counts here
  std::map<Day, std::int64_t> changed_at_;  // by which change a day's older cells are outdated
  std::int64_t all_changed_at_ = 0;
  std::optional<Tick> last_heard_;               // when the log was last read
  std::optional<Instant::duration> wall_ahead_;  // of the monotonic clock, when last looked at
};

}  // namespace slotwire::fetch
