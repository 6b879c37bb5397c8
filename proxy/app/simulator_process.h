#pragma once
// The Calendly simulator as a child of this program, for the demo. It ends with this program, however that ends.
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

// calendly-sim beside this program, or where a package has it, ../libexec/slotwire/. Errors: not_found naming both.
[[nodiscard]] Result<std::filesystem::path> find_simulator(const std::filesystem::path& program);

class SimulatorProcess {
 public:
  struct Wish {
    std::filesystem::path program;
    int port = 0;  // 0: any free one
    std::string token;
    std::filesystem::path log;  // what it says on standard error, anew with each start
  };
  // Returns when it answers. To be called by the main thread before there are others, with the stop signals blocked: the child
  // inherits that, and takes them by waiting for them. `on_early_end` is called by a thread when it ends without having been told
  // to. Errors: internal with what it said last.
  [[nodiscard]] static Result<std::unique_ptr<SimulatorProcess>> start(const Wish& wish, std::function<void()> on_early_end);
  // Ends it.
  ~SimulatorProcess();
  SimulatorProcess(const SimulatorProcess&) = delete;
  SimulatorProcess& operator=(const SimulatorProcess&) = delete;

  [[nodiscard]] const std::string& address() const { return address_; }  // http://127.0.0.1:4010

 private:
  SimulatorProcess(pid_t pid, int output) : pid_(pid), output_(output) {}
  // The address that it prints; empty when it ended before that.
  [[nodiscard]] std::string read_address() const;

  void bury(const std::function<void()>& on_early_end);

  const pid_t pid_;
  const int output_;  // read until its address; open until the end, or printing would kill it
  std::string address_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_wanted_ = true;
  bool has_ended_ = false;
  std::thread burier_;
};

}  // namespace slotwire::app
