#pragma once
// Holds the requests of Later handlers until the test answers them.
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "proxy/http/message.h"
#include "proxy/http/replies.h"

namespace slotwire::tests {

class ParkedRequests {
 public:
  http::Step park() {
    return http::Later([this](std::function<void(http::Reply)> done) {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(done));
    });
  }
  [[nodiscard]] std::size_t count() {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }
  void answer_all(const std::string& text) {
    const std::lock_guard lock(mutex_);
    for (const auto& done : waiting_) done(http::reply_from_text(200, "text/plain", text));
    waiting_.clear();
  }
  void forget_all() {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<std::function<void(http::Reply)>> waiting_;
};

}  // namespace slotwire::tests
