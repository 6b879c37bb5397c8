#include "proxy/slots/slot_service.h"

#include <algorithm>
#include <utility>

#include "proxy/slots/flight.h"
#include "shared/window_plan.h"

namespace slotwire::proxy {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kUnknownFor{60};
constexpr seconds kBetweenSyncs{60};
constexpr seconds kIdleFresh{60};
constexpr seconds kStartLead{60};  // as in askable_range: an earlier start is refused
constexpr seconds kTrustedBlind{2};
constexpr std::size_t kMostUnknown = 10'000;

Error unknown_type() {
  return {ErrorCode::event_type_not_found, "There is no such event type.", {{"eventType", "is not known"}}};
}

// What other servers did since the log was last read is not known here.
Error unheard() { return {ErrorCode::storage_failed, "The database cannot be asked whether these times changed."}; }

std::string key_of(const std::string& uri, const SlotQuery& query) {
  return uri + '\n' + std::to_string(query.range.begin.time_since_epoch().count()) + '\n' +
         std::to_string(query.range.end.time_since_epoch().count()) + '\n' + query.timezone + '\n' +
         text_from_day(query.days.begin) + text_from_day(query.days.end);
}

// What of the range can still be asked or answered: whole UTC days from the one that is running.
DayRange needed_days(InstantRange range, Instant now) {
  const Instant earliest = std::max(range.begin, now + kStartLead);
  if (earliest >= range.end) return {};
  return utc_days_touching({earliest, range.end});
}

std::size_t bytes_of(const PreparedAnswer& answer) { return answer.json.size() + answer.gzip.size() + answer.brotli.size(); }

}  // namespace

SlotService::SlotService(Parts parts, SlotServiceSettings settings)
    : parts_(std::move(parts)),
      settings_(settings),
      // Prepared answers get a quarter of the memory, cells the rest.
      cells_(settings.max_bytes / 4 * 3),
      generation_(parts_.connection.account()->generation) {
  // What the log still holds concerns cells of other servers; a failure shows itself at the next look.
  (void)take_up_changes();
}

SlotService::~SlotService() = default;

void SlotService::find(SlotQuery query, SlotsDone done) {
  std::shared_ptr<const Account> account = parts_.connection.account();
  switch (account->record.mode) {
    case ConnectionMode::none:
      return done(Error{ErrorCode::not_connected, "No Calendly account is connected.", {}, seconds(60)});
    case ConnectionMode::public_links: {
      const EventType* type = account->find_type(query.event_type);
      if (!type) return done(unknown_type());
      return done(SlotReply{prepared_public_link(type->scheduling_url, parts_.clock.now() + kIdleFresh)});
    }
    case ConnectionMode::pat:
      break;
  }
  const EventType* type = account->find_type(query.event_type);
  if (!type) return find_unknown(std::move(query), std::move(done));
  find_known(std::move(account), *type, std::move(query), std::move(done));
}

void SlotService::find_unknown(SlotQuery query, SlotsDone done) {
  const Tick now = parts_.clock.tick();
  Error told = unknown_type();
  {
    const std::lock_guard lock(mutex_);
    const auto known = unknown_until_.find(query.event_type);
    const bool is_remembered = known != unknown_until_.end() && now < known->second;
    if (!is_remembered && is_syncing_) {
      waiting_for_sync_.emplace_back(std::move(query), std::move(done));
      return;
    }
    const bool may_sync = !is_remembered && (!last_sync_ || now - *last_sync_ >= kBetweenSyncs);
    if (may_sync) {
      last_sync_ = now;
      is_syncing_ = true;
      parts_.background.post([this, query = std::move(query), done = std::move(done)]() mutable {
        find_after_sync(std::move(query), std::move(done));
      });
      return;
    }
    if (!is_remembered && last_sync_error_) told = *last_sync_error_;  // nobody could say whether it is unknown
  }
  done(told);
}

void SlotService::find_after_sync(SlotQuery query, SlotsDone done) {
  const Result<Done> synced = parts_.connection.sync(query.request_id);
  std::vector<std::pair<SlotQuery, SlotsDone>> asked;
  {
    const std::lock_guard lock(mutex_);
    asked = std::exchange(waiting_for_sync_, {});
    is_syncing_ = false;
    last_sync_error_ = synced ? std::nullopt : std::optional(synced.error());
  }
  asked.emplace_back(std::move(query), std::move(done));
  const std::shared_ptr<const Account> account = parts_.connection.account();
  for (auto& [each, answer] : asked) {
    if (const EventType* type = account->find_type(each.event_type)) {
      find_known(account, *type, std::move(each), std::move(answer));
    } else if (!synced) {
      answer(synced.error());
    } else {
      remember_unknown(each.event_type);
      answer(unknown_type());
    }
  }
}

void SlotService::remember_unknown(const std::string& event_type) {
  const std::lock_guard lock(mutex_);
  if (unknown_until_.size() >= kMostUnknown) unknown_until_.clear();
  unknown_until_[event_type] = parts_.clock.tick() + kUnknownFor;
}

