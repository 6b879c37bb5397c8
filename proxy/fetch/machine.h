#pragma once
// Decides which days are fetched, when and by which server, and what waiting callers are answered. A pure machine like web/model:
// events in, actions out; no clock, no threads, no I/O, no lock. A shell passes the time with every event and carries out the
// actions.
//
//   ask -> all days known and fresh? --yes--> answer
//          |some are not
//          already being fetched: wait for that; the others: a claim
//          claim: look (copies on disk, cells of other servers) -> known | held by another server | windows for this server
//          window: send -> landed -> cells, answers
//                       -> failed -> callers that have copies get them at once; then a retry, or a failure
//
// The content of a day is opaque here (Cell::payload), so that slots and Calendly's own bytes go through the same machine. Data
// without days is requested as the single day kNoDay.
//
// Promises, which the simulation in tests/fetch checks under seeded failures:
//  - nothing known to be outdated is answered as fresh, and nothing older than fresh_for with its jitter;
//  - every ask is answered exactly once, by its deadline, and no record outlives its asks;
//  - no day of a key is in two windows at once; windows are the fewest that cover the missing days;
//  - a call that was never sent (Failure::Kind::ours) does not mark anything as failing;
//  - days about which nothing is known are failed, never empty.
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

// The time of an event, and a random number in [-1, 1] for jitter.
struct Moment {
  Instant wall;
  Tick tick;
  double chance = 0;
};

struct Settings {
  std::chrono::seconds fresh_for{300};
  std::chrono::seconds stale_for{86'400};
  std::chrono::days window{7};  // longest range to request at once
  std::size_t max_bytes = std::size_t{48} * 1024 * 1024;
  // With several servers: how long the change log may go unread before cached data counts as a copy.
  std::optional<std::chrono::milliseconds> blind_after = {};
};

struct Ask {
  std::string key;
  DayRange days;
  // Cells older than this are fetched again although they are fresh: the check before a booking.
  std::optional<std::chrono::seconds> max_age = {};
  Client client = {};
  std::string request_id = {};
  std::chrono::days asked_days{};  // in the visitor's calendar, for the log
  // A partial answer is useless to this ask: it ends with the first failed day, and all its missing days fail with it.
  bool is_whole = false;
  // False: nothing is kept for other callers. The key then belongs to this ask alone.
  bool is_kept = true;
};

struct Failure {
  enum class Kind {
    ours,     // never sent: budget, circuit breaker
    refused,  // about the request itself, such as its dates
    trouble,  // Calendly failed or did not answer
    meant,    // a valid negative answer: copies are not better, and existing ones are dropped
  };
  Error error;
  Kind kind = Kind::trouble;
  RetryHint retry = {};
  bool is_range_complaint = false;         // retry with shorter windows
  std::shared_ptr<const void> words = {};  // the wording of the failure; the owner's type
};

// The outcome of one day of an ask. `cell` is set unless the source is failed; `error` is set unless it is cache or upstream.
struct Outcome {
  WindowSource source = WindowSource::failed;
  Cell cell = {};
  std::optional<Error> error = {};
  std::shared_ptr<const void> words = {};  // of a failed day, as in Failure::words
};
using Outcomes = std::map<Day, Outcome>;

// Identifies a claim or a window, in actions and in the events that answer them.
struct Ref {
  std::string key;
  Id id = 0;
  int turn = 0;  // of a claim: the number of its look; of a window: of its attempt. Events of an earlier turn are ignored.
  bool operator==(const Ref&) const = default;
};

// ---- Actions ----

// Ends an ask. With `error`, nothing is known about any day, and `outcomes` is empty.
struct Answer {
  Id ask = 0;
  Outcomes outcomes;
  std::optional<Error> error = {};
  // Until then, while version_of(key) stays the same, the same question gets the same answer. In the past: never.
  Tick same_until = {};
};
// Find out what others know about a claim's days: begin_look, disk_read and claimed follow.
struct Look {
  Ref claim;
  bool is_background = false;  // no caller waits
};
// Send the request to Calendly: begin_send follows, then landed or failed.
struct Send {
  Ref window;
  bool is_background = false;
};
// Store these cells on disk and share them with other servers.
struct Remember {
  std::string key;
  DayRange window;
  std::vector<Cell> cells;
  std::int64_t seen_change = 0;
};
// This server no longer fetches these days, so that others may.
struct Release {
  std::string key;
  DayRange window;
};
// The wall clock was set by this much; stored ages are wrong.
struct ClockWasSet {
  std::chrono::seconds by{};
  Instant now;
};
using Action = std::variant<Answer, Look, Send, Remember, Release, ClockWasSet>;

// ---- Values exchanged with the shell ----

struct Looking {
  std::optional<DayRange> disk;  // read the stored copies of these days; nullopt: they were read already
};
// A cell from elsewhere. It is outdated if its day changed after `seen_change`.
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
  bool takes_aging = true;  // a cell in the last fifth of its life is good enough
  std::optional<std::chrono::seconds> max_age = {};
  std::string request_id = {};
};
// The other servers' answer to a claim, like Claimed in cluster/cluster.h.
struct Grant {
  std::vector<Offer> offers;
  std::vector<DayRange> windows;
  std::vector<Day> held;  // ascending
};
struct Sending {
  DayRange window;
  std::chrono::milliseconds timeout{};
  bool is_background = false;  // visitors' calls come first in the account's budget
  bool is_again = false;       // not the first attempt
  std::string request_id = {};
  std::chrono::days asked_days{};
};

