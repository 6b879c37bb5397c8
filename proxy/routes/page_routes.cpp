#include "proxy/routes/page_routes.h"

#include <memory>
#include <utility>

#include "proxy/pages/page_address.h"
#include "proxy/routes/payer.h"
#include "proxy/routes/prepared_reply.h"

namespace slotwire::routes {
namespace {

using http::Reply;
using http::Request;

constexpr std::string_view kHtml = "text/html; charset=utf-8";

bool wants_html(const Request& request) {
  return request.headers.find("Accept").value_or("").find("text/html") != std::string_view::npos;
}

Reply reply_from(const pages::PageReply& page, const Request& asked, const PageRoutesParts& parts, time::Tick at) {
  Reply reply = reply_from_prepared(page.page, asked, kHtml);
  if (reply.status != 304) reply.status = page.status;
  if (page.times) {
    say_how_true(reply, *page.times, parts.clock, at);
  } else {
    // A list of types changes when its owner changes it; trouble ends by itself.
    const bool is_list = page.status == 200;
    reply.headers.set("Cache-Control", is_list ? "public, max-age=60" : "no-store");
    if (is_list) reply.repeat_until = parts.clock.tick() + std::chrono::seconds(1);
  }
  if (page.retry_after) reply.headers.set("Retry-After", std::to_string(page.retry_after->count()));
  reply.headers.set("Content-Security-Policy", parts.policy);
  reply.headers.set("Referrer-Policy", "strict-origin-when-cross-origin");
  // Where it may be shown is for the policy to say.
  reply.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
  return reply;
}

}  // namespace

http::Router::Fallback page_fallback(PageRoutesParts given) {
  const auto parts = std::make_shared<const PageRoutesParts>(std::move(given));
  return [parts](const Request& request) -> std::optional<http::Step> {
    if (!pages::is_link_shaped(request.path)) return std::nullopt;
    if (!wants_html(request) && !parts->pages.is_ours(request.path)) return std::nullopt;
    pages::PageQuery query{
        request.path,     request.query_value("date"), request.query_value("month"), request.query_value("timezone"), request.id,
        payer_of(request)};
    Request asked;  // what must live through the wait
    asked.headers = request.headers;
    return http::Later(
        [parts, query = std::move(query), asked = std::move(asked), at = parts->clock.tick()](std::function<void(Reply)> done) {
          parts->pages.find(query, [parts, asked, at, done = std::move(done)](const pages::PageReply& page) {
            done(reply_from(page, asked, *parts, at));
          });
        });
  };
}

}  // namespace slotwire::routes
