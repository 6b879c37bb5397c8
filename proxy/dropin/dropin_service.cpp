#include "proxy/dropin/dropin_service.h"

#include <algorithm>

#include "proxy/calendly/query.h"
#include "proxy/dropin/endpoints.h"
#include "proxy/dropin/flight.h"
#include "proxy/dropin/times_json.h"
#include "shared/wire_json.h"

namespace slotwire::proxy {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// One attempt may not use up the whole deadline: a hanging connection deserves a second one.
constexpr milliseconds kAttemptTimeout{5'000};
constexpr seconds kQuiet{5};

milliseconds between(Tick from, Tick to) { return std::chrono::duration_cast<milliseconds>(to - from); }

// Calendly answers, and means it: no copy says better what is asked for.
bool is_refusal(int status) { return status >= 400 && status < 500 && status != 401 && status != 424 && status != 429; }

std::shared_ptr<ApiAnswer> answer_from(UpstreamAnswer upstream) {
  auto answer = std::make_shared<ApiAnswer>();
  answer->status = upstream.status;
  answer->content_type = std::move(upstream.content_type);
  answer->body = std::move(upstream.body);
  answer->retry_after = upstream.retry_after;
  return answer;
}

std::string target_from(std::string_view path, const Pairs& query) {
  std::string target(path);
  char separator = '?';
  for (const auto& [name, value] : query) {
    target += separator + query_encoded(name) + '=' + query_encoded(value);
    separator = '&';
  }
  return target;
}

}  // namespace

DropinService::DropinService(Parts parts, DropinSettings settings)
    : parts_(std::move(parts)), settings_(settings), cache_(settings.max_bytes) {}

Result<DropinService::SharedAccount> DropinService::connected() const {
  SharedAccount account = parts_.connection.account();
  if (account->token) return account;
  if (account->problem) return *account->problem;
  return Error{ErrorCode::not_connected, "No Calendly account is connected."};
}

void DropinService::read(const ApiCall& call, ApiDone done) {
  const Result<SharedAccount> account = connected();
  if (!account) return done(account.error());
  if (is_available_times(call.path)) return read_times(call, *account, std::move(done));
  read_one(call, *account, std::move(done));
}

void DropinService::read_one(const ApiCall& call, const SharedAccount& account, ApiDone done) {
  auto flight = std::make_shared<Flight>();
  flight->path = call.path;
  // In the caller's order: Calendly's next_page repeats it. Who asks the same in another order later shares the answer.
  flight->target = target_from(call.path, call.query);
  if (!is_personal(call.path, account->record.user_uri)) {
    flight->key = key_of(*account, target_from(call.path, sorted_by_name(call.query)));
  }
  flight->account = account;
  flight->request_id = call.request_id;
  fetch(std::move(flight), [this, done = std::move(done)](const Landed& landed) {
    if (landed.error) return done(*landed.error);
    done(reply_from(landed));
  });
}

ApiReply DropinService::reply_from(const Landed& landed) const {
  const Tick now = parts_.clock.tick();
  ApiReply reply{landed.answer, landed.source, {}, {}, landed.is_kept, parts_.calendly.rate_state()};
  if (landed.is_kept) {
    reply.age = std::chrono::floor<seconds>(now - landed.fetched_at);
    reply.fresh_for = std::chrono::floor<seconds>(landed.fresh_until - now);
  }
  return reply;
}

// Under mutex_. Fresh, or old while Calendly fails.
std::optional<DropinService::Landed> DropinService::kept_answer(const Flight& flight, bool is_failing) {
  if (flight.key.empty()) return std::nullopt;
  const KeptAnswer* kept = cache_.find(flight.key);
  const Tick now = parts_.clock.tick();
  if (!kept || now >= kept->fetched_at + settings_.stale_for) return std::nullopt;
  const bool is_fresh = now < kept->fresh_until;
  if (!is_fresh && !is_failing && now >= kept->quiet_until) return std::nullopt;
  ++(is_fresh ? counters_.hits : counters_.stale);
  return Landed{.answer = kept->answer,
                .error = {},
                .source = is_fresh ? ReplySource::cache : ReplySource::stale,
                .fetched_at = kept->fetched_at,
                .fresh_until = kept->fresh_until,
                .is_kept = true};
}

void DropinService::fetch(std::shared_ptr<Flight> flight, Landing landing) {
  std::optional<Landed> kept;
  {
    const std::lock_guard lock(mutex_);
    const auto flying = flight->key.empty() ? flights_.end() : flights_.find(flight->key);
    kept = kept_answer(*flight, flying != flights_.end() && flying->second->has_failed);
    if (!kept) {
      ++counters_.misses;
      if (flying != flights_.end()) {
        flying->second->waiters.push_back(std::move(landing));
        return;
      }
      flight->waiters.push_back(std::move(landing));
      flight->retry = fetch::Retry(parts_.clock.tick() + kCallDeadline);
      if (!flight->key.empty()) flights_.emplace(flight->key, flight);
    }
  }
  if (kept) return landing(*kept);
  parts_.workers.post([this, flight = std::move(flight)] { attempt(flight); });
}

void DropinService::attempt(const std::shared_ptr<Flight>& flight) {
  const Tick started = parts_.clock.tick();
  flight->retry.begin_attempt();
  UpstreamRequest request;
  request.target = flight->target;
  const CallTerms terms{Urgency::visitor, std::min(kAttemptTimeout, flight->retry.left(started))};
  RawAnswer raw = parts_.calendly.pass(std::move(request), *flight->account->token, terms);
  log_call(flight->request_id, "GET", flight->path, raw, started);
  if (raw.failure && raw.failure->error.code == ErrorCode::token_rejected) {
    parts_.connection.note_problem(flight->account->generation, raw.failure->error);
  }
  Landed landed;
  landed.fetched_at = parts_.clock.tick();
  if (raw.answer) {
    const std::shared_ptr<ApiAnswer> answer = answer_from(std::move(*raw.answer));
    landed.answer = answer;
    if (!raw.failure && !flight->key.empty() && !take_in(*flight, *answer)) {
      // A 200 that does not parse is a page of the edge or a cut body: worth another try, and not worth keeping.
      raw.failure = {{ErrorCode::calendly_unavailable, "Calendly's answer could not be read.", {}, seconds(30)}, true};
      landed.answer = nullptr;
    }
  }
  if (raw.failure) {
    landed.is_range_complaint = raw.failure->is_range_complaint;
    if (!landed.answer) landed.error = raw.failure->error;
  }
  std::vector<Landing> waiters;
  {
    const std::lock_guard lock(mutex_);
    waiters = settle(flight, landed, raw.failure);
  }
  for (const Landing& waiter : waiters) waiter(landed);
}

// False when it cannot be read.
bool DropinService::take_in(const Flight& flight, ApiAnswer& answer) {
  if (!is_available_times(flight.path)) return is_json(answer.body);
  Result<std::vector<TimeExtent>> times = times_from_calendly(answer.body);
  if (!times) return false;
  answer.times = std::move(*times);
  parts_.connection.note_success(flight.account->generation);
  return true;
}

// Under mutex_. Keeps what may be kept, plans the next attempt, and returns who is to be told `landed` now.
std::vector<DropinService::Landing> DropinService::settle(const std::shared_ptr<Flight>& flight, Landed& landed,
                                                          const std::optional<CallFailure>& failure) {
  const auto flying = flight->key.empty() ? flights_.end() : flights_.find(flight->key);
  // Not when something changed since it was asked: then nobody joins it any more, and its answer may be of before.
  const bool is_current = flying != flights_.end() && flying->second == flight;
  bool is_over = true;
  if (!failure) {
    landed.fresh_until = landed.fetched_at + settings_.fresh_for;
    landed.is_kept = is_current;
    if (is_current) {
      cache_.put(flight->key, {landed.answer, landed.fetched_at, landed.fresh_until, depends_on_bookings(flight->path)});
    }
  } else if (is_refusal(failure->status)) {
    if (is_current) cache_.drop(flight->key);
  } else {
    flight->has_failed = true;
    if (const auto wait = flight->retry.wait_after(failure->hint(), landed.fetched_at, parts_.chance())) {
      is_over = false;
      parts_.workers.post_after(*wait, [this, flight] { attempt(flight); });
    }
    if (const std::optional<Landed> copy = kept_answer(*flight, true)) {
      landed = *copy;
      if (KeptAnswer* kept = cache_.find(flight->key); is_over) kept->quiet_until = parts_.clock.tick() + kQuiet;
    } else if (!is_over) {
      return {};
    }
  }
  if (is_over && is_current) flights_.erase(flying);
  return std::exchange(flight->waiters, {});
}

void DropinService::write(const ApiCall& call, ApiDone done) {
  const Result<SharedAccount> account = connected();
  if (!account) return done(account.error());
  parts_.workers.post([this, call, account = *account, done = std::move(done)] { done(written(call, *account)); });
}

Result<ApiReply> DropinService::written(const ApiCall& call, const Account& account) {
  const Tick started = parts_.clock.tick();
  UpstreamRequest request;
  request.method = call.method;
  request.target = target_from(call.path, call.query);
  request.body = call.body;
  if (!call.body.empty()) request.content_type = call.content_type;
  RawAnswer raw = parts_.calendly.pass(std::move(request), *account.token, {Urgency::reserved});
  log_call(call.request_id, call.method, call.path, raw, started);
  const bool may_have_acted = !raw.failure || raw.failure->may_have_acted;
  const Touched touched = may_have_acted ? touched_by_write(call.path) : Touched::nothing;
  if (touched == Touched::times) forget_times();
  if (touched == Touched::everything) forget_all();
  if (touched != Touched::nothing && touched_) {
    touched_(call.path == "/invitees" ? start_time_in(call.body, call.content_type) : std::nullopt);
  }
  if (raw.failure && raw.failure->error.code == ErrorCode::token_rejected) {
    parts_.connection.note_problem(account.generation, raw.failure->error);
  }
  if (raw.answer) {
    ApiReply reply;
    reply.answer = answer_from(std::move(*raw.answer));
    reply.rate = parts_.calendly.rate_state();
    return reply;
  }
  if (!raw.failure->may_have_acted) return raw.failure->error;
  return Error{ErrorCode::booking_unknown,
               raw.failure->error.detail + " Whether it did what was asked is not known: look before asking again."};
}

void DropinService::log_call(const std::string& request_id, const std::string& method, const std::string& path,
                             const RawAnswer& raw, Tick started) {
  const std::string outcome = raw.answer ? std::to_string(raw.answer->status) : raw.failure->error.detail;
  parts_.log.info(
      "api", request_id,
      method + ' ' + path + ": " + outcome + " in " + std::to_string(between(started, parts_.clock.tick()).count()) + " ms");
}

void DropinService::forget_times() {
  const std::lock_guard lock(mutex_);
  cache_.drop_what_depends_on_bookings();
  std::erase_if(flights_, [](const auto& entry) { return depends_on_bookings(entry.second->path); });
}

void DropinService::forget_all() {
  const std::lock_guard lock(mutex_);
  cache_.drop_all();
  flights_.clear();
}

DropinService::Stats DropinService::stats() const {
  const std::lock_guard lock(mutex_);
  Stats stats = counters_;
  stats.answers = cache_.count();
  stats.bytes = cache_.bytes();
  return stats;
}

}  // namespace slotwire::proxy
