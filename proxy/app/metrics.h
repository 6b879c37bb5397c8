#pragma once
// Prometheus metrics on a port of their own, so that they need not be public. No label contains anything about a visitor.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "proxy/app/core.h"
#include "proxy/http/server.h"

namespace slotwire::app {

// Counts requests by route and status, with durations. Written by the server's threads, read by the scraper.
class RequestCounts {
 public:
  // The path's route. Never the path itself, which visitors choose, so that the number of series would grow.
  enum class Route {
    slots,
    changes,
    deliveries,
    event_types,
    scheduling_links,
    bookings,
    booking_form,
    admin,
    calendly_api,
    health,
    files,
  };
  static constexpr std::array<std::string_view, 11> kRouteNames = {
      "slots", "changes",      "webhooks", "event-types", "scheduling-links", "bookings", "booking-form",
      "admin", "calendly-api", "health",   "files"};
  [[nodiscard]] static Route route_of(std::string_view path);

  static constexpr std::array kBounds = {std::chrono::microseconds(500),       std::chrono::microseconds(1'000),
                                         std::chrono::microseconds(5'000),     std::chrono::microseconds(25'000),
                                         std::chrono::microseconds(100'000),   std::chrono::microseconds(500'000),
                                         std::chrono::microseconds(2'000'000), std::chrono::microseconds(10'000'000)};
  struct Durations {
    std::array<std::uint64_t, kBounds.size() + 1> at_most{};  // per bucket, not cumulative; the last: longer than all bounds
    std::chrono::microseconds sum{};
  };

  void note(const http::Answered& answered);
  [[nodiscard]] std::uint64_t of(Route route, int status) const;
  [[nodiscard]] Durations durations_of(Route route) const;

  static constexpr int kLeastStatus = 100;
  static constexpr int kMostStatus = 599;

 private:
  struct PerRoute {
    std::array<std::atomic<std::uint64_t>, kMostStatus - kLeastStatus + 1> statuses{};
    std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> buckets{};
    std::atomic<std::int64_t> sum_us{0};
  };
  std::array<PerRoute, kRouteNames.size()> routes_{};
};

class Metrics {
 public:
  // Errors: bad_input naming METRICS_PORT when the port cannot be used. `core`, `server` and `requests` must outlive this.
  [[nodiscard]] static Result<std::unique_ptr<Metrics>> start(const std::string& host, int port, const Core& core,
                                                              const http::Server& server, const RequestCounts& requests);
  ~Metrics();

 private:
  Metrics();
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace slotwire::app
