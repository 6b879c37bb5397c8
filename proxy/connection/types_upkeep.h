#pragma once
// Keeps the account's event types as fresh as they may be: carries out what fetch::ListMachine decides. Of all servers that share
// a store one reads, and what it read is in the store for all.
//
// Nothing here blocks but the tasks given to Workers; whoever waits is a record, not a thread.
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
  // A server that dies while it reads is waited for no longer than this; renewed before every call.
  static constexpr std::chrono::seconds kLease{20};

  struct Parts {  // all borrowed; must outlive this. The Workers must be stopped before it goes.
    Connection& connection;
    calendly::CalendlyClient& calendly;
    store::Store& store;
    time::Workers& reader;  // one thread: what it is given is done in order
    time::Workers& timers;  // for what is due at a time and takes none
    const time::Clock& clock;
    log::Log& log;
    calendly::Chance chance;
    std::string owner;  // this program among all that share the store, and never again
  };
  TypesUpkeep(Parts parts, fetch::ListSettings settings);

  // From now on event types are kept fresh; before, they are as they are stored. Blocks for the store.
  void start();

  // Any thread. True: they are fresh, and nothing need be done. Cheap.
  [[nodiscard]] bool is_fresh() const { return parts_.clock.tick() < fetch::Tick(fetch::Tick::duration(quiet_until_.load())); }
  // Calls `go_on` once, on this thread or another, without a lock held: when event types are fresh, or when it is known that they
  // will not be for now; after ListMachine::kPatience at most. Returns whether it has to wait.
  bool when_read(std::function<void()> go_on);
  // Why event types are too old to be told at all; nullopt: they are not.
  [[nodiscard]] std::optional<Error> lost() const;

  struct State {
    fetch::ListStanding standing = fetch::ListStanding::old;
    std::optional<Error> trouble;  // why they could not be read when that was tried last
  };
  [[nodiscard]] State state() const;

  // The connection was changed, or its event types were.
  void account_changed();
  // A change of the log counts here.
  void note(const store::Change& change);

 private:
  using SharedAccount = std::shared_ptr<const Account>;
  struct Reading {  // on the reader's thread alone
    fetch::Id turn = 0;
    SharedAccount account;
    TypesRead types;
    std::string page_token;
  };

  [[nodiscard]] fetch::Moment moment() const { return {parts_.clock.now(), parts_.clock.tick(), parts_.chance()}; }
  [[nodiscard]] std::optional<std::chrono::milliseconds> age_of(Instant read_at, Instant now) const;
  // Tells the machine what happened, and carries out what follows.
  void after(const std::function<void(const fetch::Moment&)>& event);
  // Under mutex_: what is to be called without it.
  [[nodiscard]] std::vector<std::function<void()>> take_step();
  void set_timer();
  void adopt_account(const fetch::Moment& now);

  // On the reader's thread:
  void carry_out(const fetch::ListAction& action);
  void claim(const fetch::ClaimList& claim);
  void ask(const fetch::AskPage& asked);
  void keep(const fetch::KeepList& keep);
  void leave();
  // What a task threw ends its turn like any other failure.
  void broke(const fetch::ListAction& action);
  [[nodiscard]] Result<Instant> shared_now();

  Parts parts_;
  mutable std::mutex mutex_;
  fetch::ListMachine machine_;
  bool is_started_ = false;
  std::optional<std::uint64_t> generation_;  // of whom the machine knows; nullopt: of nobody
  std::map<fetch::Id, std::function<void()>> waiting_;
  std::optional<fetch::Tick> woken_at_;                      // by a timer that is posted
  std::atomic<std::chrono::microseconds::rep> ahead_us_{0};  // the clock that all servers share, of ours
  std::atomic<fetch::Tick::rep> quiet_until_;
  std::atomic<fetch::Tick::rep> lost_from_;
  Reading reading_;
};

}  // namespace slotwire::connection
