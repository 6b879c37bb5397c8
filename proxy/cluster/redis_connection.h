#pragma once
// One connection to Redis, with a deadline for everything but the look-up of the host's name. Only redis_connection.cpp uses
// hiredis.
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "proxy/cluster/redis_address.h"

struct redisContext;

namespace slotwire::cluster {

struct RedisValue {
  enum class Kind { nil, number, text, list, error };
  Kind kind = Kind::nil;
  std::int64_t number = 0;
  std::string text;  // for an error: Redis's message
  std::vector<RedisValue> list;
};

// Not thread-safe. Once broken it stays broken.
class RedisConnection {
 public:
  static constexpr std::chrono::milliseconds kLongestWait{200};  // to connect, and for each answer

  // Errors: internal, with a sentence about the cause.
  [[nodiscard]] static Result<std::unique_ptr<RedisConnection>> open(const RedisAddress& address);
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  enum class Broken { timed_out, closed };
  // nullopt: the connection broke; see why().
  [[nodiscard]] std::optional<RedisValue> run(std::span<const std::string> words);
  [[nodiscard]] Broken why() const { return why_; }

  // For a subscription: replies come later, among the messages. False: the connection broke.
  [[nodiscard]] bool send(std::span<const std::string> words);
  // Everything received so far; call it when the descriptor is readable. nullopt: the connection broke.
  [[nodiscard]] std::optional<std::vector<RedisValue>> arrived();
  [[nodiscard]] int descriptor() const;

 private:
  explicit RedisConnection(redisContext* context) : context_(context) {}
  void note_broken();

  redisContext* context_;
  Broken why_ = Broken::closed;
};

}  // namespace slotwire::cluster
