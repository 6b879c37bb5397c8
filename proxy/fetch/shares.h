#pragma once
// Limits the part of the account's calls that one client may cause, so that a stranger cannot use up everybody's minute. A share
// is a third of the calls that Calendly allows in a minute, counted in windows (one window is one call), and refills within a
// minute. No clock. Thread-safe, because its users each have a lock of their own.
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

// The names under which a client's windows are counted. Both empty: no particular client, such as the command line; no limit.
struct Client {
  std::string near = {};  // the address; for IPv6 the /64, since one client usually owns all of it
  std::string wide = {};  // for IPv6 the /48, which has two shares in total; empty for IPv4
  bool operator==(const Client&) const = default;
};

class Shares {
 public:
  // From Calendly's X-RateLimit-Limit; 50 until it is known.
  void set_limit(int calls_a_minute);

  // True: the window may be sent, and is counted.
  [[nodiscard]] bool take(const Client& client, Tick now);
  // Time until the client may send another window; zero when it may now.
  [[nodiscard]] std::chrono::milliseconds wait_for(const Client& client, Tick now) const;

 private:
  struct Spent {
    double windows = 0;  // at `at`
    Tick at;
  };
  [[nodiscard]] std::chrono::milliseconds wait_of(const Client& client, Tick now) const;
  [[nodiscard]] double share() const;
  [[nodiscard]] double spent(const std::string& name, Tick now, double share) const;
  void forget_idle(Tick now);

  mutable std::mutex mutex_;
  int limit_ = 50;
  std::map<std::string, Spent> spent_;
};

}  // namespace slotwire::fetch
