#pragma once
// How news of bookings come in and go out: Calendly's deliveries, and the call on which open widgets wait.
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
  http::ClientLimits& delivery_limits;  // of deliveries: wide, since Calendly sends what a busy day brings from few addresses
  const time::Clock& clock;
};

// GET /api/app/calendly/changes and POST /api/webhooks/calendly on `router`.
void add_live_routes(http::Router& router, LiveParts parts);

}  // namespace slotwire::routes
