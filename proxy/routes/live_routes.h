#pragma once
// Live changes: Calendly's deliveries, and the call on which open widgets wait for changes.
#include "proxy/http/client_limits.h"
#include "proxy/http/cors.h"
#include "proxy/http/router.h"
#include "proxy/live/change_hub.h"
#include "proxy/live/webhook_intake.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"

namespace slotwire::routes {

struct LiveParts {  // all borrowed; must outlive the router
  live::ChangeHub& hub;
  live::WebhookIntake& intake;
  time::Workers& workers;  // for what blocks on the disk
  const http::AllowedOrigins& origins;
  http::ClientLimits& delivery_limits;  // high, since on a busy day Calendly sends many deliveries from few addresses
  const time::Clock& clock;
};

// Adds GET /api/app/calendly/changes and POST /api/webhooks/calendly to `router`.
void add_live_routes(http::Router& router, LiveParts parts);

}  // namespace slotwire::routes
