#pragma once
// The account's rate limit in Redis, so that several servers observe it together: the rules of LocalBudget, with Redis's own
// time. While Redis is gone each server continues with the last values it received.
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
  // The last value this server received.
  [[nodiscard]] std::optional<int> remaining(time::Tick now) const override { return local_.remaining(now); }

 private:
  RedisLink& link_;
  RedisScript script_;
  calendly::LocalBudget local_;
};

}  // namespace slotwire::cluster
