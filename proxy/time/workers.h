#pragma once
// Threads for tasks that block (Calendly, the disk) and for delayed tasks. An interface, because tests run the same tasks by hand
// with a clock of their own.
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "proxy/time/clock.h"

namespace slotwire::time {

class Workers {
 public:
  using Task = std::function<void()>;
  virtual ~Workers() = default;
  // Runs the task on a thread of the pool, not before `wait` has passed. Any thread; never runs it inside the call.
  virtual void post_after(std::chrono::milliseconds wait, Task task) = 0;
  void post(Task task) { post_after(std::chrono::milliseconds(0), std::move(task)); }
};

class WorkerThreads final : public Workers {
 public:
  // `on_exception` is called when a task throws, on the task's thread, so that one failure does not end the program.
  WorkerThreads(int threads, std::function<void(std::string_view what)> on_exception);
  ~WorkerThreads() override;  // stops
  // Waits for running tasks; tasks that have not begun, or are posted later, are dropped. Must not be called from a task.
  void stop();
  void post_after(std::chrono::milliseconds wait, Task task) override;

 private:
  void run();

  std::function<void(std::string_view)> on_exception_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Tick, Task> due_;  // tasks of equal ticks keep their order
  bool is_stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace slotwire::time
