#pragma once
// Answers "which slots are free": from the cache of day cells, from Calendly in the fewest windows, or from old copies.
//
//   find -> resolve the event type -> prepared answer? --yes--> done
//                                     |no
//                                     days known and fresh? --all--> assemble -> done
//                                     |some missing
//                                     claimed or in flight already: wait for those; rest: a new claim
//                                     claim: copies on disk, cells of other servers, windows that are ours to fetch
//                                     last window lands (or fails with a copy at hand) -> assemble -> done
//
// Nothing here blocks but the tasks given to Workers; a waiting request is a record, not a thread.
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "proxy/calendly/client.h"
#include "proxy/cluster/cluster.h"
#include "proxy/connection/connection.h"
#include "proxy/log/log.h"
#include "proxy/slots/assemble.h"
#include "proxy/slots/cell_cache.h"
#include "proxy/slots/slot_query.h"
#include "proxy/store/store.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"

namespace slotwire::proxy {

struct SlotServiceSettings {
  std::chrono::seconds fresh_for{300};
  std::chrono::seconds stale_for{86'400};
  std::chrono::days window{7};
  std::size_t max_bytes = std::size_t{64} * 1024 * 1024;
  // With servers beside this one: how long their changes may go unheard before what is cached counts as a copy.
  std::optional<std::chrono::milliseconds> blind_after = {};
};

// The UTC days on which a booking may change what is free: its own, and one on each side, for limits a day and buffers.
[[nodiscard]] DayRange days_changed_by(InstantRange booking);

class SlotService {
 public:
  struct Parts {  // all borrowed; must outlive the service. The Workers must be stopped before it goes.
    Connection& connection;
    CalendlyClient& calendly;
    Store& store;
    Cluster& cluster;
    Workers& fetchers;    // for visitors who wait
    Workers& background;  // refreshes, syncs, the disk
    const Clock& clock;
    Log& log;
    Chance chance;
  };
  SlotService(Parts parts, SlotServiceSettings settings);
  ~SlotService();

  // Calls `done` exactly once, on this thread or another, without a lock held.
  // Errors: not_connected, token_unreadable, event_type_not_found, or why Calendly gave nothing for any day.
  void find(SlotQuery query, SlotsDone done);

  // The connection changed: everything of an older generation is dropped, visitors who wait on it get an error.
  void account_changed();
  // Forgets all cells and prepared answers, on disk and on all servers. Errors: storage_failed (memory is empty all the same).
  [[nodiscard]] Result<Done> purge();
  // Slots of these days are other than they were: on all servers their cells become copies, calls that were under way do
  // not make them fresh, and those that visitors saw lately are fetched anew. Errors: storage_failed (nothing was done).
  [[nodiscard]] Result<Done> expire_days(DayRange days);
  // The same for a change that is in the log already: told to the others, and taken up.
  [[nodiscard]] Result<Done> spread_changes();
  // Reads the store's change log and does here what was done elsewhere. Cheap when there is nothing; blocks for the disk.
  // Errors: storage_failed; twice a second is meant to be often enough.
  [[nodiscard]] Result<Done> take_up_changes();
  // Another server landed or gave up these days: whoever waits for them looks again. Cheap.
  void heard_settled(const std::string& event_type_uri, DayRange days);
  // Called after each change of the log once it counts here, on the thread that took it up. Set before use.
  void on_change(std::function<void(const Change&)> changed) { changed_ = std::move(changed); }
  // Forgets copies that are too old to be shown, on disk too. Meant to be called now and then; blocks for the disk.
  void drop_old_copies();

  struct Stats {
    std::size_t cells = 0;
    std::size_t bytes = 0;
    std::size_t prepared_answers = 0;
    std::size_t prepared_bytes = 0;
    std::size_t flights = 0;
    std::size_t waiting = 0;
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t stale = 0;
    std::uint64_t failed = 0;
    std::uint64_t evicted = 0;
  };
  [[nodiscard]] Stats stats() const;

 private:
  struct Pending;  // a request that waits, and everyone who asked the same meanwhile
  struct Waited;   // what a request may wait for: a claim or a flight
  struct Claim;    // days of which it is being found out who fetches them
  struct Flight;   // one window on its way, with its retries
  struct Batch;    // flights one request started: at most six at a time
  struct Kept {    // a prepared answer
    std::shared_ptr<const PreparedAnswer> answer;
    std::uint64_t version = 0;
    std::shared_ptr<const Account> account;
    Instant refresh_from;
  };
  using Finished = std::vector<std::shared_ptr<Pending>>;

