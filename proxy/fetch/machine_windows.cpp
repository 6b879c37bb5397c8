// The part of Machine that sends requests to Calendly: windows, their retries and their results.
#include <algorithm>

#include "proxy/fetch/records.h"
#include "shared/time_between.h"
#include "shared/window_plan.h"

namespace slotwire::fetch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kMostParallel = 6;
constexpr std::chrono::days kShortWindow{7};
// One attempt must not use up the whole deadline: after a hanging connection there should be time for a second one.
constexpr milliseconds kAttemptTimeout{5'000};
constexpr seconds kQuiet{5};
// All callers get the same answer for this long, without another call or a look at the budget.
constexpr seconds kSameWhileRefused{1};
constexpr std::chrono::days kNear{124};
constexpr double kLifeJitter = 0.1;

Error changed_meanwhile() {
  return {ErrorCode::calendly_unavailable, "These times changed while Calendly was being asked.", {}, seconds(1)};
}

}  // namespace

std::optional<Error> Machine::charge_share(Key& key, const std::set<Day>& days, const Moment& now) {
  std::optional<milliseconds> shortest;
  for (auto& [id, ask] : key.asks) {
    const auto is_lacked = [&, &ask = ask](Day day) { return ask.lacking.contains(day); };
    if (std::none_of(days.begin(), days.end(), is_lacked)) continue;
    for (const Client& client : ask.clients) {
      if (shares_.take(client, now.tick)) return std::nullopt;
      const milliseconds wait = shares_.wait_for(client, now.tick);
      shortest = std::min(wait, shortest.value_or(wait));
    }
  }
  const seconds wait = std::chrono::ceil<seconds>(shortest.value_or(milliseconds(0)));
  return Error{ErrorCode::too_many_requests, "Too many different days were asked for from this address.", {}, wait};
}

void Machine::open_windows(Key& key, Claim& claim, const std::vector<DayRange>& granted, const Moment& now) {
  const Id batch = ++last_id_;
  for (const DayRange whole : granted) {
    std::set<Day> wanted;  // without days that nobody needs any more, or that are being fetched meanwhile
    for (const Day day : claim.days) {
      const auto is_lacked = [&](const auto& ask) { return ask.second.lacking.contains(day); };
      const bool is_asked = claim.is_background || std::any_of(key.asks.begin(), key.asks.end(), is_lacked);
      if (whole.contains(day) && is_asked && !key.window_over(day)) wanted.insert(day);
    }
    std::erase_if(claim.days, [&](Day day) { return whole.contains(day); });
    if (wanted.empty()) actions_.push_back(Release{key.name, whole});
    while (!wanted.empty()) {
      // The window has its full length, since that costs nothing, but does not extend into a window under way.
      DayRange window{*wanted.begin(), *wanted.begin()};
      while (window.end < whole.end && !key.window_over(window.end)) window.end += std::chrono::days(1);
      std::set<Day> days;
      std::erase_if(wanted, [&](Day day) { return window.contains(day) && days.insert(day).second; });
      open_window(key, claim, batch, window, days, now);
    }
  }
  launch(key, batch);
}

void Machine::open_window(Key& key, const Claim& claim, Id batch, DayRange days, const std::set<Day>& wanted, const Moment& now) {
  const std::optional<Error> refusal = claim.is_background ? std::nullopt : charge_share(key, wanted, now);
  if (refusal) {
    actions_.push_back(Release{key.name, days});
    for (auto& [id, ask] : key.asks) {
      const auto is_lacked = [&, &ask = ask](Day day) { return ask.lacking.contains(day); };
      ask.was_unpaid = ask.was_unpaid || std::any_of(wanted.begin(), wanted.end(), is_lacked);
    }
    for (const Day day : wanted) {
      tell(key, {day, day + std::chrono::days(1)}, {*refusal, Failure::Kind::ours, true, Tick()}, now);
    }
    return;
  }
  const auto is_known = [&](Day day) {
    const Cell* cell = cells_.find(key.name, day);
    return cell && cell->is_fresh(now.wall);
  };
  const bool is_recheck = std::all_of(wanted.begin(), wanted.end(), is_known);
  Window& window = key.windows[++last_id_];
  window.id = last_id_;
  window.batch = batch;
  window.days = days;
  window.retry = Retry(claim.deadline);
  window.is_background = claim.is_background;
  window.gives_way = claim.is_background || is_recheck || time_between(now.wall, Instant(days.begin)) > kNear;
  window.request_id = claim.request_id;
  window.asked_days = claim.asked_days;
  at(claim.deadline, Timer::window, key.name, window.id);
}

