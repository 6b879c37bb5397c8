#include "proxy/dropin/dropin_service.h"

#include <algorithm>

#include "proxy/dropin/endpoints.h"
#include "proxy/dropin/reading.h"
#include "proxy/dropin/times_json.h"
#include "shared/percent.h"
#include "shared/time_between.h"
#include "shared/window_plan.h"

namespace slotwire::dropin {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

milliseconds between(time::Tick from, time::Tick to) { return std::chrono::duration_cast<milliseconds>(to - from); }

// A valid negative answer by Calendly, which is better than any copy.
bool is_refusal(int status) { return status >= 400 && status < 500 && status != 401 && status != 424 && status != 429; }

std::shared_ptr<ApiAnswer> answer_from(calendly::UpstreamAnswer upstream) {
  auto answer = std::make_shared<ApiAnswer>();
  answer->status = upstream.status;
  answer->content_type = std::move(upstream.content_type);
  answer->body = std::move(upstream.body);
  answer->retry_after = upstream.retry_after;
  return answer;
}

fetch::Failure failure_from(const calendly::CallFailure& failure, const SharedAnswer& answer) {
  using Kind = fetch::Failure::Kind;
  const Kind kind = failure.is_ours ? Kind::ours : is_refusal(failure.status) ? Kind::meant : Kind::trouble;
  return {failure.error, kind, failure.hint(), failure.is_range_complaint, answer};
}

fetch::Failure unreadable() {
  // A 200 that cannot be parsed is a page of Calendly's edge servers or a truncated body: worth a retry, and not worth storing.
  const Error error{ErrorCode::calendly_unavailable, "Calendly's answer could not be read.", {}, seconds(30)};
  return {error, fetch::Failure::Kind::trouble, {.is_retryable = true}};
}

std::size_t bytes_of(const ApiAnswer& answer) {
  return sizeof(ApiAnswer) + answer.content_type.capacity() + answer.body.capacity() +
         answer.times.capacity() * sizeof(TimeExtent);
}

// Each day of a window gets its own bytes, so that a stored day does not depend on the others.
fetch::Machine::Fetched days_of_times(const SharedAnswer& answer, DayRange window) {
  fetch::Machine::Fetched days;
  for (Day day = window.begin; day < window.end; day += std::chrono::days(1)) {
    const auto part = std::make_shared<ApiAnswer>();
    part->content_type = answer->content_type;
    for (const TimeExtent& time : answer->times) {
      if (utc_day_of(time.start) != day) continue;
      part->times.push_back({time.start, part->body.size(), time.size});
      part->body.append(answer->body, time.at, time.size);
    }
    const std::size_t bytes = bytes_of(*part);
    days.emplace_back(part, bytes);
  }
  return days;
}

SharedAnswer answer_of(const std::shared_ptr<const void>& payload) { return std::static_pointer_cast<const ApiAnswer>(payload); }

fetch::Settings machine_settings(const DropinSettings& settings) {
  return {settings.fresh_for, settings.stale_for, settings.window, settings.max_bytes};
}

}  // namespace

DropinService::DropinService(Parts parts, DropinSettings settings)
    : fetching::FetchShell({parts.connection, parts.workers, parts.workers, parts.timers, parts.clock, parts.log, parts.chance,
                            parts.shares, "api"},
                           machine_settings(settings)),
      parts_(std::move(parts)),
      settings_(settings) {}

DropinService::~DropinService() = default;

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
  read_whole(call, *account, std::move(done));
}

void DropinService::read_whole(const ApiCall& call, const SharedAccount& account, ApiDone done) {
  Question question{Question::Kind::whole, target_from(call.path, sorted_by_name(call.query))};
  if (is_personal(call.path, account->record.user_uri)) {
    const std::lock_guard lock(mutex_);
    question.kind = Question::Kind::personal;
    question.turn = ++personal_;
  }
  // Calendly's next_page contains the parameters in the order of the request.
  if (std::string told = target_from(call.path, call.query); told != question.target) {
    constexpr std::size_t kMostOrders = 1'000;
    const std::lock_guard lock(mutex_);
    if (orders_.size() >= kMostOrders) orders_.clear();
    orders_[key_from_question(question)] = std::move(told);
  }
  constexpr DayRange kOne{fetch::kNoDay, fetch::kNoDay + std::chrono::days(1)};
  fetch::Ask wanted{key_from_question(question), kOne, {}, call.client, call.request_id};
  wanted.is_kept = question.kind != Question::Kind::personal;
  ask(std::move(wanted), std::make_shared<Reading>(Reading{question.kind, std::move(done)}), account);
}

