#pragma once
// Which part of the account's calls one client may cause, so that a stranger cannot spend the minute of everybody. A share is
// a third of what Calendly allows in a minute, counted in windows (one window is one call), and fills again within a minute.
// No clock. Thread-safe, because those who count by it each have a lock of their own.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "proxy/fetch/retry.h"

namespace slotwire::fetch {

// What a client's windows are counted by. Both empty: nobody in particular, such as the command line, who has no limit.
struct Client {
  std::string near = {};  // its address; of IPv6 the /64, since one client is given all of that
  std::string wide = {};  // of IPv6 the /48: twice a share for all in it. Empty for IPv4
  bool operator==(const Client&) const = default;
};

class Shares {
 public:
  // As Calendly's X-RateLimit-Limit says; 50 until it does.
  void set_limit(int calls_a_minute);

  // True: the window may go, and is counted.
  [[nodiscard]] bool take(const Client& client, Tick now);
  // When the client may send one more. Zero when it may now.
  [[nodiscard]] std::chrono::milliseconds wait_for(const Client& client, Tick now) const;

 private:
  struct Spent {
    double windows = 0;  // at `at`
    Tick at;
  };
  [[nodiscard]] std::chrono::milliseconds wait_of(const Client& client, Tick now) const;
  [[nodiscard]] double share() const;
  [[nodiscard]] double spent(const std::string& name, Tick now, double share) const;
  void forget_the_idle(Tick now);

  mutable std::mutex mutex_;
  int limit_ = 50;
  std::map<std::string, Spent> spent_;
};

}  // namespace slotwire::fetch
