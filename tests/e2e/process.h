#pragma once
// A program under test: started with its own environment, its output collected, stopped when it goes out of scope.
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace slotwire::e2e {

using Environment = std::map<std::string, std::string>;

// The longest a test waits for something that should happen at once. Long, because the machine may be busy.
inline constexpr std::chrono::seconds kTimeout{20};

// The folder of the programs: SLOTWIRE_PROGRAMS, or the folder of this test program.
[[nodiscard]] std::string program_path(const std::string& name);

class Process {
 public:
  // Inherits no environment variable but PATH and those that shift the clock (tests/sim/shifted_clock.cpp). Throws
  // std::runtime_error if it cannot be started.
  Process(const std::string& program, const std::vector<std::string>& arguments, const Environment& environment);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  // Standard output and error together, as received so far.
  [[nodiscard]] std::string output() const;
  // The first line that contains `text`; nullopt if the program ends or the time runs out before.
  [[nodiscard]] std::optional<std::string> wait_for_line(const std::string& text);
  void signal(int number);
  // The exit status (128 + signal if killed); nullopt if it is still running after `timeout`.
  [[nodiscard]] std::optional<int> wait_for_end(std::chrono::seconds timeout = kTimeout);
  [[nodiscard]] bool is_running();

 private:
  void collect(int from);

  pid_t pid_ = -1;
  std::optional<int> status_;
  mutable std::mutex mutex_;
  std::condition_variable grown_;
  std::string output_;
  bool has_closed_output_ = false;
  std::thread collector_;
};

}  // namespace slotwire::e2e