void SlotService::find_known(std::shared_ptr<const Account> account, const EventType& type, SlotQuery query, SlotsDone done) {
  const Instant now = parts_.clock.now();
  const std::string key = key_of(type.uri, query);
  const DayRange days = needed_days(query.range, now);
  std::map<Day, DayOutcome> outcomes;
  std::uint64_t version = 0;
  Instant refresh_from = Instant::max();
  {
    std::unique_lock lock(mutex_);
    look_at_clock(now, parts_.clock.tick());
    const Tick tick = parts_.clock.tick();
    const std::optional<Instant> trusted_from = is_blind(tick) ? std::optional(now - kTrustedBlind) : std::nullopt;
    if (const auto kept = prepared_.find(key); kept != prepared_.end() && !query.max_age && !trusted_from) {
      const Kept& held = kept->second;
      if (held.account == account && held.version == cells_.version_of(type.uri) && now < held.answer->fresh_until) {
        ++counters_.hits;
        if (now >= held.refresh_from) refresh_ahead(account, type.uri, days);
        SlotReply reply{held.answer};
        lock.unlock();
        return done(std::move(reply));
      }
      prepared_bytes_ -= bytes_of(*held.answer);
      prepared_.erase(kept);
    }
    if (account->generation < generation_) {
      lock.unlock();
      return done(changed_under_way());
    }
    if (!account->token) {
      lock.unlock();
      return done(account->problem.value_or(Error{ErrorCode::token_unreadable, "The stored token cannot be opened."}));
    }
    std::vector<Day> missing;
    for (Day day = days.begin; day < days.end; day += std::chrono::days(1)) {
      const CachedCell* cached = cells_.find(type.uri, day);
      const bool is_young = !query.max_age || (cached && now - cached->cell->fetched_at <= *query.max_age);
      if (cached && now < cached->fresh_until && is_young && trusted_from && cached->cell->fetched_at < *trusted_from) {
        outcomes[day] = {WindowSource::stale, *cached, unheard()};
      } else if (cached && now < cached->fresh_until && is_young) {
        outcomes[day] = {WindowSource::cache, *cached, std::nullopt};
        refresh_from = std::min(refresh_from, cached->refresh_from);
      } else {
        missing.push_back(day);
      }
    }
    if (!missing.empty()) {
      ++counters_.misses;
      // Who asks for a fresh look is not served what others who wait have already taken from the cache.
      const std::string waiting_key = query.max_age ? key + '\n' + std::to_string(query.max_age->count()) : key;
      if (const auto waiting = pending_.find(waiting_key); waiting != pending_.end()) {
        waiting->second->dones.push_back(std::move(done));
        return;
      }
      auto pending = std::make_shared<Pending>();
      *pending = {waiting_key, std::move(query), account, type, days, std::move(outcomes), {}, {}, parts_.clock.tick(), false};
      pending->dones.push_back(std::move(done));
      pending_[waiting_key] = pending;
      wait_for_days(pending, missing);
      Finished finished;
      leave_if_settled(pending, finished);
      lock.unlock();
      return finish(finished);
    }
    ++counters_.hits;
    version = cells_.version_of(type.uri);
    if (now >= refresh_from) refresh_ahead(account, type.uri, days);
  }
  const Result<SlotsAnswer> answer = assembled_answer(type, query, outcomes, now);
  if (!answer) return done(answer.error());
  const auto prepared = prepared_from(*answer, fresh_until(*answer, outcomes, now, kIdleFresh));
  {
    const std::lock_guard lock(mutex_);
    keep(key, {prepared, version, account, refresh_from});
  }
  done(SlotReply{prepared, answer->stale ? AnsweredFrom::stale : AnsweredFrom::cache});
}

void SlotService::keep(const std::string& key, Kept kept) {
  const std::size_t bytes = bytes_of(*kept.answer);
  if (prepared_bytes_ + bytes > settings_.max_bytes / 4) {
    prepared_.clear();  // they are remade from cells in a fraction of a millisecond, so no order is kept among them
    prepared_bytes_ = 0;
  }
  if (prepared_.emplace(key, std::move(kept)).second) prepared_bytes_ += bytes;
}

void SlotService::drop_old_copies() {
  const Instant oldest = parts_.clock.now() - settings_.stale_for;
  {
    const std::lock_guard lock(mutex_);
    cells_.drop_fetched_before(oldest);
  }
  if (auto dropped = parts_.store.drop_cells_older_than(oldest); !dropped) {
    parts_.log.warn("store", "", dropped.error().detail);
  }
}

SlotService::Stats SlotService::stats() const {
  const std::lock_guard lock(mutex_);
  Stats stats = counters_;
  stats.cells = cells_.cell_count();
  stats.bytes = cells_.bytes();
  stats.evicted = cells_.evicted();
  stats.prepared_answers = prepared_.size();
  stats.prepared_bytes = prepared_bytes_;
  stats.flights = flights_.size();
  stats.waiting = pending_.size();
  return stats;
}

}  // namespace slotwire::proxy
