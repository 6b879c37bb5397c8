#pragma once
// Threads for what blocks (Calendly, the disk) and for what is to happen later. An interface, because tests run the same
// tasks by hand under a clock of their own.
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
  // Runs the task on some thread of the pool, not before `wait` has passed. Any thread; never runs it at once.
  virtual void post_after(std::chrono::milliseconds wait, Task task) = 0;
  void post(Task task) { post_after(std::chrono::milliseconds(0), std::move(task)); }
};

class WorkerThreads final : public Workers {
 public:
  // `on_exception` hears what a task threw, on the task's thread: one bad answer must not end the whole program.
  WorkerThreads(int threads, std::function<void(std::string_view what)> on_exception);
  ~WorkerThreads() override;  // stops
  // Lets running tasks end; those that have not begun, and those posted later, are dropped. Not from a task.
  void stop();
  void post_after(std::chrono::milliseconds wait, Task task) override;

 private:
  void run();

  std::function<void(std::string_view)> on_exception_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Tick, Task> due_;  // equal ticks keep the order they were posted in
  bool is_stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace slotwire::time
