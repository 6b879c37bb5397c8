#include "proxy/routes/dropin_routes.h"

#include <algorithm>
#include <array>

#include "proxy/dropin/endpoints.h"
#include "proxy/dropin/form_text.h"
#include "proxy/dropin/own_uris.h"
#include "proxy/http/replies.h"
#include "proxy/routes/audit.h"
#include "proxy/routes/calendly_shape.h"
#include "proxy/routes/envelope.h"
#include "proxy/routes/payer.h"
#include "proxy/text/ascii.h"
#include "proxy/text/url.h"
#include "shared/percent.h"

namespace slotwire::routes {

using http::Reply;

namespace {

constexpr std::string_view kBase = "/calendly/v2";
constexpr std::string_view kAllowed = "GET, HEAD, POST, PUT, PATCH, DELETE";

Error unauthenticated() { return {ErrorCode::unauthorized, "The access token is invalid"}; }
Error not_found() { return {ErrorCode::not_found, "The server could not find the requested resource."}; }

// The raw path after "/calendly/v2"; the router has matched these two segments, in whatever encoding.
std::string_view rest_of(std::string_view path) {
  for (int segment = 0; segment < 2; ++segment) path.remove_prefix(std::min(path.find('/', 1), path.size()));
  return path;
}

dropin::OwnNames own_names(const http::Request& request, const std::vector<std::string>& api_hosts, std::string_view own_url) {
  dropin::OwnNames own{{}, api_hosts};
  if (const std::optional<text::Url> url = text::url_from_text(own_url)) own.hosts.emplace_back(url->authority);
  for (const char* name : {"Host", "X-Forwarded-Host"}) {
    const auto value = request.headers.find(name);
    if (value) own.hosts.emplace_back(text::trimmed(value->substr(0, value->find(','))));
  }
  return own;
}

// Decoded pairs, so that different encodings of a query are equal. Errors: bad_input.
Result<std::vector<std::pair<std::string, std::string>>> pairs_of(std::string_view query, const dropin::OwnNames& own) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const QueryPair& pair : query_pairs(query)) {
    const auto name = query_decoded(pair.name);
    auto value = query_decoded(pair.value);
    if (!name || !value) return Error{ErrorCode::bad_input, "The query has a malformed percent-encoding."};
    if (auto mapped = dropin::canonical_uri(*value, own)) value = std::move(*mapped);
    pairs.emplace_back(*name, *value);
  }
  return pairs;
}

class DropinRoutes {
 public:
  explicit DropinRoutes(DropinParts parts) : parts_(parts) {}

  http::Step answer(const http::Request& request) {
    constexpr std::array<std::string_view, 4> kWrites = {"POST", "PUT", "PATCH", "DELETE"};
    if (request.method == "OPTIONS") return with_allowed(Reply{.status = 204, .headers = {}, .body = nullptr});
    const bool is_write = std::find(kWrites.begin(), kWrites.end(), request.method) != kWrites.end();
    if (!is_write && request.method != "GET" && request.method != "HEAD") {
      return with_allowed(
          calendly_error_reply({ErrorCode::method_not_allowed, "This address takes " + std::string(kAllowed) + "."}));
    }
    if (const auto wait = parts_.limits.take(request.client, parts_.clock.tick())) {
      return calendly_error_reply({ErrorCode::too_many_requests, "You have exceeded the request limit.", {}, *wait});
    }
    const Result<secrets::Claims> claims = parts_.jwts.admitted(request.headers.find("Authorization").value_or(""));
    // Calendly calls revoked tokens invalid too.
    if (!claims) {
      return calendly_error_reply(claims.error().code == ErrorCode::unauthorized ? unauthenticated() : claims.error());
    }
    if (claims->link) return calendly_error_reply(unauthenticated());  // a link only opens a page, once

    const std::optional<std::string> path = dropin::upstream_path(rest_of(request.path));
    if (!path) return calendly_error_reply(not_found());
    const bool is_personal_path = dropin::is_personal(*path, parts_.connection.account()->record.user_uri);
    const CallKind kind = is_write ? CallKind::write : is_personal_path ? CallKind::personal_read : CallKind::shared_read;
    const Caller caller{{*claims, request.client, request.id}, request.method + ' ' + *path};
    if (kind != CallKind::shared_read && claims->role < secrets::Role::admin) return refused(caller, kind);

    const dropin::OwnNames own = own_names(request, parts_.api_hosts, parts_.own_url);
    auto query = pairs_of(request.query, own);
    if (!query) return calendly_error_reply(query.error());
    dropin::ApiCall call{request.method, *path, std::move(*query), {}, request.id};
    if (claims->role < secrets::Role::admin) call.client = payer_of(request);
    if (!is_write) return read(std::move(call), kind);
    if (!request.body.empty()) {
      auto body = body_of(request, own);
      if (!body) return calendly_error_reply(body.error());
      call.body = std::move(*body);
      call.content_type = request.headers.find("Content-Type").value_or("");
    }
    return write(std::move(call), caller);
  }

