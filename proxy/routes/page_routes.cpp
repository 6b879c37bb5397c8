#include "proxy/routes/page_routes.h"

#include <memory>
#include <utility>

#include "proxy/http/cors.h"
#include "proxy/pages/page_address.h"
#include "proxy/routes/payer.h"
#include "proxy/routes/prepared_reply.h"

namespace slotwire::routes {
namespace {

using http::Reply;
using http::Request;

constexpr std::string_view kHtml = "text/html; charset=utf-8";

std::string accepted_by(const Request& request) { return std::string(request.headers.find("Accept-Language").value_or("")); }

bool wants_html(const Request& request) {
  return request.headers.find("Accept").value_or("").find("text/html") != std::string_view::npos;
}

// is_personal: the page repeats a visitor's own parameters from the address, so only the visitor's browser may store it.
Reply reply_from(const pages::PageReply& page, const Request& asked, const PageRoutesParts& parts, time::Tick at,
                 bool is_personal) {
  Reply reply = reply_from_prepared(page.page, asked, kHtml);
  if (reply.status != 304) reply.status = page.status;
  if (page.times) {
    set_freshness_headers(reply, *page.times, parts.clock, at);
  } else {
    // A list of event types changes only when its owner changes it; errors may end at any time.
    const bool is_list = page.status == 200;
    reply.headers.set("Cache-Control", is_list ? "public, max-age=60" : "no-store");
    if (is_list) reply.repeat_until = parts.clock.tick() + std::chrono::seconds(1);
  }
  if (is_personal) {
    reply.repeat_until.reset();
    if (const auto kept = reply.headers.find("Cache-Control"); kept && kept->starts_with("public")) {
      reply.headers.set("Cache-Control", "private" + std::string(kept->substr(6)));
    }
  }
  if (page.retry_after) reply.headers.set("Retry-After", std::to_string(page.retry_after->count()));
  http::add_vary(reply, "Accept-Language");
  reply.headers.set("Content-Security-Policy", parts.policy);
  reply.headers.set("Referrer-Policy", "strict-origin-when-cross-origin");
  // The policy decides where the page may be framed.
  reply.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
  return reply;
}

Reply reply_at_root(const Request& request, const PageRoutesParts& parts) {
  Reply reply;
  if (const std::string path = parts.has_pages ? parts.pages.root_path() : std::string(); !path.empty()) {
    reply.status = 302;
    reply.headers.set("Location", request.query.empty() ? path : path + '?' + request.query);
    reply.headers.set("Cache-Control", "no-store");  // another account may be connected tomorrow
  } else {
    reply = reply_from(parts.pages.root_page(request.query_value("locale").value_or(""), accepted_by(request)), request, parts,
                       parts.clock.tick(), false);
  }
  http::add_vary(reply, "Accept");
  return reply;
}

}  // namespace

http::Router::Fallback page_fallback(PageRoutesParts given) {
  const auto parts = std::make_shared<const PageRoutesParts>(std::move(given));
  return [parts](const Request& request) -> std::optional<http::Step> {
    if (request.path == "/" && wants_html(request)) return reply_at_root(request, *parts);
    if (!parts->has_pages || !pages::is_link_shaped(request.path)) return std::nullopt;
    if (!wants_html(request) && !parts->pages.is_ours(request.path)) return std::nullopt;
    pages::PageQuery query{.path = request.path,
                           .date = request.query_value("date"),
                           .month = request.query_value("month"),
                           .timezone = request.query_value("timezone"),
                           .locale = request.query_value("locale").value_or(""),
                           .accepted = accepted_by(request),
                           .carried = pages::carried_from(request.query),
                           .request_id = request.id,
                           .client = payer_of(request)};
    Request asked;  // the parts of the request needed after the wait
    asked.headers = request.headers;
    return http::Later(
        [parts, query = std::move(query), asked = std::move(asked), at = parts->clock.tick()](std::function<void(Reply)> done) {
          const bool is_personal = !query.carried.empty();
          parts->pages.find(query, [parts, asked, at, is_personal, done = std::move(done)](const pages::PageReply& page) {
            done(reply_from(page, asked, *parts, at, is_personal));
          });
        });
  };
}

}  // namespace slotwire::routes
