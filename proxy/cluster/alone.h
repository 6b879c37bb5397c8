#pragma once
// The cluster of a single server: nothing is shared, and this server fetches every day. Used without Redis, and as the fallback
// while Redis is gone.
#include "proxy/cluster/cluster.h"

namespace slotwire::cluster {

class Alone final : public Cluster {
 public:
  [[nodiscard]] Claimed claim(const ClaimTerms& terms) override;
  void renew(const std::string&, const std::string&, DayRange) override {}
  void land(const std::string&, const std::string&, DayRange, const std::vector<SharedCell>&) override {}
  void release(const std::string&, const std::string&, DayRange) override {}
  void forget(const std::string&) override {}
  void notify() override {}
  void listen(std::function<void(const ClusterMessage&)>) override {}
  [[nodiscard]] ClusterState state() const override { return {}; }
};

}  // namespace slotwire::cluster
