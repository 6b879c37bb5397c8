#pragma once
// One connection as its loop sees it. Included only by loop*.cpp.
#include <algorithm>
#include <optional>
#include <utility>

#include "proxy/http/chunked_body.h"
#include "proxy/http/loop.h"

namespace slotwire::http {

// Empties a value and frees its memory. Assigning an empty string would keep the buffer and the bytes in it.
template <class Value>
void free_value(Value& kept) {
  const Value gone = std::move(kept);
  kept = Value{};
}

// Bytes to be sent: this connection's own head, and a body that several connections may share.
class Outgoing {
 public:
  // Appends to the queue. A body ends the queue, so the next answer is queued once this one is sent.
  void add(std::string_view head, std::shared_ptr<const std::string> body) {
    head_ += head;
    body_ = std::move(body);
  }
  [[nodiscard]] bool is_empty() const { return sent_ == head_.size() + body_size(); }

  // Sends as much as the socket takes. Returns `some` when everything was sent.
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
  // What the deadline applies to.
  enum class Phase {
    fresh,     // no byte has arrived yet
    idle,      // between requests
    head,      // a part of a head has arrived
    body,      // the head is complete, the body is not
    waiting,   // for a Later or Wait; no deadline here, the callee has its own
    answered,  // about to continue with the bytes that followed the request
    writing,   // the peer reads slower than we write
    draining,  // the last answer is sent; input is discarded until the peer closes
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
  std::optional<ChunkedBody> chunks;  // a chunked body, as far as it has arrived
  bool is_reading_body = false;
  std::size_t most_body_bytes = 0;  // limit for the body being read
  bool holds_large_body = false;    // one of ConnectionCaps::kLargeBodiesAtOnce, until it is answered
  std::uint64_t request_number = 0;
  Wait::Cancel cancel;  // cancels the Wait the connection is parked for; empty: the work continues even if the client leaves
  Clock::time_point request_complete_at;

  Outgoing out;
  bool closes = false;   // after the queued answer
  bool lingers = false;  // the peer may still be sending, and a plain close would reset the connection and lose the answer

  [[nodiscard]] std::string_view unread() const { return std::string_view(in).substr(in_begin); }
  // Called when all input is read: a waiting or idle connection keeps no buffer, however large its last request was, and none of
  // its bytes.
  void free_input() {
    free_value(in);
    in_begin = 0;
  }
};

}  // namespace slotwire::http
