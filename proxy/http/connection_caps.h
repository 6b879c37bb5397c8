#pragma once
// Caps open connections, in total and per client, and large bodies, so that one client cannot use them all up. Any thread.
#include <atomic>
#include <cstddef>
#include <map>
#include <mutex>

#include "proxy/net/addresses.h"

namespace slotwire::http {

class ConnectionCaps {
 public:
  ConnectionCaps(std::size_t in_all, std::size_t per_client) : in_all_(in_all), per_client_(per_client) {}

  // False: a cap is reached and nothing was counted. `is_exempt` skips the cap per client.
  [[nodiscard]] bool enter(const net::Address& client, bool is_exempt);
  void leave(const net::Address& client, bool is_exempt);
  [[nodiscard]] std::size_t count() const { return count_; }

  // A refused connection stays open until its refusal is sent; at most this many at once. False: the limit is reached.
  static constexpr std::size_t kRefusalsAtOnce = 64;
  [[nodiscard]] bool enter_refused();
  void leave_refused() { --refused_; }

  // At most this many bodies beyond the usual size at once, in total. False: the limit is reached.
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
