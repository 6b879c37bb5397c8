#include "proxy/app/core.h"

#include <cassert>
#include <random>
#include <string>
#include <thread>

#include "proxy/cluster/alone.h"
#include "proxy/cluster/redis_budget.h"
#include "proxy/cluster/redis_cluster.h"

namespace slotwire::app {
namespace {

// The parallel windows of two requests; more would only wait for Calendly's rate limit.
constexpr int kFetchers = 12;
constexpr int kBackground = 4;
constexpr int kLinks = 4;
constexpr int kStoreWorkers = 4;
constexpr int kAdminCalls = 4;
constexpr std::chrono::milliseconds kBlindAfter{2'000};
// Calendly accepts ten bookings a minute, and none holds a thread for more than twenty seconds: two threads are always left for
// repeated requests.
constexpr int kBookings = 12;
constexpr http::Rate kBookingRate{.at_once = 10, .refill = std::chrono::hours(1)};
constexpr int kCallers = 8;
constexpr int kDropinShare = 4;  // it may use a quarter of the memory of the slots, in addition

auto reporting(log::Log& log) {
  return [&log](std::string_view what) { log.error("worker", "", "a task ended by an exception: " + std::string(what)); };
}

// Identifies this process among all that share the store; never reused, not even after a restart.
std::string new_owner() {
  std::random_device random;
  std::string owner;
  for (int i = 0; i < 4; ++i) owner += std::to_string(random()) + (i < 3 ? "-" : "");
  return owner;
}

// The settings were checked, so the address is valid.
std::unique_ptr<cluster::RedisLink> redis_from(const secrets::SecretString& url, cluster::RedisLink::Parts parts) {
  if (url.empty()) return nullptr;
  Result<cluster::RedisAddress> address = cluster::redis_address_from_text(url.reveal());
  assert(address);
  return std::make_unique<cluster::RedisLink>(std::move(*address), parts);
}

}  // namespace

Core::Core(const settings::Settings& settings, calendly::BaseUrl base, std::unique_ptr<store::Store> opened)
    : log(settings.log_level, settings.log_format),
      store(std::move(opened)),
      box(settings.encryption_keys),
      webhook_key(settings.webhook_signing_key.clone()),
      jwt_secret(settings.jwt_secret.clone()),
      transport(std::move(base)),
      redis(redis_from(settings.redis_url, {clock, log})),
      cluster(redis
                  ? std::unique_ptr<cluster::Cluster>(std::make_unique<cluster::RedisCluster>(*redis, clock, settings.stale_ttl))
                  : std::make_unique<cluster::Alone>()),
      shared_budget(redis ? std::make_unique<cluster::RedisBudget>(*redis) : nullptr),
      calendly(transport, clock, shared_budget.get()),
      fetchers(kFetchers, reporting(log)),
      background(kBackground, reporting(log)),
      timers(1, reporting(log)),
      links(kLinks, reporting(log)),
      store_workers(kStoreWorkers, reporting(log)),
      admin_calls(kAdminCalls, reporting(log)),
      types_reader(1, reporting(log)),
      booking_workers(kBookings, reporting(log)),
      booking_clients(kBookingRate),
      callers(kCallers, reporting(log)) {}

Core::~Core() { stop_workers(); }

void Core::stop_workers() {
  cluster->listen({});
  for (time::WorkerThreads* workers :
       {&timers, &fetchers, &background, &links, &store_workers, &admin_calls, &types_reader, &booking_workers, &callers})
    workers->stop();
}

Result<std::unique_ptr<Core>> Core::open(const settings::Settings& settings) {
  Result<calendly::BaseUrl> base = calendly::base_url_from_text(settings.api_base_url);
  if (!base) return base.error();
  const bool is_simulator = base->origin.starts_with("http://");
  Result<std::unique_ptr<store::Store>> store = store::open_store(settings.database_url.reveal());
  if (!store) return store.error();
  std::unique_ptr<Core> core(new Core(settings, std::move(*base), std::move(*store)));
  const calendly::Chance chance = calendly::system_chance();
  const auto wait = [](std::chrono::milliseconds time) { std::this_thread::sleep_for(time); };
  Result<std::unique_ptr<connection::Connection>> connection =
      connection::Connection::open({*core->store, core->box, core->calendly, core->clock, core->log, wait, chance});
  if (!connection) return connection.error();
  core->connection = std::move(*connection);
  Result<std::unique_ptr<access::JwtList>> jwts = access::JwtList::open(
      {*core->store, core->store_workers, core->clock, core->log, core->jwt_secret}, settings.listed_jwts_only);
  if (!jwts) return jwts.error();
  core->jwts = std::move(*jwts);
  core->jwts->on_change([&cluster = *core->cluster] { cluster.notify(); });
  slots::SlotServiceSettings slots;
  slots.fresh_for = settings.slots_cache_ttl;
  slots.stale_for = settings.stale_ttl;
  slots.window = settings.window;
  slots.max_bytes = static_cast<std::size_t>(settings.cache_max_mb) * 1024 * 1024;
  // A SQLite file is only written by programs on this machine, so changes in it are never missed.
  if (core->store->kind() == "PostgreSQL") slots.blind_after = kBlindAfter;
  fetch::ListSettings types;
  types.fresh_for = settings.slots_cache_ttl;
  types.stale_for = settings.stale_ttl;
  core->types = std::make_unique<connection::TypesUpkeep>(
      connection::TypesUpkeep::Parts{*core->connection, core->calendly, *core->store, core->types_reader, core->timers,
                                     core->clock, core->log, chance, new_owner()},
      types);
  core->slots = std::make_unique<slots::SlotService>(
      slots::SlotService::Parts{*core->connection, core->calendly, *core->store, *core->cluster, core->fetchers, core->background,
                                core->timers, core->clock, core->log, chance, core->shares, *core->types},
      slots);
  core->any_of = std::make_unique<slots::AnyOfService>(*core->slots, *core->connection, core->clock, slots);
  core->webhook = std::make_unique<connection::WebhookSubscription>(connection::WebhookSubscription::Parts{
      *core->connection, core->calendly, core->box, core->clock, core->log, core->webhook_key, is_simulator});
  core->intake = std::make_unique<live::WebhookIntake>(live::WebhookIntake::Parts{
      *core->webhook, *core->store, core->clock, core->log, [&core = *core] { return core.slots->spread_changes(); }});
  const Result<std::int64_t> last_change = core->store->last_change();
  if (!last_change) return last_change.error();
  live::ChangeHubSettings waits;
  waits.most_waiting = static_cast<std::size_t>(settings.max_connections) / 2;
  core->changes = std::make_unique<live::ChangeHub>(core->store_workers, core->clock, *last_change, waits);
  core->bookings = std::make_unique<booking::BookingService>(booking::BookingService::Parts{
      *core->connection, *core->slots, core->calendly, *core->store, core->box, core->booking_workers, core->zones, core->clock,
      core->log, [&core = *core](std::string_view client) { return core.booking_clients.take(client, core.clock.tick()); },
      new_owner()});
  core->dropin = std::make_unique<dropin::DropinService>(
      dropin::DropinService::Parts{*core->connection, core->calendly, core->callers, core->timers, core->clock, core->log, chance,
                                   core->shares},
      dropin::DropinSettings{settings.slots_cache_ttl, settings.stale_ttl, settings.window, slots.max_bytes / kDropinShare});
  core->why = std::make_unique<why::WhyService>(why::WhyService::Parts{*core->connection, *core->slots, core->calendly,
                                                                       core->zones, core->clock, core->log, core->admin_calls});
  core->mcp = std::make_unique<mcp::McpService>(mcp::McpService::Parts{*core->connection, *core->types, *core->store,
                                                                       *core->any_of, *core->bookings, core->links, core->zones,
                                                                       core->clock, secrets::new_jwt_id});
  core->dropin->on_times_touched([slots = core->slots.get(), &log = core->log](const std::optional<Instant>& start) {
    // A time that became free appears when its copy expires; a time that is gone must not be offered until then.
    if (!start) return;
    if (auto expired = slots->expire_days(slots::days_changed_by({*start, *start})); !expired)
      log.warn("api", "", expired.error().detail);
  });
  return core;
}

}  // namespace slotwire::app
