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
  std::string policy;     // Content-Security-Policy of the pages
  bool has_pages = true;  // false: nothing but "/" is answered
};

// "/" leads a browser to the account's list, or says what this address is; programs, which ask for no HTML, get the API's 404.
// For what no route and no file answers, so that a page never stands in front of one. A link that is not the account's own gets
// 404: in words for a browser, which asks for HTML; nullopt, and so the API's own 404, for others and for what is no link of
// Calendly's.
[[nodiscard]] http::Router::Fallback page_fallback(PageRoutesParts parts);

}  // namespace slotwire::routes
