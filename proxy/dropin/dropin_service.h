#pragma once
// Stands in for Calendly's API: hands calls on under the account's own token, and answers from a cache what is not personal.
//
//   read  -> personal? --yes--> Calendly
//            |no
//            available times? --> windows the account may ask, each a read of its own --> merged
//            fresh copy? --yes--> done
//            |no
//            asked already? --yes--> wait for that
//            |no
//            Calendly, with retries; an old copy at once when the first attempt fails
//   write -> Calendly, once --> drop what it may have changed
//
// Nothing here blocks but the tasks given to Workers; a waiting caller is a record, not a thread.
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "proxy/calendly/client.h"
#include "proxy/connection/connection.h"
#include "proxy/dropin/answer_cache.h"
#include "proxy/dropin/api_answer.h"
#include "proxy/log/log.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"

namespace slotwire::proxy {

struct ApiCall {
  std::string method;                                      // "GET", "POST" ...
  std::string path;                                        // of upstream_path
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in the caller's order
  std::string body;
  std::string request_id;
  std::string content_type = "application/json";  // of the body
};

enum class ReplySource { upstream, cache, stale };

struct ApiReply {
  SharedAnswer answer;  // Calendly's refusals too
  ReplySource source = ReplySource::upstream;
  std::chrono::seconds age{};        // since it was fetched
  std::chrono::seconds fresh_for{};  // negative: so long ago it stopped being fresh
  bool is_kept = false;
  std::optional<RateState> rate;  // as Calendly last told it
};
using ApiDone = std::function<void(Result<ApiReply>)>;

struct DropinSettings {
  std::chrono::seconds fresh_for{300};
  std::chrono::seconds stale_for{86'400};
  std::chrono::days window{7};
  std::size_t max_bytes = std::size_t{16} * 1024 * 1024;
};

inline constexpr std::chrono::days kLongestApiRange{92};

class DropinService {
 public:
  struct Parts {  // all borrowed; must outlive the service. The Workers must be stopped before it goes.
    Connection& connection;
    CalendlyClient& calendly;
    Workers& workers;
    const Clock& clock;
    Log& log;
    Chance chance;
  };
  DropinService(Parts parts, DropinSettings settings);

  // Both call `done` exactly once, on this thread or another, without a lock held. What Calendly said is a value, whatever its
  // status. Errors: not_connected, token_unreadable, invalid_date_range for available times over 92 days,
  // calendly_rate_limited before Calendly is asked, calendly_unavailable when it said nothing.
  void read(const ApiCall& call, ApiDone done);
  // One attempt. Also booking_unknown: Calendly may have done it, and nothing tells.
  void write(const ApiCall& call, ApiDone done);

  // Called after a write that may have changed free times, with the start that was booked when there is one. Set before use.
  void on_times_touched(std::function<void(const std::optional<Instant>& start)> touched) { touched_ = std::move(touched); }

  // Free times are other than they were: what depends on them is asked anew, calls under way are not kept.
  void forget_times();
  // Forgets all answers; the connection changed, or an admin says so.
  void forget_all();

  struct Stats {
    std::size_t answers = 0;
    std::size_t bytes = 0;
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t stale = 0;
  };
  [[nodiscard]] Stats stats() const;

 private:
  struct Landed;  // what became of one read
  struct Flight;  // one read on its way, with its retries
  struct Batch;   // the windows of one range
  using Landing = std::function<void(const Landed&)>;
  using SharedAccount = std::shared_ptr<const Account>;

  [[nodiscard]] Result<SharedAccount> connected() const;
  void fetch(std::shared_ptr<Flight> flight, Landing landing);
  [[nodiscard]] std::optional<Landed> kept_answer(const Flight& flight, bool is_failing);
  void read_one(const ApiCall& call, const SharedAccount& account, ApiDone done);
  void read_times(const ApiCall& call, const SharedAccount& account, ApiDone done);
  void advance(const std::shared_ptr<Batch>& batch);
  void land(const std::shared_ptr<Batch>& batch, std::size_t at, const Landed& landed);
  void finish(Batch& batch);
  [[nodiscard]] ApiReply reply_from(const Landed& landed) const;
  [[nodiscard]] std::vector<Landing> settle(const std::shared_ptr<Flight>& flight, Landed& landed,
                                            const std::optional<CallFailure>& failure);

  // On a worker, without mutex_:
  void attempt(const std::shared_ptr<Flight>& flight);
  [[nodiscard]] bool take_in(const Flight& flight, ApiAnswer& answer);
  void log_call(const std::string& request_id, const std::string& method, const std::string& path, const RawAnswer& raw,
                Tick started);
  [[nodiscard]] Result<ApiReply> written(const ApiCall& call, const Account& account);

  Parts parts_;
  DropinSettings settings_;
  std::function<void(const std::optional<Instant>&)> touched_;
  mutable std::mutex mutex_;
  AnswerCache cache_;
  std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;  // whom others may join
  Stats counters_;
};

}  // namespace slotwire::proxy
