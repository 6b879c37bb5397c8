// The part of Machine that handles outside events (time, changes, other accounts) and sends the answers.
#include "proxy/fetch/machine.h"

#include <algorithm>

#include "proxy/fetch/records.h"
#include "shared/time_between.h"

namespace slotwire::fetch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kTrustedBlind{2};
// Up to this many days are recorded one by one; a change of more days counts for all days.
constexpr std::chrono::days kMostSingleDays{400};
constexpr std::size_t kManyKeys = 1'000;

// Changes by other servers since the log was last read are unknown here.
Error changes_unknown() { return {ErrorCode::storage_failed, "The database cannot be asked whether these times changed."}; }

bool all(const std::string&, Day) { return true; }

Error too_late() { return {ErrorCode::calendly_unavailable, "Calendly did not answer in time.", {}, seconds(1)}; }

}  // namespace

Machine::Machine(Settings settings, Shares& shares) : settings_(settings), cells_(settings.max_bytes), shares_(shares) {}
Machine::~Machine() = default;

// Ages use the wall clock, because copies outlive the process. They are wrong when the clock is set or the machine slept: if it
// is set back by a day, every cell would stay fresh for a day.
void Machine::notice_clock(const Moment& now) {
  constexpr seconds kJump{5};
  const auto ahead = now.wall.time_since_epoch() - std::chrono::duration_cast<Instant::duration>(now.tick.time_since_epoch());
  const Instant::duration before = std::exchange(wall_ahead_, ahead).value_or(ahead);
  if (ahead - before < kJump && before - ahead < kJump) return;
  cells_.distrust_ages(now.wall);
  actions_.push_back(ClockWasSet{std::chrono::duration_cast<seconds>(ahead - before), now.wall});
  fetch_again(all, now);
}

bool Machine::is_blind(Tick now) const {
  return settings_.blind_after && last_log_read_ && time_between(*last_log_read_, now) > *settings_.blind_after;
}

bool Machine::is_trusted(const Cell& cell, const Moment& now) const {
  return !is_blind(now.tick) || cell.fetched_at >= now.wall - kTrustedBlind;
}

const Cell* Machine::copy_of(const std::string& key, Day day, const Moment& now) {
  const Cell* cell = cells_.find(key, day);
  return cell && cell->fetched_at >= now.wall - settings_.stale_for ? cell : nullptr;
}

std::int64_t Machine::least_change(Day day) const {
  const auto changed = changed_at_.find(day);
  return changed == changed_at_.end() ? all_changed_at_ : changed->second;
}

void Machine::take_offers(const std::string& key, std::vector<Offer> offers, const Moment& now) {
  std::vector<Cell> cells;
  for (Offer& offer : offers) {
    Cell& cell = offer.cell;
    if (cell.fetched_at > now.wall) continue;  // the clock was set back since, so the age is unknown
    if (offer.seen_change < least_change(cell.day)) cell.outdate();
    cells.push_back(std::move(cell));
  }
  cells_.put(key, std::move(cells), now.wall);
}

// These days were to be answered as fresh to waiting callers, and have changed since.
void Machine::fetch_again(const IsMeant& is_meant, const Moment& now) {
  std::vector<std::string> names;
  for (const auto& [name, key] : keys_) names.push_back(name);
  for (const std::string& name : names) {
    Key& key = keys_.at(name);
    for (auto& [id, ask] : key.asks) {
      const std::size_t before = ask.lacking.size();
      std::erase_if(ask.outcomes, [&, &ask = ask](const auto& entry) {
        const auto& [day, outcome] = entry;
        const bool is_fresh = outcome.source == WindowSource::cache || outcome.source == WindowSource::upstream;
        const bool is_of_unknown_age = outcome.source == WindowSource::stale && outcome.cell.fetched_at > now.wall;
        if (!is_meant(name, day) || !(is_fresh || is_of_unknown_age)) return false;
        ask.lacking.insert(day);
        return true;
      });
      if (ask.lacking.size() != before) cover(key, ask, now);
    }
    finish(key, now);
  }
}

void Machine::changed(std::int64_t id, std::optional<DayRange> days, const Moment& now) {
  notice_clock(now);
  seen_change_ = std::max(seen_change_, id);
  if (!days || days->length() > kMostSingleDays) {
    all_changed_at_ = id;
    changed_at_.clear();
    cells_.outdate_all();
    return fetch_again(all, now);
  }
  const Day today = utc_day_of(now.wall);
  std::erase_if(changed_at_, [&](const auto& entry) { return entry.first < today - kMostSingleDays; });
  for (Day day = days->begin; day < days->end; day += std::chrono::days(1)) changed_at_[day] = id;
  const std::vector<std::string> seen_lately = cells_.keys_with_fresh(*days, now.wall);
  cells_.outdate(*days);
  fetch_again([&](const std::string&, Day day) { return days->contains(day); }, now);
  for (const std::string& key : seen_lately) saw(key, *days, now);
}

void Machine::purged(std::int64_t id, const Moment& now) {
  notice_clock(now);
  seen_change_ = std::max(seen_change_, id);
  all_changed_at_ = id;
  changed_at_.clear();
  forget();
  fetch_again(all, now);
}

void Machine::outdated(const std::function<bool(const std::string&)>& is_meant, const Moment& now) {
  notice_clock(now);
  cells_.outdate_keys(is_meant);
  for (auto& [name, key] : keys_) {
    if (!is_meant(name)) continue;
    for (auto& [id, window] : key.windows) window.is_outdated = true;
  }
  fetch_again([&](const std::string& name, Day) { return is_meant(name); }, now);
}

