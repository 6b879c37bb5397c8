#pragma once
// The signals that stop `serve` and `demo` in order. All other commands keep the system's default: the signal ends them.
#include <string>

namespace slotwire::app {

// Leaves SIGTERM, SIGINT and SIGHUP (unless it is ignored, as under nohup) to wait_for_stop_signal. Call it before any thread
// starts, so that all threads inherit it.
void block_stop_signals();

// Waits for one of them. Returns its name: "SIGTERM".
[[nodiscard]] std::string wait_for_stop_signal();

}  // namespace slotwire::app
