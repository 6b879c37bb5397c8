#include "proxy/routes/servers_json.h"

#include "shared/json_text.h"

namespace slotwire::routes {

void append_servers_json(std::string& json, const store::Store& store, const std::optional<Error>& database_problem,
                         const cluster::Cluster& cluster) {
  const cluster::ClusterState state = cluster.state();
  append_json_field(json, "database", store.kind());
  if (database_problem) append_json_field(json, "databaseMessage", database_problem->detail);
  append_json_field(json, "cluster", cluster::name_from_cluster(state.kind));
  if (!state.cut_off_since) return;
  const std::string since = text_from_instant(std::chrono::floor<std::chrono::seconds>(*state.cut_off_since));
  append_json_field(json, "cutOffSince", since);
  append_json_field(json, "clusterMessage", "Redis has not answered since " + since + "; this server goes on alone.");
}

}  // namespace slotwire::routes
