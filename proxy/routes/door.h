#pragma once
// What every request passes before it is routed: the limit of what one client may ask, whatever the path, so that nobody has the
// program answer 404 or write its log without end.
#include "proxy/access/jwt_list.h"
#include "proxy/http/client_limits.h"
#include "proxy/http/cors.h"
#include "proxy/http/message.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"

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

// `inside`, after a look at the list when whoever asks shows a JWT of ours that may be on it by now: one that another program
// made a moment ago is not refused for being new. All are borrowed.
[[nodiscard]] http::Handler known_first(access::JwtList& jwts, time::Workers& desk, http::Handler inside);

}  // namespace slotwire::routes
