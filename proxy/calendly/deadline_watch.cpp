#include "proxy/calendly/deadline_watch.h"

#include <sys/socket.h>

namespace slotwire::calendly {

DeadlineWatch::DeadlineWatch() : thread_([this] { run(); }) {}

DeadlineWatch::~DeadlineWatch() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void DeadlineWatch::Watched::watch(int descriptor) {
  stop();
  {
    const std::lock_guard lock(watch_.mutex_);
    id_ = ++watch_.last_id_;
    watch_.due_[{deadline_, id_}] = descriptor;
  }
  watch_.changed_.notify_all();
}

void DeadlineWatch::Watched::stop() {
  if (id_ == 0) return;
  const std::lock_guard lock(watch_.mutex_);
  watch_.due_.erase({deadline_, id_});
  id_ = 0;
}

void DeadlineWatch::run() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    if (due_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const time::Tick next = due_.begin()->first.first;
    if (std::chrono::steady_clock::now() < next) {
      changed_.wait_until(lock, next);
      continue;
    }
    // With the lock held, so that the caller cannot close the descriptor meanwhile and its number be reused.
    ::shutdown(due_.begin()->second, SHUT_RDWR);
    due_.erase(due_.begin());
  }
}

}  // namespace slotwire::calendly