void DropinService::ask(fetch::Ask wanted, std::shared_ptr<Reading> reading, const SharedAccount& account) {
  bool is_of_now = true;
  Step step;
  {
    const std::lock_guard lock(mutex_);
    is_of_now = account->generation == account_->generation;
    if (is_of_now) {
      const fetch::Id id = machine_.ask(std::move(wanted), moment());
      readings_[id] = reading;
      step = take_step();
      if (readings_.contains(id)) ++counters_.misses;
    }
  }
  if (!is_of_now) return reading->done(fetching::account_changed_under_way());
  carry_out(std::move(step));
}

std::function<void()> DropinService::answered(fetch::Answer answer) {
  const auto found = readings_.find(answer.ask);
  std::shared_ptr<Reading> reading = std::move(found->second);
  readings_.erase(found);
  bool is_stale = false;
  bool is_cached = true;
  for (const auto& [day, outcome] : answer.outcomes) {
    is_stale = is_stale || outcome.source == WindowSource::stale;
    is_cached = is_cached && outcome.source == WindowSource::cache;
  }
  if (is_stale) ++counters_.stale;
  if (is_cached && !answer.error) ++counters_.hits;
  return [this, reading = std::move(reading), answer = std::move(answer)] {
    reading->done(answer.error ? Result<ApiReply>(*answer.error) : reply_from(*reading, answer.outcomes));
  };
}

Result<ApiReply> DropinService::reply_from(const Reading& reading, const fetch::Outcomes& outcomes) const {
  ApiReply reply;
  reply.rate = parts_.calendly.rate_state();
  reply.source = ReplySource::cache;
  std::vector<SharedAnswer> parts;
  Instant fetched_at = Instant::max();
  Instant fresh_until = Instant::max();
  for (const auto& [day, outcome] : outcomes) {
    if (outcome.source == WindowSource::failed) {
      if (!outcome.words) return *outcome.error;
      reply.answer = answer_of(outcome.words);
      reply.source = ReplySource::upstream;
      return reply;
    }
    if (outcome.source == WindowSource::stale) reply.source = ReplySource::stale;
    if (outcome.source == WindowSource::upstream && reply.source == ReplySource::cache) reply.source = ReplySource::upstream;
    fetched_at = std::min(fetched_at, outcome.cell.fetched_at);
    fresh_until = std::min(fresh_until, outcome.cell.fresh_until);
    parts.push_back(answer_of(outcome.cell.payload));
  }
  if (reading.kind == Question::Kind::times) {
    const auto merged = std::make_shared<ApiAnswer>();
    merged->content_type = parts.empty() ? "application/json" : parts.front()->content_type;
    merged->body = merged_times(parts, reading.first, reading.last);
    reply.answer = merged;
  } else {
    reply.answer = parts.front();
  }
  reply.is_kept = reading.kind != Question::Kind::personal;
  if (reply.is_kept && !parts.empty()) {
    const Instant now = parts_.clock.now();
    reply.age = std::max(seconds(0), std::chrono::floor<seconds>(time_between(fetched_at, now)));
    reply.fresh_for = std::chrono::floor<seconds>(time_between(now, fresh_until));
  }
  return reply;
}

fetch::Grant DropinService::claim(const std::string&, const fetch::Claiming& claiming, const connection::Account&) {
  // Only in memory and not shared with other servers, because the answers contain internal notes.
  std::vector<Day> days;
  for (const fetch::WantedDay& wanted : claiming.days) days.push_back(wanted.day);
  if (days.front() == fetch::kNoDay) return {{}, {{fetch::kNoDay, fetch::kNoDay + std::chrono::days(1)}}, {}};
  auto windows = windows_covering(days, claiming.longest_window);
  return {{}, windows ? std::move(*windows) : std::vector<DayRange>(), {}};
}

