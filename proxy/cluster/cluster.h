#pragma once
// What the servers of one installation share while they run: day cells, who is fetching which days, and messages about events.
// The database holds the truth; this only saves calls to Calendly, so nothing is lost with it.
//
//   claim --> known     good enough for the caller
//             copies    too old, or from before a change: shown as stale when Calendly fails
//             windows   for the caller to fetch now; their days are locked for kLease
//             held      another server is fetching them: claim again after a `settled` message, or when the lease has run out
//   fetch a window, renew before each attempt --> land (stores and unlocks) or release (unlocks)
//
// All calls may be made from several threads at once, but block for up to half a second: use worker threads, without a lock.
// Calls do not fail: data that cannot be shared is just not shared, and state() reports it.
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
  DayCell cell;                           // fetched_at by this machine's clock, even when another machine fetched it
  DayRange window;                        // the window of the fetch it came from
  std::chrono::milliseconds fresh_for{};  // rest of its life; zero or less: too old
  std::int64_t seen_change = 0;           // the newest change its fetcher had applied when it called Calendly
  bool operator==(const SharedCell&) const = default;
};

struct WantedDay {
  Day day;
  std::int64_t least_change = 0;  // a cell with a smaller seen_change may contain slots that are gone
};

enum class Freshness { fresh, not_aging };  // not_aging: the last fifth of a cell's life counts as too old

struct ClaimTerms {
  std::string account;          // from cluster_account
  std::string uri;              // of the event type
  std::vector<WantedDay> days;  // ascending
  std::chrono::days longest_window{7};
  std::int64_t seen_change = 0;  // the newest change this server has applied
  Freshness freshness = Freshness::fresh;
  std::optional<std::chrono::milliseconds> max_age = {};  // older cells are too old even if they are fresh
};

struct Claimed {
  std::vector<SharedCell> known;
  std::vector<SharedCell> copies;
  std::vector<DayRange> windows;  // covers the days that are neither known nor held, as windows_covering does: fewest, ascending
  std::vector<Day> held;          // ascending; without days that `windows` covers
};

struct ClusterMessage {
  enum class Kind { look_at_changes, settled };
  Kind kind = Kind::look_at_changes;
  // Only for settled: another server has fetched these days or given up.
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
  // The longest wait for a server that dies while it fetches.
  static constexpr std::chrono::milliseconds kLease{6'000};

  virtual ~Cluster() = default;

  // Atomic over all days: if two servers claim the same day at once, one gets it. Days that this server has already locked are
  // granted again (it tracks its own fetches). A lock by a server that had not seen a day's least_change does not hold the day,
  // because the slots it fetches would not count.
  [[nodiscard]] virtual Claimed claim(const ClaimTerms& terms) = 0;
  // Extends the locks by another kLease, for those of the days that this server still holds.
  virtual void renew(const std::string& account, const std::string& uri, DayRange days) = 0;
  // Stores each cell unless the stored one was requested later, or by a fetcher that had seen more changes. Unlocks this server's
  // days of `window` and notifies the other servers.
  virtual void land(const std::string& account, const std::string& uri, DayRange window,
                    const std::vector<SharedCell>& cells) = 0;
  // Unlocks this server's days and notifies the other servers, which may then fetch them.
  virtual void release(const std::string& account, const std::string& uri, DayRange days) = 0;
  // Deletes all cells of the account, to save memory after a purge; it is least_change that invalidates them.
  virtual void forget(const std::string& account) = 0;

  // Tells the other servers to read the change log now.
  virtual void notify() = 0;
  // Messages of other servers arrive on a thread of the cluster, one at a time, and never during this call. After an
  // interruption, in which messages may have been lost, a look_at_changes arrives. Set before the first claim. An empty function
  // unsubscribes, after a running call.
  virtual void listen(std::function<void(const ClusterMessage&)> on_message) = 0;

  // Cheap; never blocks.
  [[nodiscard]] virtual ClusterState state() const = 0;
};

// The name under which an account's cells are shared: it changes with every change of token, and is the same on every server.
[[nodiscard]] std::string cluster_account(std::string_view user_uri, Instant connected_at);

}  // namespace slotwire::cluster
