#pragma once
// POST /mcp: the Model Context Protocol over HTTP, for assistants. No session: each message is complete by itself.
#include "proxy/access/jwt_list.h"
#include "proxy/http/cors.h"
#include "proxy/http/router.h"
#include "proxy/mcp/mcp_service.h"

namespace slotwire::routes {

struct McpRoutesParts {  // all borrowed; must outlive the router
  mcp::McpService& mcp;
  const http::AllowedOrigins& origins;
  access::JwtList& jwts;
  bool anyone_books = false;  // without an admin's JWT, within each client's own limit
};

// A page may call this only if its origin is listed by name, so that other sites cannot use it through a visitor's browser.
void add_mcp_routes(http::Router& router, McpRoutesParts parts);

}  // namespace slotwire::routes
