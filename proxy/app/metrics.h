#pragma once
// Prometheus text on a listener of its own, so that numbers need not be public.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "proxy/app/core.h"
#include "proxy/http/server.h"

namespace slotwire::proxy {

// Requests by class of status; written by the server's threads.
class RequestCounts {
 public:
  void note(int status) { by_class_.at(static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1)) += 1; }
  [[nodiscard]] std::uint64_t of_class(std::size_t hundreds) const { return by_class_.at(hundreds - 1).load(); }

 private:
  std::array<std::atomic<std::uint64_t>, 5> by_class_{};
};

class Metrics {
 public:
  // Errors: bad_input naming METRICS_PORT when it cannot be listened on. `core`, `server` and `requests` must outlive it.
  [[nodiscard]] static Result<std::unique_ptr<Metrics>> start(const std::string& host, int port, const Core& core,
                                                              const Server& server, const RequestCounts& requests);
  ~Metrics();

 private:
  Metrics();
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace slotwire::proxy
