#pragma once
// What every request passes before it is routed: the limit of what one client may ask, whatever the path, so that nobody has the
// program answer 404 or write its log without end.
#include "proxy/http/client_limits.h"
#include "proxy/http/cors.h"
#include "proxy/http/message.h"
#include "proxy/time/clock.h"

namespace slotwire::routes {

struct DoorParts {  // all borrowed; must outlive the handler that behind_door makes
  const http::AllowedOrigins& origins;
  http::ClientLimits& limits;         // of everything but what follows
  http::ClientLimits& health_limits;  // of /healthz and /readyz: whoever watches is heard while the rest is used up
  const time::Clock& clock;
};

// `inside`, for those who are let in; 429 in the shape of the address that was asked for the others. Deliveries of Calendly and
// calls of /calendly/v2 pass: their routes have limits of their own.
[[nodiscard]] http::Handler behind_door(DoorParts parts, http::Handler inside);

}  // namespace slotwire::routes
