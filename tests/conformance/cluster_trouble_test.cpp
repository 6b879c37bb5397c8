#include <catch_amalgamated.hpp>

#include "tests/conformance/cluster_member.h"
#include "tests/conformance/servers.h"

namespace slotwire::tests {
using namespace cluster;
namespace {

using servers::RedisServer;
using servers::shared_redis;
using std::chrono::seconds;

}  // namespace

TEST_CASE("Cluster: a Redis that forgot everything, scripts too, is used on", "[conformance][cluster]") {
  RedisServer redis;
  Member member(redis.url());
  Member other(redis.url());
  const std::string account = new_account();
  member->land(account, kUri, range(0, 7), cells(range(0, 7), member.clock.now()));
  REQUIRE(other->claim(terms(account, 0, 7)).known.size() == 7);
  REQUIRE(redis_reply(redis.url(), {"FLUSHALL"}));
  REQUIRE(redis_reply(redis.url(), {"SCRIPT", "FLUSH"}));
  CHECK(member->claim(terms(account, 0, 7)).windows.size() == 1);
  CHECK(other->claim(terms(account, 0, 7)).held.size() == 7);
  member->land(account, kUri, range(0, 7), cells(range(0, 7), member.clock.now()));
  CHECK(other->claim(terms(account, 0, 7)).known.size() == 7);
}

TEST_CASE("Cluster: a Redis that stands still costs no call more than its patience, and heals by itself",
          "[conformance][cluster]") {
  RedisServer redis;
  Member member(redis.url());
  Member other(redis.url());
  REQUIRE(member->claim(terms(new_account(), 0, 7)).windows.size() == 1);
  redis.pause();
  const time::Tick began = member.clock.tick();
  for (int i = 0; i < 50; ++i) CHECK(member->claim(terms(new_account(), 0, 7)).windows.size() == 1);
  // Two answers time out and the other 48 calls do not wait; the limit is high, because the machine may be busy.
  CHECK(member.clock.tick() - began < seconds(3));
  CHECK(member->state().kind == ClusterState::Kind::cut_off);
  CHECK(member->state().cut_off_since.has_value());
  {
    const std::lock_guard lock(member.mutex);
    member.messages.clear();
  }
  redis.go_on();
  CHECK(member.becomes(ClusterState::Kind::connected));
  CHECK(member.receives([](const ClusterMessage& message) { return message.kind == ClusterMessage::Kind::look_at_changes; }));
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
  CHECK(other.receives(is_word));
  // Messages arrive in order, so another member's message shows that there are no further ones before it.
  other->release(new_account(), kUri, range(0, 1));
  CHECK(member.receives([](const ClusterMessage& message) { return message.kind == ClusterMessage::Kind::settled; }));
  const std::lock_guard lock(member.mutex);
  CHECK(std::count_if(member.messages.begin(), member.messages.end(), is_word) <= 1);  // one may be received on subscribing
}

TEST_CASE("Cluster: passwords and database numbers; a wrong one is told, never shown", "[conformance][cluster]") {
  RedisServer redis("secret:with@signs");
  Member member(redis.url());
  CHECK(member->state().kind == ClusterState::Kind::connected);
  Member elsewhere(redis.url() + "/3");
  const std::string account = new_account();
  REQUIRE(member->claim(terms(account, 0, 1)).windows.size() == 1);
  CHECK(elsewhere->claim(terms(account, 0, 1)).held.empty());
  const auto wrong =
      RedisConnection::open(redis_address_from_text("redis://:wrong@127.0.0.1:" + std::to_string(redis.port())).value());
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().detail == "it refuses user or password");
  Member outside("redis://127.0.0.1:" + std::to_string(redis.port()));
  CHECK(outside->claim(terms(account, 0, 1)).windows.size() == 1);
  CHECK(outside->state().kind == ClusterState::Kind::cut_off);
}

}  // namespace slotwire::tests
