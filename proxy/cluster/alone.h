#pragma once
// The cluster of one: nothing is shared, every day is ours to fetch. What a server without Redis uses, and what one whose
// Redis is gone falls back to.
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
