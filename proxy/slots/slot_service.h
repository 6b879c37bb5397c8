#pragma once
// Answers "which slots are free": from the cache of day cells, from Calendly in the fewest windows, or from old copies.
//
//   find -> resolve the event type -> prepared answer? --yes--> done
//                                     |no
//                                     days known and fresh? --all--> assemble -> done
//                                     |some missing
//                                     in flight already: wait for those flights; rest: windows_covering -> new flights
//                                     last flight lands (or fails with a copy at hand) -> assemble -> done
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
#include "proxy/connection/connection.h"
#include "proxy/log/log.h"
#include "proxy/slots/assemble.h"
#include "proxy/slots/cell_cache.h"
#include "proxy/slots/slot_query.h"
#include "proxy/slots/workers.h"
#include "proxy/store/store.h"
#include "proxy/time/clock.h"

namespace slotwire::proxy {

struct SlotServiceSettings {
  std::chrono::seconds fresh_for{300};
  std::chrono::seconds stale_for{86'400};
  std::chrono::days window{7};
  std::size_t max_bytes = std::size_t{64} * 1024 * 1024;
};

class SlotService {
 public:
  struct Parts {  // all borrowed; must outlive the service. The Workers must be stopped before it goes.
    Connection& connection;
    CalendlyClient& calendly;
    Store& store;
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
  // Forgets all cells and prepared answers, on disk too. Errors: storage_failed (memory is empty all the same).
  [[nodiscard]] Result<Done> purge();
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
  void load_copies(const std::string& uri, DayRange days);
  void wait_for_days(const std::shared_ptr<Pending>& pending, const std::vector<Day>& missing);
  void refresh_ahead(const std::shared_ptr<const Account>& account, const std::string& uri, DayRange days);
  void launch_next(const std::shared_ptr<Batch>& batch);
  void settle_days(Pending& pending, const Flight& flight, const Error& error, bool is_final);
  void leave_if_settled(const std::shared_ptr<Pending>& pending, Finished& finished);
  void land(const std::shared_ptr<Flight>& flight, std::vector<CachedCell> cells, Finished& finished);
  void fail(const std::shared_ptr<Flight>& flight, const CallFailure& failure, Finished& finished);
  void split(const std::shared_ptr<Flight>& flight);
  [[nodiscard]] std::chrono::days window_of(const Account& account) const;
  [[nodiscard]] bool is_in_flight(const std::shared_ptr<Flight>& flight) const;
  void keep(const std::string& key, Kept kept);

  // On a worker, without mutex_:
  void attempt(const std::shared_ptr<Flight>& flight);
  void finish(const Finished& finished);

  Parts parts_;
  SlotServiceSettings settings_;
  mutable std::mutex mutex_;
  CellCache cells_;
  std::set<std::string> seen_types_;  // whose copies on disk have been read
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
  bool has_others_copies_ = false;  // on disk, of the account before this one
  std::optional<Instant::duration> wall_ahead_;  // of the monotonic clock, when last looked at
  Stats counters_;
};

}  // namespace slotwire::proxy
