#include <catch_amalgamated.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "proxy/cluster/alone.h"
#include "proxy/cluster/redis_cluster.h"
#include "shared/window_plan.h"
#include "tests/conformance/servers.h"
#include "tests/e2e/http.h"

namespace slotwire::proxy {
namespace {

using servers::RedisServer;
using servers::shared_redis;
using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kPatience{10'000};
const Day kFirst = day_from_text("2026-02-02").value();

// The system's clock, wrong by some hours on some machines.
class WrongClock final : public Clock {
 public:
  explicit WrongClock(std::chrono::hours wrong_by = {}) : wrong_by_(wrong_by) {}
  [[nodiscard]] Instant now() const override { return system_.now() + wrong_by_; }
  [[nodiscard]] Tick tick() const override { return system_.tick(); }

 private:
  SystemClock system_;
  std::chrono::hours wrong_by_;
};

// One server of several.
struct Member {
  explicit Member(const std::string& url, std::chrono::hours wrong_by = {})
      : clock(wrong_by),
        link(redis_address_from_text(url).value(), {clock, log}),
        cluster(link, clock, seconds(86'400)) {
    cluster.listen([this](const ClusterMessage& message) {
      const std::lock_guard lock(mutex);
      heard.push_back(message);
      grown.notify_all();
    });
  }
  [[nodiscard]] bool hears(const std::function<bool(const ClusterMessage&)>& is_it) {
    std::unique_lock lock(mutex);
    return grown.wait_for(lock, kPatience, [&] { return std::any_of(heard.begin(), heard.end(), is_it); });
  }
  [[nodiscard]] bool becomes(ClusterState::Kind kind) {
    const Tick end = clock.tick() + kPatience;
    while (clock.tick() < end) {
      if (cluster.state().kind == kind) return true;
      std::this_thread::yield();
    }
    return false;
  }
  Cluster* operator->() { return &cluster; }

  Log log{LogLevel::error, LogFormat::text};
  WrongClock clock;
  std::mutex mutex;
  std::condition_variable grown;
  std::vector<ClusterMessage> heard;
  RedisLink link;
  RedisCluster cluster;
};

// Another account for each test, so that they may share a Redis.
std::string new_account() {
  static int count = 0;
  return cluster_account("https://api.calendly.com/users/U" + std::to_string(++count), Instant{});
}

const std::string kUri = "https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA";

ClaimTerms terms(const std::string& account, int from, int count, std::int64_t least_change = 0) {
  ClaimTerms wish;
  wish.account = account;
  wish.uri = kUri;
  for (int i = from; i < from + count; ++i) wish.days.push_back({kFirst + days(i), least_change});
  wish.seen_change = least_change;
  return wish;
}

DayRange range(int from, int count) { return {kFirst + days(from), kFirst + days(from + count)}; }

std::vector<SharedCell> cells(DayRange window, Instant fetched_at, milliseconds fresh_for = seconds(300), std::int64_t seen = 0) {
  std::vector<SharedCell> out;
  for (Day day = window.begin; day < window.end; day += days(1)) {
    const Slot slot{Instant(day) + std::chrono::hours(14), 3, "https://calendly.com/acme/30min?month=a b&c=%20"};
    out.push_back({{day, fetched_at, {slot}}, window, fresh_for, seen});
  }
  return out;
}

std::vector<Day> days_of(const std::vector<SharedCell>& cells) {
  std::vector<Day> out;
  for (const SharedCell& shared : cells) out.push_back(shared.cell.day);
  return out;
}

std::vector<Day> days_in(DayRange range) {
  std::vector<Day> out;
  for (Day day = range.begin; day < range.end; day += days(1)) out.push_back(day);
  return out;
}

std::optional<RedisValue> told(const std::string& url, const std::vector<std::string>& words) {
  return RedisConnection::open(redis_address_from_text(url).value()).value()->run(words);
}

}  // namespace

TEST_CASE("Cluster: what nobody has is the caller's, in the fewest windows", "[conformance][cluster]") {
  RedisServer gone;
  Alone alone;
  Member with_redis(shared_redis().url());
  Member cut_off(gone.url());
  gone.stop();
  REQUIRE(cut_off.becomes(ClusterState::Kind::cut_off));
  Cluster* const all[] = {&alone, &with_redis.cluster, &cut_off.cluster};
  const char* const names[] = {"alone", "Redis", "Redis gone"};
  const int which = GENERATE(0, 1, 2);
  INFO(names[which]);
  Cluster& cluster = *all[which];

  std::mt19937 random(7);
  for (int round = 0; round < 60; ++round) {
    ClaimTerms wish = terms(new_account(), 0, 0);
    std::vector<Day> wanted;
    for (int i = 0; i < 92; ++i) {
      if (random() % 3 == 0) wanted.push_back(kFirst + days(i));
    }
    for (const Day day : wanted) wish.days.push_back({day});
    wish.longest_window = days(1 + static_cast<int>(random() % 31));
    const Claimed claimed = cluster.claim(wish);
    CHECK(claimed.windows == windows_covering(wanted, wish.longest_window).value());
    CHECK(claimed.known.empty());
    CHECK(claimed.held.empty());
    CHECK(cluster.claim(wish).windows == claimed.windows);  // its own flights are its own business
  }
  const std::string account = new_account();
  cluster.renew(account, kUri, range(0, 7));
  cluster.release(account, kUri, range(0, 7));
  cluster.forget(account);
  cluster.notify();
  CHECK(cluster.claim(terms(account, 0, 0)).windows.empty());
}

TEST_CASE("Cluster: of servers that claim the same days at once, one gets each", "[conformance][cluster]") {
  constexpr int kMembers = 4;
  std::vector<std::unique_ptr<Member>> members;
  for (int i = 0; i < kMembers; ++i) members.push_back(std::make_unique<Member>(shared_redis().url()));
  for (int round = 0; round < 30; ++round) {
    const std::string account = new_account();
    std::atomic<int> ready{0};
    std::array<Claimed, kMembers> claimed;
    std::vector<std::thread> threads;
    for (int i = 0; i < kMembers; ++i) {
      threads.emplace_back([&, i] {
        ++ready;
        while (ready < kMembers) std::this_thread::yield();
        claimed.at(static_cast<std::size_t>(i)) = (*members[static_cast<std::size_t>(i)])->claim(terms(account, i * 5, 30));
      });
    }
    for (std::thread& thread : threads) thread.join();
    std::map<Day, int> fetched;
    std::size_t windows = 0;
    for (const Claimed& each : claimed) {
      windows += each.windows.size();
      for (const DayRange window : each.windows) {
        for (const Day day : days_in(window)) ++fetched[day];
      }
      for (const Day day : each.held) CHECK(std::none_of(each.windows.begin(), each.windows.end(), [&](DayRange w) { return w.contains(day); }));
    }
    for (const Day day : days_in(range(0, 45))) CHECK(fetched.contains(day));
    // 45 days need seven windows; where a window of one runs on into days of another, one more each may come.
    CHECK(windows <= 7 + kMembers - 1);
  }
}

TEST_CASE("Cluster: an overlapping range is granted only what is missing", "[conformance][cluster]") {
  Member first(shared_redis().url());
  Member second(shared_redis().url());
  const std::string account = new_account();
  CHECK(first->claim(terms(account, 0, 3)).windows == std::vector{range(0, 7)});
  // Days 4 to 6 were asked for by nobody, and are on their way all the same.
  const Claimed claimed = second->claim(terms(account, 4, 5));
  CHECK(claimed.held == days_in(range(4, 3)));
  CHECK(claimed.windows == std::vector{range(7, 7)});
  CHECK(second->claim(terms(account, 0, 1)).held == days_in(range(0, 1)));
  CHECK(second->claim(terms(new_account(), 0, 1)).held.empty());
}

TEST_CASE("Cluster: what one landed others know, whatever their clocks say", "[conformance][cluster]") {
  Member first(shared_redis().url(), std::chrono::hours(5));
  Member second(shared_redis().url(), std::chrono::hours(-3));
  const std::string account = new_account();
  REQUIRE(first->claim(terms(account, 0, 7)).windows.size() == 1);
  const auto landed = cells(range(0, 7), first.clock.now() - seconds(10), seconds(200), 12);
  first->land(account, kUri, range(0, 7), landed);
  CHECK(second.hears([&](const ClusterMessage& message) {
    return message.kind == ClusterMessage::Kind::settled && message.account == account && message.uri == kUri && message.days == range(0, 7);
  }));
  const Claimed claimed = second->claim(terms(account, 0, 8, 12));
  CHECK(claimed.windows == std::vector{range(7, 7)});
  REQUIRE(claimed.known.size() == 7);
  for (std::size_t i = 0; i < 7; ++i) {
    const SharedCell& cell = claimed.known[i];
    CHECK(cell.cell.day == landed[i].cell.day);
    CHECK(cell.cell.slots == landed[i].cell.slots);
    CHECK(cell.window == range(0, 7));
    CHECK(cell.seen_change == 12);
    CHECK(cell.fresh_for <= seconds(200));
    CHECK(cell.fresh_for > seconds(190));
    const auto age = second.clock.now() - cell.cell.fetched_at;
    CHECK(age >= seconds(10));
    CHECK(age < seconds(20));
  }
  const std::lock_guard lock(first.mutex);
  CHECK(std::none_of(first.heard.begin(), first.heard.end(), [](const ClusterMessage& message) { return message.kind == ClusterMessage::Kind::settled; }));
}

TEST_CASE("Cluster: cells that are too old, or from before a change, are copies", "[conformance][cluster]") {
  struct Row {
    const char* name;
    milliseconds age;
    milliseconds fresh_for;
    std::int64_t least_change;
    Freshness freshness;
    std::optional<milliseconds> max_age;
    bool is_known;
  };
  const Row row = GENERATE(values<Row>({
      {"fresh", seconds(10), seconds(290), 5, Freshness::fresh, {}, true},
      {"no longer fresh", seconds(301), seconds(-1), 5, Freshness::fresh, {}, false},
      {"from before a change", seconds(10), seconds(290), 6, Freshness::fresh, {}, false},
      {"fresh, in the last fifth", seconds(250), seconds(50), 5, Freshness::fresh, {}, true},
      {"to be refreshed in the last fifth", seconds(250), seconds(50), 5, Freshness::not_aging, {}, false},
      {"to be refreshed later", seconds(200), seconds(100), 5, Freshness::not_aging, {}, true},
      {"fresh, but not young", seconds(30), seconds(270), 5, Freshness::fresh, seconds(20), false},
      {"young", seconds(10), seconds(290), 5, Freshness::fresh, seconds(20), true},
  }));
  INFO(row.name);
  Member first(shared_redis().url());
  Member second(shared_redis().url());
  const std::string account = new_account();
  first->land(account, kUri, range(0, 1), cells(range(0, 1), first.clock.now() - row.age, row.fresh_for, 5));
  ClaimTerms wish = terms(account, 0, 1, row.least_change);
  wish.freshness = row.freshness;
  wish.max_age = row.max_age;
  const Claimed claimed = second->claim(wish);
  CHECK(days_of(claimed.known) == (row.is_known ? days_in(range(0, 1)) : std::vector<Day>()));
  CHECK(days_of(claimed.copies) == (row.is_known ? std::vector<Day>() : days_in(range(0, 1))));
  CHECK(claimed.windows.size() == (row.is_known ? 0u : 1u));
}

TEST_CASE("Cluster: an older landing replaces nothing, in whatever order they come", "[conformance][cluster]") {
  Member member(shared_redis().url());
  const std::string account = new_account();
  const Instant now = member.clock.now();
  const auto newest = cells(range(0, 1), now - seconds(10), seconds(100), 7);
  const auto asked_earlier = cells(range(0, 1), now - seconds(20), seconds(200), 7);
  const auto knew_less = cells(range(0, 1), now - seconds(5), seconds(300), 6);
  std::vector<std::vector<SharedCell>> landings = {newest, asked_earlier, knew_less};
  std::vector<int> order = {0, 1, 2};
  do {
    member->forget(account);
    for (const int i : order) member->land(account, kUri, range(0, 1), landings[static_cast<std::size_t>(i)]);
    const Claimed claimed = member->claim(terms(account, 0, 1));
    REQUIRE(claimed.known.size() == 1);
    CHECK(claimed.known[0].fresh_for <= seconds(100));
    CHECK(claimed.known[0].seen_change == 7);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("Cluster: only the owner's release, landing and renewal count", "[conformance][cluster]") {
  Member owner(shared_redis().url());
  Member other(shared_redis().url());
  const std::string account = new_account();
  REQUIRE(owner->claim(terms(account, 0, 7)).windows.size() == 1);
  other->release(account, kUri, range(0, 7));
  other->land(account, kUri, range(0, 7), {});
  CHECK(other->claim(terms(account, 0, 7)).held.size() == 7);
  owner->release(account, kUri, range(0, 7));
  CHECK(other.hears([](const ClusterMessage& message) { return message.kind == ClusterMessage::Kind::settled; }));
  CHECK(other->claim(terms(account, 0, 7)).windows == std::vector{range(0, 7)});
}

TEST_CASE("Cluster: a lock ends with its lease unless it is renewed", "[conformance][cluster]") {
  Member owner(shared_redis().url());
  Member other(shared_redis().url());
  const std::string account = new_account();
  const std::string lock = "slotwire:" + account + ":AAAAAAAAAAAAAAAA:lock:" + std::to_string(kFirst.time_since_epoch().count());
  const auto left = [&] { return told(shared_redis().url(), {"PTTL", lock})->number; };
  REQUIRE(owner->claim(terms(account, 0, 1)).windows.size() == 1);
  CHECK(left() > Cluster::kLease.count() - 2'000);
  CHECK(left() <= Cluster::kLease.count());
  // Time passes: Redis counts it, so the test tells Redis.
  REQUIRE(told(shared_redis().url(), {"PEXPIRE", lock, "1500"})->number == 1);
  other->renew(account, kUri, range(0, 1));
  CHECK(left() <= 1'500);
  owner->renew(account, kUri, range(0, 1));
  CHECK(left() > Cluster::kLease.count() - 2'000);
  CHECK(other->claim(terms(account, 0, 1)).held.size() == 1);
  REQUIRE(told(shared_redis().url(), {"PEXPIRE", lock, "0"})->number == 1);
  CHECK(other->claim(terms(account, 0, 1)).windows.size() == 1);
  owner->renew(account, kUri, range(0, 1));
  owner->release(account, kUri, range(0, 1));
  CHECK(owner->claim(terms(account, 0, 1)).held.size() == 1);
}

TEST_CASE("Cluster: a fetch from before a change holds nobody back who knows of it", "[conformance][cluster]") {
  Member late(shared_redis().url());
  Member informed(shared_redis().url());
  const std::string account = new_account();
  REQUIRE(late->claim(terms(account, 0, 7, 3)).windows.size() == 1);
  const Claimed claimed = informed->claim(terms(account, 0, 7, 4));
  CHECK(claimed.held.empty());
  CHECK(claimed.windows == std::vector{range(0, 7)});
  // What the late one brings is kept as a copy, and does not unlock what is another's now.
  late->land(account, kUri, range(0, 7), cells(range(0, 7), late.clock.now(), seconds(300), 3));
  Member third(shared_redis().url());
  const Claimed asked = third->claim(terms(account, 0, 7, 4));
  CHECK(asked.copies.size() == 7);
  CHECK(asked.held.size() == 7);
  CHECK(asked.windows.empty());
}

TEST_CASE("Cluster: a late landing of a server's own does not unlock what it claimed anew", "[conformance][cluster]") {
  Member member(shared_redis().url());
  Member other(shared_redis().url());
  const std::string account = new_account();
  REQUIRE(member->claim(terms(account, 0, 1, 3)).windows.size() == 1);
  REQUIRE(member->claim(terms(account, 0, 1, 4)).windows.size() == 1);
  member->land(account, kUri, range(0, 1), cells(range(0, 1), member.clock.now(), seconds(300), 3));
  CHECK(other->claim(terms(account, 0, 1, 4)).held.size() == 1);
}

TEST_CASE("Cluster: everything kept in Redis has an end, and a purge forgets cells", "[conformance][cluster]") {
  Member member(shared_redis().url());
  const std::string account = new_account();
  const std::string kept = new_account();
  for (const std::string& each : {account, kept}) {
    (void)member->claim(terms(each, 0, 7));
    member->land(each, kUri, range(0, 7), cells(range(0, 7), member.clock.now()));
    (void)member->claim(terms(each, 20, 7));
  }
  const auto keys = told(shared_redis().url(), {"KEYS", "*"});
  REQUIRE(keys->list.size() >= 28);
  for (const RedisValue& key : keys->list) {
    INFO(key.text);
    CHECK(told(shared_redis().url(), {"PTTL", key.text})->number > 0);
  }
  member->forget(account);
  CHECK(member->claim(terms(account, 0, 7)).known.empty());
  CHECK(member->claim(terms(kept, 0, 7)).known.size() == 7);
}

TEST_CASE("Cluster: cells that nobody of us wrote are no cells", "[conformance][cluster]") {
  Member member(shared_redis().url());
  const std::string account = new_account();
  const std::string key = "slotwire:" + account + ":AAAAAAAAAAAAAAAA:cell:" + std::to_string(kFirst.time_since_epoch().count());
  for (const char* text : {"1 99999999999999 0 1 2\nnot slots", "1 99999999999999 0 x y\n"}) {
    INFO(text);
    REQUIRE(told(shared_redis().url(), {"SET", key, text, "EX", "60"}));
    const Claimed claimed = member->claim(terms(account, 0, 1));
    CHECK(claimed.known.empty());
    CHECK(claimed.windows.size() == 1);
  }
  // What the script itself cannot read is as if it were not there, whatever its type, for cells and locks alike.
  const std::string lock = "slotwire:" + account + ":AAAAAAAAAAAAAAAA:lock:" + std::to_string(kFirst.time_since_epoch().count());
  for (const std::string& each : {key, lock}) {
    for (const std::vector<std::string>& words : {std::vector<std::string>{"SET", each, ""}, {"SET", each, "x"}, {"SET", each, "x y z"},
                                                  {"LPUSH", each, "x"}, {"HSET", each, "x", "y"}}) {
      INFO(words.front() + ' ' + each);
      REQUIRE(told(shared_redis().url(), {"DEL", key, lock}));
      REQUIRE(told(shared_redis().url(), words)->kind != RedisValue::Kind::error);
      CHECK(member->claim(terms(account, 0, 1)).windows.size() == 1);
      member->renew(account, kUri, range(0, 1));
      member->land(account, kUri, range(0, 1), cells(range(0, 1), member.clock.now()));
      CHECK(member->claim(terms(account, 0, 1)).known.size() == 1);
      CHECK(member.cluster.state().kind == ClusterState::Kind::connected);
    }
  }
}

TEST_CASE("Cluster: a Redis that forgot everything, scripts too, is used on", "[conformance][cluster]") {
  RedisServer redis;
  Member member(redis.url());
  Member other(redis.url());
  const std::string account = new_account();
  member->land(account, kUri, range(0, 7), cells(range(0, 7), member.clock.now()));
  REQUIRE(other->claim(terms(account, 0, 7)).known.size() == 7);
  REQUIRE(told(redis.url(), {"FLUSHALL"}));
  REQUIRE(told(redis.url(), {"SCRIPT", "FLUSH"}));
  CHECK(member->claim(terms(account, 0, 7)).windows.size() == 1);
  CHECK(other->claim(terms(account, 0, 7)).held.size() == 7);
  member->land(account, kUri, range(0, 7), cells(range(0, 7), member.clock.now()));
  CHECK(other->claim(terms(account, 0, 7)).known.size() == 7);
}

TEST_CASE("Cluster: a Redis that stands still costs no call more than its patience, and heals by itself", "[conformance][cluster]") {
  RedisServer redis;
  Member member(redis.url());
  Member other(redis.url());
  REQUIRE(member->claim(terms(new_account(), 0, 7)).windows.size() == 1);
  redis.pause();
  const Tick began = member.clock.tick();
  for (int i = 0; i < 50; ++i) CHECK(member->claim(terms(new_account(), 0, 7)).windows.size() == 1);
  // Two answers that are waited for and the 48 that are not; generous, because the machine may be busy.
  CHECK(member.clock.tick() - began < seconds(3));
  CHECK(member->state().kind == ClusterState::Kind::cut_off);
  CHECK(member->state().cut_off_since.has_value());
  {
    const std::lock_guard lock(member.mutex);
    member.heard.clear();
  }
  redis.go_on();
  CHECK(member.becomes(ClusterState::Kind::connected));
  CHECK(member.hears([](const ClusterMessage& message) { return message.kind == ClusterMessage::Kind::look_at_changes; }));
  REQUIRE(other.becomes(ClusterState::Kind::connected));
  const std::string account = new_account();
  member->land(account, kUri, range(0, 7), cells(range(0, 7), member.clock.now()));
  CHECK(other->claim(terms(account, 0, 7)).known.size() == 7);
}

TEST_CASE("Cluster: an idle server notices that Redis went, and that it came back", "[conformance][cluster]") {
  RedisServer redis;
  Member member(redis.url());
  REQUIRE(member.becomes(ClusterState::Kind::connected));
  redis.pause();
  CHECK(member.becomes(ClusterState::Kind::cut_off));
  redis.go_on();
  CHECK(member.becomes(ClusterState::Kind::connected));
  redis.stop();
  CHECK(member.becomes(ClusterState::Kind::cut_off));
  redis.start();
  CHECK(member.becomes(ClusterState::Kind::connected));
}

TEST_CASE("Cluster: a word to all is heard by all others", "[conformance][cluster]") {
  Member member(shared_redis().url());
  Member other(shared_redis().url());
  const auto is_word = [](const ClusterMessage& message) { return message.kind == ClusterMessage::Kind::look_at_changes; };
  for (int i = 0; i < 3; ++i) member->notify();
  CHECK(other.hears(is_word));
  // What another says comes after all that was said before, so it tells when there is nothing more to be heard.
  other->release(new_account(), kUri, range(0, 1));
  CHECK(member.hears([](const ClusterMessage& message) { return message.kind == ClusterMessage::Kind::settled; }));
  const std::lock_guard lock(member.mutex);
  CHECK(std::count_if(member.heard.begin(), member.heard.end(), is_word) <= 1);  // one may come with the subscription
}

TEST_CASE("Cluster: passwords and database numbers; a wrong one is told, never shown", "[conformance][cluster]") {
  RedisServer redis("secret:with@signs");
  Member member(redis.url());
  CHECK(member->state().kind == ClusterState::Kind::connected);
  Member elsewhere(redis.url() + "/3");
  const std::string account = new_account();
  REQUIRE(member->claim(terms(account, 0, 1)).windows.size() == 1);
  CHECK(elsewhere->claim(terms(account, 0, 1)).held.empty());
  const auto wrong = RedisConnection::open(redis_address_from_text("redis://:wrong@127.0.0.1:" + std::to_string(redis.port())).value());
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().detail == "it refuses user or password");
  Member outside("redis://127.0.0.1:" + std::to_string(redis.port()));
  CHECK(outside->claim(terms(account, 0, 1)).windows.size() == 1);
  CHECK(outside->state().kind == ClusterState::Kind::cut_off);
}

}  // namespace slotwire::proxy
