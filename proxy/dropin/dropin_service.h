#pragma once
// Replaces Calendly's API: passes calls on with the account's own token, and answers what is not personal from a cache.
//
//   read  -> fetch::Machine, with one of three kinds of key (question.h): available times by their days, so that overlapping
//            ranges share windows; other answers whole; personal ones for one caller, never stored
//   write -> Calendly, once --> answers that it may have changed are fetched again
//
// Only tasks given to Workers block. A waiting caller is a record, not a thread.
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
  std::string path;                                        // as from upstream_path
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in the caller's order
  std::string body;
  std::string request_id;
  std::string content_type = "application/json";  // of the body
  fetch::Client client = {};                      // whose share of the account's calls pays for reads
};

enum class ReplySource { upstream, cache, stale };

struct ApiReply {
  SharedAnswer answer;  // also Calendly's refusals
  ReplySource source = ReplySource::upstream;
  std::chrono::seconds age{};        // since it was fetched
  std::chrono::seconds fresh_for{};  // negative: it stopped being fresh this long ago
  bool is_kept = false;
  std::optional<calendly::RateState> rate;  // as Calendly last reported it
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
  struct Parts {  // all borrowed; must outlive the service. Stop the Workers before destroying it.
    connection::Connection& connection;
    calendly::CalendlyClient& calendly;
    time::Workers& workers;
    time::Workers& timers;  // for delayed tasks, which must not block
    const time::Clock& clock;
    log::Log& log;
    calendly::Chance chance;
    fetch::Shares& shares;
  };
  DropinService(Parts parts, DropinSettings settings);
  ~DropinService() override;

  // Both call `done` exactly once, on this thread or another, without a lock held. Calendly's answer is a value, whatever its
  // status. Errors: not_connected, token_unreadable, invalid_date_range for available times over 92 days, calendly_rate_limited
  // when the budget refuses the call, too_many_requests for a client beyond its share of calls, calendly_unavailable when
  // Calendly did not answer.
  void read(const ApiCall& call, ApiDone done);
  // One attempt. Additional error: booking_unknown when Calendly may have acted but did not answer.
  void write(const ApiCall& call, ApiDone done);

  // `touched` is called after a write that may have changed free times, with the booked start if there is one. Set before use.
  void on_times_touched(std::function<void(const std::optional<Instant>& start)> touched) { touched_ = std::move(touched); }

  // Free times of these days changed; nullopt: of any day. Answers that depend on them are fetched again.
  void forget_times(std::optional<DayRange> days = {});
  // Drops all answers: the connection changed, or an admin asked for it.
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
  struct Reading;  // a read under way

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
  std::uint64_t personal_ = 0;                           // counts personal reads, so that each gets a key of its own
  std::unordered_map<std::string, std::string> orders_;  // by key: the target in the latest caller's order of parameters
  std::int64_t changes_ = 0;
  Stats counters_;
};

}  // namespace slotwire::dropin
