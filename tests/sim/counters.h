#pragma once
// Records the simulator's requests: calls for each endpoint, concurrency, windows, and the last requests in full.
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/sim/answer.h"

namespace slotwire::sim {

struct SeenRequest {
  std::string endpoint;
  std::string method;
  std::string target;  // as received
  std::string body;
  int status = 0;  // 0: not answered
  std::string content_type = {};
};

// Thread-safe.
class Counters {
 public:
  void begin(const std::string& endpoint);
  void end(SeenRequest request);
  void note_window(const std::string& event_type, const std::string& start_time, const std::string& end_time);
  // Resets the counts; requests under way stay in flight.
  void reset();
  [[nodiscard]] Json json() const;
  [[nodiscard]] Json requests() const;

 private:
  struct Count {
    int calls = 0;
    int in_flight = 0;
    int max_in_flight = 0;
    std::map<int, int> statuses;
  };
  struct Window {
    std::string event_type;
    std::string start_time;
    std::string end_time;
  };

  mutable std::mutex mutex_;
  std::map<std::string, Count> counts_;
  std::vector<Window> windows_;
  std::deque<SeenRequest> requests_;
};

}  // namespace slotwire::sim
