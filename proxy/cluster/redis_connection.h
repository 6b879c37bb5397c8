#pragma once
// One connection to Redis, with a deadline on everything but looking up the host's name. The one door to hiredis.
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
  std::string text;  // of an error: what Redis says
  std::vector<RedisValue> list;
};

// Not thread-safe. Once broken it stays broken.
class RedisConnection {
 public:
  static constexpr std::chrono::milliseconds kPatience{200};  // to connect, and for each answer

  // Errors: internal, with a sentence on what went wrong.
  [[nodiscard]] static Result<std::unique_ptr<RedisConnection>> open(const RedisAddress& address);
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  enum class Broken { timed_out, closed };
  // nullopt: broken, and `why` tells how.
  [[nodiscard]] std::optional<RedisValue> run(std::span<const std::string> words);
  [[nodiscard]] Broken why() const { return why_; }

  // For a subscription: what is sent is answered later, among what arrives by itself. False: broken.
  [[nodiscard]] bool send(std::span<const std::string> words);
  // Everything that has come in; call when the descriptor is readable. nullopt: broken.
  [[nodiscard]] std::optional<std::vector<RedisValue>> arrived();
  [[nodiscard]] int descriptor() const;

 private:
  explicit RedisConnection(redisContext* context) : context_(context) {}
  void note_broken();

  redisContext* context_;
  Broken why_ = Broken::closed;
};

}  // namespace slotwire::cluster
