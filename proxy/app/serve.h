#pragma once
// `slotwire serve`: connects routes, server and metrics, and runs until it is told to stop.
#include <functional>
#include <string>

#include "proxy/settings/settings.h"

namespace slotwire::app {

class Core;

// Called once, when the server is ready; `address` is its own: http://127.0.0.1:3000
using Announce = std::function<void(Core& core, const std::string& address)>;

// Stops on SIGTERM and SIGINT, after running requests have finished. Returns the process's exit code, and reports on standard
// error why it is not 0. The calling thread must block those signals before it starts any other thread. Without `announce` it
// prints the address on standard output.
[[nodiscard]] int serve(const settings::Settings& settings, const Announce& announce = {});

}  // namespace slotwire::app
