#pragma once
// The account's rate limit in Redis, so that several servers keep to it together: the rules of LocalBudget, with Redis's own
// time. While Redis is gone each server goes on with what it heard last.
#include "proxy/calendly/budget.h"
#include "proxy/cluster/redis_link.h"

namespace slotwire::cluster {

class RedisBudget final : public calendly::Budget {
 public:
  // Borrowed; must outlive this.
  explicit RedisBudget(RedisLink& link);
  [[nodiscard]] std::optional<std::chrono::milliseconds> take(time::Tick now, calendly::Urgency urgency) override;
  void note(std::optional<int> limit, std::optional<int> remaining, std::optional<std::chrono::seconds> reset,
            time::Tick now) override;
  void exhausted_for(std::chrono::milliseconds wait, time::Tick now) override;
  void forget() override;
  // As this server heard last.
  [[nodiscard]] std::optional<int> remaining(time::Tick now) const override { return local_.remaining(now); }

 private:
  RedisLink& link_;
  RedisScript script_;
  calendly::LocalBudget local_;
};

}  // namespace slotwire::cluster
