#pragma once
// ANY /calendly/v2/...: Calendly's API for programs that only change their base URL, and send one of our JWTs instead of the
// access token. Errors have Calendly's format, so that the programs' error handling works.
#include "proxy/access/jwt_list.h"
#include "proxy/dropin/dropin_service.h"
#include "proxy/http/client_limits.h"
#include "proxy/http/replies.h"
#include "proxy/http/router.h"
#include "proxy/log/log.h"
#include "proxy/store/store.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"

namespace slotwire::routes {

struct DropinParts {  // all borrowed; must outlive the router
  dropin::DropinService& dropin;
  connection::Connection& connection;
  store::Store& store;
  time::Workers& workers;  // for the audit log
  const time::Clock& clock;
  log::Log& log;
  access::JwtList& jwts;
  http::ClientLimits& limits;
  std::vector<std::string> api_hosts;  // CALENDLY_API_HOSTS
  std::string own_url;                 // CALENDLY_API_OWN_URL; empty: bodies stay unchanged
};

// Calls `inside` with /calendly/v2 put before the path, for requests to an API host; except for paths that have it already, and
// for health checks.
[[nodiscard]] http::Handler with_api_roots(std::vector<std::string> api_hosts, http::Handler inside);

void add_dropin_routes(http::Router& router, DropinParts parts);
[[nodiscard]] bool is_below_dropin(std::string_view path);
// Words refusals outside the routes: in Calendly's format below /calendly/v2 and on API hosts, otherwise in our envelope.
[[nodiscard]] http::Refusals refusals_as_asked(std::vector<std::string> api_hosts);

}  // namespace slotwire::routes
