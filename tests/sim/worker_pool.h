#pragma once
// An unlimited thread pool for httplib: a request that hangs on purpose must not delay the next one.
#include <condition_variable>
#include <functional>
#include <httplib.h>
#include <list>
#include <mutex>
#include <queue>
#include <thread>

namespace slotwire::sim {

// Starts a thread whenever a connection finds none idle, and keeps it for later connections.
class WorkerPool : public httplib::TaskQueue {
 public:
  bool enqueue(std::function<void()> task) override;
  // Waits for all tasks; the caller makes sure that they end.
  void shutdown() override;

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::queue<std::function<void()>> waiting_;
  std::list<std::thread> threads_;
  std::size_t idle_ = 0;
  bool stopping_ = false;
};

}  // namespace slotwire::sim
