#pragma once
// The objects that every command for the account needs: store, keys, Calendly's client, the connection.
#include <memory>

#include "proxy/access/jwt_list.h"
#include "proxy/booking/booking_service.h"
#include "proxy/calendly/client.h"
#include "proxy/calendly/httplib_transport.h"
#include "proxy/cluster/cluster.h"
#include "proxy/cluster/redis_link.h"
#include "proxy/connection/connection.h"
#include "proxy/connection/types_upkeep.h"
#include "proxy/connection/webhook_subscription.h"
#include "proxy/dropin/dropin_service.h"
#include "proxy/fetch/shares.h"
#include "proxy/http/client_limits.h"
#include "proxy/live/change_hub.h"
#include "proxy/live/webhook_intake.h"
#include "proxy/log/log.h"
#include "proxy/mcp/mcp_service.h"
#include "proxy/secrets/sealed_box.h"
#include "proxy/settings/settings.h"
#include "proxy/slots/any_of_service.h"
#include "proxy/slots/slot_service.h"
#include "proxy/store/store.h"
#include "proxy/time/clock.h"
#include "proxy/time/workers.h"
#include "proxy/time/zones.h"
#include "proxy/why/why_service.h"

namespace slotwire::app {

class Core {
 public:
  // Errors: storage_failed.
  [[nodiscard]] static Result<std::unique_ptr<Core>> open(const settings::Settings& settings);
  ~Core();

  // Call it first when ending, since the workers' tasks use everything else. Safe to call twice.
  void stop_workers();

  time::SystemClock clock;
  log::Log log;
  std::unique_ptr<store::Store> store;
  secrets::SealedBox box;
  secrets::SecretString webhook_key;  // from the configuration; empty: each subscription gets a new key
  secrets::SecretString jwt_secret;
  calendly::HttplibTransport transport;
  std::unique_ptr<cluster::RedisLink> redis;  // null: this server is alone
  std::unique_ptr<cluster::Cluster> cluster;
  std::unique_ptr<calendly::Budget> shared_budget;  // null: CalendlyClient's own
  calendly::CalendlyClient calendly;
  std::unique_ptr<connection::Connection> connection;
  fetch::Shares shares;  // of the account's calls, for all kinds of requests
  time::WorkerThreads fetchers;
  time::WorkerThreads background;
  time::WorkerThreads timers;           // delayed tasks, which must not block
  time::WorkerThreads links;            // blocking calls by strangers: booking links while Calendly hangs, assistants' calls
  time::WorkerThreads store_workers;    // health checks, deliveries, admins' looks: to be heard when all others wait
  time::WorkerThreads admin_calls;      // admins' calls to Calendly, which may hang
  time::WorkerThreads types_reader;     // the single thread that reads event types
  time::WorkerThreads booking_workers;  // bookings, which wait as long as Calendly hangs
  std::unique_ptr<connection::TypesUpkeep> types;
  std::unique_ptr<access::JwtList> jwts;
  std::unique_ptr<slots::SlotService> slots;
  std::unique_ptr<slots::AnyOfService> any_of;
  std::unique_ptr<connection::WebhookSubscription> webhook;
  std::unique_ptr<live::WebhookIntake> intake;
  std::unique_ptr<live::ChangeHub> changes;
  time::Zones zones;
  http::ClientLimits booking_clients;
  std::unique_ptr<booking::BookingService> bookings;
  time::WorkerThreads callers;  // programs behind /calendly/v2, which may make many requests
  std::unique_ptr<dropin::DropinService> dropin;
  std::unique_ptr<why::WhyService> why;
  std::unique_ptr<mcp::McpService> mcp;

 private:
  Core(const settings::Settings& settings, calendly::BaseUrl base, std::unique_ptr<store::Store> opened);
};

}  // namespace slotwire::app
