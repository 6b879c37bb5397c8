#pragma once
// What the servers of one installation share while they run: day cells, who is asking Calendly for which days, and a word to
// each other when something happened. The database says what is true; this only saves calls, so losing it loses nothing.
//
//   claim --> known     good enough for the caller
//             copies    too old, or from before a change: to be shown as stale when Calendly fails
//             windows   the caller's to fetch now; their days are locked for kLease
//             held      another server is fetching them: a `settled` message follows, or their lease runs out; then claim again
//   fetch a window, renew before each attempt --> land (stores and unlocks) or release (unlocks)
//
// All calls may be made from any thread at once, but block for up to half a second: worker threads only, no lock held. None
// fails: what cannot be shared is simply not shared, and state() says so.
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/calendar.h"
#include "shared/day_cells.h"

namespace slotwire::cluster {

struct SharedCell {
  DayCell cell;                           // fetched_at by this machine's clock, whichever machine fetched it
  DayRange window;                        // the fetch it came from
  std::chrono::milliseconds fresh_for{};  // what is left of its life; zero or less: too old
  std::int64_t seen_change = 0;           // the newest change its fetcher had applied when it asked Calendly
  bool operator==(const SharedCell&) const = default;
};

struct WantedDay {
  Day day;
  std::int64_t least_change = 0;  // a cell with a smaller seen_change may hold slots that are gone
};

enum class Freshness { fresh, not_aging };  // not_aging: the last fifth of a life counts as too old already

struct ClaimTerms {
  std::string account;          // of cluster_account
  std::string uri;              // of the event type
  std::vector<WantedDay> days;  // ascending
  std::chrono::days longest_window{7};
  std::int64_t seen_change = 0;  // the newest change this server has applied
  Freshness freshness = Freshness::fresh;
  std::optional<std::chrono::milliseconds> max_age = {};  // older cells do not count though they are fresh
};

struct Claimed {
  std::vector<SharedCell> known;
  std::vector<SharedCell> copies;
  std::vector<DayRange> windows;  // as windows_covering of the days that are neither known nor held: fewest, ascending
  std::vector<Day> held;          // ascending; without those that `windows` covers anyway
};

struct ClusterMessage {
  enum class Kind { look_at_changes, settled };
  Kind kind = Kind::look_at_changes;
  // of settled: another server landed or gave up these days
  std::string account;
  std::string uri;
  DayRange days;
};

struct ClusterState {
  enum class Kind { alone, connected, cut_off };  // alone: by configuration
  Kind kind = Kind::alone;
  std::optional<Instant> cut_off_since = {};
};

[[nodiscard]] std::string_view name_from_cluster(ClusterState::Kind kind);  // "cut_off"

class Cluster {
 public:
  // A server that dies while it fetches is waited for no longer than this.
  static constexpr std::chrono::milliseconds kLease{6'000};

  virtual ~Cluster() = default;

  // Atomic over all days: of two servers that claim the same day at once, one gets it. Days locked by this server before are
  // granted again (its own flights are its own business). A lock taken by a server that had not seen a day's least_change
  // does not hold the day: what lands under it would not count.
  [[nodiscard]] virtual Claimed claim(const ClaimTerms& terms) = 0;
  // Another kLease for those of the days that are still this server's.
  virtual void renew(const std::string& account, const std::string& uri, DayRange days) = 0;
  // Stores each cell unless what is there was asked for later, or by a fetcher that had seen more; unlocks this server's days
  // of `window`; tells the others.
  virtual void land(const std::string& account, const std::string& uri, DayRange window,
                    const std::vector<SharedCell>& cells) = 0;
  // Unlocks this server's days and tells the others, who may try themselves.
  virtual void release(const std::string& account, const std::string& uri, DayRange days) = 0;
  // Forgets all cells of the account. For tidiness after a purge; what makes them not count is least_change.
  virtual void forget(const std::string& account) = 0;

  // Tells the others to look at the change log now.
  virtual void notify() = 0;
  // Messages of others, on a thread of the cluster's own, one at a time; never during the call. After a gap in the
  // connection, in which messages may have been lost, a look_at_changes comes. Set before the first claim; an empty function ends
  // it, after a running call.
  virtual void listen(std::function<void(const ClusterMessage&)> heard) = 0;

  // Cheap; never blocks.
  [[nodiscard]] virtual ClusterState state() const = 0;
};

// The name under which an account's cells are shared: another after each change of token, the same on every server.
[[nodiscard]] std::string cluster_account(std::string_view user_uri, Instant connected_at);

}  // namespace slotwire::cluster
