#pragma once
// The cluster over Redis. While Redis is gone it behaves like Alone, logs that once, and recovers by itself.
#include <memory>

#include "proxy/cluster/alone.h"
#include "proxy/cluster/redis_link.h"

namespace slotwire::cluster {

class RedisCluster final : public Cluster {
 public:
  // `keep_for`: how long cells are kept, fresh or not. `link` is borrowed and must outlive this.
  RedisCluster(RedisLink& link, const time::Clock& clock, std::chrono::seconds keep_for);
  ~RedisCluster() override;

  [[nodiscard]] Claimed claim(const ClaimTerms& terms) override;
  void renew(const std::string& account, const std::string& uri, DayRange days) override;
  void land(const std::string& account, const std::string& uri, DayRange window, const std::vector<SharedCell>& cells) override;
  void release(const std::string& account, const std::string& uri, DayRange days) override;
  void forget(const std::string& account) override;
  void notify() override;
  void listen(std::function<void(const ClusterMessage&)> on_message) override;
  [[nodiscard]] ClusterState state() const override;

 private:
  void land_or_release(const std::string& account, const std::string& uri, DayRange days, const std::vector<SharedCell>& cells);

  RedisLink& link_;
  const time::Clock& clock_;
  const std::chrono::milliseconds keep_for_;
  const std::string owner_;  // identifies this process among all
  RedisScript claim_;
  RedisScript renew_;
  RedisScript land_;
  Alone alone_;
};

}  // namespace slotwire::cluster
