#pragma once
// Threads for httplib that never run out: a request that hangs on purpose must not keep the next one waiting.
#include <condition_variable>
#include <functional>
#include <httplib.h>
#include <list>
#include <mutex>
#include <queue>
#include <thread>

namespace slotwire::sim {

// Starts a thread whenever a connection finds none idle, and keeps it for later ones.
class WorkerPool : public httplib::TaskQueue {
 public:
  bool enqueue(std::function<void()> task) override;
  // Waits for all tasks; whoever calls it has made sure that they end.
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
