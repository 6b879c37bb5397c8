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

std::optional<http::Reply> refusal_at(const ClientLimitParts& parts, const http::Request& request) {
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

http::Handler with_client_limits(ClientLimitParts parts, http::Handler inside) {
  return [parts, inside = std::move(inside)](const http::Request& request) -> http::Step {
    if (std::optional<http::Reply> refusal = refusal_at(parts, request)) return std::move(*refusal);
    return inside(request);
  };
}

http::Handler with_current_jwts(access::JwtList& jwts, time::Workers& store_workers, http::Handler inside) {
  return [&jwts, &store_workers, inside = std::move(inside)](const http::Request& request) -> http::Step {
    const auto authorization = request.headers.find("Authorization");
    if (!authorization || !jwts.may_be_new(*authorization)) return inside(request);
    return http::Later([&jwts, &store_workers, inside, request](std::function<void(http::Reply)> done) {
      store_workers.post([&jwts, inside, request, done = std::move(done)] {
        (void)jwts.apply_changes();  // if the list cannot be read, the check of the JWT reports that
        http::Step step = inside(request);
        if (auto* reply = std::get_if<http::Reply>(&step)) return done(std::move(*reply));
        if (auto* later = std::get_if<http::Later>(&step)) return (*later)(done);
        (void)std::get<http::Wait>(step).begin(done);
      });
    });
  };
}

}  // namespace slotwire::routes
