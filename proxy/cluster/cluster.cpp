#include "proxy/cluster/cluster.h"

#include "proxy/text/digest.h"

namespace slotwire::cluster {

std::string cluster_account(std::string_view user_uri, Instant connected_at) {
  constexpr std::size_t kBytes = 12;
  return text::sha256_hex(std::string(user_uri) + ' ' + std::to_string(connected_at.time_since_epoch().count()), kBytes);
}

std::string_view name_from_cluster(ClusterState::Kind kind) {
  switch (kind) {
    case ClusterState::Kind::alone:
      return "alone";
    case ClusterState::Kind::connected:
      return "connected";
    case ClusterState::Kind::cut_off:
      return "cut_off";
  }
  return "alone";
}

}  // namespace slotwire::cluster
