#include "proxy/routes/mcp_routes.h"

#include <memory>
#include <utility>

#include "proxy/http/replies.h"
#include "proxy/routes/envelope.h"
#include "proxy/routes/payer.h"

namespace slotwire::routes {
namespace {

http::Reply reply_from(const std::optional<mcp::Answer>& answer) {
  http::Reply reply;
  reply.status = 202;
  if (!answer) return reply;
  reply = http::json_reply(answer->status, answer->json);
  reply.headers.set("Cache-Control", "no-store");
  if (answer->status == 401) reply.headers.set("WWW-Authenticate", "Bearer");
  return reply;
}

http::Reply refusal(int status, std::string_view why) { return reply_from(mcp::refusal(status, why)); }

mcp::Head head_of(const http::Request& request) {
  const auto text = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = request.headers.find(name);
    return found ? std::optional(std::string(*found)) : std::nullopt;
  };
  return {text("MCP-Protocol-Version"), text("Mcp-Method"), text("Mcp-Name")};
}

class McpRoutes {
 public:
  explicit McpRoutes(McpRoutesParts parts) : parts_(parts) {}

  http::Step post(const http::Request& request) const {
    if (request.headers.find("Origin") && !parts_.origins.may_write(request))
      return refusal(403, "Pages of this origin may not speak here: it is not listed in CALENDLY_ALLOWED_ORIGINS.");
    if (const auto json = check_is_json(request); !json) return refusal(415, json.error().detail);
    mcp::Speaker speaker{parts_.anyone_books, false, request.client, payer_of(request), request.id};
    if (const auto shown = request.headers.find("Authorization")) {
      const Result<secrets::Claims> claims = parts_.jwts.admitted(*shown);
      if (!claims) return refusal(401, claims.error().detail);
      speaker.is_admin = !claims->link && claims->role >= secrets::Role::admin;
      speaker.may_book = speaker.may_book || speaker.is_admin;
    }
    return http::Later([this, message = request.body, head = head_of(request), speaker](std::function<void(http::Reply)> done) {
      parts_.mcp.handle(message, head, speaker,
                        [done = std::move(done)](const std::optional<mcp::Answer>& answer) { done(reply_from(answer)); });
    });
  }

 private:
  McpRoutesParts parts_;
};

}  // namespace

void add_mcp_routes(http::Router& router, McpRoutesParts parts) {
  router.on("POST", "/mcp",
            [routes = std::make_shared<McpRoutes>(parts)](const http::Request& request) { return routes->post(request); });
}

}  // namespace slotwire::routes
