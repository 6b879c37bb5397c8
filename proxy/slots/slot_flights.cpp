// The half of SlotService that talks to Calendly: flights, their retries and their landing.
#include <algorithm>

#include "proxy/slots/flight.h"
#include "shared/window_plan.h"

namespace slotwire::proxy {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kMostParallel = 6;
constexpr std::chrono::days kShortWindow{7};
// One attempt may not use up the whole deadline: a hanging connection deserves a second one.
constexpr milliseconds kAttemptTimeout{5'000};
constexpr seconds kQuiet{5};
constexpr std::chrono::days kNear{124};
constexpr double kLifeJitter = 0.1;

std::string text_from_days(DayRange days) {
  return text_from_day(days.begin) + ".." + text_from_day(days.end - std::chrono::days(1));
}

milliseconds between(Tick from, Tick to) { return std::chrono::duration_cast<milliseconds>(to - from); }

}  // namespace

std::chrono::days SlotService::window_of(const Account& account) const {
  return std::min(settings_.window, account.record.longest_window.value_or(kLongestWindowEver));
}

bool SlotService::is_in_flight(const std::shared_ptr<Flight>& flight) const {
  const auto [first, last] = flights_.equal_range(flight->uri);
  return std::any_of(first, last, [&](const auto& entry) { return entry.second == flight; });
}

void SlotService::wait_for_days(const std::shared_ptr<Pending>& pending, const std::vector<Day>& missing) {
  const std::string& uri = pending->type.uri;
  const Tick now = parts_.clock.tick();
  std::set<Day> uncovered;
  for (const Day day : missing) {
    if (const auto flight = flight_over(uri, day)) {
      const bool is_new = !pending->open.contains(flight.get());
      join(pending, flight);
      // Being tried again already: whoever has copies need not wait for that.
      if (is_new && flight->last_error) settle_days(*pending, *flight, flight->window, *flight->last_error, false);
    } else if (const auto claim = claim_over(uri, day)) {
      if (claim->urgency == Urgency::background) {
        // Nobody waited for it so far, so it may stand in a long queue, and its time may be nearly over.
        claim->urgency = Urgency::visitor;
        claim->deadline = now + kCallDeadline;
        if (!claim->is_looking) post_look(claim, milliseconds(0));
      }
      if (pending->query.max_age)
        claim->max_age = std::min(*pending->query.max_age, claim->max_age.value_or(*pending->query.max_age));
      join(pending, claim);
    } else {
      uncovered.insert(day);
    }
  }
  // Calendly failed for this type a moment ago: serve what copies there are, ask only for days without one.
  if (const auto quiet = quiet_until_.find(uri); quiet != quiet_until_.end() && now < quiet->second.first) {
    Waited past;
    past.uri = uri;
    for (const Day day : uncovered) {
      settle_days(*pending, past, {day, day + std::chrono::days(1)}, quiet->second.second, false);
    }
    std::erase_if(uncovered, [&](Day day) { return pending->outcomes.contains(day); });
  }
  if (uncovered.empty()) return;
  auto claim = std::make_shared<Claim>();
  claim->uri = uri;
  claim->account = pending->account;
  claim->request_id = pending->query.request_id;
  claim->asked_days = pending->query.days.length();
  claim->days = std::move(uncovered);
  claim->max_age = pending->query.max_age;
  join(pending, claim);
  add_claim(std::move(claim));
}

std::shared_ptr<SlotService::Flight> SlotService::flight_over(const std::string& uri, Day day) const {
  const auto [first, last] = flights_.equal_range(uri);
  const auto found = std::find_if(first, last, [&](const auto& entry) { return entry.second->window.contains(day); });
  return found == last ? nullptr : found->second;
}

std::shared_ptr<SlotService::Claim> SlotService::claim_over(const std::string& uri, Day day) const {
  const auto [first, last] = claims_.equal_range(uri);
  const auto found = std::find_if(first, last, [&](const auto& entry) { return entry.second->days.contains(day); });
  return found == last ? nullptr : found->second;
}

void SlotService::refresh_ahead(const std::shared_ptr<const Account>& account, const std::string& uri, DayRange days) {
  const Instant now = parts_.clock.now();
  if (!account->token) return;
  if (const auto quiet = quiet_until_.find(uri); quiet != quiet_until_.end() && parts_.clock.tick() < quiet->second.first) return;
  auto claim = std::make_shared<Claim>();
  for (Day day = days.begin; day < days.end; day += std::chrono::days(1)) {
    const CachedCell* cached = cells_.find(uri, day);
    if (cached && now >= cached->refresh_from && !flight_over(uri, day) && !claim_over(uri, day)) claim->days.insert(day);
  }
  if (claim->days.empty()) return;
  claim->uri = uri;
  claim->account = account;
  claim->urgency = Urgency::background;
  claim->asked_days = days.length();
  add_claim(std::move(claim));
}

void SlotService::launch_next(const std::shared_ptr<Batch>& batch) {
  while (batch->running < kMostParallel && !batch->waiting.empty()) {
    std::shared_ptr<Flight> flight = std::move(batch->waiting.front());
    batch->waiting.pop_front();
    ++batch->running;
    Workers& workers = flight->urgency == Urgency::visitor ? parts_.fetchers : parts_.background;
    workers.post([this, flight = std::move(flight)] { attempt(flight); });
  }
}

void SlotService::attempt(const std::shared_ptr<Flight>& flight) {
  const Instant now = parts_.clock.now();
  const Tick started = parts_.clock.tick();
  {
    const std::lock_guard lock(mutex_);
    flight->seen_change = seen_change_;
  }
  if (flight->attempts > 0) parts_.cluster.renew(flight->cluster_account, flight->uri, flight->window);
  const std::optional<InstantRange> range = askable_range(flight->window, now);
  Called<std::vector<Slot>> called = std::vector<Slot>();
  if (range) {
    // The last of the account's calls are for days that visitors book, not for whoever asks for years ahead.
    const bool is_far = Instant(flight->window.begin) - now > kNear;
    const CallTerms terms{is_far ? Urgency::background : flight->urgency,
                          std::min(kAttemptTimeout, between(started, flight->deadline))};
    called = parts_.calendly.available_times(*flight->account->token, flight->uri, *range, terms);
  }
  ++flight->attempts;
  Finished finished;
  if (auto* slots = std::get_if<std::vector<Slot>>(&called)) {
    parts_.connection.note_success(flight->account->generation);
    parts_.log.info("slots", flight->request_id,
                    std::to_string(flight->asked_days.count()) + " days, window " + text_from_days(flight->window) + ": " +
                        std::to_string(slots->size()) + " slots in " +
                        std::to_string(between(started, parts_.clock.tick()).count()) + " ms");
    std::vector<DayCell> days = cells_from_window(flight->window, std::move(*slots), now);
    // Jittered for each window, so that what was fetched together does not grow old together.
    const auto life = std::chrono::duration_cast<milliseconds>(settings_.fresh_for * (1.0 + kLifeJitter * parts_.chance()));
    std::vector<CachedCell> cells;
    for (const DayCell& day : days) {
      cells.push_back({std::make_shared<const DayCell>(day), flight->window, now + life, now + life * 4 / 5});
    }
    std::vector<SharedCell> shared;
    for (const CachedCell& cached : cells) shared.push_back({*cached.cell, flight->window, life, flight->seen_change});
    bool is_landed = false;
    {
      const std::lock_guard lock(mutex_);
      if (!is_in_flight(flight)) {
        // The account was changed under way.
      } else if (is_outdated(*flight) && parts_.clock.tick() < flight->deadline) {
        // Calendly was asked before something changed, and may have answered so.
        Workers& workers = flight->urgency == Urgency::visitor ? parts_.fetchers : parts_.background;
        workers.post([this, flight] { attempt(flight); });
      } else {
        is_landed = true;
        if (is_outdated(*flight)) {
          for (CachedCell& cached : cells) cached.fresh_until = cached.refresh_from = Instant::min();
        }
        land(flight, std::move(cells), finished);
        parts_.background.post(
            [this, uri = flight->uri, account = flight->account, days = std::move(days), seen = flight->seen_change] {
              if (parts_.connection.account()->generation != account->generation) return;
              if (auto saved = parts_.store.save_cells(uri, days, seen); !saved)
                parts_.log.warn("store", "", saved.error().detail);
            });
      }
    }
    finish(finished);
    if (is_landed) parts_.cluster.land(flight->cluster_account, flight->uri, flight->window, shared);
  } else {
    const CallFailure& failure = std::get<CallFailure>(called);
    const ErrorCode code = failure.error.code;
    if (code == ErrorCode::token_rejected || code == ErrorCode::insufficient_scope) {
      parts_.connection.note_problem(flight->account->generation, failure.error);
    }
    if (failure.is_range_complaint) parts_.connection.note_short_windows(flight->account->generation);
    bool is_over = false;
    {
      const std::lock_guard lock(mutex_);
      is_over = is_in_flight(flight) && !try_again(flight, failure, finished);
    }
    finish(finished);
    if (is_over) parts_.cluster.release(flight->cluster_account, flight->uri, flight->window);
  }
}

// What follows a failed attempt. False: nothing, the flight is over.
bool SlotService::try_again(const std::shared_ptr<Flight>& flight, const CallFailure& failure, Finished& finished) {
  const auto left = between(parts_.clock.tick(), flight->deadline);
  if (failure.is_range_complaint && flight->window.length() > kShortWindow) {
    split(flight);
    return true;
  }
  const auto wait = wait_before_retry(failure, flight->attempts, left, parts_.chance());
  if (!wait) {
    fail(flight, failure, finished);
    return false;
  }
  flight->last_error = failure.error;
  const std::vector<std::shared_ptr<Pending>> waiters = flight->waiters;
  for (const auto& pending : waiters) {
    settle_days(*pending, *flight, flight->window, failure.error, false);
    leave_if_settled(pending, finished);
  }
  Workers& workers = flight->urgency == Urgency::visitor ? parts_.fetchers : parts_.background;
  workers.post_after(*wait, [this, flight] { attempt(flight); });
  return true;
}

bool SlotService::is_outdated(const Flight& flight) const {
  for (Day day = flight.window.begin; day < flight.window.end; day += std::chrono::days(1)) {
    if (least_change(day) > flight.seen_change) return true;
  }
  return false;
}

// Marks what of `days` the request still lacks: as stale where there is a copy, as failed where there is none and what was
// waited for is over.
void SlotService::settle_days(Pending& pending, const Waited& waited, DayRange days, const Error& error, bool is_final) {
  const Instant oldest = parts_.clock.now() - settings_.stale_for;
  if (pending.has_left) return;
  bool is_settled = true;
  for (Day day = std::max(pending.days.begin, days.begin); day < std::min(pending.days.end, days.end);
       day += std::chrono::days(1)) {
    if (pending.outcomes.contains(day)) continue;
    const CachedCell* copy = cells_.find(waited.uri, day);
    if (copy && copy->cell->fetched_at >= oldest) {
      pending.outcomes[day] = {WindowSource::stale, *copy, error};
    } else if (is_final) {
      pending.outcomes[day] = {WindowSource::failed, {}, error};
    } else {
      is_settled = false;
    }
  }
  if (is_settled || is_final) pending.open.erase(&waited);
}

void SlotService::leave_if_settled(const std::shared_ptr<Pending>& pending, Finished& finished) {
  if (pending->has_left || !pending->open.empty()) return;
  pending->has_left = true;
  pending_.erase(pending->key);
  finished.push_back(pending);
}

void SlotService::land(const std::shared_ptr<Flight>& flight, std::vector<CachedCell> cells, Finished& finished) {
  for (const auto& pending : flight->waiters) {
    if (pending->has_left) continue;
    for (const CachedCell& cached : cells) {
      const Day day = cached.cell->day;
      if (!pending->days.contains(day)) continue;
      const auto known = pending->outcomes.find(day);
      if (known != pending->outcomes.end() && known->second.source == WindowSource::cache) continue;
      pending->outcomes[day] = {WindowSource::upstream, cached, std::nullopt};
    }
    pending->open.erase(flight.get());
    leave_if_settled(pending, finished);
  }
  cells_.put(flight->uri, std::move(cells));
  quiet_until_.erase(flight->uri);
  std::erase_if(flights_, [&](const auto& entry) { return entry.second == flight; });
  --flight->batch->running;
  launch_next(flight->batch);
}

void SlotService::fail(const std::shared_ptr<Flight>& flight, const CallFailure& failure, Finished& finished) {
  const Error& error = failure.error;
  for (const auto& pending : flight->waiters) {
    settle_days(*pending, *flight, flight->window, error, true);
    leave_if_settled(pending, finished);
  }
  // A refused window (400) says something of its dates and nothing of Calendly: a stranger may choose dates that are refused.
  if (failure.status != 400) quiet_until_.insert_or_assign(flight->uri, std::pair(parts_.clock.tick() + kQuiet, error));
  ++counters_.failed;
  parts_.log.warn("slots", flight->request_id, "window " + text_from_days(flight->window) + " failed: " + error.detail);
  std::erase_if(flights_, [&](const auto& entry) { return entry.second == flight; });
  --flight->batch->running;
  launch_next(flight->batch);
}

// Calendly takes only seven days at once: the same window again, in shorter ones, for the same waiters.
void SlotService::split(const std::shared_ptr<Flight>& flight) {
  std::vector<Day> days;
  for (Day day = flight->window.begin; day < flight->window.end; day += std::chrono::days(1)) {
    const auto lacks = [&](const std::shared_ptr<Pending>& pending) {
      return pending->days.contains(day) && !pending->outcomes.contains(day);
    };
    if (flight->waiters.empty() || std::any_of(flight->waiters.begin(), flight->waiters.end(), lacks)) days.push_back(day);
  }
  std::erase_if(flights_, [&](const auto& entry) { return entry.second == flight; });
  std::erase_if(flight->waiters, [](const auto& pending) { return pending->has_left; });
  for (const auto& pending : flight->waiters) pending->open.erase(flight.get());
  --flight->batch->running;
  const Result<std::vector<DayRange>> windows = windows_covering(days, kShortWindow);
  for (const DayRange window : windows ? *windows : std::vector<DayRange>()) {
    auto part = std::make_shared<Flight>(*flight);
    part->window = window;
    part->attempts = 0;
    for (const auto& pending : part->waiters) pending->open.insert(part.get());
    flights_.emplace(part->uri, part);
    flight->batch->waiting.push_back(std::move(part));
  }
  launch_next(flight->batch);
}

void SlotService::finish(const Finished& finished) {
  for (const auto& pending : finished) {
    const Instant now = parts_.clock.now();
    const Result<SlotsAnswer> answer = assembled_answer(pending->type, pending->query, pending->outcomes, now);
    const std::string took = std::to_string(between(pending->asked_at, parts_.clock.tick()).count()) + " ms";
    if (!answer) {
      parts_.log.warn("slots", pending->query.request_id,
                      "nothing known of any day after " + took + ": " + answer.error().detail);
      for (const SlotsDone& done : pending->dones) done(answer.error());
      continue;
    }
    if (answer->stale) {
      const std::lock_guard lock(mutex_);
      ++counters_.stale;
    }
    parts_.log.info("slots", pending->query.request_id,
                    std::to_string(pending->query.days.length().count()) + " days, " + std::to_string(answer->windows.size()) +
                        " windows: " + std::to_string(answer->slots.size()) + " slots in " + took + " in total");
    const AnsweredFrom from = answer->stale ? AnsweredFrom::stale : answer->cached ? AnsweredFrom::cache : AnsweredFrom::upstream;
    const SlotReply reply{prepared_from(*answer, fresh_until(*answer, pending->outcomes, now, seconds(60))), from};
    for (const SlotsDone& done : pending->dones) done(reply);
  }
}

}  // namespace slotwire::proxy