 private:
  struct Caller : SignedCall {
    std::string action;
  };

  static Reply with_allowed(Reply reply) {
    reply.headers.set("Allow", std::string(kAllowed));
    return reply;
  }

  // The body as received, except for our own URIs. Forms are allowed like in Calendly's API: the most used Ruby client sends
  // nothing else.
  static Result<std::string> body_of(const http::Request& request, const dropin::OwnNames& own) {
    const std::string_view type = request.headers.find("Content-Type").value_or("");
    if (dropin::is_form(type)) {
      auto body = dropin::with_canonical_uris_in_form(request.body, own);
      if (!body) return Error{ErrorCode::bad_input, "The request body has a malformed percent-encoding."};
      return body;
    }
    if (!dropin::is_json_type(type)) {
      return Error{ErrorCode::unsupported_media_type,
                   "The body must be JSON or a form (Content-Type: application/json or application/x-www-form-urlencoded)."};
    }
    auto body = dropin::with_canonical_uris(request.body, own);
    if (!body) return Error{ErrorCode::bad_input, "The request body is not JSON."};
    return body;
  }

  [[nodiscard]] Reply told(const Result<dropin::ApiReply>& answered, CallKind kind) const {
    if (!answered) return calendly_error_reply(answered.error());
    Reply reply = reply_from_api(*answered, kind);
    if (!parts_.own_url.empty() && reply.body && dropin::is_json_type(reply.headers.find("Content-Type").value_or(""))) {
      reply.body = std::make_shared<const std::string>(dropin::with_own_uris(*reply.body, parts_.own_url));
    }
    return reply;
  }

  http::Step refused(const Caller& caller, CallKind kind) {
    const Error error{ErrorCode::forbidden, kind == CallKind::write ? "This access token may only read."
                                                                    : "This access token may not read personal data."};
    return http::Later([this, caller, error](std::function<void(Reply)> done) {
      parts_.workers.post([this, caller, error, done = std::move(done)] {
        noted(caller, name_from_code(error.code));
        done(calendly_error_reply(error));
      });
    });
  }

  http::Step read(dropin::ApiCall call, CallKind kind) {
    return http::Later([this, call = std::move(call), kind](std::function<void(Reply)> done) {
      parts_.dropin.read(
          call, [this, kind, done = std::move(done)](const Result<dropin::ApiReply>& reply) { done(told(reply, kind)); });
    });
  }

  http::Step write(dropin::ApiCall call, const Caller& caller) {
    return http::Later([this, call = std::move(call), caller](std::function<void(Reply)> done) {
      // The service answers on a worker, or at once without an account. The audit log is on the disk, so another worker writes
      // it.
      parts_.dropin.write(call, [this, caller, done = std::move(done)](const Result<dropin::ApiReply>& reply) {
        parts_.workers.post([this, caller, reply, done] {
          noted(caller, reply ? std::to_string(reply->answer->status) : std::string(name_from_code(reply.error().code)));
          done(told(reply, CallKind::write));
        });
      });
    });
  }

  void noted(const Caller& caller, std::string_view outcome) {
    audit(parts_.store, parts_.log, parts_.clock.now(), caller, "api " + caller.action, outcome);
  }

  DropinParts parts_;
};

// True when the requested host is an API host, and the path is neither below /calendly/v2 nor a health check.
bool is_at_api_root(const http::AskedAt& asked, const std::vector<std::string>& api_hosts) {
  if (api_hosts.empty() || asked.path == "/healthz" || asked.path == "/readyz" || is_below_dropin(asked.path)) return false;
  return dropin::is_api_host(asked.host, api_hosts);
}

}  // namespace

http::Handler with_api_roots(std::vector<std::string> api_hosts, http::Handler inside) {
  return [api_hosts = std::move(api_hosts), inside = std::move(inside)](const http::Request& request) -> http::Step {
    if (!is_at_api_root({request.path, request.headers.find("Host").value_or("")}, api_hosts)) return inside(request);
    http::Request below = request;
    below.path.insert(0, kBase);
    return inside(below);
  };
}

void add_dropin_routes(http::Router& router, DropinParts parts) {
  const auto routes = std::make_shared<DropinRoutes>(parts);
  for (const char* pattern : {"/calendly/v2", "/calendly/v2/{rest...}"}) {
    router.on("*", pattern, [routes](const http::Request& request) { return routes->answer(request); });
  }
}

bool is_below_dropin(std::string_view path) {
  return path.starts_with(kBase) && (path.size() == kBase.size() || path[kBase.size()] == '/');
}

http::Refusals refusals_as_asked(std::vector<std::string> api_hosts) {
  return [api_hosts = std::move(api_hosts)](const http::AskedAt& asked, int status, const Error& error) {
    const bool is_of_api = is_below_dropin(asked.path) || is_at_api_root(asked, api_hosts);
    return is_of_api ? calendly_error_reply(status, error) : http::error_reply(status, error);
  };
}

}  // namespace slotwire::routes
