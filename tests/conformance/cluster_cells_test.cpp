#include <catch_amalgamated.hpp>

#include "tests/conformance/cluster_member.h"
#include "tests/conformance/servers.h"

namespace slotwire::tests {
using namespace cluster;
namespace {

using servers::shared_redis;
using std::chrono::milliseconds;
using std::chrono::seconds;

}  // namespace

TEST_CASE("Cluster: what one landed others know, whatever their clocks say", "[conformance][cluster]") {
  Member first(shared_redis().url(), std::chrono::hours(5));
  Member second(shared_redis().url(), std::chrono::hours(-3));
  const std::string account = new_account();
  REQUIRE(first->claim(terms(account, 0, 7)).windows.size() == 1);
  const auto landed = cells(range(0, 7), first.clock.now() - seconds(10), seconds(200), 12);
  first->land(account, kUri, range(0, 7), landed);
  CHECK(second.receives([&](const ClusterMessage& message) {
    return message.kind == ClusterMessage::Kind::settled && message.account == account && message.uri == kUri &&
           message.days == range(0, 7);
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
  CHECK(std::none_of(first.messages.begin(), first.messages.end(),
                     [](const ClusterMessage& message) { return message.kind == ClusterMessage::Kind::settled; }));
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

TEST_CASE("Cluster: everything kept in Redis has an end, and a purge forgets cells", "[conformance][cluster]") {
  Member member(shared_redis().url());
  const std::string account = new_account();
  const std::string kept = new_account();
  for (const std::string& each : {account, kept}) {
    (void)member->claim(terms(each, 0, 7));
    member->land(each, kUri, range(0, 7), cells(range(0, 7), member.clock.now()));
    (void)member->claim(terms(each, 20, 7));
  }
  const auto keys = redis_reply(shared_redis().url(), {"KEYS", "*"});
  REQUIRE(keys->list.size() >= 28);
  for (const RedisValue& key : keys->list) {
    INFO(key.text);
    CHECK(redis_reply(shared_redis().url(), {"PTTL", key.text})->number > 0);
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
    REQUIRE(redis_reply(shared_redis().url(), {"SET", key, text, "EX", "60"}));
    const Claimed claimed = member->claim(terms(account, 0, 1));
    CHECK(claimed.known.empty());
    CHECK(claimed.windows.size() == 1);
  }
  // A value that the script cannot read is treated as missing, whatever its type, for cells and locks.
  const std::string lock = "slotwire:" + account + ":AAAAAAAAAAAAAAAA:lock:" + std::to_string(kFirst.time_since_epoch().count());
  for (const std::string& each : {key, lock}) {
    for (const std::vector<std::string>& words : {std::vector<std::string>{"SET", each, ""},
                                                  {"SET", each, "x"},
                                                  {"SET", each, "x y z"},
                                                  {"LPUSH", each, "x"},
                                                  {"HSET", each, "x", "y"}}) {
      INFO(words.front() + ' ' + each);
      REQUIRE(redis_reply(shared_redis().url(), {"DEL", key, lock}));
      REQUIRE(redis_reply(shared_redis().url(), words)->kind != RedisValue::Kind::error);
      CHECK(member->claim(terms(account, 0, 1)).windows.size() == 1);
      member->renew(account, kUri, range(0, 1));
      member->land(account, kUri, range(0, 1), cells(range(0, 1), member.clock.now()));
      CHECK(member->claim(terms(account, 0, 1)).known.size() == 1);
      CHECK(member.cluster.state().kind == ClusterState::Kind::connected);
    }
  }
}

}  // namespace slotwire::tests
