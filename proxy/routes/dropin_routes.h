#pragma once
// ANY /calendly/v2/...: Calendly's API for programs that know nothing of us but the base URL, and send a JWT of ours where
// they would send the access token. Errors are written as Calendly writes its own, so that their handling of errors works.
#include "proxy/dropin/dropin_service.h"
#include "proxy/http/client_limits.h"
#include "proxy/http/router.h"
#include "proxy/log/log.h"
#include "proxy/secrets/secret_string.h"
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
  const secrets::SecretString& jwt_secret;
  http::ClientLimits& limits;
  std::vector<std::string> api_hosts;  // CALENDLY_API_HOSTS
  std::string own_url;                 // CALENDLY_API_OWN_URL; empty: bodies stay as they are
};

// True when the root is the API at the host that this request names, and its path is neither below /calendly/v2 nor one of those
// that balancers look at.
[[nodiscard]] bool is_at_api_root(const http::Request& request, const std::vector<std::string>& api_hosts);
// The same request below /calendly/v2.
[[nodiscard]] http::Request below_base(http::Request request);

void add_dropin_routes(http::Router& router, DropinParts parts);
[[nodiscard]] bool is_below_dropin(std::string_view path);
// What no route has answered: as Calendly writes it for who asked below /calendly/v2, in our envelope for all others.
[[nodiscard]] http::Reply refusal_as_asked(std::string_view path, int status, const Error& error);

}  // namespace slotwire::routes
