#include "proxy/slots/slot_service.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "proxy/connection/unknown_type.h"
#include "proxy/slots/assemble.h"
#include "proxy/slots/request.h"
#include "shared/time_between.h"
#include "shared/window_plan.h"

namespace slotwire::slots {
namespace {

using std::chrono::seconds;

constexpr seconds kUnknownFor{60};
constexpr seconds kBetweenSyncs{60};
constexpr seconds kIdleFresh{60};
constexpr seconds kStartLead{60};  // as in askable_range: an earlier start is refused
constexpr std::size_t kMostUnknown = 10'000;
constexpr std::chrono::days kMostKnownDays{92};

std::string key_of(const std::string& uri, const SlotQuery& query) {
  return uri + '\n' + std::to_string(query.range.begin.time_since_epoch().count()) + '\n' +
         std::to_string(query.range.end.time_since_epoch().count()) + '\n' + query.timezone + '\n' +
         text_from_day(query.days.begin) + text_from_day(query.days.end);
}

// The part of the range that can still be requested or answered: whole UTC days from today on.
DayRange needed_days(InstantRange range, Instant now) {
  const Instant earliest = std::max(range.begin, now + kStartLead);
  if (earliest >= range.end) return {};
  return utc_days_touching({earliest, range.end});
}

fetch::Settings machine_settings(const SlotServiceSettings& settings) {
  // Prepared answers get an eighth of the memory, those of several event types (any_of_service.h) another eighth, cells the rest.
  return {settings.fresh_for, settings.stale_for, settings.window, settings.max_bytes / 4 * 3, settings.blind_after};
}

}  // namespace

DayRange days_changed_by(InstantRange booking) {
  // The range is wide enough for a booking that ends at midnight, which does not touch the next day itself.
  constexpr std::chrono::days kDay{1};
  return {utc_day_of(booking.begin) - kDay, utc_day_of(booking.end) + 2 * kDay};
}

SlotService::SlotService(Parts parts, SlotServiceSettings settings)
    : fetching::FetchShell({parts.connection, parts.fetchers, parts.background, parts.timers, parts.clock, parts.log,
                            parts.chance, parts.shares, "slots"},
                           machine_settings(settings)),
      parts_(std::move(parts)),
      settings_(settings),
      prepared_(settings.max_bytes / 8) {
  // Changes still in the log are about other servers' cells. If this fails, the next read reports it.
  (void)apply_changes();
}

SlotService::~SlotService() = default;

void SlotService::find(SlotQuery query, SlotsDone done) {
  if (parts_.types.is_fresh()) return find_now(std::move(query), std::move(done));
  SlotQuery meanwhile = query;
  const bool waits = parts_.types.when_read(
      [this, query = std::move(query), done = std::move(done)]() mutable { find_now(std::move(query), std::move(done)); });
  // Meanwhile free times are fetched already, so that they are known or under way once the event types have been read.
  if (waits && parts_.connection.account()->find_type(meanwhile.event_type))
    find_now(std::move(meanwhile), [](const Result<SlotReply>&) {});
}

void SlotService::find_now(SlotQuery query, SlotsDone done) {
  std::shared_ptr<const connection::Account> account = parts_.connection.account();
  switch (account->record.mode) {
    case ConnectionMode::none:
      return done(Error{ErrorCode::not_connected, "No Calendly account is connected.", {}, seconds(60)});
    case ConnectionMode::public_links: {
      const EventType* type = account->find_type(query.event_type);
      if (!type) return done(connection::unknown_type(query.event_type));
      return done(SlotReply{prepared_public_link(type->scheduling_url, parts_.clock.now() + kIdleFresh)});
    }
    case ConnectionMode::pat:
      break;
  }
  if (const auto lost = parts_.types.lost()) return done(*lost);
  const EventType* type = account->find_type(query.event_type);
  if (!type) return find_unknown(std::move(query), std::move(done));
  find_known(std::move(account), *type, std::move(query), std::move(done));
}

void SlotService::find_unknown(SlotQuery query, SlotsDone done) {
  const time::Tick now = parts_.clock.tick();
  Error told = connection::unknown_type(query.event_type);
  {
    const std::lock_guard lock(mutex_);
    const auto known = unknown_until_.find(query.event_type);
    const bool is_remembered = known != unknown_until_.end() && now < known->second;
    if (!is_remembered && is_syncing_) {
      waiting_for_sync_.emplace_back(std::move(query), std::move(done));
      return;
    }
    const bool may_sync = !is_remembered && (!last_sync_ || time_between(*last_sync_, now) >= kBetweenSyncs);
    if (may_sync) {
      last_sync_ = now;
      is_syncing_ = true;
      parts_.background.post([this, query = std::move(query), done = std::move(done)]() mutable {
        find_after_sync(std::move(query), std::move(done));
      });
      return;
    }
    if (!is_remembered && last_sync_error_) told = *last_sync_error_;  // it could not be checked whether the event type exists
  }
  done(told);
}

// An exception counts as a failure: waiting requests get it, and the next request may try again.
Result<Done> SlotService::synced_for(const std::string& request_id) {
  try {
    return parts_.connection.sync(request_id, calendly::Urgency::visitor);
  } catch (const std::exception& exception) {
    parts_.log.error("slots", request_id, exception.what());
    return Error{ErrorCode::internal, "The proxy failed while it read the event types."};
  }
}

void SlotService::find_after_sync(SlotQuery query, SlotsDone done) {
  const Result<Done> synced = synced_for(query.request_id);
  std::vector<std::pair<SlotQuery, SlotsDone>> asked;
  {
    const std::lock_guard lock(mutex_);
    asked = std::exchange(waiting_for_sync_, {});
    is_syncing_ = false;
    last_sync_error_ = synced ? std::nullopt : std::optional(synced.error());
  }
  asked.emplace_back(std::move(query), std::move(done));
  const std::shared_ptr<const connection::Account> account = parts_.connection.account();
  for (auto& [each, answer] : asked) {
    if (const EventType* type = account->find_type(each.event_type)) {
      find_known(account, *type, std::move(each), std::move(answer));
    } else if (!synced) {
      answer(synced.error());
    } else {
      remember_unknown(each.event_type);
      answer(connection::unknown_type(each.event_type));
    }
  }
}

void SlotService::remember_unknown(const std::string& event_type) {
  const std::lock_guard lock(mutex_);
  if (unknown_until_.size() >= kMostUnknown) unknown_until_.clear();
  unknown_until_[event_type] = parts_.clock.tick() + kUnknownFor;
}

void SlotService::find_known(std::shared_ptr<const connection::Account> account, const EventType& type, SlotQuery query,
                             SlotsDone done) {
  std::string key = key_of(type.uri, query);
  std::optional<SlotReply> told;
  std::optional<Error> refused;
  Step woken;
  Step step;
  {
    const std::lock_guard lock(mutex_);
    const fetch::Moment now = moment();
    // Before a ready answer is used, which asks the machine nothing: a clock that was set back by hours would keep it fresh for
    // hours.
    machine_.wake(now);
    woken = take_step();
    const DayRange days = needed_days(query.range, now.wall);
    const bool may_repeat = !query.max_age && !machine_.is_blind(now.tick);
    const KeptReply* kept =
        may_repeat ? prepared_.find(key, machine_.version_of(type.uri), account, now.wall, now.tick) : nullptr;
    // A fresh look must not join requests that accept older cached data.
    if (query.max_age) key += '\n' + std::to_string(query.max_age->count());
    if (kept) {
      ++counters_.hits;
      told = kept->reply;
      if (now.wall >= kept->refresh_from) machine_.saw(type.uri, days, now);
    } else if (account->generation != account_->generation) {
      refused = fetching::account_changed_under_way();
    } else if (!account->token) {
      refused = account->problem.value_or(Error{ErrorCode::token_unreadable, "The stored token cannot be opened."});
    } else if (const auto same = joinable_.find(key); same != joinable_.end() && same->second->type == type &&
                                                      machine_.join(type.uri, same->second->ask, query.client)) {
      ++counters_.misses;
      same->second->callbacks.push_back(std::move(done));
    } else {
      auto request = std::make_shared<Request>(Request{0, key, query, account, type, {}, now.tick});
      request->callbacks.push_back(std::move(done));
      request->ask = machine_.ask({type.uri, days, query.max_age, query.client, query.request_id, query.days.length()}, now);
      requests_[request->ask] = request;
      joinable_[key] = request;
      step = take_step();
      ++(requests_.contains(request->ask) ? counters_.misses : counters_.hits);
    }
    if (kept) step = take_step();
  }
  if (told) done(std::move(*told));
  if (refused) done(*refused);
  carry_out(std::move(woken));
  carry_out(std::move(step));
}

void SlotService::answer(const Request& request, const fetch::Answer& answer, std::uint64_t version) {
  const Instant now = parts_.clock.now();
  const std::string took =
      std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(parts_.clock.tick() - request.asked_at).count()) +
      " ms";
  const Result<SlotsAnswer> assembled =
      answer.error ? Result<SlotsAnswer>(*answer.error) : assembled_answer(request.type, request.query, answer.outcomes, now);
  if (!assembled) {
    parts_.log.warn("slots", request.query.request_id,
                    "nothing known of any day after " + took + ": " + assembled.error().detail);
    for (const SlotsDone& done : request.callbacks) done(assembled.error());
    return;
  }
  const AnsweredFrom from = assembled->stale    ? AnsweredFrom::stale
                            : assembled->cached ? AnsweredFrom::cache
                                                : AnsweredFrom::upstream;
  SlotReply reply{prepared_from(*assembled, fresh_until(*assembled, answer.outcomes, now, kIdleFresh)), from};
  if (from == AnsweredFrom::stale) reply.same_until = answer.same_until;
  KeptReply kept{reply, version, request.account};
  for (const auto& [day, outcome] : answer.outcomes) kept.refresh_from = std::min(kept.refresh_from, outcome.cell.refresh_from);
  if (from == AnsweredFrom::stale) {
    kept.refresh_from = Instant::max();
  } else {
    parts_.log.info("slots", request.query.request_id,
                    std::to_string(request.query.days.length().count()) + " days, " + std::to_string(assembled->windows.size()) +
                        " windows: " + std::to_string(assembled->slots.size()) + " slots in " + took + " in total");
  }
  {
    const std::lock_guard lock(mutex_);
    if (from == AnsweredFrom::stale) ++counters_.stale;
    // An answer that says "fetched just now" is not reused, and a fresh look belongs only to its own request.
    if (from != AnsweredFrom::upstream && assembled->complete && !request.query.max_age) prepared_.keep(request.key, kept);
  }
  for (const SlotsDone& done : request.callbacks) done(reply);
}