void Machine::forget() {
  cells_.clear();
  for (auto& [name, key] : keys_) key.quiet.reset();
}

void Machine::account_changed(const Error& why, const Moment& now) {
  notice_clock(now);
  for (auto& [name, key] : keys_) {
    for (const auto& [id, ask] : key.asks) actions_.push_back(Answer{id, {}, why, now.tick});
  }
  keys_.clear();
  timers_.clear();
  cells_.clear();
  longest_window_ = std::chrono::days(31);
}

void Machine::settled_elsewhere(const std::string& name, DayRange days, const Moment& now) {
  notice_clock(now);
  const auto found = keys_.find(name);
  if (found == keys_.end()) return;
  for (auto& [id, claim] : found->second.claims) {
    if (std::none_of(claim.days.begin(), claim.days.end(), [&](Day day) { return days.contains(day); })) continue;
    if (claim.is_looking) {
      claim.look_again = true;
    } else {
      post_look(found->second, claim, milliseconds(0), now);
    }
  }
}

bool Machine::is_still_due(Tick when, const Due& due) const {
  const auto found = keys_.find(due.key);
  if (found == keys_.end()) return false;
  const Key& key = found->second;
  switch (due.timer) {
    case Timer::ask:
      return key.asks.contains(due.id);
    case Timer::look: {
      const auto claim = key.claims.find(due.id);
      return claim != key.claims.end() && claim->second.look_at == when;
    }
    case Timer::window: {
      const auto window = key.windows.find(due.id);
      if (window == key.windows.end()) return false;
      if (window->second.state == Window::State::resting) return window->second.resume_at == when;
      return window->second.state != Window::State::sent && when >= window->second.retry.deadline();
    }
  }
  return false;
}

std::optional<Tick> Machine::next_wake() {
  while (!timers_.empty() && !is_still_due(timers_.begin()->first, timers_.begin()->second)) timers_.erase(timers_.begin());
  return timers_.empty() ? std::nullopt : std::optional(timers_.begin()->first);
}

void Machine::wake(const Moment& now) {
  notice_clock(now);
  while (const std::optional<Tick> due = next_wake()) {
    if (*due > now.tick) return;
    const Due first = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    come_due(first, now);
  }
}

void Machine::come_due(const Due& due, const Moment& now) {
  Key& key = keys_.at(due.key);
  switch (due.timer) {
    case Timer::ask: {
      Waiting& ask = key.asks.at(due.id);
      for (const Day day : std::exchange(ask.lacking, {})) {
        const Window* window = key.window_over(day);
        const Error error = window && window->last_failure ? window->last_failure->error : too_late();
        const Cell* copy = copy_of(key.name, day, now);
        const std::shared_ptr<const void> words = window && window->last_failure ? window->last_failure->words : nullptr;
        ask.outcomes[day] = copy ? Outcome{WindowSource::stale, *copy, error} : Outcome{WindowSource::failed, {}, error, words};
      }
      ask.same_until = now.tick;
      break;
    }
    case Timer::look: {
      Claim& claim = key.claims.at(due.id);
      claim.look_at.reset();
      actions_.push_back(Look{{key.name, claim.id, claim.turn}, claim.is_background});
      break;
    }
    case Timer::window: {
      Window& window = key.windows.at(due.id);
      if (window.state == Window::State::resting) {
        post_send(key, window);
        break;
      }
      // No worker took it in time: that is our fault, not Calendly's.
      const Error error = window.last_failure ? window.last_failure->error : too_late();
      const std::shared_ptr<const void> words = window.last_failure ? window.last_failure->words : nullptr;
      const DayRange days = window.days;
      tell(key, days, {error, Failure::Kind::ours, true, now.tick, words}, now);
      end_window(key, due.id);
      actions_.push_back(Release{key.name, days});
      break;
    }
  }
  finish(key, now);
}

// Answers every ask that lacks no more days. The key may be gone afterwards.
void Machine::finish(Key& key, const Moment& now) {
  for (auto entry = key.asks.begin(); entry != key.asks.end();) {
    Waiting& ask = entry->second;
    if (!ask.lacking.empty()) {
      ++entry;
      continue;
    }
    for (auto& [day, outcome] : ask.outcomes) {
      if (outcome.source != WindowSource::cache || is_trusted(outcome.cell, now)) continue;
      outcome.source = WindowSource::stale;
      outcome.error = changes_unknown();
      ask.same_until = std::min(ask.same_until, now.tick);
    }
    actions_.push_back(Answer{ask.id, std::move(ask.outcomes), {}, ask.same_until});
    entry = key.asks.erase(entry);
  }
  if (key.is_idle(now.tick)) {
    keys_.erase(std::string(key.name));
  } else if (keys_.size() > kManyKeys) {
    std::erase_if(keys_, [&](const auto& entry) { return &entry.second != &key && entry.second.is_idle(now.tick); });
  }
}

Machine::Counts Machine::counts() const {
  Counts counts{cells_.cell_count(), cells_.bytes(), cells_.evicted(), 0, 0, 0};
  for (const auto& [name, key] : keys_) {
    counts.asks += key.asks.size();
    counts.claims += key.claims.size();
    counts.windows += key.windows.size();
  }
  return counts;
}

std::vector<std::pair<std::string, DayRange>> Machine::windows_under_way() const {
  std::vector<std::pair<std::string, DayRange>> all;
  for (const auto& [name, key] : keys_) {
    for (const auto& [id, window] : key.windows) all.emplace_back(name, window.days);
  }
  return all;
}

}  // namespace slotwire::fetch
