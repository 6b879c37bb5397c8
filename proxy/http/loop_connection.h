#pragma once
// One connection as its loop knows it. Only loop*.cpp include this.
#include <algorithm>
#include <optional>
#include <utility>

#include "proxy/http/chunked_body.h"
#include "proxy/http/loop.h"

namespace slotwire::http {

// Empties a value and frees what it held. An empty string assigned to a long one leaves it its memory, and what stands in there.
template <class Value>
void let_go(Value& kept) {
  const Value gone = std::move(kept);
  kept = Value{};
}

// Bytes on their way out: a head of this connection's own and a body that many connections may share.
class Outgoing {
 public:
  // After what is queued already; a body ends the queue, so the next answer is queued when this one is out.
  void add(std::string_view head, std::shared_ptr<const std::string> body) {
    head_ += head;
    body_ = std::move(body);
  }
  [[nodiscard]] bool is_empty() const { return sent_ == head_.size() + body_size(); }

  // Sends as much as goes; ends in `some` when everything went.
  [[nodiscard]] Moved flush(Transport& transport) {
    while (!is_empty()) {
      const std::string_view body = body_ ? std::string_view(*body_) : std::string_view();
      const std::size_t from_body = sent_ > head_.size() ? sent_ - head_.size() : 0;
      const Moved moved = transport.send(std::string_view(head_).substr(std::min(sent_, head_.size())), body.substr(from_body));
      if (moved.kind != Moved::Kind::some) return moved;
      sent_ += moved.bytes;
    }
    head_.clear();
    body_.reset();
    sent_ = 0;
    return {Moved::Kind::some, 0};
  }

 private:
  [[nodiscard]] std::size_t body_size() const { return body_ ? body_->size() : 0; }

  std::string head_;
  std::shared_ptr<const std::string> body_;
  std::size_t sent_ = 0;
};

struct Loop::Connection {
  // What the deadline is for.
  enum class Phase {
    fresh,     // nothing came yet
    idle,      // between requests
    head,      // part of a head came
    body,      // the head is complete, the body is not
    waiting,   // for a Later or Wait; no deadline, its callee has one
    answered,  // about to go on with what came behind the request
    writing,   // the peer reads slower than we write
    draining,  // the last answer is out; what still comes is thrown away until the peer closes
  };

  std::uint64_t id = 0;
  std::unique_ptr<Transport> transport;
  net::Address peer;
  std::string peer_text;
  bool is_trusted_proxy = false;
  bool is_counted = true;

  Phase phase = Phase::fresh;
  Clock::time_point deadline;
  std::uint32_t interest = 0;

  std::string in;
  std::size_t in_begin = 0;  // where the next request begins
  HeadReader reader;

  // The request being read, waited for or answered.
  Request request;
  Framing framing;
  std::size_t body_bytes = 0;
  std::optional<ChunkedBody> chunks;  // a body in chunks, as far as it came
  bool is_reading_body = false;
  std::size_t most_body_bytes = 0;  // while it is read
  bool holds_large_body = false;    // one of ConnectionCaps::kLargeBodiesAtOnce, until it is answered
  std::uint64_t request_number = 0;
  Wait::CallOff call_off;  // of the Wait it is parked for; empty: whoever is gone, what was begun goes on
  Clock::time_point request_complete_at;

  Outgoing out;
  bool closes = false;   // after what is queued
  bool lingers = false;  // the peer may be sending still: a plain close would reset the answer away

  [[nodiscard]] std::string_view unread() const { return std::string_view(in).substr(in_begin); }
  // Once all that came is read: a connection that waits or is idle keeps no buffer, however large its last request was, nor what
  // stood in it.
  void let_input_go() {
    let_go(in);
    in_begin = 0;
  }
};

}  // namespace slotwire::http
