#pragma once
// ANY /calendly/v2/...: Calendly's API for programs that know nothing of us but the base URL, and send a JWT of ours where
// they would send the access token. Errors are written as Calendly writes its own, so that their handling of errors works.
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
  std::string own_url;                 // CALENDLY_API_OWN_URL; empty: bodies stay as they are
};

// `inside`, for which the root of an API host is below /calendly/v2: all but what is there already, and what balancers look at.
[[nodiscard]] http::Handler with_api_roots(std::vector<std::string> api_hosts, http::Handler inside);

void add_dropin_routes(http::Router& router, DropinParts parts);
[[nodiscard]] bool is_below_dropin(std::string_view path);
// What no route has answered: as Calendly writes it for who asked below /calendly/v2 or at an API host, in our envelope for all
// others.
[[nodiscard]] http::Refusals refusals_as_asked(std::vector<std::string> api_hosts);

}  // namespace slotwire::routes
