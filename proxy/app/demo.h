#pragma once
// `slotwire demo`: the proxy with a simulated Calendly in one command, to try it without an account.
#include <map>
#include <string>

namespace slotwire::app {

struct DemoAsked {
  // Folder for the secret, the database and the simulator's log; created if missing. Empty: a temporary folder, deleted at the
  // end.
  std::string folder;
  int simulator_port = 0;  // 0: any free one
};

// Serves until SIGTERM or SIGINT, and then stops the simulator too. `flags`: settings by name, from the command line. No others
// are read, so that the environment and settings file of a real slotwire do not affect the demo. Without PORT it uses 3000, or
// any free port if 3000 is taken. Returns the process's exit code, and reports why it is not 0. Call it on the main thread, with
// the stop signals blocked and before any other thread starts.
[[nodiscard]] int demo(const std::map<std::string, std::string>& flags, const DemoAsked& asked);

}  // namespace slotwire::app
