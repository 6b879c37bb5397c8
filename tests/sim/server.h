#pragma once
// The simulator's HTTP server: API, booking pages and control calls at one local address.
#include <memory>
#include <string>

#include "tests/sim/world.h"

namespace slotwire::sim {

class Server {
 public:
  explicit Server(World& world);
  ~Server();

  // Returns the port, or 0 if the address is not available. Port 0 means any free one.
  [[nodiscard]] int listen_on(const std::string& host, int port);
  // Serves requests until `stop`.
  void run();
  // May be called from any thread; ends hanging requests too.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace slotwire::sim
