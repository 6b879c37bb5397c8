#include "tests/e2e/installation.h"

#include <algorithm>
#include <stdexcept>

namespace slotwire::e2e {

Installation::Installation(servers::PostgresServer& server)
    : postgres(server), database(postgres.new_database()), to_redis(redis.port()), to_postgres(postgres.port()) {
  for (int i = 0; i < 3; ++i) proxies.push_back(new_proxy(i));
  const Reply reply = proxies[0]->connect(kToken);
  if (reply.status != 200) throw std::runtime_error("connecting failed: " + reply.body);
  const bool all_know = eventually(
      [&] { return std::ranges::all_of(proxies, [](const auto& proxy) { return proxy->status().value("connected", false); }); });
  if (!all_know) throw std::runtime_error("not all servers took up the connection");
  simulator.reset_counters();
}

std::unique_ptr<Proxy> Installation::new_proxy(int i) const {
  const bool is_through = i == 2;
  return std::make_unique<Proxy>(
      folder.path(), simulator.address(),
      Environment{
          {"CALENDLY_DATABASE_URL", is_through ? servers::PostgresServer::through(database, to_postgres.port()) : database},
          {"CALENDLY_REDIS_URL", is_through ? "redis://127.0.0.1:" + std::to_string(to_redis.port()) : redis.url()},
          {"CALENDLY_ALLOWED_ORIGINS", "https://site.example"}});
}

bool Installation::all_are(const std::string& state) const {
  return eventually([&] {
    return std::ranges::all_of(
        proxies, [&](const auto& proxy) { return proxy->http().get("/readyz").data().value("cluster", "") == state; });
  });
}

}  // namespace slotwire::e2e
