#include "proxy/app/metrics.h"

#include <exception>
#include <limits>
#include <malloc.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>

namespace slotwire::app {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily family_of(std::string name, std::string help, MetricType type, double value) {
  ClientMetric metric;
  if (type == MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  return {std::move(name), std::move(help), type, {std::move(metric)}};
}

MetricFamily counter_of(std::string name, std::string help, std::uint64_t value) {
  return family_of(std::move(name), std::move(help), MetricType::Counter, static_cast<double>(value));
}

MetricFamily gauge_of(std::string name, std::string help, std::size_t value) {
  return family_of(std::move(name), std::move(help), MetricType::Gauge, static_cast<double>(value));
}

std::size_t heap_bytes() {
  const struct mallinfo2 heap = ::mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

// Reads the numbers when they are scraped, so nothing is stored twice.
class Numbers final : public prometheus::Collectable {
 public:
  Numbers(const Core& core, const http::Server& server, const RequestCounts& requests)
      : core_(core), server_(server), requests_(requests) {}

  [[nodiscard]] std::vector<MetricFamily> Collect() const override {
    const slots::SlotService::Stats stats = core_.slots->stats();
    const calendly::CalendlyClient::Counts counts = core_.calendly.counts();
    std::vector<MetricFamily> families = {requests_by_status(), request_durations(), upstream_calls(counts), bookings()};
    families.push_back(gauge_of("slotwire_connections", "Open client connections", server_.connection_count()));
    families.push_back(counter_of("slotwire_slots_hits_total", "Slots answered without an upstream call", stats.hits));
    families.push_back(counter_of("slotwire_slots_misses_total", "Slots requests that lacked a day", stats.misses));
    families.push_back(counter_of("slotwire_slots_stale_total", "Slots answers with an old copy", stats.stale));
    families.push_back(counter_of("slotwire_windows_failed_total", "Windows given up after their retries", stats.failed));
    families.push_back(counter_of("slotwire_cells_evicted_total", "Day cells dropped for memory", stats.evicted));
    families.push_back(gauge_of("slotwire_cells", "Day cells in memory", stats.cells));
    families.push_back(
        gauge_of("slotwire_cache_bytes", "Memory of day cells and prepared answers", stats.bytes + stats.prepared_bytes));
    families.push_back(
        gauge_of("slotwire_heap_bytes", "Memory that is allocated, without what the allocator holds in reserve", heap_bytes()));
    families.push_back(gauge_of("slotwire_windows_in_flight", "Windows on their way", stats.flights));
    families.push_back(gauge_of("slotwire_requests_waiting", "Distinct requests that wait for Calendly", stats.waiting));
    const dropin::DropinService::Stats api = core_.dropin->stats();
    families.push_back(
        counter_of("slotwire_api_hits_total", "Calls to /calendly/v2, by window, answered by a fresh copy", api.hits));
    families.push_back(
        counter_of("slotwire_api_misses_total", "Calls to /calendly/v2, by window, that waited for Calendly", api.misses));
    families.push_back(
        counter_of("slotwire_api_stale_total", "Calls to /calendly/v2, by window, answered by an old copy", api.stale));
    families.push_back(gauge_of("slotwire_api_cache_bytes", "Memory of answers behind /calendly/v2", api.bytes));
    families.push_back(gauge_of("slotwire_breaker_open", "1 while Calendly is left alone", counts.is_breaker_open ? 1 : 0));
    if (counts.rate_remaining) {
      families.push_back(gauge_of("slotwire_rate_remaining", "Calls that Calendly still allows before its reset",
                                  static_cast<std::size_t>(*counts.rate_remaining)));
    }
    if (const cluster::ClusterState cluster = core_.cluster->state(); cluster.kind != cluster::ClusterState::Kind::alone) {
      families.push_back(gauge_of("slotwire_redis_connected", "1 while Redis answers; at 0 this server goes on alone",
                                  cluster.kind == cluster::ClusterState::Kind::connected ? 1 : 0));
    }
    families.push_back(gauge_of("slotwire_live_waiting", "Open widgets that wait for changes", core_.changes->waiting()));
    families.push_back(gauge_of("slotwire_connection_problem", "1 while the connection has a problem that an admin must mend",
                                core_.connection->account()->problem ? 1 : 0));
    return families;
  }

 private:
  template <class Use>
  static void for_each_route(Use use) {
    for (std::size_t i = 0; i < RequestCounts::kRouteNames.size(); ++i) {
      use(static_cast<RequestCounts::Route>(i), std::string(RequestCounts::kRouteNames.at(i)));
    }
  }

  [[nodiscard]] MetricFamily requests_by_status() const {
    MetricFamily family{"slotwire_requests_total", "Answered requests by route and status", MetricType::Counter, {}};
    for_each_route([&](RequestCounts::Route route, const std::string& name) {
      for (int status = RequestCounts::kLeastStatus; status <= RequestCounts::kMostStatus; ++status) {
        const std::uint64_t count = requests_.of(route, status);
        if (count == 0) continue;
        ClientMetric metric;
        metric.label = {{"route", name}, {"status", std::to_string(status)}};
        metric.counter.value = static_cast<double>(count);
        family.metric.push_back(std::move(metric));
      }
    });
    return family;
  }

  [[nodiscard]] MetricFamily request_durations() const {
    MetricFamily family{"slotwire_request_seconds", "Time from a complete request to its answer", MetricType::Histogram, {}};
    for_each_route([&](RequestCounts::Route route, const std::string& name) {
      const RequestCounts::Durations durations = requests_.durations_of(route);
      ClientMetric metric;
      metric.label = {{"route", name}};
      std::uint64_t so_far = 0;
      for (std::size_t i = 0; i < durations.at_most.size(); ++i) {
        so_far += durations.at_most.at(i);
        const bool is_last = i == RequestCounts::kBounds.size();
        const double bound = is_last ? std::numeric_limits<double>::infinity()
                                     : std::chrono::duration<double>(RequestCounts::kBounds.at(i)).count();
        metric.histogram.bucket.push_back({so_far, bound});
      }
      metric.histogram.sample_count = so_far;
      metric.histogram.sample_sum = std::chrono::duration<double>(durations.sum).count();
      family.metric.push_back(std::move(metric));
    });
    return family;
  }

  [[nodiscard]] static MetricFamily upstream_calls(const calendly::CalendlyClient::Counts& counts) {
    MetricFamily family{"slotwire_upstream_calls_total", "Calls to Calendly by outcome", MetricType::Counter, {}};
    for (std::size_t i = 0; i < counts.by_outcome.size(); ++i) {
      ClientMetric metric;
      metric.label = {{"outcome", std::string(calendly::CalendlyClient::kOutcomeNames.at(i))}};
      metric.counter.value = static_cast<double>(counts.by_outcome.at(i));
      family.metric.push_back(std::move(metric));
    }
    return family;
  }

  [[nodiscard]] MetricFamily bookings() const {
    MetricFamily family{"slotwire_bookings_total", "Bookings asked for, by what came of them", MetricType::Counter, {}};
    for (std::size_t i = 0; i < booking::BookingService::kOutcomeNames.size(); ++i) {
      ClientMetric metric;
      metric.label = {{"outcome", std::string(booking::BookingService::kOutcomeNames.at(i))}};
      metric.counter.value = static_cast<double>(core_.bookings->count_of(static_cast<booking::BookingService::Outcome>(i)));
      family.metric.push_back(std::move(metric));
    }
    return family;
  }

  const Core& core_;
  const http::Server& server_;
  const RequestCounts& requests_;
};

}  // namespace

class Metrics::Impl {
 public:
  Impl(const std::string& address, const Core& core, const http::Server& server, const RequestCounts& requests)
      : numbers(std::make_shared<Numbers>(core, server, requests)), exposer(address, 1) {
    exposer.RegisterCollectable(numbers);
  }
  std::shared_ptr<Numbers> numbers;
  prometheus::Exposer exposer;
};

Metrics::Metrics() = default;
Metrics::~Metrics() = default;

Result<std::unique_ptr<Metrics>> Metrics::start(const std::string& host, int port, const Core& core, const http::Server& server,
                                                const RequestCounts& requests) {
  std::unique_ptr<Metrics> metrics(new Metrics());
  try {
    metrics->impl_ = std::make_unique<Impl>(host + ":" + std::to_string(port), core, server, requests);
  } catch (const std::exception&) {
    return bad_input("METRICS_PORT", "cannot be listened on; choose another, or 0 for no metrics");
  }
  return metrics;
}

}  // namespace slotwire::app