  void find_known(std::shared_ptr<const Account> account, const EventType& type, SlotQuery query, SlotsDone done);
  void find_after_sync(SlotQuery query, SlotsDone done);
  void find_unknown(SlotQuery query, SlotsDone done);
  void remember_unknown(const std::string& event_type);

  // Under mutex_:
  void look_at_clock(Instant now, Tick tick);
  void wait_for_days(const std::shared_ptr<Pending>& pending, const std::vector<Day>& missing);
  void join(const std::shared_ptr<Pending>& pending, const std::shared_ptr<Waited>& waited);
  void add_claim(std::shared_ptr<Claim> claim);
  void post_look(const std::shared_ptr<Claim>& claim, std::chrono::milliseconds wait);
  void take_copies(const std::string& uri, std::vector<StoredCell> stored);
  void take_shared(const std::string& uri, std::vector<SharedCell> shared);
  void settle_fresh(const std::shared_ptr<Claim>& claim, Finished& finished);
  void fly(const std::shared_ptr<Claim>& claim, const std::vector<DayRange>& windows);
  void end_claim(const std::shared_ptr<Claim>& claim, Finished& finished);
  [[nodiscard]] const CachedCell* fresh_cell(const Claim& claim, Day day);
  [[nodiscard]] std::int64_t least_change(Day day) const;
  [[nodiscard]] bool is_blind(Tick tick) const;
  void apply(const Change& change);
  void forget_all();
  void refresh_ahead(const std::shared_ptr<const Account>& account, const std::string& uri, DayRange days);
  void launch_next(const std::shared_ptr<Batch>& batch);
  void settle_days(Pending& pending, const Waited& waited, DayRange days, const Error& error, bool is_final);
  void leave_if_settled(const std::shared_ptr<Pending>& pending, Finished& finished);
  void land(const std::shared_ptr<Flight>& flight, std::vector<CachedCell> cells, Finished& finished);
  void fail(const std::shared_ptr<Flight>& flight, const CallFailure& failure, Finished& finished);
  void split(const std::shared_ptr<Flight>& flight);
  [[nodiscard]] std::chrono::days window_of(const Account& account) const;
  [[nodiscard]] bool is_in_flight(const std::shared_ptr<Flight>& flight) const;
  [[nodiscard]] std::shared_ptr<Flight> flight_over(const std::string& uri, Day day) const;
  [[nodiscard]] std::shared_ptr<Claim> claim_over(const std::string& uri, Day day) const;
  [[nodiscard]] bool is_outdated(const Flight& flight) const;
  [[nodiscard]] bool try_again(const std::shared_ptr<Flight>& flight, const CallFailure& failure, Finished& finished);
  void keep(const std::string& key, Kept kept);

  // On a worker, without mutex_:
  void look(const std::shared_ptr<Claim>& claim);
  void attempt(const std::shared_ptr<Flight>& flight);
  void finish(const Finished& finished);

  Parts parts_;
  SlotServiceSettings settings_;
  mutable std::mutex mutex_;
  CellCache cells_;
  std::multimap<std::string, std::shared_ptr<Claim>> claims_;    // by event type
  std::multimap<std::string, std::shared_ptr<Flight>> flights_;  // by event type
  std::unordered_map<std::string, std::shared_ptr<Pending>> pending_;
  std::unordered_map<std::string, Kept> prepared_;
  std::size_t prepared_bytes_ = 0;
  std::map<std::string, Tick> unknown_until_;
  std::map<std::string, std::pair<Tick, Error>> quiet_until_;  // failing types: copies are served without asking
  std::optional<Tick> last_sync_;
  std::optional<Error> last_sync_error_;
  bool is_syncing_ = false;
  std::vector<std::pair<SlotQuery, SlotsDone>> waiting_for_sync_;
  std::uint64_t generation_ = 0;
  std::mutex taking_up_;                    // held while the log is read and applied, so that changes come in order
  std::int64_t seen_change_ = 0;            // the newest change that counts here
  std::map<Day, std::int64_t> changed_at_;  // by which change a day's older cells are outdated
  std::int64_t all_changed_at_ = 0;
  std::optional<Tick> last_look_;  // when the log was last read
  std::function<void(const Change&)> changed_;
  std::optional<Instant::duration> wall_ahead_;  // of the monotonic clock, when last looked at
  Stats counters_;
};

}  // namespace slotwire::proxy