Day SlotService::known_until(const std::string& event_type, Day from) {
  const std::shared_ptr<const connection::Account> account = parts_.connection.account();
  const EventType* type = account->find_type(event_type);
  if (!type) return from;
  const std::lock_guard lock(mutex_);
  const fetch::Moment now = moment();
  if (account->generation != account_->generation || machine_.is_blind(now.tick)) return from;
  Day day = from;
  for (; day < from + kMostKnownDays; day += std::chrono::days(1)) {
    const fetch::Cell* cell = machine_.known(type->uri, day);
    if (!cell || !cell->is_fresh(now.wall)) break;
  }
  return day;
}

void SlotService::drop_old_copies() {
  const Instant now = parts_.clock.now();
  {
    const std::lock_guard lock(mutex_);
    machine_.drop_old_copies(now);
  }
  if (auto dropped = parts_.store.drop_cells_older_than(now - settings_.stale_for); !dropped) {
    parts_.log.warn("store", "", dropped.error().detail);
  }
}

SlotService::Stats SlotService::stats() const {
  const std::lock_guard lock(mutex_);
  const fetch::Machine::Counts counts = machine_.counts();
  Stats stats = counters_;
  stats.cells = counts.cells;
  stats.bytes = counts.bytes;
  stats.evicted = counts.evicted;
  stats.prepared_answers = prepared_.count();
  stats.prepared_bytes = prepared_.bytes();
  stats.flights = counts.windows;
  stats.waiting = counts.asks;
  return stats;
}

