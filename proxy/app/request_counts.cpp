#include <algorithm>

#include "proxy/app/metrics.h"

namespace slotwire::app {

RequestCounts::Route RequestCounts::route_of(std::string_view path) {
  if (path.starts_with("/api/app/calendly/slots/")) return Route::slots;
  if (path == "/api/app/calendly/changes") return Route::changes;  // counted separately, since most of its time is waiting
  if (path == connection::kWebhookPath) return Route::deliveries;
  if (path == "/api/app/calendly/event-types") return Route::event_types;
  if (path == "/api/app/calendly/scheduling-links") return Route::scheduling_links;
  if (path == "/api/app/calendly/bookings") return Route::bookings;
  if (path.starts_with("/api/app/calendly/booking-form/")) return Route::booking_form;
  if (path.starts_with("/api/web/")) return Route::admin;
  if (path == "/calendly/v2" || path.starts_with("/calendly/v2/")) return Route::calendly_api;
  if (path == "/healthz" || path == "/readyz") return Route::health;
  return Route::files;
}

void RequestCounts::note(const http::Answered& answered) {
  PerRoute& route = routes_.at(static_cast<std::size_t>(route_of(answered.path)));
  ++route.statuses.at(static_cast<std::size_t>(std::clamp(answered.status, kLeastStatus, kMostStatus) - kLeastStatus));
  const auto* const bound = std::lower_bound(kBounds.begin(), kBounds.end(), answered.took);
  ++route.buckets.at(static_cast<std::size_t>(bound - kBounds.begin()));
  route.sum_us += answered.took.count();
}

std::uint64_t RequestCounts::of(Route route, int status) const {
  return routes_.at(static_cast<std::size_t>(route)).statuses.at(static_cast<std::size_t>(status - kLeastStatus)).load();
}

RequestCounts::Durations RequestCounts::durations_of(Route route) const {
  const PerRoute& counted = routes_.at(static_cast<std::size_t>(route));
  Durations durations;
  for (std::size_t i = 0; i < counted.buckets.size(); ++i) durations.at_most.at(i) = counted.buckets.at(i).load();
  durations.sum = std::chrono::microseconds(counted.sum_us.load());
  return durations;
}

}  // namespace slotwire::app
