#pragma once
// Carries out on worker threads what a fetch::Machine decides. Derived classes say how a window is requested from Calendly, and
// what is stored or shared with other servers: one for slots, one for Calendly's answers as bytes.
//
// Only tasks given to Workers block. A waiting caller is a record, not a thread.
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
  struct Tools {  // all borrowed; must outlive the shell. Stop the Workers before destroying it.
    connection::Connection& connection;
    time::Workers& fetchers;    // for requests that a caller waits for
    time::Workers& background;  // for everything else
    time::Workers& timers;      // for delayed tasks, which must not block
    const time::Clock& clock;
    log::Log& log;
    calendly::Chance chance;
    fetch::Shares& shares;
    std::string_view name;  // for the log
  };
  FetchShell(Tools tools, fetch::Settings settings);
  virtual ~FetchShell() = default;
  FetchShell(const FetchShell&) = delete;
  FetchShell& operator=(const FetchShell&) = delete;

  using SharedAccount = std::shared_ptr<const connection::Account>;
  using Landing = std::variant<fetch::Machine::Fetched, fetch::Failure>;

  // Under mutex_. The returned function informs the callers; it is called without the mutex.
  [[nodiscard]] virtual std::function<void()> answered(fetch::Answer answer) = 0;
  // Under mutex_: ages are no longer reliable.
  virtual void forget_ages() {}

  // On a worker, without mutex_:
  // The stored copies of these days.
  [[nodiscard]] virtual std::vector<fetch::Offer> stored(const std::string&, DayRange) { return {}; }
  [[nodiscard]] virtual fetch::Grant claim(const std::string& key, const fetch::Claiming& claiming,
                                           const connection::Account& account) = 0;
  [[nodiscard]] virtual Landing send(const std::string& key, const fetch::Sending& sending, const SharedAccount& account) = 0;

  // On any thread, without mutex_, must not block:
  virtual void remember(const fetch::Remember&) {}
  virtual void release(const fetch::Release&) {}
  virtual void clock_was_set(const fetch::ClockWasSet&) {}

  // The consequences of an event.
  struct Step {
    std::vector<std::function<void()>> answers;
    std::vector<fetch::Action> rest;
  };
  // Under mutex_:
  [[nodiscard]] fetch::Moment moment() const;
  [[nodiscard]] Step take_step();
  // True: the account differs from the machine's, and waiting callers are informed.
  [[nodiscard]] bool adopt_account(const fetch::Moment& now);

  // Without mutex_. The first reports an event to the machine and carries out the consequences.
  void after(const std::function<void(const fetch::Moment&)>& event);
  void carry_out(Step step);

  mutable std::mutex mutex_;
  fetch::Machine machine_;
  SharedAccount account_;  // the machine's account

 private:
  void look(const fetch::Ref& claim);
  void find_out(const fetch::Ref& claim);
  void attempt(const fetch::Ref& window);

  Tools tools_;
  std::optional<time::Tick> woken_at_;  // time of the posted timer
};

// The error for callers that waited for an account that is no longer connected.
[[nodiscard]] Error account_changed_under_way();

}  // namespace slotwire::fetching