// ---- Changes ----

void SlotService::forget_answers() {
  prepared_.clear();
  unknown_until_.clear();
}

void SlotService::account_changed() {
  Step step;
  {
    const std::lock_guard lock(mutex_);
    forget_answers();
    if (!adopt_account(moment())) return;
    last_sync_.reset();
    last_sync_error_.reset();
    step = take_step();
  }
  carry_out(std::move(step));
}

Result<Done> SlotService::purge() {
  // The disk first and without the lock: another program may hold it for seconds, and every visitor would wait.
  const Result<std::int64_t> purged = parts_.store.purge_cells();
  if (!purged) {
    const std::lock_guard lock(mutex_);
    machine_.forget();
    forget_answers();
    return purged.error();
  }
  const std::shared_ptr<const connection::Account> account = parts_.connection.account();
  parts_.cluster.forget(cluster::cluster_account(account->record.user_uri, account->record.connected_at.value_or(Instant())));
  parts_.cluster.notify();
  return apply_changes();
}

Result<Done> SlotService::expire_days(DayRange days) {
  const Result<std::int64_t> logged = parts_.store.expire_days(days);
  if (!logged) return logged.error();
  return spread_changes();
}

Result<Done> SlotService::spread_changes() {
  parts_.cluster.notify();
  return apply_changes();
}

Result<Done> SlotService::apply_changes() {
  const std::lock_guard taking_up(taking_up_);
  const time::Tick asked_at = parts_.clock.tick();
  const Result<std::vector<store::Change>> changes = parts_.store.changes_since(seen_change_);
  if (!changes) return changes.error();
  after([&](const fetch::Moment& now) {
    machine_.log_was_read(asked_at);
    for (const store::Change& change : *changes) {
      seen_change_ = change.id;
      if (change.kind == store::Change::Kind::purge) {
        machine_.purged(change.id, now);
        forget_answers();
      } else {
        // Changes of Kind::account have no days: Connection applies them, and account_changed() follows.
        machine_.changed(change.id, change.days, now);
      }
    }
  });
  if (changed_) {
    for (const store::Change& change : *changes) changed_(change);
  }
  return Done{};
}

void SlotService::settled_elsewhere(const std::string& event_type_uri, DayRange days) {
  after([&](const fetch::Moment& now) { machine_.settled_elsewhere(event_type_uri, days, now); });
}

}  // namespace slotwire::slots
