#pragma once
// `slotwire demo`: the proxy with a simulated Calendly in one command, for whoever wants to see it without an account.
#include <map>
#include <string>

namespace slotwire::app {

struct DemoAsked {
  // Keeps secret, database and the simulator's log; made where it is not there. Empty: a temporary folder that goes at the end.
  std::string folder;
  int simulator_port = 0;  // 0: any free one
};

// Serves until SIGTERM or SIGINT, and ends the simulator too. `flags` are settings by their names, as the command line gave them;
// nothing else is read, so that a real slotwire's environment and settings file are not the demo's. Without PORT it takes 3000,
// or any free port where a server has that. Returns the process's exit code; has said why when it is not 0. The calling thread
// must be the main one, with the stop signals blocked and no other thread started.
[[nodiscard]] int demo(const std::map<std::string, std::string>& flags, const DemoAsked& asked);

}  // namespace slotwire::app