fetching::FetchShell::Landing DropinService::send(const std::string& key, const fetch::Sending& sending,
                                                  const SharedAccount& account) {
  const time::Tick started = parts_.clock.tick();
  const Question question = question_from_key(key);
  const bool is_times = question.kind == Question::Kind::times;
  calendly::UpstreamRequest request;
  request.target = question.target;
  {
    const std::lock_guard lock(mutex_);
    if (const auto order = orders_.find(key); order != orders_.end()) request.target = order->second;
  }
  if (is_times) {
    const std::optional<InstantRange> range = askable_range(sending.window, parts_.clock.now());
    // The rest of today, seconds before midnight.
    if (!range) return days_of_times(std::make_shared<const ApiAnswer>(), sending.window);
    request.target = question.target_for(*range);
  }
  // Only admins make personal reads.
  const calendly::Urgency urgency = question.kind == Question::Kind::personal ? calendly::Urgency::reserved
                                    : sending.is_background                   ? calendly::Urgency::background
                                                                              : calendly::Urgency::visitor;
  calendly::RawAnswer raw = parts_.calendly.pass(std::move(request), *account->token, {urgency, sending.timeout});
  log_call(sending.request_id, "GET", question.path(), raw, started);
  const std::shared_ptr<ApiAnswer> answer = raw.answer ? answer_from(std::move(*raw.answer)) : nullptr;
  if (raw.failure) {
    if (raw.failure->error.code == ErrorCode::token_rejected) {
      parts_.connection.note_problem(account->generation, raw.failure->error);
    }
    if (is_times && raw.failure->is_range_complaint) parts_.connection.note_short_windows(account->generation);
    return failure_from(*raw.failure, answer);
  }
  if (const auto rate = parts_.calendly.rate_state()) parts_.shares.set_limit(rate->limit);
  if (!is_times) {
    if (question.kind != Question::Kind::personal && !is_json(answer->body)) return unreadable();
    const std::size_t bytes = bytes_of(*answer);
    return fetch::Machine::Fetched{{answer, bytes}};
  }
  Result<std::vector<TimeExtent>> times = times_from_calendly(answer->body);
  if (!times) return unreadable();
  answer->times = std::move(*times);
  parts_.connection.note_success(account->generation);
  return days_of_times(answer, sending.window);
}

void DropinService::write(const ApiCall& call, ApiDone done) {
  const Result<SharedAccount> account = connected();
  if (!account) return done(account.error());
  parts_.workers.post([this, call, account = *account, done = std::move(done)] { done(written(call, *account)); });
}

Result<ApiReply> DropinService::written(const ApiCall& call, const connection::Account& account) {
  const time::Tick started = parts_.clock.tick();
  calendly::UpstreamRequest request;
  request.method = call.method;
  request.target = target_from(call.path, call.query);
  request.body = call.body;
  if (!call.body.empty()) request.content_type = call.content_type;
  calendly::RawAnswer raw = parts_.calendly.pass(std::move(request), *account.token, {calendly::Urgency::reserved});
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
                             const calendly::RawAnswer& raw, time::Tick started) {
  const std::string outcome = raw.answer ? std::to_string(raw.answer->status) : raw.failure->error.detail;
  parts_.log.info(
      "api", request_id,
      method + ' ' + path + ": " + outcome + " in " + std::to_string(between(started, parts_.clock.tick()).count()) + " ms");
}

void DropinService::forget_times(std::optional<DayRange> days) {
  after([&](const fetch::Moment& now) {
    if (days) machine_.changed(++changes_, *days, now);
    machine_.outdated(
        [&](const std::string& key) {
          const Question question = question_from_key(key);
          if (question.kind == Question::Kind::times) return !days;
          return depends_on_bookings(question.path());
        },
        now);
  });
}

void DropinService::forget_all() {
  after([&](const fetch::Moment& now) {
    if (!adopt_account(now)) machine_.purged(++changes_, now);
  });
}

DropinService::Stats DropinService::stats() const {
  const std::lock_guard lock(mutex_);
  const fetch::Machine::Counts counts = machine_.counts();
  Stats stats = counters_;
  stats.answers = counts.cells;
  stats.bytes = counts.bytes;
  return stats;
}

}  // namespace slotwire::dropin
