#include "tests/fetch/list_simulation.h"

#include <algorithm>

namespace slotwire::fetch {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr milliseconds kLease{20'000};
// As in the store: a lease that ends even later was taken before the clock was set back.
constexpr milliseconds kWait{5'000};
constexpr milliseconds kLook{500};         // between two reads of the log
constexpr milliseconds kRareLook{60'000};  // when nothing is expected
constexpr std::size_t kEventsKept = 400;
const Instant kNoon = Instant(Day(std::chrono::days(20'000))) + std::chrono::hours(12);
const Tick kStart = Tick() + std::chrono::hours(1);

}  // namespace

ListSimulation::ListSimulation(std::uint32_t seed)
    : random_(seed), is_one_machine_(seed % 2 == 0), tick_(kStart), minute_(kStart), well_since_(kStart) {
  settings_.fresh_for = seconds(seed % 3 == 0 ? 20 : seed % 3 == 1 ? 300 : 7'200);
  stored_ = {version_, tick_, 0};
  stored_read_at_ = store_clock();
  servers_.resize(1 + seed % 3);
  for (std::size_t i = 0; i < servers_.size(); ++i) start(i);
}

int ListSimulation::int_in(int least, int most) {
  return least + static_cast<int>(random_() % static_cast<std::uint32_t>(most - least + 1));
}

Moment ListSimulation::now(const Server& server) {
  return {
      kNoon +
          (tick_ - kStart < Tick::duration::max() ? std::chrono::duration_cast<milliseconds>(tick_ - kStart) : milliseconds(0)) +
          server.wall_ahead,
      tick_, int_in(-1'000, 1'000) / 1'000.0};
}

Instant ListSimulation::store_clock() const {
  return kNoon + std::chrono::duration_cast<milliseconds>(tick_ - kStart) + store_ahead_;
}

// As TypesUpkeep tells it: by the clock, whatever happened to that.
std::optional<milliseconds> ListSimulation::stored_age() const {
  const auto age = std::chrono::duration_cast<milliseconds>(store_clock() - stored_read_at_);
  if (age < milliseconds(-1'000)) return std::nullopt;
  return std::max(age, milliseconds(0));
}

void ListSimulation::expect(bool holds, const std::string& promise) {
  if (!holds && broken_.empty()) broken_ = promise;
}

void ListSimulation::record(const std::string& kind, const std::string& what) {
  ++seen_[kind];
  events_.push_back(std::to_string(steps_) + " " + std::to_string((tick_ - kStart) / milliseconds(1)) + "ms " + kind + " " +
                    what);
  if (events_.size() > kEventsKept) events_.pop_front();
}

std::string ListSimulation::last_events() const {
  std::string text;
  for (const std::string& line : events_) text += line + '\n';
  return text;
}

void ListSimulation::excuse_all() {
  well_since_ = tick_;
  for (Change& change : changes_) change.is_excused = true;
}

// ---- Servers ----

void ListSimulation::start(std::size_t index) {
  Server& server = servers_[index];
  const int life = server.life + 1;
  const milliseconds wall_ahead = server.wall_ahead;
  server = Server();
  server.life = life;
  server.born = server.busy_until = tick_;
  server.wall_ahead = wall_ahead;
  server.machine = std::make_unique<ListMachine>(settings_);
  server.last_change_read = last_change_;
  server.epoch = epoch_;
  server.known = stored_;
  if (is_connected_) {
    server.machine->begin(stored_age(), stored_.seen_change, now(server));
    if (last_change_ > 0) server.machine->outdated(last_change_, now(server));
  }
  next_log_read_.emplace(tick_ + milliseconds(int_in(1, 500)), std::pair(index, life));
  carry_out(index);
}

void ListSimulation::connect() {
  is_connected_ = !is_connected_ || chance(50);
  ++epoch_;
  excuse_all();
  anew_at_ = tick_;
  record(is_connected_ ? "account" : "disconnected", std::to_string(epoch_));
  // Connecting reads the list and logs the change; all servers process it when they next read the log.
  stored_ = {version_, tick_, last_change_};
  stored_read_at_ = store_clock();
}

void ListSimulation::deliver() {
  ++version_;
  changes_.push_back({++last_change_, tick_, {}, false, false});
  if (is_down_ || is_slow_ || is_store_down_ || !is_connected_ || calls_left_ < 5 ||
      (refused_at_ && tick_ - *refused_at_ < seconds(61)))
    changes_.back().is_excused = true;
  // A call is pending that will fail, or from before the failures ended; or the reading server died, and its lease has not
  // expired.
  for (const auto& [due, task] : tasks_) {
    if (task.kind == Task::Kind::answered && (task.failure || due > tick_ + milliseconds(300))) changes_.back().is_excused = true;
  }
  for (const Server& server : servers_) {
    if (server.reading && !server.reading->is_out) changes_.back().is_excused = true;
  }
  if (holder_ && !servers_[*holder_].reading) changes_.back().is_excused = true;
  record("delivery", std::to_string(last_change_));
  // Up to four changes in a row are read at once, counted from when each was to be read, which may be long after it was logged.
  for (Server& server : servers_) {
    std::erase_if(server.claims_for_changes, [this](Tick at) { return tick_ - at > ListMachine::kFlood + seconds(3); });
    const auto lies_ahead = [&server](const Change& change) { return !change.is_read && change.id > server.claimed_change; };
    const auto left = static_cast<std::size_t>(std::ranges::count_if(changes_, lies_ahead));
    if (server.claims_for_changes.size() + left > ListMachine::kAtOnce) changes_.back().is_excused = true;
  }
  if (changes_.size() > 20) changes_.pop_front();
  if (chance(60)) read_log(static_cast<std::size_t>(int_in(0, static_cast<int>(servers_.size()) - 1)));
}

// Reads the log and the account, as every server does twice a second.
void ListSimulation::read_log(std::size_t index) {
  Server& server = servers_[index];
  if (is_store_down_) return;
  if (server.epoch != epoch_) {
    server.epoch = epoch_;
    server.known = stored_;
    if (is_connected_) {
      server.machine->begin(stored_age(), stored_.seen_change, now(server));
    } else {
      server.machine->end();
    }
  } else if (is_connected_ && stored_.began > server.known.began && stored_.version != server.known.version) {
    server.known = stored_;
    server.machine->read_elsewhere(stored_age(), stored_.seen_change, now(server));
  }
  if (is_connected_ && server.last_change_read < last_change_) {
    server.last_change_read = last_change_;
    for (Change& change : changes_) change.noticed_at.emplace(index, tick_);
    server.machine->outdated(last_change_, now(server));
  }
  carry_out(index);
}

void ListSimulation::carry_out(std::size_t index) {
  Server& server = servers_[index];
  for (const ListAction& action : server.machine->actions()) {
    if (const auto* go_on = std::get_if<GoOn>(&action)) {
      record("went on", std::to_string(index));
      expect(server.asks.erase(go_on->ask) == 1, "somebody goes on who does not wait, or a second time");
      continue;
    }
    const Task::Kind kind = std::holds_alternative<ClaimList>(action)  ? Task::Kind::claim
                            : std::holds_alternative<AskPage>(action)  ? Task::Kind::page
                            : std::holds_alternative<KeepList>(action) ? Task::Kind::keep
                                                                       : Task::Kind::leave;
    if (const auto* claim = std::get_if<ClaimList>(&action); claim && claim->least_change > server.claimed_change) {
      server.claimed_change = claim->least_change;
      server.claims_for_changes.push_back(tick_);
    }
    if (kind == Task::Kind::keep)
      expect(server.reading && server.reading->epoch == server.epoch,
             "a list is to be kept that was read for the account before");
    post(milliseconds(chance(5) ? int_in(1, 200) : int_in(0, 10)), {kind, index, server.life, action});
  }
  if (server.machine->turn() != server.turn) {
    server.turn = server.machine->turn();
    server.turn_since = tick_;
  }
}

void ListSimulation::post(milliseconds after, Task task) {
  Server& server = servers_[task.server];
  server.busy_until = std::max(server.busy_until, tick_ + after);
  tasks_.emplace(server.busy_until, std::move(task));
}

void ListSimulation::run_task(Task task) {
  Server& server = servers_[task.server];
  if (server.life != task.life) return;  // the server has died
  switch (task.kind) {
    case Task::Kind::claim:
      claim(server, task.server, std::get<ClaimList>(task.action));
      break;
    case Task::Kind::page:
      ask_calendly(server, task.server, std::get<AskPage>(task.action));
      break;
    case Task::Kind::answered: {
      const AskPage& asked = std::get<AskPage>(task.action);
      if (server.reading && server.reading->turn == asked.turn) {
        server.reading->is_out = false;
        if (!task.failure) {
          ++server.reading->pages;
          server.reading->is_whole = task.is_last;
        }
      }
      if (task.failure) {
        server.machine->page_failed(asked.turn, *task.failure, now(server));
      } else {
        server.machine->page_came(asked.turn, task.is_last, now(server));
      }
      break;
    }
    case Task::Kind::keep:
      keep(server, task.server, std::get<KeepList>(task.action));
      break;
    case Task::Kind::leave:
      if (holder_ == task.server && !is_store_down_) holder_.reset();
      server.reading.reset();
      break;
  }
  carry_out(task.server);
}

void ListSimulation::claim(Server& server, std::size_t index, const ClaimList& action) {
  if (is_store_down_ || !is_connected_) {
    record("claim failed", std::to_string(index));
    return server.machine->claim_failed(action.turn, {ErrorCode::storage_failed, "The store is gone."}, now(server));
  }
  if (server.epoch != epoch_) {  // the store has another account than the one this server knows
    return server.machine->claimed(action.turn, {ListClaim::Standing::held, {}, 0, kLook}, now(server));
  }
  // A server looks at its clock, and then may wait for others until the store is its own.
  const Instant looked = store_clock() - milliseconds(int_in(0, 1'000));
  const std::optional<milliseconds> age = stored_age();
  if (age && age < action.max_age && stored_.seen_change >= action.least_change) {
    record("known", std::to_string(index));
    if (server.machine->turn() == action.turn) server.known = stored_;
    return server.machine->claimed(action.turn, {ListClaim::Standing::known, age, stored_.seen_change, {}}, now(server));
  }
  if (holder_ && holder_ != index && looked < lease_until_ && lease_until_ <= looked + kLease + kWait) {
    record("held", std::to_string(index));
    return server.machine->claimed(
        action.turn, {ListClaim::Standing::held, {}, 0, std::chrono::duration_cast<milliseconds>(lease_until_ - looked)},
        now(server));
  }
  const bool is_early = tick_ - stored_.began < settings_.fresh_for * 4 / 5 && tick_ - stored_.began < settings_.idle_for;
  const bool is_in_doubt = action.max_age == milliseconds(0) && clock_set_at_ >= server.read_at;
  expect(!is_early || stored_.seen_change < action.least_change || anew_at_ >= stored_.began || is_in_doubt,
         "a list is read again that is young, and not known to be outdated");
  for (const Server& other : servers_) {
    const bool is_at_it =
        &other != &server && other.reading && other.reading->epoch == epoch_ && other.machine->turn() == other.reading->turn;
    expect(!is_at_it || clock_set_at_ >= other.turn_since || anew_at_ >= other.turn_since, "two servers read at once");
  }
  holder_ = index;
  lease_until_ = looked + kLease;
  record("ours", std::to_string(index));
  if (server.machine->turn() == action.turn)
    server.reading = Reading{action.turn, server.epoch, 0, false, false, {version_, tick_, last_change_}};
  server.machine->claimed(action.turn, {ListClaim::Standing::ours, {}, last_change_, {}}, now(server));
}

void ListSimulation::ask_calendly(Server& server, std::size_t index, const AskPage& action) {
  const bool is_of_turn = server.reading && server.reading->turn == action.turn;
  expect(is_of_turn, "a page is asked for by who was not granted the reading");
  if (!is_of_turn) return;
  Reading& reading = *server.reading;
  expect(!reading.is_out, "two pages are asked for at once");
  expect(action.page == reading.pages, "a page is left out, or asked for twice");
  reading.is_out = true;
  if (holder_ == index && !is_store_down_) lease_until_ = store_clock() + kLease;
  Task answer{Task::Kind::answered, index, server.life, action};
  const auto failed = [&](Failure::Kind kind, RetryHint hint) {
    answer.failure = Failure{{ErrorCode::calendly_unavailable, "Calendly is in trouble."}, kind, hint};
  };
  if (calls_left_ <= 0) {
    record("ours only", std::to_string(index));
    refused_at_ = tick_;
    failed(Failure::Kind::ours, {true, std::chrono::ceil<milliseconds>(minute_ + seconds(60) - tick_)});
    return post(milliseconds(0), std::move(answer));
  }
  --calls_left_;
  record(action.is_again ? "asked again" : "asked", std::to_string(index) + " page " + std::to_string(action.page));
  if (action.page == 0) {
    reading.list.version = version_;
    for (Change& change : changes_) change.is_read = change.is_read || change.id <= reading.list.seen_change;
  }
  milliseconds latency(int_in(20, 300));
  if (is_slow_) latency = milliseconds(int_in(1'000, 10'000));
  if (is_down_ || chance(1)) {
    excuse_all();
    failed(Failure::Kind::trouble, {chance(90), chance(20) ? std::optional(milliseconds(int_in(100, 20'000))) : std::nullopt});
  }
  if (latency > action.timeout) {
    latency = action.timeout;
    failed(Failure::Kind::trouble, {true, {}});
  }
  answer.is_last = action.page + 1 >= pages_;
  post(latency, std::move(answer));
}

void ListSimulation::keep(Server& server, std::size_t index, const KeepList& action) {
  const bool is_of_turn = server.reading && server.reading->turn == action.turn;
  expect(is_of_turn && server.reading->is_whole, "a list is kept that was not read to its end");
  if (!is_of_turn) return;
  expect(action.seen_change == server.reading->list.seen_change, "a reading claims to have seen what came after it began");
  if (is_store_down_) {
    record("not kept", "");
    excuse_all();
    return server.machine->not_kept(action.turn, {ErrorCode::storage_failed, "The store is gone."}, now(server));
  }
  if (server.reading->epoch != epoch_) {  // as Connection finds out when it saves
    record("too late", "");
    return server.machine->not_kept(action.turn, {ErrorCode::not_connected, "Changed under way."}, now(server));
  }
  record("kept", std::to_string(server.reading->list.version));
  if (server.reading->list.began >= stored_.began) {
    stored_ = server.reading->list;
    stored_read_at_ = store_clock() - std::chrono::duration_cast<milliseconds>(tick_ - stored_.began);
  }
  server.known = stored_;
  server.read_at = server.reading->list.began;
  server.reading.reset();
  if (holder_ == index) holder_.reset();
  server.machine->kept(action.turn, now(server));
}

// ---- Time ----

// Advances to the next event, or by `at_most`. Returns false if there was no event.
bool ListSimulation::advance(milliseconds at_most) {
  Tick next = tick_ + at_most;
  enum class What { nothing, task, news, wake } what = What::nothing;
  std::size_t next_server = 0;
  if (!tasks_.empty() && tasks_.begin()->first <= next) {
    next = tasks_.begin()->first;
    what = What::task;
  }
  if (!next_log_read_.empty() && next_log_read_.begin()->first < next) {
    next = next_log_read_.begin()->first;
    what = What::news;
  }
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const std::optional<Tick> wake = servers_[i].machine->next_wake(tick_);
    if (!wake || *wake >= next) continue;
    next = std::max(*wake, tick_);
    what = What::wake;
    next_server = i;
  }
  tick_ = std::max(tick_, next);
  if (tick_ - minute_ >= seconds(60)) {
    minute_ = tick_;
    calls_left_ = 50;
  }
  switch (what) {
    case What::nothing:
      return false;
    case What::task: {
      Task task = std::move(tasks_.begin()->second);
      tasks_.erase(tasks_.begin());
      run_task(std::move(task));
      break;
    }
    case What::news: {
      const auto [index, life] = next_log_read_.begin()->second;
      next_log_read_.erase(next_log_read_.begin());
      if (servers_[index].life != life) break;
      next_log_read_.emplace(tick_ + (is_at_rest_ ? kRareLook : kLook), std::pair(index, life));
      read_log(index);
      break;
    }
    case What::wake:
      servers_[next_server].machine->wake(now(servers_[next_server]));
      carry_out(next_server);
      break;
  }
  return true;
}

std::string ListSimulation::run(std::uint64_t steps) {
  for (std::uint64_t done = 0; done < steps && broken_.empty(); ++done) {
    ++steps_;
    step();
    check();
  }
  if (broken_.empty()) come_to_rest();
  return broken_;
}

void ListSimulation::step() {
  if (chance(25)) return something_happens();
  // Usually advances to the next event; now and then by a long time in which nothing happens except reads of the log.
  if (!chance(3)) return (void)advance(milliseconds(int_in(1, 2'000)));
  const Tick until = tick_ + (chance(20) ? milliseconds(minutes(int_in(1, 130))) : milliseconds(int_in(1'000, 60'000)));
  const auto has_news = [this](const Server& server) {
    return server.turn || server.epoch != epoch_ || server.last_change_read != last_change_ ||
           server.known.version != stored_.version;
  };
  if (until - tick_ > minutes(5) && std::ranges::none_of(servers_, has_news)) {
    // The reads of the log in between are skipped: they find nothing.
    std::erase_if(next_log_read_, [](const auto&) { return true; });
    for (std::size_t i = 0; i < servers_.size(); ++i) next_log_read_.emplace(until, std::pair(i, servers_[i].life));
  }
  while (tick_ < until && broken_.empty()) {
    advance(std::chrono::ceil<milliseconds>(until - tick_));
    check();
  }
}

void ListSimulation::something_happens() {
  const std::size_t index = static_cast<std::size_t>(int_in(0, static_cast<int>(servers_.size()) - 1));
  Server& server = servers_[index];
  const int dice = int_in(1, 1'000);
  if (dice <= 700) {
    const std::optional<Id> id = server.machine->ask(now(server));
    record(id ? "ask waits" : "ask", std::to_string(index));
    if (id) expect(server.asks.emplace(*id, tick_ + ListMachine::kLongestWait).second, "two asks have one number");
    carry_out(index);
  } else if (dice <= 760) {
    deliver();
  } else if (dice <= 800) {
    ++version_;
    pages_ = int_in(1, 4);
    record("silent change", std::to_string(version_));
  } else if (dice <= 850) {
    is_down_ = !is_down_;
    excuse_all();
    record(is_down_ ? "down" : "up", "");
  } else if (dice <= 880) {
    is_slow_ = !is_slow_;
    excuse_all();
    record("slow", is_slow_ ? "yes" : "no");
  } else if (dice <= 900) {
    calls_left_ = chance(50) ? 0 : int_in(1, 5);
    excuse_all();
    record("drained", std::to_string(calls_left_));
  } else if (dice <= 930) {
    is_store_down_ = !is_store_down_;
    excuse_all();
    record("store", is_store_down_ ? "down" : "up");
  } else if (dice <= 950) {
    excuse_all();
    anew_at_ = tick_;
    record("died", std::to_string(index));
    start(index);
  } else if (dice <= 970) {
    if (!is_store_down_) connect();
  } else if (dice <= 985) {
    const milliseconds by(int_in(-4'000'000, 4'000'000));
    record("clock set", std::to_string(by.count()));
    excuse_all();
    anew_at_ = clock_set_at_ = tick_;
    if (is_one_machine_) {
      store_ahead_ += by;
      for (Server& each : servers_) each.wall_ahead += by;
    } else {
      server.wall_ahead += by;
    }
  } else {
    // Ends all failures for a while.
    is_down_ = is_slow_ = is_store_down_ = false;
    calls_left_ = 50;
    if (!is_connected_) connect();
    record("well", "");
  }
}

// ---- Promises ----

void ListSimulation::check() {
  if (!is_connected_ || is_down_ || is_slow_ || is_store_down_ || calls_left_ < 5) well_since_ = tick_;
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const Server& server = servers_[i];
    const std::string name = "server " + std::to_string(i);
    // A server that started after the clock was set back cannot know the age of older readings.
    const bool knows_ages = !(server.known.began < clock_set_at_ && clock_set_at_ <= server.born);
    if (server.machine->standing(tick_) == ListStanding::fresh && knows_ages) {
      expect(tick_ - server.known.began <= settings_.fresh_for, name + " tells as fresh what is too old");
      for (const Change& change : changes_) {
        if (change.noticed_at.contains(i) && server.epoch == epoch_)
          expect(server.known.began >= change.logged_at, name + " tells as fresh what it knows to be outdated");
      }
    }
    for (const auto& [ask, until] : server.asks) expect(tick_ <= until, name + " lets somebody wait for too long");
    if (server.turn) expect(tick_ - server.turn_since <= PagedRead::kWhole + seconds(15), name + " reads without an end");
    const bool is_idle_too_long = tick_ - well_since_ > minutes(6) && server.epoch == epoch_ &&
                                  tick_ - server.known.began > settings_.idle_for + seconds(30) &&
                                  tick_ - server.born > minutes(6);
    expect(!is_idle_too_long, name + " has not read for longer than it may");
  }
  check_deliveries();
}

void ListSimulation::check_deliveries() {
  for (const Change& change : changes_) {
    if (change.is_excused || change.is_read || change.noticed_at.empty()) continue;
    Tick first_read = Tick::max();
    for (const auto& [index, at] : change.noticed_at) first_read = std::min(first_read, at);
    expect(tick_ - first_read <= seconds(2), "a change that was heard of is not read within two seconds");
  }
}

void ListSimulation::come_to_rest() {
  is_down_ = is_slow_ = is_store_down_ = false;
  calls_left_ = 50;
  if (!is_connected_) connect();
  const Tick until = tick_ + settings_.idle_for + minutes(10);
  while (tick_ < until && broken_.empty()) {
    is_at_rest_ = until - tick_ < settings_.idle_for;
    advance(std::chrono::ceil<milliseconds>(until - tick_));
    check();
  }
  for (const Server& server : servers_) {
    expect(server.asks.empty(), "somebody waits for ever");
    expect(!server.machine->turn() && server.known.version == version_, "at rest a server knows an old list");
    expect(!server.machine->trouble(), "at rest a server tells of trouble");
  }
}

}  // namespace slotwire::fetch
