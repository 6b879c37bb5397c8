#pragma once
// Stands in for Calendly's API: hands calls on under the account's own token, and answers from a cache what is not personal.
//
//   read  -> fetch::Machine, by one of three kinds of key (question.h): available times by their days, so that ranges which
//            overlap share windows; other answers whole; personal ones for one caller, never kept
//   write -> Calendly, once --> what it may have changed is asked anew
//
// Nothing here blocks but the tasks given to Workers; a waiting caller is a record, not a thread.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "proxy/calendly/client.h"
#include "proxy/connection/connection.h"
#include "proxy/dropin/api_answer.h"
#include "proxy/fetching/fetch_shell.h"
#include "proxy/log/log.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"

namespace slotwire::dropin {

struct ApiCall {
  std::string method;                                      // "GET", "POST" ...
  std::string path;                                        // of upstream_path
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in the caller's order
  std::string body;
  std::string request_id;
  std::string content_type = "application/json";  // of the body
  fetch::Client client = {};                      // of whose share of the account's calls reads are paid
};

enum class ReplySource { upstream, cache, stale };

struct ApiReply {
  SharedAnswer answer;  // Calendly's refusals too
  ReplySource source = ReplySource::upstream;
  std::chrono::seconds age{};        // since it was fetched
  std::chrono::seconds fresh_for{};  // negative: so long ago it stopped being fresh
  bool is_kept = false;
  std::optional<calendly::RateState> rate;  // as Calendly last told it
};
using ApiDone = std::function<void(Result<ApiReply>)>;

struct DropinSettings {
  std::chrono::seconds fresh_for{300};
  std::chrono::seconds stale_for{86'400};
  std::chrono::days window{7};
  std::size_t max_bytes = std::size_t{16} * 1024 * 1024;
};

inline constexpr std::chrono::days kLongestApiRange{92};

class DropinService final : fetching::FetchShell {
 public:
  struct Parts {  // all borrowed; must outlive the service. The Workers must be stopped before it goes.
    connection::Connection& connection;
    calendly::CalendlyClient& calendly;
    time::Workers& workers;
    time::Workers& timers;  // for what is due at a time and takes none
    const time::Clock& clock;
    log::Log& log;
    calendly::Chance chance;
    fetch::Shares& shares;
  };
  DropinService(Parts parts, DropinSettings settings);
  ~DropinService() override;

  // Both call `done` exactly once, on this thread or another, without a lock held. What Calendly said is a value, whatever its
  // status. Errors: not_connected, token_unreadable, invalid_date_range for available times over 92 days,
  // calendly_rate_limited before Calendly is asked, too_many_requests for a client beyond its share of calls,
  // calendly_unavailable when it said nothing.
  void read(const ApiCall& call, ApiDone done);
  // One attempt. Also booking_unknown: Calendly may have done it, and nothing tells.
  void write(const ApiCall& call, ApiDone done);

  // Called after a write that may have changed free times, with the start that was booked when there is one. Set before use.
  void on_times_touched(std::function<void(const std::optional<Instant>& start)> touched) { touched_ = std::move(touched); }

  // Free times of these days are other than they were; nullopt: of any day. What depends on them is asked anew.
  void forget_times(std::optional<DayRange> days = {});
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
  struct Reading;  // a read on its way

  [[nodiscard]] Result<SharedAccount> connected() const;
  void read_whole(const ApiCall& call, const SharedAccount& account, ApiDone done);
  void read_times(const ApiCall& call, const SharedAccount& account, ApiDone done);
  void ask(fetch::Ask wanted, std::shared_ptr<Reading> reading, const SharedAccount& account);
  [[nodiscard]] Result<ApiReply> reply_from(const Reading& reading, const fetch::Outcomes& outcomes) const;

  // For the shell:
  [[nodiscard]] std::function<void()> answered(fetch::Answer answer) override;
  [[nodiscard]] fetch::Grant claim(const std::string& key, const fetch::Claiming& claiming,
                                   const connection::Account& account) override;
  [[nodiscard]] Landing send(const std::string& key, const fetch::Sending& sending, const SharedAccount& account) override;

  // On a worker, without mutex_:
  void log_call(const std::string& request_id, const std::string& method, const std::string& path, const calendly::RawAnswer& raw,
                time::Tick started);
  [[nodiscard]] Result<ApiReply> written(const ApiCall& call, const connection::Account& account);

  Parts parts_;
  DropinSettings settings_;
  std::function<void(const std::optional<Instant>&)> touched_;
  // With mutex_:
  std::unordered_map<fetch::Id, std::shared_ptr<Reading>> readings_;
  std::uint64_t personal_ = 0;                           // reads, which makes their keys differ
  std::unordered_map<std::string, std::string> orders_;  // by key: the target in the order of who asked last
  std::int64_t changes_ = 0;
  Stats counters_;
};

}  // namespace slotwire::dropin
