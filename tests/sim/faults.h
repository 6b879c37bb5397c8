#pragma once
// Faults that tests post; they apply to matching requests.
//
//   {"endpoint": "event_type_available_times",   or "*"
//    "match": "start_time=2026-01-12",           optional: text that must occur in the decoded target
//    "times": 2, "skip": 1,                      optional: number of matching requests that fail, after this many that do not
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
//   drip               ms, piece                             the answer, in pieces of so many bytes with pauses of so many ms
//   oversized          bytes                                 a JSON string of that many bytes
//   redirect           location
//   odd_headers        headers                               the answer, with these header fields replacing its own
//   wrong_content_type content_type                          the answer, labelled as something else
//   not_json           text                                  200 with this text
//   slot_taken                                               the time is taken at the moment POST /invitees reads it
//
// `after: true` executes the request first, so that only its answer is lost.
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
  drip,
  oversized,
  redirect,
  odd_headers,
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
  Json settings;  // the posted document
  int met = 0;
};

// The faults that apply to one request: all latencies, and the first of the others.
struct FaultsMet {
  std::chrono::milliseconds latency{};
  std::optional<Fault> fault;
};

// Thread-safe.
class Faults {
 public:
  // Returns the fault's id, or a sentence with the problem of the document.
  [[nodiscard]] std::variant<int, std::string> add(const Json& document);
  void clear();
  [[nodiscard]] Json list() const;

  [[nodiscard]] FaultsMet meet(std::string_view endpoint, std::string_view target);
  // Waits for `duration` (0: without limit); returns early if faults are cleared, the simulator stops or `is_pointless` is true.
  void wait(std::chrono::milliseconds duration, const std::function<bool()>& is_pointless);
  // At the end of the program: ends all waits.
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
