#pragma once
// The link to Redis: a few kept connections for calls, and one subscription on its own thread, which also detects when Redis
// disappears and returns. While Redis is gone, calls fail at once; only that thread keeps trying.
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

// A Lua script and the hash under which Redis caches it. Shared by all threads.
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
  // Waits at most half a second for the first connection, so that a server's first calls can use Redis.
  RedisLink(RedisAddress address, Parts parts);
  ~RedisLink();

  // nullopt: no answer in time, or Redis refused. Any thread. Uses at most two connections, each within
  // RedisConnection::kLongestWait for connecting and for the answer.
  [[nodiscard]] std::optional<RedisValue> run(const std::vector<std::string>& words);
  [[nodiscard]] std::optional<RedisValue> run(RedisScript& script, const std::string& key,
                                              const std::vector<std::string>& arguments);

  // Receives the messages on `kChannel`, and an empty message whenever the subscription starts again. Set once.
  static constexpr char kChannel[] = "slotwire";
  void listen(std::function<void(const std::string& message)> on_message);
  // Since when calls have been failing; nullopt while Redis answers.
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
  void deliver(const std::string& message);
  // Waits until `time` has passed or wake() is called.
  void pause(std::chrono::milliseconds time);
  void wake();

  const RedisAddress address_;
  Parts parts_;
  mutable std::mutex mutex_;
  std::condition_variable looked_;
  bool has_looked_ = false;
  std::optional<Instant> cut_off_since_;
  std::vector<Owned> idle_;
  std::mutex listener_mutex_;
  std::function<void(const std::string&)> on_message_;
  std::atomic<bool> is_stopping_ = false;
  int wake_descriptor_;
  std::thread watcher_;
};

}  // namespace slotwire::cluster
