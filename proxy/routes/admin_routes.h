#pragma once
// The calls for admins: connect, status, sync, webhook, public mode, disconnect, bookings, why a day is empty, times for a mail,
// cache, JWTs, which event types assistants see, audit. Every call needs one of our JWTs. Calls that change something or show
// personal data are written to the audit log, including those refused because of the role.
#include "proxy/access/jwt_list.h"
#include "proxy/booking/booking_service.h"
#include "proxy/cluster/cluster.h"
#include "proxy/connection/connection.h"
#include "proxy/http/client_limits.h"
#include "proxy/http/router.h"
#include "proxy/live/webhook_intake.h"
#include "proxy/log/log.h"
#include "proxy/pages/page_service.h"
#include "proxy/slots/slot_service.h"
#include "proxy/store/store.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"
#include "proxy/time/zones.h"
#include "proxy/why/why_service.h"

namespace slotwire::routes {

struct AdminParts {  // all borrowed; must outlive the router
  connection::Connection& connection;
  slots::SlotService& slots;
  booking::BookingService& bookings;
  calendly::CalendlyClient& calendly;
  store::Store& store;
  const cluster::Cluster& cluster;
  time::Workers& store_workers;  // for what blocks on the disk alone
  time::Workers& calls;          // for calls that may wait for Calendly, even while it hangs
  const time::Zones& zones;
  const time::Clock& clock;
  log::Log& log;
  access::JwtList& jwts;
  http::ClientLimits& limits;
  connection::WebhookSubscription& webhook;
  const live::WebhookIntake& intake;
  pages::PageService& pages;
  std::function<void()> on_purge;  // outer caches must be cleared too
  connection::TypesUpkeep& types;
  why::WhyService& why;
  std::string mcp = "off";  // CALENDLY_MCP
};

// /api/web/calendly/... on `router`.
void add_admin_routes(http::Router& router, AdminParts parts);

}  // namespace slotwire::routes
