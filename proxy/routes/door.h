#pragma once
// The check before routing: limits how many requests one client may make, on any path, so that no client can make the server
// answer 404 or write its log without end.
#include "proxy/access/jwt_list.h"
#include "proxy/http/client_limits.h"
#include "proxy/http/cors.h"
#include "proxy/http/message.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"

namespace slotwire::routes {

struct ClientLimitParts {  // all borrowed; must outlive the handler that with_client_limits makes
  const http::AllowedOrigins& origins;
  http::ClientLimits& limits;         // for all other paths
  http::ClientLimits& health_limits;  // for /healthz and /readyz, so that monitoring works even when the other limit is used up
  const time::Clock& clock;
};

// Calls `inside` for admitted clients; the others get 429 in the format of the requested address. Calendly's deliveries and calls
// of /calendly/v2 are not limited here: their routes have limits of their own.
[[nodiscard]] http::Handler with_client_limits(ClientLimitParts parts, http::Handler inside);

// Calls `inside`, after reading the list of JWTs again if the request shows an unknown JWT of ours: a JWT that another program
// has just made must not be refused. All are borrowed.
[[nodiscard]] http::Handler with_current_jwts(access::JwtList& jwts, time::Workers& store_workers, http::Handler inside);

}  // namespace slotwire::routes
