#pragma once
// The signals that stop `serve` and `demo` in order. All other commands keep the system's default: the signal ends them.

namespace slotwire::app {

// Leaves SIGTERM and SIGINT to wait_for_stop_signal. Call it before any thread starts, so that all threads inherit it.
void block_stop_signals();

// Waits for one of them. Returns its number.
[[nodiscard]] int wait_for_stop_signal();

}  // namespace slotwire::app
