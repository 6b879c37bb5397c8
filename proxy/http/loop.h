#pragma once
// One thread's share of the connections: reads, answers, parks and writes without waiting for any peer. A connection stays on one
// loop, so nothing here is locked; other threads send messages to the loop's mailbox.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <unordered_map>

#include "proxy/http/connection_caps.h"
#include "proxy/http/mailbox.h"
#include "proxy/http/repeats.h"
#include "proxy/http/request_reader.h"
#include "proxy/http/server.h"
#include "proxy/http/transport.h"

namespace slotwire::http {

// Shared by all loops of a server, and outlives them.
struct LoopSurroundings {
  const ServerSettings& settings;
  const Handler& handler;
  const TlsIdentity* tls;  // null: plain HTTP
  ConnectionCaps& caps;
  std::atomic<std::uint64_t>& repeat_epoch;
};

class Loop {
 public:
  explicit Loop(LoopSurroundings surroundings);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Returns after a StopBy message, once all connections are closed or its deadline has passed.
  void run();
  [[nodiscard]] Mailbox& mailbox() { return *mailbox_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Connection;

  // How to frame the answer being made; kept apart from the request's own values.
  struct Framing {
    bool is_head = false;
    bool is_http_1_0 = false;
    bool keeps_alive = true;
    std::string repeat_key;  // empty: must not be kept for repeats
    std::uint64_t repeat_epoch = 0;
  };

  void take_mail();
  void take(NewConnection&& arrived);
  void take(FinishedReply&& finished);
  void take(StopBy stop);
  void sweep();

  // Each of these may end the connection. Do not touch the connection after false, or after a void one.
  void on_ready(Connection& connection, std::uint32_t events);
  void advance(Connection& connection);
  bool flush(Connection& connection);
  bool fill(Connection& connection);
  void finish(Connection& connection);
  void discard_input(Connection& connection);
  void drop(Connection& connection);

  // True: an answer was queued or the connection was parked. False: more bytes are needed.
  bool answer_next(Connection& connection);
  bool take_body(Connection& connection);
  [[nodiscard]] std::size_t most_body_bytes_of(std::string_view path) const;
  // Takes a place for a large body if the body is one. False: all places are taken, and the client was answered so.
  bool may_hold(Connection& connection, std::size_t body_bytes);
  bool repeat_answer(Connection& connection, const RequestHead& head, const std::string& key);
  void accept_head(Connection& connection, const RequestHead& head, std::string key);
  void dispatch(Connection& connection);
  void refuse(Connection& connection, int status, std::string_view why);
  [[nodiscard]] Reply broken_reply(const Connection& connection) const;
  void queue_reply(Connection& connection, Reply reply);

  void rest(Connection& connection, std::uint32_t interest);
  void watch(Connection& connection, std::uint32_t interest);
  [[nodiscard]] std::string client_of(const Connection& connection, const RequestHead& head) const;
  [[nodiscard]] std::string fresh_id();
  [[nodiscard]] const std::string& date_line();

  LoopSurroundings around_;
  std::shared_ptr<Mailbox> mailbox_;
  int epoll_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::uint64_t last_connection_ = 0;
  Repeats repeats_;
  std::mt19937_64 random_;
  Clock::time_point now_;
  Clock::time_point next_sweep_;
  Clock::duration sweep_period_;
  bool is_stopping_ = false;
  Clock::time_point stop_deadline_;
  std::string date_line_;
  std::chrono::sys_seconds date_line_at_{};
};

}  // namespace slotwire::http
