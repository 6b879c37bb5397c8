#include "proxy/routes/door.h"

#include <string_view>
#include <utility>

#include "proxy/live/webhook_intake.h"
#include "proxy/routes/dropin_routes.h"
#include "proxy/routes/envelope.h"

namespace slotwire::routes {
namespace {

constexpr std::string_view kPublicPrefix = "/api/app/";

bool has_own_limit(const http::Request& request) {
  return is_below_dropin(request.path) || (request.method == "POST" && request.path == connection::kWebhookPath);
}

std::optional<http::Reply> refusal_at(const DoorParts& parts, const http::Request& request) {
  if (has_own_limit(request)) return std::nullopt;
  const bool is_health = request.path == "/healthz" || request.path == "/readyz";
  http::ClientLimits& limits = is_health ? parts.health_limits : parts.limits;
  const auto wait = limits.take(request.client, parts.clock.tick());
  if (!wait) return std::nullopt;
  const Error error{ErrorCode::too_many_requests, "Too many requests from here; try again shortly.", {}, *wait};
  http::Reply reply = reply_from_error(error, Audience::visitor);
  if (request.path.starts_with(kPublicPrefix)) parts.origins.mark(request, reply);
  return reply;
}

}  // namespace

http::Handler behind_door(DoorParts parts, http::Handler inside) {
  return [parts, inside = std::move(inside)](const http::Request& request) -> http::Step {
    if (std::optional<http::Reply> refusal = refusal_at(parts, request)) return std::move(*refusal);
    return inside(request);
  };
}

}  // namespace slotwire::routes
