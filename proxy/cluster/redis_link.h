#pragma once
// The way to Redis: a few kept connections for calls, and one subscription on a thread of its own, which also finds out when
// Redis goes and comes. While it is gone calls fail at once; only that thread goes on looking.
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "proxy/cluster/redis_connection.h"
#include "proxy/log/log.h"
#include "proxy/time/clock.h"

namespace slotwire::cluster {

// A Lua script and the name Redis gave it. Shared by all threads.
class RedisScript {
 public:
  explicit RedisScript(std::string source) : source_(std::move(source)) {}

 private:
  friend class RedisLink;
  const std::string source_;
  std::mutex mutex_;
  std::string name_;  // empty: not loaded yet
};

class RedisLink {
 public:
  struct Parts {  // borrowed; must outlive this
    const time::Clock& clock;
    log::Log& log;
  };
  // Looks for Redis for at most half a second before it returns, so that a server's first calls find it.
  RedisLink(RedisAddress address, Parts parts);
  ~RedisLink();

  // nullopt: there was no answer in time, or Redis refused. Any thread; two connections and answers at most, each within
  // RedisConnection::kPatience.
  [[nodiscard]] std::optional<RedisValue> run(const std::vector<std::string>& words);
  [[nodiscard]] std::optional<RedisValue> run(RedisScript& script, const std::string& key,
                                              const std::vector<std::string>& arguments);

  // Messages on `kChannel`, and an empty one each time the subscription begins anew. Set once.
  static constexpr char kChannel[] = "slotwire";
  void listen(std::function<void(const std::string& message)> heard);
  // From when on calls have failed; nullopt while Redis answers.
  [[nodiscard]] std::optional<Instant> cut_off_since() const;

 private:
  using Owned = std::unique_ptr<RedisConnection>;
  [[nodiscard]] std::optional<RedisValue> run_on_some(const std::vector<std::string>& words);
  [[nodiscard]] Owned idle_connection();
  void give_back(Owned connection);
  void note_connected();
  void note_cut_off(const std::string& why);

  void watch();
  void listen_on(RedisConnection& connection);
  void hear(const std::string& message);
  // Until `time` has passed or somebody wakes the thread.
  void pause(std::chrono::milliseconds time);
  void wake();

  const RedisAddress address_;
  Parts parts_;
  mutable std::mutex mutex_;
  std::condition_variable looked_;
  bool has_looked_ = false;
  std::optional<Instant> cut_off_since_;
  std::vector<Owned> idle_;
  std::mutex heard_mutex_;
  std::function<void(const std::string&)> heard_;
  std::atomic<bool> is_stopping_ = false;
  int wake_descriptor_;
  std::thread watcher_;
};

}  // namespace slotwire::cluster
