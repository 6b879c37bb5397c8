#pragma once
// How news of bookings come in and go out: Calendly's deliveries, and the call on which open widgets wait.
#include "proxy/http/client_limits.h"
#include "proxy/http/cors.h"
#include "proxy/http/router.h"
#include "proxy/live/change_hub.h"
#include "proxy/live/webhook_intake.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"

namespace slotwire::proxy {

struct LiveParts {  // all borrowed; must outlive the router
  ChangeHub& hub;
  WebhookIntake& intake;
  Workers& workers;  // for what blocks on the disk
  const AllowedOrigins& origins;
  ClientLimits& limits;           // of all public calls
  ClientLimits& delivery_limits;  // of deliveries: wide, since Calendly sends what a busy day brings from few addresses
  const Clock& clock;
};

// GET /api/app/calendly/changes and POST /api/webhooks/calendly on `router`.
void add_live_routes(Router& router, LiveParts parts);

}  // namespace slotwire::proxy
