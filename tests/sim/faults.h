#pragma once
// Trouble on request: tests post faults, and requests that match meet them.
//
//   {"endpoint": "event_type_available_times",   or "*"
//    "match": "start_time=2026-01-12",           optional: text that must occur in the decoded target
//    "times": 2, "skip": 1,                      optional: how many matching requests meet it, after how many that do not
//    "kind": "error", "status": 503, "body": "html", "retry_after": 2}
//
//   kind               also reads                            what the client sees
//   latency            ms, jitter_ms                         the answer, late
//   error              status, body (json, html, empty_object, none), retry_after, message, after
//   insufficient_scope required_scopes                       403
//   hang               ms (0: until cleared), after          nothing, then a closed connection
//   close              after                                 a closed connection, no byte of an answer
//   cut                                                      the answer's head and half of its body, then a close
//   truncated_json                                           half of the JSON, but a complete HTTP message
//   oversized          bytes                                 a JSON string of that many bytes
//   redirect           location
//   wrong_content_type content_type                          the answer, labelled as something else
//   not_json           text                                  200 with this text
//   slot_taken                                               the time is taken as POST /invitees reads it
//
// `after: true` lets the request take effect first, so that only its answer is lost.
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "tests/sim/answer.h"

namespace slotwire::sim {

enum class FaultKind {
  latency,
  error,
  insufficient_scope,
  hang,
  close,
  cut,
  truncated_json,
  oversized,
  redirect,
  wrong_content_type,
  not_json,
  slot_taken,
};

struct Fault {
  int id = 0;
  FaultKind kind = FaultKind::error;
  std::string endpoint = "*";
  std::string match;
  std::optional<int> times;
  int skip = 0;
  Json settings;  // the document it came as
  int met = 0;
};

// The faults one request meets: every latency, and the first of the others.
struct FaultsMet {
  std::chrono::milliseconds latency{};
  std::optional<Fault> fault;
};

// Safe from any thread.
class Faults {
 public:
  // Returns the fault's id, or a sentence that says what is wrong with the document.
  [[nodiscard]] std::variant<int, std::string> add(const Json& document);
  void clear();
  [[nodiscard]] Json list() const;

  [[nodiscard]] FaultsMet meet(std::string_view endpoint, std::string_view target);
  // Waits that long, or without end for 0; returns early when faults are cleared, the simulator stops or `is_pointless`.
  void wait(std::chrono::milliseconds duration, const std::function<bool()>& is_pointless);
  // For the end of the program: nothing waits any more.
  void stop();

 private:
  mutable std::mutex mutex_;
  std::condition_variable cleared_;
  std::deque<Fault> faults_;
  int last_id_ = 0;
  int clearings_ = 0;
  bool stopping_ = false;
};

}  // namespace slotwire::sim
