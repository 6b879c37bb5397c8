#include "proxy/cluster/redis_cluster.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <random>

#include "proxy/cluster/redis_scripts.h"
#include "proxy/cluster/redis_texts.h"
#include "proxy/store/column_text.h"
#include "shared/time_between.h"

namespace slotwire::cluster {
namespace {

using std::chrono::milliseconds;

// Unlike a host's name and process id, this differs after each start and between all machines.
std::string random_name() {
  std::random_device source;
  std::string name;
  for (int i = 0; i < 4; ++i) {
    std::array<char, 9> hex{};
    (void)std::to_chars(hex.data(), hex.data() + hex.size(), source(), 16);
    name += hex.data();
  }
  return name;
}

std::string prefix_of(const std::string& account) { return "slotwire:" + account + ':'; }

std::string name_of(const std::string& account, const std::string& uri) {
  return prefix_of(account) + std::string(uuid_from_uri(uri)) + ':';
}

std::string text_from(Day day) { return std::to_string(day.time_since_epoch().count()); }

}  // namespace

RedisCluster::RedisCluster(RedisLink& link, const time::Clock& clock, std::chrono::seconds keep_for)
    : link_(link),
      clock_(clock),
      keep_for_(std::max<milliseconds>(keep_for, kLease)),
      owner_(random_name()),
      claim_(kClaimScript),
      renew_(kRenewScript),
      land_(kLandScript) {}

RedisCluster::~RedisCluster() { link_.listen({}); }

Claimed RedisCluster::claim(const ClaimTerms& terms) {
  std::vector<std::string> arguments = {owner_,
                                        std::to_string(kLease.count()),
                                        std::to_string(terms.seen_change),
                                        std::to_string(terms.longest_window.count()),
                                        std::to_string(terms.max_age ? terms.max_age->count() : -1),
                                        terms.freshness == Freshness::not_aging ? "not_aging" : "fresh"};
  for (const WantedDay& wanted : terms.days) {
    arguments.push_back(text_from(wanted.day));
    arguments.push_back(std::to_string(wanted.least_change));
  }
  const auto answer = link_.run(claim_, name_of(terms.account, terms.uri), arguments);
  auto claimed = answer ? claimed_from(*answer, clock_.now()) : std::nullopt;
  return claimed ? std::move(*claimed) : alone_.claim(terms);
}

void RedisCluster::renew(const std::string& account, const std::string& uri, DayRange days) {
  (void)link_.run(renew_, name_of(account, uri),
                  {owner_, std::to_string(kLease.count()), text_from(days.begin), text_from(days.end)});
}

void RedisCluster::land(const std::string& account, const std::string& uri, DayRange window,
                        const std::vector<SharedCell>& cells) {
  land_or_release(account, uri, window, cells);
}

void RedisCluster::release(const std::string& account, const std::string& uri, DayRange days) {
  land_or_release(account, uri, days, {});
}

void RedisCluster::land_or_release(const std::string& account, const std::string& uri, DayRange days,
                                   const std::vector<SharedCell>& cells) {
  const std::string message = text_from_message({ClusterMessage::Kind::settled, account, uri, days}, owner_);
  std::vector<std::string> arguments = {
      owner_, std::to_string(keep_for_.count()), text_from(days.begin), text_from(days.end), RedisLink::kChannel, message};
  const Instant now = clock_.now();
  for (const SharedCell& shared : cells) {
    const auto age = std::chrono::duration_cast<milliseconds>(time_between(shared.cell.fetched_at, now));
    arguments.push_back(std::to_string(std::max(age, milliseconds(0)).count()));
    arguments.push_back(std::to_string(shared.fresh_for.count()));
    arguments.push_back(std::to_string(shared.seen_change));
    arguments.push_back(text_from(shared.cell.day));
    arguments.push_back(text_from(shared.window.begin));
    arguments.push_back(text_from(shared.window.end));
    arguments.push_back(store::text_from_slots(shared.cell.slots));
  }
  (void)link_.run(land_, name_of(account, uri), arguments);
}

// Uses SCAN, because no list of an account's cells is kept: a purge is rare, storing cells is not. Bounded for the same reason.
void RedisCluster::forget(const std::string& account) {
  constexpr int kMostRounds = 1'000;
  std::string cursor = "0";
  for (int round = 0; round < kMostRounds; ++round) {
    const auto found = link_.run({"SCAN", cursor, "MATCH", prefix_of(account) + "*:cell:*", "COUNT", "500"});
    if (!found || found->list.size() != 2) return;
    std::vector<std::string> words = {"UNLINK"};
    for (const RedisValue& key : found->list[1].list) words.push_back(key.text);
    if (words.size() > 1 && !link_.run(words)) return;
    cursor = found->list[0].text;
    if (cursor == "0") return;
  }
}

void RedisCluster::notify() { (void)link_.run({"PUBLISH", RedisLink::kChannel, text_from_message({}, owner_)}); }

void RedisCluster::listen(std::function<void(const ClusterMessage&)> on_message) {
  if (!on_message) return link_.listen({});
  link_.listen([this, on_message = std::move(on_message)](const std::string& text) {
    if (const auto message = message_from_text(text, owner_)) on_message(*message);
  });
}

ClusterState RedisCluster::state() const {
  const std::optional<Instant> since = link_.cut_off_since();
  return {since ? ClusterState::Kind::cut_off : ClusterState::Kind::connected, since};
}

}  // namespace slotwire::cluster
