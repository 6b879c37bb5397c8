#pragma once
// The simulator's HTTP server: API, booking pages and control doors on one address of this machine.
#include <memory>
#include <string>

#include "tests/sim/world.h"

namespace slotwire::sim {

class Server {
 public:
  explicit Server(World& world);
  ~Server();

  // Returns the port, or 0 when the address cannot be had. Port 0 asks for any free one.
  [[nodiscard]] int listen_on(const std::string& host, int port);
  // Answers until `stop`.
  void run();
  // From any thread; ends hanging requests too.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace slotwire::sim
