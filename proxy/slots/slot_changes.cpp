// The part of SlotService that hears of changes: another account, days that are other than they were, a purge, a clock that was
// set.
#include <utility>

#include "proxy/slots/flight.h"

namespace slotwire::proxy {
namespace {

using std::chrono::seconds;

// So many days are kept one by one; a change of more concerns everything.
constexpr std::chrono::days kMostSingleDays{400};

}  // namespace

Error changed_under_way() {
  return {ErrorCode::calendly_unavailable, "The connection was changed under way; ask again.", {}, seconds(1)};
}

DayRange days_changed_by(InstantRange booking) {
  // A booking that ends at midnight does not touch the day after, but that is inside the margin.
  constexpr std::chrono::days kDay{1};
  return {utc_day_of(booking.begin) - kDay, utc_day_of(booking.end) + 2 * kDay};
}

// Ages are told by the wall clock, because copies outlive the process. When somebody sets it, or the machine slept, they are
// wrong: set back by a day, every cell would stay fresh for a day.
void SlotService::look_at_clock(Instant now, Tick tick) {
  constexpr seconds kJump{5};
  const auto ahead = now.time_since_epoch() - std::chrono::duration_cast<Instant::duration>(tick.time_since_epoch());
  const Instant::duration before = std::exchange(wall_ahead_, ahead).value_or(ahead);
  if (ahead - before < kJump && before - ahead < kJump) return;
  prepared_.clear();
  prepared_bytes_ = 0;
  cells_.distrust_ages(now);
  parts_.log.warn("slots", "",
                  "the clock was set by " + std::to_string(std::chrono::duration_cast<seconds>(ahead - before).count()) +
                      " s; all cached times count as old");
  parts_.background.post([this, now] {
    if (auto dropped = parts_.store.drop_cells_newer_than(now); !dropped) parts_.log.warn("store", "", dropped.error().detail);
  });
}

void SlotService::account_changed() {
  const std::uint64_t generation = parts_.connection.account()->generation;
  Finished finished;
  {
    const std::lock_guard lock(mutex_);
    prepared_.clear();
    prepared_bytes_ = 0;
    unknown_until_.clear();
    if (generation == generation_) return;
    generation_ = generation;
    last_sync_.reset();
    last_sync_error_.reset();
    forget_all();
    for (const auto& [uri, flight] : flights_) {
      for (const auto& pending : flight->waiters) settle_days(*pending, *flight, flight->window, changed_under_way(), true);
    }
    for (const auto& [uri, claim] : claims_) {
      for (const auto& pending : claim->waiters) settle_days(*pending, *claim, pending->days, changed_under_way(), true);
    }
    flights_.clear();
    claims_.clear();
    for (auto& [key, pending] : pending_) {
      pending->open.clear();
      pending->has_left = true;
      finished.push_back(pending);
    }
    pending_.clear();
  }
  finish(finished);
}

void SlotService::forget_all() {
  cells_.clear();
  prepared_.clear();
  prepared_bytes_ = 0;
  unknown_until_.clear();
  quiet_until_.clear();
}

Result<Done> SlotService::purge() {
  // The disk first, and without the lock: another program may hold it for seconds, and every visitor would wait.
  const Result<std::int64_t> purged = parts_.store.purge_cells();
  if (!purged) {
    const std::lock_guard lock(mutex_);
    forget_all();
    return purged.error();
  }
  const std::shared_ptr<const Account> account = parts_.connection.account();
  parts_.cluster.forget(cluster_account(account->record.user_uri, account->record.connected_at.value_or(Instant())));
  parts_.cluster.notify();
  return take_up_changes();
}

Result<Done> SlotService::expire_days(DayRange days) {
  const Result<std::int64_t> logged = parts_.store.expire_days(days);
  if (!logged) return logged.error();
  return spread_changes();
}

Result<Done> SlotService::spread_changes() {
  parts_.cluster.notify();
  return take_up_changes();
}

Result<Done> SlotService::take_up_changes() {
  const std::lock_guard taking_up(taking_up_);
  const Tick asked_at = parts_.clock.tick();
  const Result<std::vector<Change>> changes = parts_.store.changes_since(seen_change_);
  if (!changes) return changes.error();
  {
    const std::lock_guard lock(mutex_);
    last_look_ = asked_at;
    for (const Change& change : *changes) apply(change);
  }
  if (changed_) {
    for (const Change& change : *changes) changed_(change);
  }
  return Done{};
}

void SlotService::apply(const Change& change) {
  seen_change_ = change.id;
  if (change.kind == Change::Kind::account) return;  // Connection takes it up, and account_changed() follows
  if (change.kind == Change::Kind::purge || change.days.length() > kMostSingleDays) {
    all_changed_at_ = change.id;
    changed_at_.clear();
  } else {
    const Day today = std::chrono::floor<std::chrono::days>(parts_.clock.now());
    std::erase_if(changed_at_, [&](const auto& entry) { return entry.first < today - kMostSingleDays; });
    for (Day day = change.days.begin; day < change.days.end; day += std::chrono::days(1)) changed_at_[day] = change.id;
  }
  if (change.kind == Change::Kind::purge) return forget_all();
  const std::shared_ptr<const Account> account = parts_.connection.account();
  const std::vector<std::string> seen_lately = cells_.types_with_fresh(change.days, parts_.clock.now());
  cells_.expire(change.days);
  if (account->generation != generation_) return;
  for (const std::string& uri : seen_lately) refresh_ahead(account, uri, change.days);
}

std::int64_t SlotService::least_change(Day day) const {
  const auto changed = changed_at_.find(day);
  return changed == changed_at_.end() ? all_changed_at_ : changed->second;
}

bool SlotService::is_blind(Tick tick) const {
  return settings_.blind_after && last_look_ && tick - *last_look_ > *settings_.blind_after;
}

}  // namespace slotwire::proxy
