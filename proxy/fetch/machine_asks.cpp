// The part of Machine that takes asks and finds out which server fetches what: copies on disk, cells of other servers, and the
// remaining windows.
#include <algorithm>

#include "proxy/fetch/records.h"
#include "shared/time_between.h"

namespace slotwire::fetch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kAnswerWithin{10'000};
// A server that has fetched or given up announces it; this interval is for lost messages.
constexpr milliseconds kLookAgain{1'000};
constexpr int kMostImmediateLooks = 3;
// While a window is being retried, other callers get the same copy for this long.
constexpr seconds kSameWhileRetried{1};
constexpr std::size_t kMostPayers = 8;

bool is_within_max_age(const Cell& cell, const std::optional<seconds>& max_age, Instant now) {
  return !max_age || time_between(cell.fetched_at, now) <= *max_age;
}

}  // namespace

Id Machine::ask(Ask wanted, const Moment& now) {
  notice_clock(now);
  const std::string name = wanted.key;
  Key& key = keys_[name];
  key.name = name;
  key.is_kept = wanted.is_kept;
  const Id id = ++last_id_;
  Waiting& waiting = key.asks[id];
  waiting.id = id;
  waiting.clients.push_back(wanted.client);
  waiting.deadline = now.tick + kAnswerWithin;
  bool is_aging = false;
  for (Day day = wanted.days.begin; day < wanted.days.end; day += std::chrono::days(1)) {
    const Cell* cell = cells_.find(name, day);
    if (!cell || !cell->is_fresh(now.wall) || !is_within_max_age(*cell, wanted.max_age, now.wall)) {
      waiting.lacking.insert(day);
      continue;
    }
    waiting.outcomes[day] = {WindowSource::cache, *cell, {}};
    is_aging = is_aging || now.wall >= cell->refresh_from;
  }
  const DayRange days = wanted.days;
  waiting.ask = std::move(wanted);
  if (!waiting.lacking.empty()) {
    at(waiting.deadline, Timer::ask, name, id);
    cover(key, waiting, now);
  }
  finish(key, now);
  if (is_aging) saw(name, days, now);
  return id;
}

bool Machine::join(const std::string& name, Id id, const Client& client) {
  const auto key = keys_.find(name);
  if (key == keys_.end()) return false;
  const auto found = key->second.asks.find(id);
  if (found == key->second.asks.end() || found->second.was_unpaid) return false;
  std::vector<Client>& payers = found->second.clients;
  if (payers.size() < kMostPayers && std::find(payers.begin(), payers.end(), client) == payers.end()) payers.push_back(client);
  return true;
}

void Machine::saw(const std::string& name, DayRange days, const Moment& now) {
  notice_clock(now);
  std::set<Day> aging;
  for (Day day = days.begin; day < days.end; day += std::chrono::days(1)) {
    const Cell* cell = cells_.find(name, day);
    if (cell && now.wall >= cell->refresh_from) aging.insert(day);
  }
  if (aging.empty()) return;
  Key& key = keys_[name];
  key.name = name;
  const bool is_quiet = (key.quiet && now.tick < key.quiet->until) || now.tick < key.no_refresh_before;
  std::erase_if(aging, [&](Day day) { return is_quiet || key.window_over(day) || key.claim_over(day); });
  if (!aging.empty()) {
    Claim& claim = key.claims[++last_id_];
    claim.id = last_id_;
    claim.days = std::move(aging);
    claim.is_background = true;
    claim.deadline = now.tick + kAnswerWithin;
    claim.asked_days = days.length();
    post_look(key, claim, milliseconds(0), now);
  }
  finish(key, now);
}

// Makes sure that every missing day of the ask is being fetched, or answered.
void Machine::cover(Key& key, Waiting& waiting, const Moment& now) {
  std::set<Day> uncovered;
  const std::set<Day> lacking = waiting.lacking;
  for (const Day day : lacking) {
    if (Window* window = key.window_over(day)) {
      window->retry.extend_to(waiting.deadline);
      at(waiting.deadline, Timer::window, key.name, window->id);
      if (window->is_background && window->state == Window::State::posted) {
        window->is_background = false;
        post_send(key, *window);  // moves it out of the background queue
      }
      window->is_background = false;
      if (!window->last_failure) continue;
      // A retry is under way already: callers that have copies need not wait for it.
      if (const Cell* copy = copy_of(key.name, day, now)) {
        waiting.outcomes[day] = {WindowSource::stale, *copy, window->last_failure->error};
        waiting.lacking.erase(day);
        waiting.same_until = std::min(waiting.same_until, now.tick + kSameWhileRetried);
      }
    } else if (Claim* claim = key.claim_over(day)) {
      if (waiting.ask.max_age) claim->max_age = std::min(*waiting.ask.max_age, claim->max_age.value_or(*waiting.ask.max_age));
      claim->deadline = std::max(claim->deadline, waiting.deadline);
      if (claim->is_background) {
        claim->is_background = false;
        if (!claim->is_looking) post_look(key, *claim, milliseconds(0), now);  // moves it out of the background queue
      }
    } else {
      uncovered.insert(day);
    }
  }
  // Calendly failed a moment ago: serve the existing copies, fetch only days without one.
  if (key.quiet && now.tick < key.quiet->until) {
    std::erase_if(uncovered, [&](Day day) {
      const Cell* copy = copy_of(key.name, day, now);
      if (!copy) return false;
      waiting.outcomes[day] = {WindowSource::stale, *copy, key.quiet->error};
      waiting.lacking.erase(day);
      waiting.same_until = std::min(waiting.same_until, key.quiet->until);
      return true;
    });
  }
  if (uncovered.empty()) return;
  Claim& claim = key.claims[++last_id_];
  claim.id = last_id_;
  claim.days = std::move(uncovered);
  claim.max_age = waiting.ask.max_age;
  claim.deadline = waiting.deadline;
  claim.request_id = waiting.ask.request_id;
  claim.asked_days = waiting.ask.asked_days;
  post_look(key, claim, milliseconds(0), now);
}

void Machine::post_look(Key& key, Claim& claim, milliseconds wait, const Moment& now) {
  ++claim.turn;
  claim.look_at.reset();
  if (wait > milliseconds(0)) {
    claim.look_at = now.tick + wait;
    return at(*claim.look_at, Timer::look, key.name, claim.id);
  }
  actions_.push_back(Look{{key.name, claim.id, claim.turn}, claim.is_background});
}

std::optional<Looking> Machine::begin_look(const Ref& ref, const Moment& now) {
  notice_clock(now);
  const auto found = keys_.find(ref.key);
  if (found == keys_.end()) return std::nullopt;
  Key& key = found->second;
  const auto entry = key.claims.find(ref.id);
  if (entry == key.claims.end() || entry->second.turn != ref.turn || entry->second.is_looking) return std::nullopt;
  Claim& claim = entry->second;
  const auto is_lacked = [&](const auto& ask) {
    return std::any_of(claim.days.begin(), claim.days.end(), [&](Day day) { return ask.second.lacking.contains(day); });
  };
  const bool is_wanted = claim.is_background || std::any_of(key.asks.begin(), key.asks.end(), is_lacked);
  if (claim.days.empty() || !is_wanted) {
    key.claims.erase(entry);
    finish(key, now);
    return std::nullopt;
  }
  claim.is_looking = true;
  claim.look_again = false;
  claim.seen_before = seen_change_;
  if (claim.has_read_disk) return Looking{};
  return Looking{DayRange{*claim.days.begin(), *claim.days.rbegin() + std::chrono::days(1)}};
}

std::optional<Claiming> Machine::disk_read(const Ref& ref, std::vector<Offer> stored, const Moment& now) {
  notice_clock(now);
  const auto found = keys_.find(ref.key);
  if (found == keys_.end() || !found->second.claims.contains(ref.id)) return std::nullopt;
  Key& key = found->second;
  {
    Claim& claim = key.claims.at(ref.id);
    claim.has_read_disk = true;
    // Stored copies do not include changes made while the disk was read.
    for (Offer& offer : stored) offer.seen_change = std::min(offer.seen_change, claim.seen_before);
  }
  take_offers(ref.key, std::move(stored), now);
  take_known(key, now);
  Claim& claim = key.claims.at(ref.id);
  std::optional<Claiming> claiming;
  if (claim.days.empty()) {
    key.claims.erase(ref.id);
  } else {
    claiming = Claiming{
        {}, std::min(settings_.window, longest_window_), seen_change_, !claim.is_background, claim.max_age, claim.request_id};
    for (const Day day : claim.days) claiming->days.push_back({day, least_change(day)});
  }
  finish(key, now);
  return claiming;
}

void Machine::claimed(const Ref& ref, Grant grant, const Moment& now) {
  notice_clock(now);
  const auto found = keys_.find(ref.key);
  if (found == keys_.end() || !found->second.claims.contains(ref.id)) {
    for (const DayRange window : grant.windows) actions_.push_back(Release{ref.key, window});
    return;
  }
  Key& key = found->second;
  take_offers(ref.key, std::move(grant.offers), now);
  take_known(key, now);
  Claim& claim = key.claims.at(ref.id);
  claim.is_looking = false;
  open_windows(key, claim, grant.windows, now);
  if (claim.days.empty() || claim.is_background) {
    key.claims.erase(ref.id);
  } else if (now.tick >= claim.deadline) {
    const Error error{ErrorCode::calendly_unavailable, "Another server did not get an answer in time.", {}, seconds(1)};
    for (const Day day : claim.days) {
      tell(key, {day, day + std::chrono::days(1)}, {error, Failure::Kind::ours, true, now.tick}, now);
    }
    key.claims.erase(ref.id);
  } else {
    // The remaining days that are not held became known too late, or are too old for an ask that joined: look again at once.
    const bool is_held = std::all_of(claim.days.begin(), claim.days.end(),
                                     [&](Day day) { return std::binary_search(grant.held.begin(), grant.held.end(), day); });
    const bool is_hasty = (!is_held || claim.look_again) && claim.immediate_looks < kMostImmediateLooks;
    claim.immediate_looks = is_hasty ? claim.immediate_looks + 1 : 0;
    post_look(key, claim, is_hasty ? milliseconds(0) : kLookAgain, now);
  }
  finish(key, now);
}

void Machine::look_failed(const Ref& ref, const Error& error, const Moment& now) {
  notice_clock(now);
  const auto found = keys_.find(ref.key);
  if (found == keys_.end()) return;
  Key& key = found->second;
  const auto claim = key.claims.find(ref.id);
  if (claim == key.claims.end()) return;
  const std::set<Day> days = claim->second.days;
  key.claims.erase(claim);
  for (const Day day : days) {
    tell(key, {day, day + std::chrono::days(1)}, {error, Failure::Kind::ours, true, now.tick}, now);
  }
  finish(key, now);
}

// Days with a good enough cell are settled for all asks, and leave their claims.
void Machine::take_known(Key& key, const Moment& now) {
  for (auto& [id, ask] : key.asks) {
    std::erase_if(ask.lacking, [&, &ask = ask](Day day) {
      const Cell* cell = cells_.find(key.name, day);
      if (!cell || !cell->is_fresh(now.wall) || !is_within_max_age(*cell, ask.ask.max_age, now.wall)) return false;
      ask.outcomes[day] = {WindowSource::cache, *cell, {}};
      return true;
    });
  }
  for (auto& [id, claim] : key.claims) {
    std::erase_if(claim.days, [&, &claim = claim](Day day) {
      const Cell* cell = cells_.find(key.name, day);
      return cell && cell->is_fresh(now.wall) && is_within_max_age(*cell, claim.max_age, now.wall) &&
             (!claim.is_background || now.wall < cell->refresh_from);
    });
  }
}

}  // namespace slotwire::fetch
