#pragma once
// What anyone may call: event types, slots, single-use links, health.
#include "proxy/calendly/client.h"
#include "proxy/cluster/cluster.h"
#include "proxy/connection/connection.h"
#include "proxy/http/client_limits.h"
#include "proxy/http/cors.h"
#include "proxy/http/router.h"
#include "proxy/live/change_hub.h"
#include "proxy/slots/slot_service.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"
#include "proxy/time/zones.h"

namespace slotwire::proxy {

struct PublicParts {  // all borrowed; must outlive the router
  Connection& connection;
  SlotService& slots;
  CalendlyClient& calendly;
  Store& store;
  const Cluster& cluster;
  Workers& links;  // wait for Calendly
  Workers& desk;   // must not: whoever asks whether we are ready wants to know now
  const Zones& zones;
  const Clock& clock;
  const AllowedOrigins& origins;
  ClientLimits& limits;       // of all public calls
  ClientLimits& link_limits;  // of scheduling links
  const ChangeHub& changes;
};

// /api/app/... on `router`, with CORS preflight for them; /healthz and /readyz.
void add_public_routes(Router& router, PublicParts parts);

}  // namespace slotwire::proxy
