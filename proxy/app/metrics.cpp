#include "proxy/app/metrics.h"

#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>

#include <exception>

namespace slotwire::proxy {
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

// Reads the numbers when asked: nothing is kept twice.
class Numbers final : public prometheus::Collectable {
 public:
  Numbers(const Core& core, const Server& server, const RequestCounts& requests)
      : core_(core), server_(server), requests_(requests) {}

  [[nodiscard]] std::vector<MetricFamily> Collect() const override {
    const SlotService::Stats stats = core_.slots->stats();
    const CalendlyClient::Counts counts = core_.calendly.counts();
    std::vector<MetricFamily> families;
    MetricFamily requests{"slotwire_requests_total", "Answered requests by class of status", MetricType::Counter, {}};
    for (std::size_t hundreds = 1; hundreds <= 5; ++hundreds) {
      ClientMetric metric;
      metric.label.push_back({"class", std::to_string(hundreds) + "xx"});
      metric.counter.value = static_cast<double>(requests_.of_class(hundreds));
      requests.metric.push_back(std::move(metric));
    }
    families.push_back(std::move(requests));
    families.push_back(gauge_of("slotwire_connections", "Open client connections", server_.connection_count()));
    families.push_back(counter_of("slotwire_slots_hits_total", "Slots answered without an upstream call", stats.hits));
    families.push_back(counter_of("slotwire_slots_misses_total", "Slots requests that lacked a day", stats.misses));
    families.push_back(counter_of("slotwire_slots_stale_total", "Slots answers with an old copy", stats.stale));
    families.push_back(counter_of("slotwire_windows_failed_total", "Windows given up after their retries", stats.failed));
    families.push_back(counter_of("slotwire_cells_evicted_total", "Day cells dropped for memory", stats.evicted));
    families.push_back(gauge_of("slotwire_cells", "Day cells in memory", stats.cells));
    families.push_back(gauge_of("slotwire_cache_bytes", "Memory of day cells and prepared answers", stats.bytes + stats.prepared_bytes));
    families.push_back(gauge_of("slotwire_windows_in_flight", "Windows on their way", stats.flights));
    families.push_back(gauge_of("slotwire_requests_waiting", "Distinct requests that wait for Calendly", stats.waiting));
    families.push_back(counter_of("slotwire_upstream_calls_total", "Calls to Calendly", counts.calls));
    families.push_back(counter_of("slotwire_upstream_failures_total", "Calls to Calendly that failed", counts.failures));
    families.push_back(gauge_of("slotwire_breaker_open", "1 while Calendly is left alone", counts.is_breaker_open ? 1 : 0));
    return families;
  }

 private:
  const Core& core_;
  const Server& server_;
  const RequestCounts& requests_;
};

}  // namespace

class Metrics::Impl {
 public:
  Impl(const std::string& address, const Core& core, const Server& server, const RequestCounts& requests)
      : numbers(std::make_shared<Numbers>(core, server, requests)), exposer(address, 1) {
    exposer.RegisterCollectable(numbers);
  }
  std::shared_ptr<Numbers> numbers;
  prometheus::Exposer exposer;
};

Metrics::Metrics() = default;
Metrics::~Metrics() = default;

Result<std::unique_ptr<Metrics>> Metrics::start(const std::string& host, int port, const Core& core, const Server& server,
                                                const RequestCounts& requests) {
  std::unique_ptr<Metrics> metrics(new Metrics());
  try {
    metrics->impl_ = std::make_unique<Impl>(host + ":" + std::to_string(port), core, server, requests);
  } catch (const std::exception&) {
    return bad_input("METRICS_PORT", "cannot be listened on; choose another, or 0 for no metrics");
  }
  return metrics;
}

}  // namespace slotwire::proxy
