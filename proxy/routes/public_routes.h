#pragma once
// The calls for everyone: event types, slots, single-use links, health.
#include "proxy/calendly/client.h"
#include "proxy/cluster/cluster.h"
#include "proxy/connection/connection.h"
#include "proxy/connection/types_upkeep.h"
#include "proxy/http/client_limits.h"
#include "proxy/http/cors.h"
#include "proxy/http/router.h"
#include "proxy/live/change_hub.h"
#include "proxy/slots/any_of_service.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"
#include "proxy/time/zones.h"

namespace slotwire::routes {

struct PublicParts {  // all borrowed; must outlive the router
  connection::Connection& connection;
  slots::AnyOfService& slots;
  calendly::CalendlyClient& calendly;
  store::Store& store;
  const cluster::Cluster& cluster;
  time::Workers& links;          // may wait for Calendly
  time::Workers& store_workers;  // must not: whoever asks whether we are ready wants to know now
  const time::Zones& zones;
  const time::Clock& clock;
  const http::AllowedOrigins& origins;
  http::ClientLimits& link_limits;  // for scheduling links
  fetch::Shares& shares;            // pay for links as well as for slots
  const live::ChangeHub& changes;
  connection::TypesUpkeep& types;
};

// Adds /api/app/..., with CORS preflight, and /healthz and /readyz to `router`.
void add_public_routes(http::Router& router, PublicParts parts);

}  // namespace slotwire::routes