void Machine::launch(Key& key, Id batch) {
  // Drop queued windows that nobody needs any more.
  std::erase_if(key.windows, [&](const auto& entry) {
    const Window& window = entry.second;
    if (window.batch != batch || window.state != Window::State::queued || window.is_background) return false;
    if (key.is_any_lacked(window.days)) return false;
    actions_.push_back(Release{key.name, window.days});
    return true;
  });
  int running = 0;
  for (const auto& [id, window] : key.windows) running += window.batch == batch && window.state != Window::State::queued ? 1 : 0;
  for (auto& [id, window] : key.windows) {
    if (running >= kMostParallel) return;
    if (window.batch != batch || window.state != Window::State::queued) continue;
    post_send(key, window);
    ++running;
  }
}

void Machine::post_send(Key& key, Window& window) {
  window.state = Window::State::posted;
  ++window.turn;
  // A window whose deadline passes in the queue has failed; see come_due.
  at(window.retry.deadline(), Timer::window, key.name, window.id);
  actions_.push_back(Send{{key.name, window.id, window.turn}, window.is_background});
}

std::optional<Sending> Machine::begin_send(const Ref& ref, const Moment& now) {
  notice_clock(now);
  const auto found = keys_.find(ref.key);
  if (found == keys_.end() || !found->second.window_in(Window::State::posted, ref)) return std::nullopt;
  Key& key = found->second;
  Window& window = key.windows.at(ref.id);
  // Its callers left while it was queued, for example because an earlier day of a whole answer failed.
  if (window.retry.attempts() == 0 && !window.is_background && !key.is_any_lacked(window.days)) {
    actions_.push_back(Release{ref.key, window.days});
    end_window(key, ref.id);
    finish(key, now);
    return std::nullopt;
  }
  window.state = Window::State::sent;
  window.retry.begin_attempt();
  window.sent_at = now.tick;
  window.seen_change = seen_change_;
  window.is_outdated = false;
  return Sending{window.days,       std::min(kAttemptTimeout, window.retry.left(now.tick)),
                 window.gives_way,  window.retry.attempts() > 1,
                 window.request_id, window.asked_days};
}

void Machine::landed(const Ref& ref, Fetched fetched, const Moment& now) {
  notice_clock(now);
  const auto found = keys_.find(ref.key);
  if (found == keys_.end() || !found->second.window_in(Window::State::sent, ref)) return;
  Key& key = found->second;
  Window& window = key.windows.at(ref.id);
  // Dated by the monotonic clock, from the moment it was sent. The lifetime is jittered for each window, so that windows fetched
  // together do not expire together.
  const Instant fetched_at = now.wall - std::chrono::duration_cast<Instant::duration>(time_between(window.sent_at, now.tick));
  const auto life = std::chrono::duration_cast<milliseconds>(settings_.fresh_for * (1.0 + kLifeJitter * now.chance));
  std::vector<Cell> cells;
  bool is_any_outdated = false;
  Day day = window.days.begin;
  for (auto& [payload, bytes] : fetched) {
    Cell cell{day, fetched_at, fetched_at + life, fetched_at + life * 4 / 5, window.days, std::move(payload), bytes};
    // The call was sent before the day changed, so its answer may lack the change.
    if (window.is_outdated || least_change(day) > window.seen_change) {
      cell.outdate();
      is_any_outdated = true;
    }
    cells.push_back(std::move(cell));
    day += std::chrono::days(1);
  }
  const bool is_over = !is_any_outdated || !window.retry.may_ask_again(now.tick);
  if (!is_over) std::erase_if(cells, [](const Cell& cell) { return cell.is_outdated(); });
  for (auto& [id, ask] : key.asks) {
    for (const Cell& cell : cells) {
      if (ask.lacking.erase(cell.day) == 0) continue;
      if (cell.is_outdated()) {
        ask.outcomes[cell.day] = {WindowSource::stale, cell, changed_meanwhile()};
        ask.same_until = std::min(ask.same_until, now.tick);
      } else {
        ask.outcomes[cell.day] = {WindowSource::upstream, cell, {}};
      }
    }
  }
  if (is_over && key.is_kept) actions_.push_back(Remember{key.name, window.days, cells, window.seen_change});
  if (key.is_kept) cells_.put(key.name, std::move(cells), now.wall);
  key.quiet.reset();
  if (is_over) {
    end_window(key, ref.id);
  } else {
    post_send(key, window);
  }
  finish(key, now);
}

