#pragma once
// Answers "which slots are free": resolves the event type, reuses a prepared answer, or asks the fetch machine and assembles one.
//
//   find -> event types are fresh -> resolve the event type -> prepared answer? --yes--> done
//                                                              |no
//                                                              fetch::Machine decides -> Answer -> assemble -> done
//                                                              fetch::Machine decides -> Answer -> assemble -> done
//                                                                                     -> Look, Send, Remember: on workers
// Only tasks given to Workers block. A waiting request is a record, not a thread.
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "proxy/calendly/client.h"
#include "proxy/cluster/cluster.h"
#include "proxy/connection/connection.h"
#include "proxy/connection/types_upkeep.h"
#include "proxy/fetching/fetch_shell.h"
#include "proxy/log/log.h"
#include "proxy/slots/prepared_answers.h"
#include "proxy/slots/slot_query.h"
#include "proxy/store/store.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"

namespace slotwire::slots {

struct SlotServiceSettings {
  std::chrono::seconds fresh_for{300};
  std::chrono::seconds stale_for{86'400};
  std::chrono::days window{7};
  std::size_t max_bytes = std::size_t{64} * 1024 * 1024;
  // With several servers: how long the change log may go unread before cached data counts as a copy.
  std::optional<std::chrono::milliseconds> blind_after = {};
};

// The UTC days on which a booking may change free times: its own, and one on each side because of daily limits and buffers.
[[nodiscard]] DayRange days_changed_by(InstantRange booking);

class SlotService final : fetching::FetchShell {
 public:
  struct Parts {  // all borrowed; must outlive the service. Stop the Workers before destroying it.
    connection::Connection& connection;
    calendly::CalendlyClient& calendly;
    store::Store& store;
    cluster::Cluster& cluster;
    time::Workers& fetchers;    // for requests that a visitor waits for
    time::Workers& background;  // refreshes, syncs, the disk
    time::Workers& timers;      // for delayed tasks, which must not block
    const time::Clock& clock;
    log::Log& log;
    calendly::Chance chance;
    fetch::Shares& shares;
    connection::TypesUpkeep& types;
  };
  SlotService(Parts parts, SlotServiceSettings settings);
  ~SlotService() override;

  // Calls `done` exactly once, on this thread or another, without a lock held.
  // Errors: not_connected, token_unreadable, event_type_not_found, too_many_requests for a client beyond its share of calls, or
  // Calendly's failure when it gave nothing for any day.
  void find(SlotQuery query, SlotsDone done);

  // The connection changed: everything of an older generation is dropped, and visitors who wait for it get an error.
  void account_changed();
  // Drops all cells and prepared answers, on disk and on all servers. Errors: storage_failed (memory is cleared even then).
  [[nodiscard]] Result<Done> purge();
  // The slots of these days have changed. On all servers their cells become copies, calls under way do not make them fresh, and
  // days that visitors saw recently are fetched again. Errors: storage_failed (nothing was done).
  [[nodiscard]] Result<Done> expire_days(DayRange days);
  // The same for a change that is in the log already: announces it to the other servers and applies it here.
  [[nodiscard]] Result<Done> spread_changes();
  // Reads the store's change log and applies changes made elsewhere. Cheap when there are none; blocks for the disk. Meant to be
  // called twice a second. Errors: storage_failed.
  [[nodiscard]] Result<Done> apply_changes();
  // Another server has fetched these days or given up: requests that wait for them look again. Cheap.
  void settled_elsewhere(const std::string& event_type_uri, DayRange days);
  // `changed` is called after each change of the log has been applied here, on the thread that applied it. Set before use.
  void on_change(std::function<void(const store::Change&)> changed) { changed_ = std::move(changed); }
  // Drops copies that are too old to be shown, on disk too. To be called now and then; blocks for the disk.
  void drop_old_copies();

  // The first day from `from` on without fresh data in memory: find() answers the days before it without a call. Looks at most 92
  // days ahead. Returns `from` for an unknown event type, or while changes may have been missed.
  [[nodiscard]] Day known_until(const std::string& event_type, Day from);

  // How Calendly wrote this start of the event type when it listed it, if that is known in memory or on disk; otherwise the usual
  // style. May block for the disk.
  [[nodiscard]] TimeStyle listed_in(const std::string& event_type_uri, Instant start);

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
  struct Request;  // visitors who wait for the same answer

  // Uses the event types as they are known now.
  void find_now(SlotQuery query, SlotsDone done);
  void find_known(std::shared_ptr<const connection::Account> account, const EventType& type, SlotQuery query, SlotsDone done);
  void find_after_sync(SlotQuery query, SlotsDone done);
  [[nodiscard]] Result<Done> synced_for(const std::string& request_id);
  void find_unknown(SlotQuery query, SlotsDone done);
  void remember_unknown(const std::string& event_type);

  void forget_answers();  // under mutex_
  void answer(const Request& request, const fetch::Answer& answer, std::uint64_t version);

  // For the shell:
  [[nodiscard]] std::function<void()> answered(fetch::Answer answer) override;
  void forget_ages() override { prepared_.clear(); }
  [[nodiscard]] std::vector<fetch::Offer> stored(const std::string& uri, DayRange days) override;
  [[nodiscard]] fetch::Grant claim(const std::string& uri, const fetch::Claiming& claiming,
                                   const connection::Account& account) override;
  [[nodiscard]] Landing send(const std::string& uri, const fetch::Sending& sending, const SharedAccount& account) override;
  void remember(const fetch::Remember& cells) override;
  void release(const fetch::Release& given_up) override;
  void clock_was_set(const fetch::ClockWasSet& set) override;

  Parts parts_;
  SlotServiceSettings settings_;
  // With mutex_:
  PreparedAnswers prepared_;
  std::unordered_map<fetch::Id, std::shared_ptr<Request>> requests_;
  std::unordered_map<std::string, std::shared_ptr<Request>> joinable_;  // by the question
  std::map<std::string, time::Tick> unknown_until_;
  std::optional<time::Tick> last_sync_;
  std::optional<Error> last_sync_error_;
  bool is_syncing_ = false;
  std::vector<std::pair<SlotQuery, SlotsDone>> waiting_for_sync_;
  std::mutex taking_up_;          // held while the log is read and applied, so that changes are applied in order
  std::int64_t seen_change_ = 0;  // with taking_up_: the newest change that was applied
  std::function<void(const store::Change&)> changed_;
  Stats counters_;
};

}  // namespace slotwire::slots
