#pragma once
// What a server says of the things it shares with others: for /readyz and for admins.
#include <string>

#include "proxy/cluster/cluster.h"
#include "proxy/store/store.h"

namespace slotwire::proxy {

// Members of an object that is open: "database":"PostgreSQL","cluster":"cut_off","clusterMessage":"..." (only while cut off).
void append_servers_json(std::string& json, const Store& store, const Cluster& cluster);

}  // namespace slotwire::proxy
