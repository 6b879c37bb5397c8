#pragma once
// Ends exchanges that outlive their deadline, by shutting their sockets down: httplib's own timeouts start anew with every
// byte, so a peer that dribbles could hold a thread for hours.
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

  // While this lives, `descriptor` is shut down once `deadline` has passed. The descriptor stays the caller's.
  class Watched {
   public:
    Watched(DeadlineWatch& watch, time::Tick deadline) : watch_(watch), deadline_(deadline) {}
    ~Watched() { stop(); }
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;
    // Replaces the descriptor watched so far: a client that connects anew has another.
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
