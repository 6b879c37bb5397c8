#pragma once
// What the simulator was asked: calls for each endpoint, how many at once, which windows, and the last requests in full.
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
  std::string target;  // as it came over the wire
  std::string body;
  int status = 0;  // 0: no answer was given
  std::string content_type = {};
};

// Safe from any thread.
class Counters {
 public:
  void begin(const std::string& endpoint);
  void end(SeenRequest request);
  void note_window(const std::string& event_type, const std::string& start_time, const std::string& end_time);
  // Counts start again; requests under way stay in flight.
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
