#include "proxy/app/serve.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <optional>
#include <unistd.h>

#include "proxy/app/commands.h"
#include "proxy/app/core.h"
#include "proxy/app/database_owner.h"
#include "proxy/app/metrics.h"
#include "proxy/app/stop_signals.h"
#include "proxy/calendly/httplib_transport.h"
#include "proxy/http/client_limits.h"
#include "proxy/http/cors.h"
#include "proxy/http/page_policy.h"
#include "proxy/http/router.h"
#include "proxy/http/server.h"
#include "proxy/http/static_files.h"
#include "proxy/pages/page_service.h"
#include "proxy/routes/admin_routes.h"
#include "proxy/routes/booking_routes.h"
#include "proxy/routes/door.h"
#include "proxy/routes/dropin_routes.h"
#include "proxy/routes/live_routes.h"
#include "proxy/routes/mcp_routes.h"
#include "proxy/routes/page_routes.h"
#include "proxy/routes/public_routes.h"
#include "proxy/time/zones.h"

namespace slotwire::app {
namespace {

constexpr http::Rate kAdminRate{.at_once = 60, .refill = std::chrono::seconds(60)};
// A day on which everything is rescheduled causes thousands of deliveries within minutes, from few addresses.
constexpr http::Rate kDeliveryRate{.at_once = 1200, .refill = std::chrono::seconds(60)};
// A delivery contains all answers of an invitee: ten answers of ten thousand characters, up to six bytes each in JSON.
constexpr std::size_t kLargestDelivery = 1024 * 1024;
// Monitors and balancers ask about every second, several from one address.
constexpr http::Rate kHealthRate{.at_once = 120, .refill = std::chrono::seconds(60)};
constexpr http::Rate kLinkRate{.at_once = 20, .refill = std::chrono::hours(1)};

std::filesystem::path public_dir_from(const settings::Settings& settings) {
  if (!settings.public_dir.empty()) return settings.public_dir;
  std::error_code failure;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failure);
  return program.parent_path().parent_path() / "share" / "slotwire" / "public";
}

http::ServerSettings server_settings(const settings::Settings& settings) {
  http::ServerSettings server;
  server.host = settings.host;
  server.port = settings.port;
  server.max_connections = static_cast<std::size_t>(settings.max_connections);
  server.max_connections_per_client = static_cast<std::size_t>(settings.max_connections_per_client);
  for (const std::string& range : settings.trusted_proxies) {
    if (const auto parsed = net::address_range_from_text(range)) server.trusted_proxies.push_back(*parsed);
  }
  server.larger_bodies[std::string(connection::kWebhookPath)] = kLargestDelivery;
  server.tls_certificate_path = settings.tls_certificate_path;
  server.tls_key_path = settings.tls_key_path;
  return server;
}

std::string line_of(const http::Answered& answered) {
  char took[32];
  std::snprintf(took, sizeof took, "%.2f ms", static_cast<double>(answered.took.count()) / 1000.0);
  // Long paths are attacks; nobody needs to read them in full.
  constexpr std::size_t kLongestPath = 200;
  std::string path(answered.path.substr(0, kLongestPath));
  if (answered.path.size() > kLongestPath) path += "...";
  return std::string(answered.method) + ' ' + path + ' ' + std::to_string(answered.status) + ", " +
         std::to_string(answered.body_bytes) + " bytes in " + took;
}

// JWTs first, since the others may have to wait for Calendly's free times.
Result<Done> apply_changes(Core& core) {
  (void)core.jwts->apply_changes();  // if the store cannot be read, the slots report that too
  core.connection->apply_changes();
  return core.slots->apply_changes();
}

void listen_to_others(Core& core) {
  core.cluster->listen([&core](const cluster::ClusterMessage& message) {
    if (message.kind == cluster::ClusterMessage::Kind::settled) return core.slots->settled_elsewhere(message.uri, message.days);
    core.store_workers.post([&core] { (void)apply_changes(core); });  // the next regular look reports a failure
  });
}

// Applies changes by the command line or by another proxy, twice a second.
void watch_store(Core& core, bool could_look = true) {
  constexpr std::chrono::milliseconds kBetweenLooks{500};
  core.store_workers.post_after(kBetweenLooks, [&core, could_look] {
    const Result<Done> looked = apply_changes(core);
    if (!looked && could_look) core.log.warn("store", "", looked.error().detail);
    watch_store(core, looked.has_value());
  });
}

void tidy_now_and_then(Core& core) {
  constexpr std::chrono::minutes kBetween{15};
  core.background.post_after(kBetween, [&core] {
    core.slots->drop_old_copies();
    core.bookings->drop_old_keys();
    core.jwts->drop_old();
    tidy_now_and_then(core);
  });
}

// What open widgets were last told about the account. Most of its changes do not affect what they show; another token, or other
// event types, may.
class AccountTold {
 public:
  explicit AccountTold(const connection::Account& account) : last_(of(account)) {}
  [[nodiscard]] bool is_news(const connection::Account& account) {
    const std::lock_guard lock(mutex_);
    return std::exchange(last_, of(account)) != of(account);
  }

