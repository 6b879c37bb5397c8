#pragma once
// Answers "which slots are free": resolves the event type, tells again what was told, or asks the fetch machine and assembles.
//
//   find -> event types are fresh -> resolve the event type -> prepared answer? --yes--> done
//                                                              |no
//                                                              fetch::Machine decides -> Answer -> assemble -> done
//                                                                                     -> Look, Send, Remember: on workers
//
// Nothing here blocks but the tasks given to Workers; a waiting request is a record, not a thread.
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
  // With servers beside this one: how long their changes may go unheard before what is cached counts as a copy.
  std::optional<std::chrono::milliseconds> blind_after = {};
};

// The UTC days on which a booking may change what is free: its own, and one on each side, for limits a day and buffers.
[[nodiscard]] DayRange days_changed_by(InstantRange booking);

class SlotService final : fetching::FetchShell {
 public:
  struct Parts {  // all borrowed; must outlive the service. The Workers must be stopped before it goes.
    connection::Connection& connection;
    calendly::CalendlyClient& calendly;
    store::Store& store;
    cluster::Cluster& cluster;
    time::Workers& fetchers;    // for visitors who wait
    time::Workers& background;  // refreshes, syncs, the disk
    time::Workers& timers;      // for what is due at a time and takes none: never behind a task that waits
    const time::Clock& clock;
    log::Log& log;
    calendly::Chance chance;
    fetch::Shares& shares;
    connection::TypesUpkeep& types;
  };
  SlotService(Parts parts, SlotServiceSettings settings);
  ~SlotService() override;

  // Calls `done` exactly once, on this thread or another, without a lock held.
  // Errors: not_connected, token_unreadable, event_type_not_found, too_many_requests for a client beyond its share of calls,
  // or why Calendly gave nothing for any day.
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
  void on_change(std::function<void(const store::Change&)> changed) { changed_ = std::move(changed); }
  // Forgets copies that are too old to be shown, on disk too. Meant to be called now and then; blocks for the disk.
  void drop_old_copies();

  // The first day from `from` on of which nothing fresh is in memory: up to it find() answers without a call. Looks at 92 days at
  // most. `from` for an event type that is not known, or while changes may go unheard.
  [[nodiscard]] Day known_until(const std::string& event_type, Day from);

  // How Calendly wrote this start of the event type when it listed it, as far as that is known here or on disk; the usual style
  // otherwise. May block for the disk.
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
  struct Request;  // visitors who ask the same and wait

  // With event types as they are known now.
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
  std::unordered_map<std::string, std::shared_ptr<Request>> joinable_;  // by what was asked
  std::map<std::string, time::Tick> unknown_until_;
  std::optional<time::Tick> last_sync_;
  std::optional<Error> last_sync_error_;
  bool is_syncing_ = false;
  std::vector<std::pair<SlotQuery, SlotsDone>> waiting_for_sync_;
  std::mutex taking_up_;          // held while the log is read and applied, so that changes come in order
  std::int64_t seen_change_ = 0;  // with taking_up_: the newest change that was taken up
  std::function<void(const store::Change&)> changed_;
  Stats counters_;
};

}  // namespace slotwire::slots