class Machine {
 public:
  // `shares` is borrowed. Machines of the same account use the same shares, so that each client's calls are counted together.
  Machine(Settings settings, Shares& shares);
  ~Machine();

  // ---- Events. Their consequences are in actions(). ----

  Id ask(Ask ask, const Moment& now);
  // Another caller asks the same as `ask` and will take its answer. False: this ask cannot be joined; make a new one.
  [[nodiscard]] bool join(const std::string& key, Id ask, const Client& client);
  // A visitor got these days from the cache. Days in the last fifth of their life are refreshed in the background.
  void saw(const std::string& key, DayRange days, const Moment& now);

  // nullopt: no longer needed.
  [[nodiscard]] std::optional<Looking> begin_look(const Ref& claim, const Moment& now);
  [[nodiscard]] std::optional<Claiming> disk_read(const Ref& claim, std::vector<Offer> stored, const Moment& now);
  void claimed(const Ref& claim, Grant grant, const Moment& now);
  void look_failed(const Ref& claim, const Error& error, const Moment& now);

  [[nodiscard]] std::optional<Sending> begin_send(const Ref& window, const Moment& now);
  // Payload and size of each day of the window, in order.
  using Fetched = std::vector<std::pair<std::shared_ptr<const void>, std::size_t>>;
  void landed(const Ref& window, Fetched fetched, const Moment& now);
  void failed(const Ref& window, const Failure& failure, const Moment& now);

  // The change log reports a change; call in the order of the log. nullopt: everything changed, or it is unknown what did.
  void changed(std::int64_t id, std::optional<DayRange> days, const Moment& now);
  // Data under these keys may have changed. Other servers need not be informed.
  void outdated(const std::function<bool(const std::string& key)>& is_meant, const Moment& now);
  // All copies were dropped.
  void purged(std::int64_t id, const Moment& now);
  // The log was read to its end by a read that began at that time.
  void log_was_read(Tick asked_at) { last_log_read_ = asked_at; }
  // Another account: everything about the old one is forgotten, and waiting callers are answered with `why`.
  void account_changed(const Error& why, const Moment& now);
  void forget();
  // Another server has fetched these days, or given up.
  void settled_elsewhere(const std::string& key, DayRange days, const Moment& now);
  void wake(const Moment& now);
  void set_longest_window(std::chrono::days longest) { longest_window_ = longest; }
  void drop_old_copies(Instant now) { cells_.drop_fetched_before(now - settings_.stale_for); }

  [[nodiscard]] std::vector<Action> actions() { return std::exchange(actions_, {}); }
  // When wake() is due; nullopt: nothing is scheduled.
  [[nodiscard]] std::optional<Tick> next_wake();

  // The cell of a day, however old. nullptr: unknown. Valid until the next call.
  [[nodiscard]] const Cell* known(const std::string& key, Day day) { return cells_.find(key, day); }
  // Version of the cells under this key. With another number the answer may differ.
  [[nodiscard]] std::uint64_t version_of(const std::string& key) const { return cells_.version_of(key); }
  [[nodiscard]] std::int64_t seen_change() const { return seen_change_; }
  // True when cached data counts as a copy, because changes may have been missed.
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
  void fetch_again(const IsMeant& is_meant, const Moment& now);

  void cover(Key& key, Waiting& ask, const Moment& now);
  void post_look(Key& key, Claim& claim, std::chrono::milliseconds wait, const Moment& now);
  void take_known(Key& key, const Moment& now);
  void open_windows(Key& key, Claim& claim, const std::vector<DayRange>& granted, const Moment& now);
  void open_window(Key& key, const Claim& claim, Id batch, DayRange days, const std::set<Day>& wanted, const Moment& now);
  // Takes a window from the share of a client that lacks one of `days`. too_many_requests: no such client has any left.
  [[nodiscard]] std::optional<Error> charge_share(Key& key, const std::set<Day>& days, const Moment& now);
  struct Trouble {
    const Error& error;
    Failure::Kind kind;
    bool is_final;    // days without a copy are failed; otherwise they keep waiting
    Tick same_until;  // as in Answer
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
  std::map<std::string, Key> keys_;  // only keys with work under way, or in a quiet or failing period
  std::multimap<Tick, Due> timers_;
  std::vector<Action> actions_;
  Id last_id_ = 0;
  std::int64_t seen_change_ = 0;            // the newest change taken into account
  std::map<Day, std::int64_t> changed_at_;  // the change that outdates older cells of the day
  std::int64_t all_changed_at_ = 0;
  std::optional<Tick> last_log_read_;            // when the log was last read
  std::optional<Instant::duration> wall_ahead_;  // its lead over the monotonic clock, when last checked
};

}  // namespace slotwire::fetch
