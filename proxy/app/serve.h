#pragma once
// `slotwire serve`: wires routes, server and metrics together and runs until told to stop.
#include "proxy/settings/settings.h"

namespace slotwire::app {

// Stops on SIGTERM and SIGINT after running requests have finished. Returns the process's exit code; has said why on
// standard error when it is not 0. The calling thread must have those signals blocked before it starts any other thread.
[[nodiscard]] int serve(const settings::Settings& settings);

}  // namespace slotwire::app
