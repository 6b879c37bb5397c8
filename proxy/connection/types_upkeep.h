#pragma once
// Keeps the account's event types fresh: carries out what fetch::ListMachine decides. One of all servers that share a store reads
// them, and stores the result for all.
//
// Only tasks given to Workers block. A waiting caller is a record, not a thread.
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "proxy/calendly/client.h"
#include "proxy/connection/account_reader.h"
#include "proxy/connection/connection.h"
#include "proxy/fetch/list_machine.h"
#include "proxy/log/log.h"
#include "proxy/store/store.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"

namespace slotwire::connection {

class TypesUpkeep {
 public:
  // Others wait no longer than this for a server that dies while it reads; renewed before every call.
  static constexpr std::chrono::seconds kLease{20};

  struct Parts {  // all borrowed; must outlive this. Stop the Workers before destroying it.
    Connection& connection;
    calendly::CalendlyClient& calendly;
    store::Store& store;
    time::Workers& reader;  // one thread, so tasks run in order
    time::Workers& timers;  // for delayed tasks, which must not block
    const time::Clock& clock;
    log::Log& log;
    calendly::Chance chance;
    std::string owner;  // identifies this process among all that share the store; never reused
  };
  TypesUpkeep(Parts parts, fetch::ListSettings settings);

  // Starts keeping event types fresh; until then the stored ones are used as they are. Blocks for the store.
  void start();

  // Any thread. True: they are fresh, and nothing needs to be done. Cheap.
  [[nodiscard]] bool is_fresh() const { return parts_.clock.tick() < fetch::Tick(fetch::Tick::duration(quiet_until_.load())); }
  // Calls `go_on` once, on this thread or another, without a lock held: when event types are fresh, or when it is known that they
  // cannot be for now, at the latest after ListMachine::kLongestWait. Returns whether the caller has to wait.
  bool when_read(std::function<void()> go_on);
  // Why the event types are too old to be used; nullopt: they are not too old.
  [[nodiscard]] std::optional<Error> lost() const;

  struct State {
    fetch::ListStanding standing = fetch::ListStanding::old;
    std::optional<Error> trouble;  // why the last attempt to read them failed
  };
  [[nodiscard]] State state() const;

  // The connection or its event types were changed.
  void account_changed();
  // A change of the log was applied here.
  void note(const store::Change& change);

 private:
  using SharedAccount = std::shared_ptr<const Account>;
  struct Reading {  // used only on the reader's thread
    fetch::Id turn = 0;
    SharedAccount account;
    TypesRead types;
    std::string page_token;
  };

  [[nodiscard]] fetch::Moment moment() const { return {parts_.clock.now(), parts_.clock.tick(), parts_.chance()}; }
  [[nodiscard]] std::optional<std::chrono::milliseconds> age_of(Instant read_at, Instant now) const;
  // Reports an event to the machine and carries out the consequences.
  void after(const std::function<void(const fetch::Moment&)>& event);
  // Under mutex_: returns functions to be called without it.
  [[nodiscard]] std::vector<std::function<void()>> take_step();
  void set_timer();
  void adopt_account(const fetch::Moment& now);

  // On the reader's thread:
  void carry_out(const fetch::ListAction& action);
  void claim(const fetch::ClaimList& claim);
  void ask(const fetch::AskPage& asked);
  void keep(const fetch::KeepList& keep);
  void leave();
  // An exception in a task ends its turn like any other failure.
  void broke(const fetch::ListAction& action);
  [[nodiscard]] Result<Instant> shared_now();

  Parts parts_;
  mutable std::mutex mutex_;
  fetch::ListMachine machine_;
  bool is_started_ = false;
  std::optional<std::uint64_t> generation_;  // the machine's account; nullopt: none
  std::map<fetch::Id, std::function<void()>> waiting_;
  std::optional<fetch::Tick> woken_at_;                      // time of the posted timer
  std::atomic<std::chrono::microseconds::rep> ahead_us_{0};  // how far the servers' shared clock is ahead of ours
  std::atomic<fetch::Tick::rep> quiet_until_;
  std::atomic<fetch::Tick::rep> lost_from_;
  Reading reading_;
};

}  // namespace slotwire::connection
