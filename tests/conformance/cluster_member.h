#pragma once
// One of several servers that share a Redis, with its claims and stored cells, for the cluster tests.
#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "proxy/cluster/redis_cluster.h"

namespace slotwire::tests {

inline constexpr std::chrono::milliseconds kTimeout{10'000};
inline const Day kFirst = day_from_text("2026-02-02").value();
inline const std::string kUri = "https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA";

// The system's clock, off by some hours on some servers.
class WrongClock final : public time::Clock {
 public:
  explicit WrongClock(std::chrono::hours wrong_by = {}) : wrong_by_(wrong_by) {}
  [[nodiscard]] Instant now() const override { return system_.now() + wrong_by_; }
  [[nodiscard]] time::Tick tick() const override { return system_.tick(); }

 private:
  time::SystemClock system_;
  std::chrono::hours wrong_by_;
};

// One server of several.
struct Member {
  explicit Member(const std::string& url, std::chrono::hours wrong_by = {})
      : clock(wrong_by),
        link(cluster::redis_address_from_text(url).value(), {clock, log}),
        cluster(link, clock, std::chrono::seconds(86'400)) {
    cluster.listen([this](const cluster::ClusterMessage& message) {
      const std::lock_guard lock(mutex);
      messages.push_back(message);
      has_new_message.notify_all();
    });
  }
  [[nodiscard]] bool receives(const std::function<bool(const cluster::ClusterMessage&)>& is_it) {
    std::unique_lock lock(mutex);
    return has_new_message.wait_for(lock, kTimeout, [&] { return std::any_of(messages.begin(), messages.end(), is_it); });
  }
  [[nodiscard]] bool becomes(cluster::ClusterState::Kind kind) {
    const time::Tick end = clock.tick() + kTimeout;
    while (clock.tick() < end) {
      if (cluster.state().kind == kind) return true;
      std::this_thread::yield();
    }
    return false;
  }
  cluster::Cluster* operator->() { return &cluster; }

  log::Log log{log::LogLevel::error, log::LogFormat::text};
  WrongClock clock;
  std::mutex mutex;
  std::condition_variable has_new_message;
  std::vector<cluster::ClusterMessage> messages;
  cluster::RedisLink link;
  cluster::RedisCluster cluster;
};

// Each test uses its own account, so that tests can share a Redis.
[[nodiscard]] std::string new_account();

[[nodiscard]] DayRange range(int from, int count);  // days after kFirst
[[nodiscard]] cluster::ClaimTerms terms(const std::string& account, int from, int count, std::int64_t least_change = 0);
// Cells with one slot on each day.
[[nodiscard]] std::vector<cluster::SharedCell> cells(DayRange window, Instant fetched_at,
                                                     std::chrono::milliseconds fresh_for = std::chrono::seconds(300),
                                                     std::int64_t seen = 0);
[[nodiscard]] std::vector<Day> days_of(const std::vector<cluster::SharedCell>& cells);
[[nodiscard]] std::vector<Day> days_in(DayRange range);

// Sends a command of the test's own to the Redis at `url`, and returns its answer.
[[nodiscard]] std::optional<cluster::RedisValue> redis_reply(const std::string& url, const std::vector<std::string>& words);

}  // namespace slotwire::tests
