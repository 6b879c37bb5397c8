#pragma once
// Three servers that share an account, a PostgreSQL and a Redis. The third one's connections to both can be cut.
#include <memory>
#include <string>
#include <vector>

#include "tests/conformance/servers.h"
#include "tests/e2e/forwarder.h"
#include "tests/e2e/stack.h"

namespace slotwire::e2e {

struct Installation {
  explicit Installation(servers::PostgresServer& server = servers::shared_postgres());
  [[nodiscard]] std::unique_ptr<Proxy> new_proxy(int i) const;
  [[nodiscard]] Proxy& at(int i) { return *proxies.at(static_cast<std::size_t>(i)); }
  // Waits until all servers report this state of Redis in /readyz; false if the time runs out.
  [[nodiscard]] bool all_are(const std::string& state) const;

  servers::PostgresServer& postgres;
  std::string database;
  servers::RedisServer redis;
  Forwarder to_redis;
  Forwarder to_postgres;
  TemporaryFolder folder;
  Simulator simulator;
  std::vector<std::unique_ptr<Proxy>> proxies;
};

}  // namespace slotwire::e2e
