#pragma once
// `slotwire serve`: wires routes, server and metrics together and runs until told to stop.
#include <functional>
#include <string>

#include "proxy/settings/settings.h"

namespace slotwire::app {

class Core;

// Told once, when it answers; `address` is where: http://127.0.0.1:3000
using Announce = std::function<void(Core& core, const std::string& address)>;

// Stops on SIGTERM and SIGINT after running requests have finished. Returns the process's exit code; has said why on
// standard error when it is not 0. The calling thread must have those signals blocked before it starts any other thread.
// Without `announce` a line on standard output says the address.
[[nodiscard]] int serve(const settings::Settings& settings, const Announce& announce = {});

}  // namespace slotwire::app
