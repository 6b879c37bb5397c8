#include <array>
#include <atomic>
#include <catch_amalgamated.hpp>
#include <map>
#include <random>
#include <thread>

#include "proxy/cluster/alone.h"
#include "shared/window_plan.h"
#include "tests/conformance/cluster_member.h"
#include "tests/conformance/servers.h"

namespace slotwire::tests {
using namespace cluster;
namespace {

using servers::RedisServer;
using servers::shared_redis;
using std::chrono::days;
using std::chrono::seconds;

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
    CHECK(cluster.claim(wish).windows == claimed.windows);  // a member's own claims do not exclude it
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
      for (const Day day : each.held)
        CHECK(std::none_of(each.windows.begin(), each.windows.end(), [&](DayRange w) { return w.contains(day); }));
    }
    for (const Day day : days_in(range(0, 45))) CHECK(fetched.contains(day));
    // 45 days need seven windows; each further member may add one where windows of two members overlap.
    CHECK(windows <= 7 + kMembers - 1);
  }
}

TEST_CASE("Cluster: an overlapping range is granted only what is missing", "[conformance][cluster]") {
  Member first(shared_redis().url());
  Member second(shared_redis().url());
  const std::string account = new_account();
  CHECK(first->claim(terms(account, 0, 3)).windows == std::vector{range(0, 7)});
  // Days 4 to 6 were not requested, but the window contains them.
  const Claimed claimed = second->claim(terms(account, 4, 5));
  CHECK(claimed.held == days_in(range(4, 3)));
  CHECK(claimed.windows == std::vector{range(7, 7)});
  CHECK(second->claim(terms(account, 0, 1)).held == days_in(range(0, 1)));
  CHECK(second->claim(terms(new_account(), 0, 1)).held.empty());
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
  CHECK(other.receives([](const ClusterMessage& message) { return message.kind == ClusterMessage::Kind::settled; }));
  CHECK(other->claim(terms(account, 0, 7)).windows == std::vector{range(0, 7)});
}

TEST_CASE("Cluster: a lock ends with its lease unless it is renewed", "[conformance][cluster]") {
  Member owner(shared_redis().url());
  Member other(shared_redis().url());
  const std::string account = new_account();
  const std::string lock = "slotwire:" + account + ":AAAAAAAAAAAAAAAA:lock:" + std::to_string(kFirst.time_since_epoch().count());
  const auto left = [&] { return redis_reply(shared_redis().url(), {"PTTL", lock})->number; };
  REQUIRE(owner->claim(terms(account, 0, 1)).windows.size() == 1);
  CHECK(left() > Cluster::kLease.count() - 2'000);
  CHECK(left() <= Cluster::kLease.count());
  // Redis measures the time, so the test shortens the lease there.
  REQUIRE(redis_reply(shared_redis().url(), {"PEXPIRE", lock, "1500"})->number == 1);
  other->renew(account, kUri, range(0, 1));
  CHECK(left() <= 1'500);
  owner->renew(account, kUri, range(0, 1));
  CHECK(left() > Cluster::kLease.count() - 2'000);
  CHECK(other->claim(terms(account, 0, 1)).held.size() == 1);
  REQUIRE(redis_reply(shared_redis().url(), {"PEXPIRE", lock, "0"})->number == 1);
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
  // The late member's cells are stored as a copy, but do not release the lock, which belongs to another now.
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

}  // namespace slotwire::tests
