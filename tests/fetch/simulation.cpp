#include "tests/fetch/simulation.h"

#include <algorithm>
#include <set>

#include "shared/window_plan.h"

namespace slotwire::fetch {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Simulation::Payload {
  std::string key;
  Day day;
  std::int64_t seen_change = 0;  // the newest change that existed when Calendly was called
  Tick asked_at;
  int account = 0;
};

namespace {

constexpr std::string_view kTrouble = "Calendly is in trouble.";
constexpr std::string_view kOurs = "The budget is spent.";
constexpr std::string_view kMeant = "There is no such thing.";
constexpr std::string_view kRefused = "These dates are refused.";
constexpr std::size_t kEventsKept = 400;
// A window may pause and wait in queues for long before its last failure is reported, as long as new asks wait for it.
constexpr seconds kRecently{60};
constexpr days kNear{124};

Settings settings_of(std::uint32_t seed) {
  Settings settings;
  settings.window = days(seed % 3 == 0 ? 31 : 7);
  if (seed % 2 == 0) settings.blind_after = milliseconds(2'000);
  return settings;
}

std::string text_of(DayRange range) { return text_from_day(range.begin) + ".." + text_from_day(range.end); }

}  // namespace

Simulation::Simulation(std::uint32_t seed)
    : random_(seed),
      settings_(settings_of(seed)),
      machine_(settings_, shares_),
      wall_(Instant(Day(days(20'000))) + std::chrono::hours(9)),
      tick_(Tick() + std::chrono::hours(1)),
      minute_(tick_) {}

int Simulation::int_in(int least, int most) {
  return least + static_cast<int>(random_() % static_cast<std::uint32_t>(most - least + 1));
}

milliseconds Simulation::latency(int usual, int at_worst) {
  return milliseconds(chance(4) ? int_in(usual, at_worst) : int_in(0, usual));
}

Moment Simulation::now() { return {wall_, tick_, int_in(-1'000, 1'000) / 1'000.0}; }

void Simulation::expect(bool holds, const std::string& promise) {
  if (!holds && broken_.empty()) broken_ = promise;
}

void Simulation::record(const std::string& kind, const std::string& what) {
  ++seen_[kind];
  events_.push_back(std::to_string(steps_) + " " + std::to_string((tick_ - Tick()) / milliseconds(1)) + "ms " + kind + " " +
                    what);
  if (events_.size() > kEventsKept) events_.pop_front();
}

std::string Simulation::last_events() const {
  std::string text;
  for (const std::string& line : events_) text += line + '\n';
  return text;
}

std::int64_t Simulation::told_change(const std::string& key, Day day) const {
  const auto found = changed_at_.find(day);
  const auto of_key = key_changed_at_.find(key);
  return std::max(
      {all_changed_at_, found == changed_at_.end() ? 0 : found->second, of_key == key_changed_at_.end() ? 0 : of_key->second});
}

// Advances the time like the shell: the machine is woken when it requested it.
void Simulation::pass(milliseconds time) {
  const Tick until = tick_ + time;
  while (broken_.empty()) {
    const std::optional<Tick> wake = machine_.next_wake();
    const Tick next = wake && *wake <= until ? std::max(*wake, tick_) : until;
    wall_ += std::chrono::duration_cast<milliseconds>(next - tick_);
    tick_ = next;
    if (tick_ - minute_ >= seconds(60)) {
      minute_ = tick_;
      calls_left_ = 50;
    }
    if (!wake || *wake > until) return;
    machine_.wake(now());
    carry_out();
  }
}

std::string Simulation::run(std::uint64_t steps) {
  for (std::uint64_t done = 0; done < steps && broken_.empty(); ++done) {
    ++steps_;
    step();
    check_records();
  }
  if (broken_.empty()) come_to_rest();
  return broken_;
}

void Simulation::step() {
  const bool is_due = !tasks_.empty() && tasks_.begin()->first <= tick_;
  if (is_due && chance(95)) return run_task();
  const int dice = int_in(1, 100);
  if (dice <= 60 && !tasks_.empty()) return run_task();
  if (dice <= 75) return ask_something();
  if (dice <= 81) return change_something();
  if (dice <= 83) {
    is_down_ = !is_down_;
    return record(is_down_ ? "down" : "up", "");
  }
  if (dice <= 84 && chance(40)) {
    is_rush_ = !is_rush_;
    return record(is_rush_ ? "rush" : "calm", "");
  }
  if (dice <= 84) {
    calls_left_ = chance(50) ? 0 : int_in(1, 15);
    return record("drained", std::to_string(calls_left_));
  }
  if (dice <= 90) {
    machine_.log_was_read(tick_);
    return;
  }
  milliseconds time(chance(10) ? int_in(1'000, 400'000) : int_in(1, 1'500));
  // An exchange with Calendly has its own deadline, so it is late by no more than a busy worker's delay.
  for (const auto& [due, task] : tasks_) {
    if (task.kind == Task::Kind::land) time = std::min(time, std::chrono::ceil<milliseconds>(due - tick_) + seconds(1));
  }
  pass(std::max(time, milliseconds(0)));
}

void Simulation::ask_something() {
  Ask ask;
  // Key D has no copies elsewhere, and its changes are also reported by key. A key beginning with P is used for one ask only, and
  // its data is not kept.
  ask.key = std::string(1, static_cast<char>('A' + int_in(0, 3)));
  if (chance(5)) {
    ask.key = "P" + std::to_string(++personal_);
    ask.is_kept = false;
  }
  ask.is_whole = chance(15);
  const Day today = utc_day_of(wall_);
  const int from = chance(6) ? int_in(130, 900) : int_in(0, 60);
  const int length = chance(10) ? int_in(60, 92) : int_in(1, 35);
  ask.days = {today + days(from), today + days(from + length)};
  if (chance(15)) ask.max_age = seconds(int_in(0, 60));
  const int client = int_in(0, 20);
  if (client < 12) ask.client.near = "greedy";
  if (client >= 12 && client < 20)
    ask.client = {"client " + std::to_string(int_in(1, 40)), "wide " + std::to_string(int_in(1, 4))};
  record("ask", ask.key + " " + text_of(ask.days) + (ask.max_age ? " fresh" : "") + (ask.is_whole ? " whole" : "") + " by " +
                    ask.client.near);
  const Tick deadline = tick_ + milliseconds(10'000);
  // The id must be known before the answer: an ask may be answered at once.
  const Id id = machine_.ask(ask, now());
  expect(asks_.emplace(id, Asked{ask, deadline}).second, "two asks have one name");
  if (chance(5)) (void)machine_.join(ask.key, id, {"client " + std::to_string(int_in(1, 40)), {}});
  carry_out();
}

void Simulation::change_something() {
  const int dice = int_in(1, 100);
  const Day today = utc_day_of(wall_);
  if (dice <= 55) {
    const Day first = today + days(int_in(0, 60));
    change_days({first, first + days(chance(5) ? 500 : int_in(1, 4))});
  } else if (dice <= 65) {
    all_changed_at_ = ++last_change_;
    fresh_until_.clear();
    record("purge", "");
    if (chance(50)) {
      machine_.purged(last_change_, now());
    } else {
      machine_.changed(last_change_, std::nullopt, now());
    }
  } else if (dice <= 67) {
    key_changed_at_["D"] = ++last_change_;
    std::erase_if(fresh_until_, [](const auto& entry) { return entry.first.first == "D"; });
    record("outdated", "D");
    machine_.outdated([](const std::string& key) { return key == "D"; }, now());
  } else if (dice <= 70) {
    ++account_;
    account_left_ = true;
    fresh_until_.clear();
    record("account", std::to_string(account_));
    machine_.account_changed({ErrorCode::calendly_unavailable, "another account"}, now());
    carry_out();
    account_left_ = false;
  } else if (dice <= 78) {
    fresh_until_.clear();
    const int by = chance(50) ? int_in(6, 200'000) : -int_in(6, 200'000);
    wall_ += seconds(by);
    record("clock", std::to_string(by) + " s");
  } else if (dice <= 84) {
    wall_ += milliseconds(int_in(-3'000, 3'000));  // the clock is corrected in small steps
    record("drift", "");
  } else {
    const Day first = today + days(int_in(0, 60));
    machine_.settled_elsewhere(std::string(1, static_cast<char>('A' + int_in(0, 2))), {first, first + days(int_in(1, 40))},
                               now());
    record("settled", "");
  }
  carry_out();
}

void Simulation::change_days(DayRange changed) {
  ++last_change_;
  for (Day day = changed.begin; day < changed.end; day += days(1)) changed_at_[day] = last_change_;
  std::erase_if(fresh_until_, [&](const auto& entry) { return changed.contains(entry.first.second); });
  record("change", text_of(changed));
  if (changed.length() > days(400)) {
    all_changed_at_ = last_change_;
    fresh_until_.clear();
  }
  machine_.changed(last_change_, changed, now());
}

void Simulation::run_task() {
  const auto first = tasks_.begin();
  Task task = std::move(first->second);
  const Tick due = first->first;
  tasks_.erase(first);
  if (due > tick_) pass(std::chrono::duration_cast<milliseconds>(due - tick_));
  switch (task.kind) {
    case Task::Kind::look:
      look(std::move(task));
      break;
    case Task::Kind::disk:
      read_disk(std::move(task));
      break;
    case Task::Kind::claim:
      claim(task);
      break;
    case Task::Kind::send:
      send(std::move(task));
      break;
    case Task::Kind::land:
      land(task);
      break;
  }
  carry_out();
}

void Simulation::look(Task task) {
  const std::optional<Looking> looking = machine_.begin_look(task.ref, now());
  if (!looking) return;
  task.kind = Task::Kind::disk;
  task.sending.window = looking->disk.value_or(DayRange{});
  task.seen_change = last_change_;
  task.account = account_;
  post(latency(20, 9'000), std::move(task));
}

Cell Simulation::cell(const std::string& key, Day day, seconds age, std::int64_t seen_change) {
  Cell cell;
  cell.day = day;
  cell.fetched_at = wall_ - age;
  cell.fresh_until = cell.fetched_at + settings_.fresh_for;
  cell.refresh_from = cell.fetched_at + settings_.fresh_for * 4 / 5;
  cell.window = {day, day + days(1)};
  cell.payload = std::make_shared<const Payload>(Payload{key, day, seen_change, tick_ - age, account_});
  cell.bytes = 100;
  return cell;
}

void Simulation::read_disk(Task task) {
  if (task.account != account_) return;  // as the shell does
  if (chance(2)) return machine_.look_failed(task.ref, {ErrorCode::internal, "An exception was thrown."}, now());
  std::vector<Offer> stored;
  for (Day day = task.sending.window.begin; day < task.sending.window.end; day += days(1)) {
    if (!has_elsewhere(task.ref.key) || !chance(30)) continue;
    const bool is_outdated = chance(30);
    const std::int64_t seen =
        is_outdated ? std::min<std::int64_t>(task.seen_change, told_change(task.ref.key, day)) - 1 : task.seen_change;
    stored.push_back({cell(task.ref.key, day, seconds(int_in(1, 2'000)), seen), is_outdated ? -1 : task.seen_change});
  }
  const std::optional<Claiming> claiming = machine_.disk_read(task.ref, std::move(stored), now());
  if (!claiming) return;
  task.kind = Task::Kind::claim;
  task.claiming = *claiming;
  post(latency(5, 3'000), std::move(task));
}

void Simulation::claim(const Task& task) {
  if (task.account != account_) return;
  Grant grant;
  std::vector<Day> ours;
  const bool has_others = has_elsewhere(task.ref.key) && chance(25);
  for (const WantedDay& wanted : task.claiming.days) {
    const int dice = has_others ? int_in(1, 100) : 100;
    if (dice <= 20) {
      const std::int64_t seen = chance(70) ? last_change_ : std::max<std::int64_t>(0, last_change_ - int_in(1, 5));
      grant.offers.push_back({cell(task.ref.key, wanted.day, seconds(int_in(0, 400)), seen), seen});
    } else if (dice <= 35) {
      grant.held.push_back(wanted.day);
    } else {
      ours.push_back(wanted.day);
    }
  }
  const auto windows = windows_covering(ours, task.claiming.longest_window);
  if (windows) grant.windows = *windows;
  // One for each granted window, plus one for each pending window that is inside it.
  std::size_t fewest = machine_.counts().windows + grant.windows.size();
  for (const auto& [key, under_way] : machine_.windows_under_way()) {
    for (const DayRange window : grant.windows) {
      fewest += key == task.ref.key && window.begin < under_way.begin && under_way.end < window.end ? 1 : 0;
    }
  }
  machine_.claimed(task.ref, std::move(grant), now());
  expect(machine_.counts().windows <= fewest, "more windows than the planner's fewest");
}

void Simulation::send(Task task) {
  const std::optional<Sending> sending = machine_.begin_send(task.ref, now());
  if (!sending) return;
  task.sending = *sending;
  judge_send(task);
  const auto refuse = [&](Failure failure) {
    record(failure.kind == Failure::Kind::ours ? "ours" : "refused", task.ref.key + " " + text_of(sending->window));
    for (Day day = sending->window.begin; day < sending->window.end; day += days(1)) {
      failure_texts_[{task.ref.key, day}][failure.error.detail] = tick_;
    }
    machine_.failed(task.ref, failure, now());
  };
  if (chance(1)) return refuse({{ErrorCode::internal, std::string(kOurs)}, Failure::Kind::ours, {}, false});
  const int reserve = sending->is_background ? 10 : 5;
  if (calls_left_ <= reserve) {
    const auto wait = std::chrono::duration_cast<milliseconds>(minute_ + seconds(60) - tick_);
    return refuse({{ErrorCode::calendly_rate_limited, std::string(kOurs)}, Failure::Kind::ours, {true, wait}, false});
  }
  --calls_left_;
  record("sent", task.ref.key + " " + text_of(sending->window));
  task.kind = Task::Kind::land;
  task.began = tick_;
  task.began_at = wall_;
  task.seen_change = last_change_;
  task.account = account_;
  post(std::min(latency(600, 6'000), sending->timeout), std::move(task));
}

// Every call must have a purpose: fresh data from this server is requested again only to look once more. And no client may cause
// more calls than its share.
void Simulation::judge_send(const Task& task) {
  const DayRange window = task.sending.window;
  std::set<std::string> clients;
  bool is_recheck = false;
  for (const auto& [id, asked] : asks_) {
    if (asked.ask.key != task.ref.key || asked.ask.days.end <= window.begin || asked.ask.days.begin >= window.end) continue;
    clients.insert(asked.ask.client.near);
    is_recheck = is_recheck || asked.ask.max_age;
  }
  expect(!clients.empty() || task.sending.is_again || task.sending.is_background,
         "Calendly is asked for what nobody waits for any more");
  // The ask that wanted to look once more may have ended; the window then is for later days.
  const auto looked = looked_once_more_.find({task.ref.key, window.begin});
  is_recheck = is_recheck || (looked != looked_once_more_.end() && tick_ - looked->second <= kRecently);
  const auto known = fresh_until_.find({task.ref.key, window.begin});
  if (!task.sending.is_again && !task.sending.is_background && !is_recheck && known != fresh_until_.end()) {
    expect(wall_ >= known->second, "a day was asked for that was known and fresh");
  }
  if (task.sending.is_again || clients.size() != 1 || clients.begin()->empty()) return;
  std::deque<Tick>& spent = spent_[*clients.begin()];
  spent.push_back(tick_);
  while (tick_ - spent.front() > seconds(60)) spent.pop_front();
  // A share at once plus its refill; some windows waited in the queue, some were paid for by clients that have left.
  expect(spent.size() <= 4 * 16, "one client caused " + std::to_string(spent.size()) + " windows in a minute");
}

void Simulation::land(const Task& task) {
  const DayRange window = task.sending.window;
  // A change can only be missed between a request and its answer; while everybody books, there is one each time.
  if (chance(is_rush_ ? 80 : 3)) {
    change_days({window.begin, window.begin + days(1)});
    carry_out();
  }
  const bool is_range_complaint = window.length() > days(7) && chance(10);
  const int dice = int_in(1, 100);
  if (is_down_ || dice <= 12 || is_range_complaint) {
    Failure failure;
    if (is_range_complaint || dice <= 2) {
      failure = {{ErrorCode::calendly_unavailable, std::string(kRefused)}, Failure::Kind::refused, {}, is_range_complaint};
    } else if (dice <= 4) {
      failure = {{ErrorCode::event_type_not_found, std::string(kMeant)}, Failure::Kind::meant, {}, false};
      failure.words = std::make_shared<const int>(404);
      for (Day day = window.begin; day < window.end; day += days(1)) fresh_until_.erase({task.ref.key, day});
    } else {
      failure = {{ErrorCode::calendly_unavailable, std::string(kTrouble)}, Failure::Kind::trouble, {chance(90), {}}, false};
      if (chance(10)) failure.retry.asked_wait = seconds(int_in(0, 30));
      if (!task.sending.is_background) trouble_near_[task.ref.key] = tick_;
    }
    for (Day day = window.begin; day < window.end; day += days(1))
      failure_texts_[{task.ref.key, day}][failure.error.detail] = tick_;
    record(is_range_complaint ? "complaint" : failure.words ? "meant" : "trouble", task.ref.key + " " + text_of(window));
    return machine_.failed(task.ref, failure, now());
  }
  Machine::Fetched fetched;
  for (Day day = window.begin; day < window.end; day += days(1)) {
    fetched.emplace_back(std::make_shared<const Payload>(Payload{task.ref.key, day, task.seen_change, task.began, task.account}),
                         100);
    const Instant asked_at = wall_ - std::chrono::duration_cast<milliseconds>(tick_ - task.began);
    const bool counts = task.account == account_ && task.seen_change >= told_change(task.ref.key, day);
    if (counts) fresh_until_[{task.ref.key, day}] = asked_at + settings_.fresh_for * 9 / 10;
  }
  record("landed", task.ref.key + " " + text_of(window));
  machine_.landed(task.ref, std::move(fetched), now());
}

void Simulation::carry_out() {
  for (const Action& action : machine_.actions()) {
    if (const auto* answer = std::get_if<Answer>(&action)) judge(*answer);
    if (const auto* look = std::get_if<Look>(&action)) post(latency(20, 15'000), {Task::Kind::look, look->claim});
    if (const auto* send = std::get_if<Send>(&action)) post(latency(30, 12'000), {Task::Kind::send, send->window});
    if (const auto* remember = std::get_if<Remember>(&action)) {
      for (const Cell& cell : remember->cells) {
        const auto* payload = static_cast<const Payload*>(cell.payload.get());
        expect(payload->seen_change >= remember->seen_change, "cells are remembered as newer than they are");
      }
    }
    if (std::holds_alternative<ClockWasSet>(action)) record("clock noticed", "");
  }
}

void Simulation::judge(const Answer& answer) {
  const auto found = asks_.find(answer.ask);
  expect(found != asks_.end(), "an ask was answered twice, or never asked");
  if (found == asks_.end()) return;
  const Asked asked = found->second;
  asks_.erase(found);
  if (asked.ask.max_age) {
    for (Day day = asked.ask.days.begin; day < asked.ask.days.end; day += days(1))
      looked_once_more_[{asked.ask.key, day}] = tick_;
  }
  if (answer.error) {
    expect(account_left_, "an error though the account stayed");
    return;
  }
  expect(tick_ <= asked.deadline, "an answer came after its deadline");
  expect(answer.same_until == Tick::max() || answer.same_until <= tick_ + seconds(6), "a copy is told for too long");
  Day day = asked.ask.days.begin;
  for (const auto& [each, outcome] : answer.outcomes) {
    expect(each == day, "a day is missing from an answer");
    judge_day(asked, each, outcome);
    day += days(1);
  }
  expect(day == asked.ask.days.end, "a day is missing from an answer");
}

void Simulation::judge_day(const Asked& asked, Day day, const Outcome& outcome) {
  const std::string& key = asked.ask.key;
  if (outcome.source == WindowSource::failed) {
    ++seen_[asked.ask.is_whole ? "failed whole" : "failed"];
    expect(outcome.error.has_value(), "a day failed without a reason");
  } else {
    const auto* payload = static_cast<const Payload*>(outcome.cell.payload.get());
    expect(payload && payload->key == key && payload->day == day, "a day has somebody else's times");
    if (!payload) return;
    expect(payload->account == account_, "a day has the times of an account that is gone");
    expect(outcome.cell.fetched_at <= wall_ + seconds(10), "a day was fetched in the future");
    if (outcome.source == WindowSource::stale) {
      ++seen_["stale"];
      expect(outcome.error.has_value(), "a copy without a reason");
    } else {
      ++seen_["fresh"];
      expect(payload->seen_change >= told_change(key, day),
             "what is known to be outdated was told as fresh: " + key + " " + text_from_day(day));
      const auto left = outcome.cell.fresh_until - wall_;
      const auto age = std::chrono::duration_cast<milliseconds>(tick_ - payload->asked_at);
      // Clock corrections too small to be noticed may add a little.
      expect(left <= settings_.fresh_for * 11 / 10 - age + seconds(60), "an answer claims to be fresh for longer than the TTL");
    }
  }
  if (!outcome.error) return;
  const std::string& why = outcome.error->detail;
  const auto was_reported = [&](Day of, std::string_view what) {
    const auto found = failure_texts_.find({key, of});
    if (found == failure_texts_.end()) return false;
    const auto at = found->second.find(std::string(what));
    return at != found->second.end() && tick_ - at->second <= kRecently;
  };
  // What fails as a whole fails for the reason of any of its days.
  const DayRange meant =
      asked.ask.is_whole && outcome.source == WindowSource::failed ? asked.ask.days : DayRange{day, day + days(1)};
  const auto said = [&](std::string_view what) {
    bool is_reported = false;
    for (Day each = meant.begin; each < meant.end; each += days(1)) is_reported = is_reported || was_reported(each, what);
    return is_reported;
  };
  if (why == kOurs)
    expect(said(kOurs), "our own refusal counts for days that were not refused: " + key + " " + text_from_day(day));
  if (why == kRefused) expect(said(kRefused), "a refusal of other dates counts for this day");
  if (why == kMeant) {
    expect(said(kMeant), "what was meant for others counts for this day");
    expect(outcome.source == WindowSource::failed, "a copy was told against Calendly's word");
    expect(outcome.words != nullptr, "Calendly's words were lost");
  }
  if (why == kTrouble) {
    const auto near = trouble_near_.find(key);
    const bool is_near = near != trouble_near_.end() && tick_ - near->second <= kRecently;
    expect(is_near || said(kTrouble), "days count as failing though Calendly failed only what gives way");
  }
  if (outcome.error->code == ErrorCode::too_many_requests) {
    ++seen_["unpaid"];
    expect(asked.ask.client.near != "", "somebody without a share was refused for it");
    expect(outcome.error->retry_after.has_value(), "a share that is spent does not say until when");
  }
}

void Simulation::check_records() {
  std::map<std::string, std::set<Day>> under_way;
  for (const auto& [key, window] : machine_.windows_under_way()) {
    for (Day day = window.begin; day < window.end; day += days(1)) {
      expect(under_way[key].insert(day).second, "a day is in two windows at once: " + key + " " + text_from_day(day));
    }
  }
  for (const auto& [id, asked] : asks_) expect(tick_ <= asked.deadline, "an ask has no answer by its deadline");
  expect(machine_.counts().asks == asks_.size(), "the machine keeps other asks than those that wait");
}

// No record outlives its asks: after the last worker has finished and time has passed, nothing is left.
void Simulation::come_to_rest() {
  for (int rounds = 0; rounds < 10'000 && broken_.empty() && (!tasks_.empty() || machine_.next_wake()); ++rounds) {
    if (!tasks_.empty())
      run_task();
    else
      pass(seconds(20));
  }
  const Machine::Counts counts = machine_.counts();
  expect(asks_.empty() && counts.asks == 0, "an ask was never answered");
  expect(counts.claims == 0, "a claim outlived its asks");
  expect(counts.windows == 0, "a window outlived its asks");
  for (int each = 1; each <= personal_; ++each) {
    expect(machine_.version_of("P" + std::to_string(each)) == 0, "something was kept that was for one ask only");
  }
}

}  // namespace slotwire::fetch
