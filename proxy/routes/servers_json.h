#pragma once
// What a server says of the things it shares with others: for /readyz and for admins.
#include <optional>
#include <string>

#include "proxy/cluster/cluster.h"
#include "proxy/store/store.h"

namespace slotwire::routes {

// Members of an object that is open: "database":"PostgreSQL","cluster":"cut_off"; in trouble also "databaseMessage":"...",
// "clusterMessage":"...","cutOffSince":"2026-01-05T10:00:00Z". `database_problem`: of a look at the database just now.
void append_servers_json(std::string& json, const store::Store& store, const std::optional<Error>& database_problem,
                         const cluster::Cluster& cluster);

}  // namespace slotwire::routes
