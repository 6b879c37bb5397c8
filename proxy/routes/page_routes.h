#pragma once
// Pages for people at the paths of Calendly's own links: "/acme/30min", "/acme".
#include <string>

#include "proxy/http/router.h"
#include "proxy/pages/page_service.h"
#include "proxy/time/clock.h"

namespace slotwire::routes {

struct PageRoutesParts {  // borrowed; must outlive the router
  pages::PageService& pages;
  const time::Clock& clock;
  std::string policy;  // Content-Security-Policy of the pages
};

// For what no route and no file answers, so that a page never stands in front of one. A link that is not the account's own gets
// 404: in words for a browser, which asks for HTML; nullopt, and so the API's own 404, for others and for what is no link of
// Calendly's.
[[nodiscard]] http::Router::Fallback page_fallback(PageRoutesParts parts);

}  // namespace slotwire::routes
