#pragma once
// Carries out on workers what a fetch::Machine decides. What a window is to Calendly, and what of it outlives the process or is
// shared with other servers, is said by whoever derives from it: the slots, and Calendly's answers as bytes.
//
// Nothing here blocks but the tasks given to Workers; whoever waits is a record, not a thread.
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proxy/calendly/call_failure.h"
#include "proxy/connection/connection.h"
#include "proxy/fetch/machine.h"
#include "proxy/log/log.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"

namespace slotwire::fetching {

class FetchShell {
 protected:
  struct Tools {  // all borrowed; must outlive the shell. The Workers must be stopped before it goes.
    connection::Connection& connection;
    time::Workers& fetchers;    // for those who wait
    time::Workers& background;  // for what nobody waits for
    time::Workers& timers;      // for what is due at a time and takes none: never behind a task that waits
    const time::Clock& clock;
    log::Log& log;
    calendly::Chance chance;
    fetch::Shares& shares;
    std::string_view name;  // in the log
  };
  FetchShell(Tools tools, fetch::Settings settings);
  virtual ~FetchShell() = default;
  FetchShell(const FetchShell&) = delete;
  FetchShell& operator=(const FetchShell&) = delete;

  using SharedAccount = std::shared_ptr<const connection::Account>;
  using Landing = std::variant<fetch::Machine::Fetched, fetch::Failure>;

  // Under mutex_. Who asked is told by what comes back, which is called without it.
  [[nodiscard]] virtual std::function<void()> answered(fetch::Answer answer) = 0;
  // Under mutex_: no age is known any more.
  virtual void forget_ages() {}

  // On a worker, without mutex_:
  // What is stored of these days.
  [[nodiscard]] virtual std::vector<fetch::Offer> stored(const std::string&, DayRange) { return {}; }
  [[nodiscard]] virtual fetch::Grant claim(const std::string& key, const fetch::Claiming& claiming,
                                           const connection::Account& account) = 0;
  [[nodiscard]] virtual Landing send(const std::string& key, const fetch::Sending& sending, const SharedAccount& account) = 0;

  // On any thread, without mutex_, and not to block:
  virtual void remember(const fetch::Remember&) {}
  virtual void release(const fetch::Release&) {}
  virtual void clock_was_set(const fetch::ClockWasSet&) {}

  // What follows from an event.
  struct Step {
    std::vector<std::function<void()>> answers;
    std::vector<fetch::Action> rest;
  };
  // Under mutex_:
  [[nodiscard]] fetch::Moment moment() const;
  [[nodiscard]] Step take_step();
  // True: it is another account than the one the machine knows, and whoever waits is told so.
  [[nodiscard]] bool adopt_account(const fetch::Moment& now);

  // Without mutex_. The first tells the machine what happened, and carries out what follows.
  void after(const std::function<void(const fetch::Moment&)>& event);
  void carry_out(Step step);

  mutable std::mutex mutex_;
  fetch::Machine machine_;
  SharedAccount account_;  // of whom the machine knows

 private:
  void look(const fetch::Ref& claim);
  void find_out(const fetch::Ref& claim);
  void attempt(const fetch::Ref& window);

  Tools tools_;
  std::optional<time::Tick> woken_at_;  // by a timer that is posted
};

// What those are told who waited for an account that is no longer there.
[[nodiscard]] Error account_changed_under_way();

}  // namespace slotwire::fetching
