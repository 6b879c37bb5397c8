#include "tests/sim/counters.h"

#include <algorithm>

namespace slotwire::sim {
namespace {
constexpr std::size_t kRequestsKept = 1000;
constexpr std::size_t kWindowsKept = 10000;
}  // namespace

void Counters::begin(const std::string& endpoint) {
  std::lock_guard lock(mutex_);
  Count& count = counts_[endpoint];
  ++count.calls;
  ++count.in_flight;
  count.max_in_flight = std::max(count.max_in_flight, count.in_flight);
}

void Counters::end(SeenRequest request) {
  std::lock_guard lock(mutex_);
  Count& count = counts_[request.endpoint];
  --count.in_flight;
  ++count.statuses[request.status];
  requests_.push_back(std::move(request));
  if (requests_.size() > kRequestsKept) requests_.pop_front();
}

void Counters::note_window(const std::string& event_type, const std::string& start_time, const std::string& end_time) {
  std::lock_guard lock(mutex_);
  if (windows_.size() < kWindowsKept) windows_.push_back({event_type, start_time, end_time});
}

void Counters::reset() {
  std::lock_guard lock(mutex_);
  for (auto& [endpoint, count] : counts_) {
    count = Count{.calls = 0, .in_flight = count.in_flight, .max_in_flight = count.in_flight, .statuses = {}};
  }
  windows_.clear();
  requests_.clear();
}

Json Counters::json() const {
  std::lock_guard lock(mutex_);
  Json endpoints = Json::object();
  int total = 0;
  for (const auto& [endpoint, count] : counts_) {
    Json statuses = Json::object();
    for (const auto& [status, times] : count.statuses) statuses[std::to_string(status)] = times;
    endpoints[endpoint] = {
        {"calls", count.calls}, {"in_flight", count.in_flight}, {"max_in_flight", count.max_in_flight}, {"statuses", statuses}};
    total += count.calls;
  }
  Json windows = Json::array();
  for (const Window& window : windows_) {
    windows.push_back({{"event_type", window.event_type}, {"start_time", window.start_time}, {"end_time", window.end_time}});
  }
  return {{"total", total}, {"endpoints", endpoints}, {"windows", windows}};
}

Json Counters::requests() const {
  std::lock_guard lock(mutex_);
  Json all = Json::array();
  for (const SeenRequest& request : requests_) {
    all.push_back({{"endpoint", request.endpoint},
                   {"method", request.method},
                   {"target", request.target},
                   {"body", request.body},
                   {"content_type", request.content_type},
                   {"status", request.status}});
  }
  return all;
}

}  // namespace slotwire::sim
