#pragma once
// Pages for visitors at the paths of Calendly's own links: "/acme/30min", "/acme".
#include <string>

#include "proxy/http/router.h"
#include "proxy/pages/page_service.h"
#include "proxy/time/clock.h"

namespace slotwire::routes {

struct PageRoutesParts {  // borrowed; must outlive the router
  pages::PageService& pages;
  const time::Clock& clock;
  std::string policy;     // Content-Security-Policy of the pages
  bool has_pages = true;  // false: only "/" is answered
};

// "/" redirects a browser to the account's list, or shows a page about this address; programs, which do not request HTML, get the
// API's 404. Used only when no route and no file matches, so that a page never hides one. A link of another account gets a 404
// page if the client requests HTML. Otherwise, and for paths that are no Calendly links, the result is nullopt, and so the API's
// own 404.
[[nodiscard]] http::Router::Fallback page_fallback(PageRoutesParts parts);

}  // namespace slotwire::routes
