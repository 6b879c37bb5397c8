#include "tests/sim/worker_pool.h"

namespace slotwire::sim {

bool WorkerPool::enqueue(std::function<void()> task) {
  std::lock_guard lock(mutex_);
  waiting_.push(std::move(task));
  if (idle_ < waiting_.size()) threads_.emplace_back([this] { work(); });
  changed_.notify_one();
  return true;
}

void WorkerPool::shutdown() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    --idle_;
    if (waiting_.empty()) return;
    std::function<void()> task = std::move(waiting_.front());
    waiting_.pop();
    lock.unlock();
    task();
    lock.lock();
  }
}

}  // namespace slotwire::sim