void Machine::failed(const Ref& ref, const Failure& failure, const Moment& now) {
  notice_clock(now);
  const auto found = keys_.find(ref.key);
  if (found == keys_.end() || !found->second.window_in(Window::State::sent, ref)) return;
  Key& key = found->second;
  Window& window = key.windows.at(ref.id);
  if (failure.is_range_complaint && window.days.length() > kShortWindow) {
    split(key, ref.id);
    return finish(key, now);
  }
  const DayRange days = window.days;
  if (const auto wait = window.retry.wait_after(failure.retry, now.tick, now.chance)) {
    window.state = Window::State::resting;
    window.resume_at = now.tick + *wait;
    window.last_failure = failure;
    at(window.resume_at, Timer::window, key.name, window.id);
    tell(key, days, {failure.error, failure.kind, false, now.tick + kSameWhileRefused, failure.words}, now);
    return finish(key, now);
  }
  // A quiet period affects all visitors of the key. So background windows and dates chosen by a stranger must not start one: far
  // or refused dates say nothing about Calendly, and calls that our own limits refused never reached it.
  const bool is_trouble = failure.kind == Failure::Kind::trouble;
  if (is_trouble && !window.gives_way) key.quiet = Key::Quiet{now.tick + kQuiet, failure.error};
  if (window.is_background) key.no_refresh_before = now.tick + kQuiet;
  const Tick same_until = is_trouble && !window.gives_way ? now.tick + kQuiet : now.tick + kSameWhileRefused;
  if (failure.kind == Failure::Kind::meant) cells_.drop(key.name, days);
  tell(key, days, {failure.error, failure.kind, true, same_until, failure.words}, now);
  end_window(key, ref.id);
  actions_.push_back(Release{key.name, days});
  finish(key, now);
}

void Machine::tell(Key& key, DayRange days, const Trouble& trouble, const Moment& now) {
  for (auto& [id, ask] : key.asks) {
    bool is_any_failed = false;
    std::erase_if(ask.lacking, [&, &ask = ask](Day day) {
      if (!days.contains(day)) return false;
      const Cell* copy = copy_of(key.name, day, now);
      if (!copy && !trouble.is_final) return false;
      if (!copy) {
        ask.outcomes[day] = {WindowSource::failed, {}, trouble.error, trouble.words};
        is_any_failed = true;
        ask.same_until = std::min(ask.same_until, now.tick);
      } else if (trouble.kind == Failure::Kind::ours && copy->is_fresh(now.wall)) {
        // This was a re-check of a fresh cell that did not take place, so the cell is as valid as before.
        ask.outcomes[day] = {WindowSource::cache, *copy, {}};
      } else {
        ask.outcomes[day] = {WindowSource::stale, *copy, trouble.error};
        ask.same_until = std::min(ask.same_until, trouble.same_until);
      }
      return true;
    });
    if (!is_any_failed || !ask.ask.is_whole) continue;
    for (const Day day : std::exchange(ask.lacking, {})) {
      ask.outcomes[day] = {WindowSource::failed, {}, trouble.error, trouble.words};
    }
  }
}

void Machine::end_window(Key& key, Id id) {
  const Id batch = key.windows.at(id).batch;
  key.windows.erase(id);
  launch(key, batch);
}

// Calendly accepts only seven days at once: fetch the same days again in shorter windows, for the asks that still lack them.
void Machine::split(Key& key, Id id) {
  longest_window_ = kShortWindow;
  const Window whole = key.windows.at(id);
  std::vector<Day> days;
  for (Day day = whole.days.begin; day < whole.days.end; day += std::chrono::days(1)) {
    const auto lacks = [&](const auto& ask) { return ask.second.lacking.contains(day); };
    if (whole.is_background || std::any_of(key.asks.begin(), key.asks.end(), lacks)) days.push_back(day);
  }
  key.windows.erase(id);
  const Result<std::vector<DayRange>> windows = windows_covering(days, kShortWindow);
  for (DayRange part : windows ? *windows : std::vector<DayRange>()) {
    part.end = std::min(part.end, whole.days.end);
    Window& opened = key.windows[++last_id_];
    opened = whole;
    opened.id = last_id_;
    opened.days = part;
    opened.retry = Retry(whole.retry.deadline());
    opened.state = Window::State::queued;
    opened.last_failure.reset();
    at(opened.retry.deadline(), Timer::window, key.name, opened.id);
  }
  if (days.empty()) actions_.push_back(Release{key.name, whole.days});
  launch(key, whole.batch);
}

}  // namespace slotwire::fetch
