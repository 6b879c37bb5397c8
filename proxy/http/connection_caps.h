#pragma once
// Counts what nobody may take all of: open connections, in all and for each client, and large bodies. Any thread.
#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>

#include "proxy/net/addresses.h"

namespace slotwire::http {

class ConnectionCaps {
 public:
  ConnectionCaps(std::size_t in_all, std::size_t per_client) : in_all_(in_all), per_client_(per_client) {}

  // False: one of the caps is reached and nothing was counted. `is_exempt` skips the cap per client.
  [[nodiscard]] bool enter(const net::Address& client, bool is_exempt);
  void leave(const net::Address& client, bool is_exempt);
  [[nodiscard]] std::size_t count() const { return count_; }

  // Whoever is over a cap holds a connection too until they have been told so: at most so many at once. False: there are as many.
  static constexpr std::size_t kRefusalsAtOnce = 64;
  [[nodiscard]] bool enter_refused();
  void leave_refused() { --refused_; }

  // Bodies beyond the usual size are few, whoever sends them. False: there are as many.
  static constexpr std::size_t kLargeBodiesAtOnce = 16;
  [[nodiscard]] bool enter_large_body();
  void leave_large_body() { --large_bodies_; }

 private:
  [[nodiscard]] static bool enter(std::atomic<std::size_t>& count, std::size_t most);

  const std::size_t in_all_;
  const std::size_t per_client_;
  std::atomic<std::size_t> count_{0};
  std::atomic<std::size_t> refused_{0};
  std::atomic<std::size_t> large_bodies_{0};
  std::mutex mutex_;
  std::map<std::array<std::uint8_t, 16>, std::size_t> by_client_;
};

}  // namespace slotwire::http