 private:
  using Version = std::pair<std::uint64_t, std::uint64_t>;
  static Version of(const connection::Account& account) { return {account.generation, account.types_version}; }
  std::mutex mutex_;
  Version last_;
};

// Sent instead of any other answer during shutdown, so that a balancer sends no more requests here.
http::Reply stopping_reply() { return http::error_reply(503, {ErrorCode::stopping, "stopping", {}, std::chrono::seconds(30)}); }

}  // namespace

int serve(const settings::Settings& settings, const Announce& announce) {
  if (const auto owned = check_database_owner(settings.database_url.reveal()); !owned) return failed(owned.error());
  Result<std::unique_ptr<Core>> opened = Core::open(settings);
  if (!opened) return failed(opened.error());
  Core& core = **opened;
  std::vector<std::string> listed = settings.allowed_origins;
  if (!settings.pages_origin.empty()) listed.push_back(settings.pages_origin);
  const Result<http::AllowedOrigins> origins = http::AllowedOrigins::from_list(listed);
  if (!origins) return failed(origins.error());

  http::ClientLimits limits(settings.rate_limit);
  http::ClientLimits health_limits(kHealthRate);
  http::ClientLimits link_limits(kLinkRate);
  http::ClientLimits admin_limits(kAdminRate);
  http::ClientLimits delivery_limits(kDeliveryRate);
  http::ClientLimits dropin_limits(settings.rate_limit);
  RequestCounts requests;
  http::StaticFiles files;
  const std::filesystem::path folder = public_dir_from(settings);
  http::StaticSettings own_pages;
  // A simulated Calendly also serves the booking pages, which the demo shows in a frame.
  if (const auto base = calendly::base_url_from_text(settings.api_base_url);
      base && base->origin != settings::Settings().api_base_url) {
    own_pages.frame_sources.push_back(base->origin);
  }
  if (auto read = http::StaticFiles::from_folders({folder}, own_pages)) {
    files = std::move(*read);
  } else {
    core.log.warn("files", "", "the widget's files are not there (SLOTWIRE_PUBLIC_DIR); only the API is served");
  }

  http::Router router;
  http::ServerSettings serving = server_settings(settings);
  serving.refusal = routes::refusals_as_asked(settings.api_hosts);
  serving.on_exception = [&core](std::string_view id, std::string_view what) { core.log.error("http", id, what); };
  serving.on_accept_trouble = [&core](std::string_view what) { core.log.warn("http", "", what); };
  // Sends the signal that an operator would send: running requests end first, then the program, and its supervisor restarts it.
  std::optional<Error> port_lost;
  serving.on_port_lost = [&](const Error& why) {
    core.log.error("http", "", why.detail);
    port_lost = why;
    ::kill(::getpid(), SIGTERM);
  };
  serving.on_answered = [&](const http::Answered& answered) {
    requests.note(answered);
    // Clients refused for too many requests keep asking: metrics count that, and the log is not filled with it.
    if (answered.repeated || answered.status == 429) {
      if (settings.log_level == log::LogLevel::debug) core.log.debug("http", answered.request_id, line_of(answered));
    } else {
      core.log.info("http", answered.request_id, line_of(answered));
    }
  };
  serving.may_repeat = [&](std::string_view client) { return !limits.take(client, core.clock.tick()); };
  std::atomic<bool> is_stopping{false};
  http::Handler handler = [&router, &is_stopping](const http::Request& request) -> http::Step {
    if (is_stopping && request.path == "/readyz") return stopping_reply();
    return router(request);
  };
  handler = routes::with_current_jwts(*core.jwts, core.store_workers, std::move(handler));
  handler = routes::with_client_limits({*origins, limits, health_limits, core.clock}, std::move(handler));
  http::Server server(serving, routes::with_api_roots(settings.api_hosts, std::move(handler)));

  routes::add_public_routes(
      router, {*core.connection, *core.any_of, core.calendly, *core.store, *core.cluster, core.links, core.store_workers,
               core.zones, core.clock, *origins, link_limits, core.shares, *core.changes, *core.types});
  routes::add_live_routes(router, {*core.changes, *core.intake, core.store_workers, *origins, delivery_limits, core.clock});
  routes::add_booking_routes(router, {*core.bookings,
                                      *origins,
                                      *core.jwts,
                                      core.clock,
                                      {settings.booking_proof_bits, settings.jwt_secret},
                                      settings.bookings_without_origin});
  if (settings.mcp != settings::Mcp::off)
    routes::add_mcp_routes(router, {*core.mcp, *origins, *core.jwts, settings.mcp == settings::Mcp::book});
  pages::PageService pages({*core.connection, *core.slots, core.zones, core.clock, core.timers}, {settings.pages_origin});
  routes::add_admin_routes(router, {*core.connection,
                                    *core.slots,
                                    *core.bookings,
                                    core.calendly,
                                    *core.store,
                                    *core.cluster,
                                    core.store_workers,
                                    core.admin_calls,
                                    core.zones,
                                    core.clock,
                                    core.log,
                                    *core.jwts,
                                    admin_limits,
                                    *core.webhook,
                                    *core.intake,
                                    pages,
                                    [&server] { server.forget_repeats(); },
                                    *core.types,
                                    *core.why,
                                    std::string(settings::name_from_mcp(settings.mcp))});
  routes::add_dropin_routes(router, {*core.dropin, *core.connection, *core.store, core.store_workers, core.clock, core.log,
                                     *core.jwts, dropin_limits, settings.api_hosts, settings.api_own_url});
  router.on_refusal(routes::refusals_as_asked(settings.api_hosts));
  const http::Router::Fallback page_at = routes::page_fallback(
      {pages, core.clock, http::page_policy(own_pages.frame_sources, http::frame_ancestors_from(settings.pages_frames)),
       settings.has_pages});
  router.on_no_route([&](const http::Request& request) -> std::optional<http::Step> {
    if (std::optional<http::Reply> file = files.find(request)) return std::move(*file);
    return page_at(request);
  });
  AccountTold told(*core.connection->account());
  core.connection->on_change([&core, &server, &told] {
    core.slots->account_changed();
    core.types->account_changed();
    core.dropin->forget_all();
    server.forget_repeats();
    core.cluster->notify();
    // Open widgets learn of it from the change in the log. If that was applied before the account was, they are told here.
    core.store_workers.post([&core, &told] {
      (void)core.slots->apply_changes();
      if (told.is_news(*core.connection->account())) core.changes->note_late(store::kEveryDay);
    });
  });

  core.slots->on_change([&core, &server, &told](const store::Change& change) {
    server.forget_repeats();
    core.types->note(change);
    const bool is_every_day = change.kind == store::Change::Kind::purge || told.is_news(*core.connection->account());
    core.changes->note(change.id, is_every_day                               ? store::kEveryDay
                                  : change.kind == store::Change::Kind::days ? change.days
                                                                             : DayRange{});
    if (change.kind == store::Change::Kind::days) core.dropin->forget_times(change.days);
    if (change.kind == store::Change::Kind::purge) core.dropin->forget_all();
  });

  listen_to_others(core);
  const Result<int> port = server.start();
  if (!port) return failed(port.error());
  core.types->start();
  watch_store(core);
  tidy_now_and_then(core);
  core.background.post([&core] { core.bookings->read_missing_forms(); });
  core.admin_calls.post([&core] { core.webhook->extend(""); });
  std::unique_ptr<Metrics> metrics;
  if (settings.metrics_port != 0) {
    if (auto started = Metrics::start(settings.host, settings.metrics_port, core, server, requests)) {
      metrics = std::move(*started);
    } else {
      core.log.warn("metrics", "", "METRICS_PORT " + started.error().details.at(0).message);
    }
  }
  const std::string scheme = settings.tls_certificate_path.empty() ? "http" : "https";
  const std::string address = scheme + "://" + settings.host + ':' + std::to_string(*port);
  if (announce) {
    announce(core, address);
  } else if (settings.log_format == log::LogFormat::text) {
    // With JSON logging every line of output must be JSON.
    std::cout << "slotwire listening on " << address << std::endl;
  }
  core.log.info("serve", "", "listening on " + address);

  const std::string signal = wait_for_stop_signal();
  is_stopping = true;
  server.close_port();
  core.log.info("serve", "", signal + ": finishing running requests");
  core.changes->close();  // otherwise the waits of open widgets would delay the shutdown
  server.stop();
  metrics.reset();  // takes a second, and should be readable until the end
  core.stop_workers();
  core.log.info("serve", "", "stopped");
  return port_lost ? failed(*port_lost) : 0;
}

}  // namespace slotwire::app
