#pragma once
// Runs the Calendly simulator as a child process, for the demo. The child ends with this program, even if that is killed.
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>

#include "shared/result.h"

namespace slotwire::app {

// Finds calendly-sim beside this program, or in ../libexec/slotwire/, where packages put it. Errors: not_found naming both.
[[nodiscard]] Result<std::filesystem::path> find_simulator(const std::filesystem::path& program);

class SimulatorProcess {
 public:
  struct Wish {
    std::filesystem::path program;
    int port = 0;  // 0: any free one
    std::string token;
    std::filesystem::path log;  // its standard error, overwritten at each start
  };
  // Returns when the simulator answers. Call it on the main thread before any other thread exists, with the stop signals blocked:
  // the child inherits that, and receives them by sigwait. `on_early_end` is called on another thread if the simulator ends by
  // itself. Errors: internal with its last output.
  [[nodiscard]] static Result<std::unique_ptr<SimulatorProcess>> start(const Wish& wish, std::function<void()> on_early_end);
  // Stops the simulator.
  ~SimulatorProcess();
  SimulatorProcess(const SimulatorProcess&) = delete;
  SimulatorProcess& operator=(const SimulatorProcess&) = delete;

  [[nodiscard]] const std::string& address() const { return address_; }  // http://127.0.0.1:4010

 private:
  SimulatorProcess(pid_t pid, int output) : pid_(pid), output_(output) {}
  // Reads the address that the simulator prints; empty when it ended before.
  [[nodiscard]] std::string read_address() const;

  void reap(const std::function<void()>& on_early_end);

  const pid_t pid_;
  const int output_;  // read until the address came; stays open, or the simulator's next output would kill it
  std::string address_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_wanted_ = true;
  bool has_ended_ = false;
  std::thread reaper_;
};

}  // namespace slotwire::app
