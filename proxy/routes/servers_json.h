#pragma once
// The state of what a server shares with others, for /readyz and for admins.
#include <optional>
#include <string>

#include "proxy/cluster/cluster.h"
#include "proxy/store/store.h"

namespace slotwire::routes {

// Appends members to an open object: "database":"PostgreSQL","cluster":"cut_off"; during problems also "databaseMessage":"...",
// "clusterMessage":"...","cutOffSince":"2026-01-05T10:00:00Z". `database_problem`: the result of a database call just made.
void append_servers_json(std::string& json, const store::Store& store, const std::optional<Error>& database_problem,
                         const cluster::Cluster& cluster);

}  // namespace slotwire::routes
