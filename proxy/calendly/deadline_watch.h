#pragma once
// Ends exchanges that exceed their deadline by shutting down their sockets. httplib's own timeouts restart with every byte, so a
// slow peer could hold a thread for hours.
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>

#include "proxy/time/clock.h"

namespace slotwire::calendly {

class DeadlineWatch {
 public:
  DeadlineWatch();
  ~DeadlineWatch();

  // During its lifetime, `descriptor` is shut down once `deadline` has passed. The caller still owns the descriptor.
  class Watched {
   public:
    Watched(DeadlineWatch& watch, time::Tick deadline) : watch_(watch), deadline_(deadline) {}
    ~Watched() { stop(); }
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;
    // Replaces the watched descriptor: a client that reconnects has a new one.
    void watch(int descriptor);
    void stop();

   private:
    DeadlineWatch& watch_;
    time::Tick deadline_;
    std::uint64_t id_ = 0;  // 0: nothing is watched
  };

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::pair<time::Tick, std::uint64_t>, int> due_;
  std::uint64_t last_id_ = 0;
  bool is_stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace slotwire::calendly
