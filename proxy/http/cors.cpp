#include "proxy/http/cors.h"

#include <algorithm>

#include "proxy/text/ascii.h"
#include "proxy/text/url.h"

namespace slotwire::http {

Result<AllowedOrigins> AllowedOrigins::from_list(const std::vector<std::string>& origins) {
  AllowedOrigins allowed;
  for (const std::string& entry : origins) {
    if (text::trimmed(entry) == "*") {
      allowed.anyone_ = true;
      continue;
    }
    std::string origin = text::origin_from_text(entry);
    if (origin.empty()) return bad_input("", "\"" + entry + "\" is not an origin like https://www.example.com.");
    allowed.origins_.push_back(std::move(origin));
  }
  return allowed;
}

bool AllowedOrigins::contains(std::string_view origin) const {
  return anyone_ || std::find(origins_.begin(), origins_.end(), text::lowered(origin)) != origins_.end();
}

bool AllowedOrigins::may_write(const Request& request) const {
  const auto is_listed = [&](const std::string& page) {
    return !page.empty() && std::find(origins_.begin(), origins_.end(), page) != origins_.end();
  };
  if (const auto origin = request.headers.find("Origin")) return is_listed(text::origin_from_text(*origin));
  if (request.method != "GET" && request.method != "HEAD") return false;
  // Behind a proxy that terminates TLS, we cannot know the scheme.
  const std::string host(request.headers.find("Host").value_or(""));
  return is_listed(text::origin_from_text("https://" + host)) || is_listed(text::origin_from_text("http://" + host));
}

void AllowedOrigins::mark(const Request& request, Reply& reply) const {
  add_vary(reply, "Origin");
  const auto origin = request.headers.find("Origin");
  if (!origin || !contains(*origin)) return;
  reply.headers.set("Access-Control-Allow-Origin", anyone_ ? "*" : std::string(*origin));
  reply.headers.set("Access-Control-Expose-Headers",
                    "Booking-Challenge, Date, ETag, Retry-After, X-Request-Id, Cache-Status, Server-Timing, Slots-Version");
  reply.headers.set("Timing-Allow-Origin", anyone_ ? "*" : std::string(*origin));
}

Reply AllowedOrigins::preflight(const Request& request, std::string_view methods) const {
  Reply reply{.status = 204, .headers = {}, .body = nullptr};
  reply.headers.set("Allow", std::string(methods));
  mark(request, reply);
  if (reply.headers.find("Access-Control-Allow-Origin")) {
    reply.headers.set("Access-Control-Allow-Methods", std::string(methods));
    reply.headers.set("Access-Control-Allow-Headers", "Booking-Proof, Content-Type, Idempotency-Key, If-None-Match");
    reply.headers.set("Access-Control-Max-Age", "86400");
  }
  add_vary(reply, "Access-Control-Request-Method, Access-Control-Request-Headers");
  return reply;
}

void add_vary(Reply& reply, std::string_view names) {
  std::string vary(reply.headers.find("Vary").value_or(""));
  for (const std::string_view name : text::list_items(names)) {
    const auto there = text::list_items(vary);
    if (std::any_of(there.begin(), there.end(), [&](std::string_view other) { return text::equal_ignoring_case(other, name); }))
      continue;
    if (!vary.empty()) vary += ", ";
    vary += name;
  }
  reply.headers.set("Vary", std::move(vary));
}

}  // namespace slotwire::http
