#include "proxy/time/workers.h"

#include <exception>
#include <utility>

namespace slotwire::time {

WorkerThreads::WorkerThreads(int threads, std::function<void(std::string_view)> on_exception)
    : on_exception_(std::move(on_exception)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

WorkerThreads::~WorkerThreads() { stop(); }

void WorkerThreads::stop() {
  std::multimap<Tick, Task> dropped;
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    dropped.swap(due_);
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void WorkerThreads::post_after(std::chrono::milliseconds wait, Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) return;
    due_.emplace(std::chrono::steady_clock::now() + wait, std::move(task));
  }
  changed_.notify_one();
}

void WorkerThreads::run() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    if (due_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const Tick next = due_.begin()->first;
    if (next > std::chrono::steady_clock::now()) {
      changed_.wait_until(lock, next);
      continue;
    }
    Task task = std::move(due_.begin()->second);
    due_.erase(due_.begin());
    lock.unlock();
    try {
      task();
    } catch (const std::exception& thrown) {
      on_exception_(thrown.what());
    }
    task = nullptr;  // destroys what it holds before the lock is taken again
    lock.lock();
  }
}

}  // namespace slotwire::time
