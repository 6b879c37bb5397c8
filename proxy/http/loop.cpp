#include "proxy/http/loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <openssl/crypto.h>
#include <sys/epoll.h>
#include <system_error>
#include <unistd.h>
#include <vector>

#include "proxy/http/loop_connection.h"

namespace slotwire::http {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMailboxId = 0;
constexpr std::size_t kReadSize = 16 * 1024;  // also the largest TLS record
// After this many reads other connections get their turn: one read may hold 400 pipelined requests. One also avoids a second read
// that would find nothing.
constexpr int kReadsInARow = 1;
constexpr auto kLinger = 2s;

// Interval between checks of the deadlines, short enough that none is late by more than a quarter.
std::chrono::milliseconds sweep_period_for(const ServerSettings& settings) {
  const auto shortest =
      std::min({settings.header_deadline, settings.body_deadline, settings.idle_timeout, settings.write_deadline});
  return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(500));
}

}  // namespace

Loop::Loop(LoopSurroundings surroundings)
    : around_(surroundings),
      mailbox_(std::make_shared<Mailbox>()),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      random_((static_cast<std::uint64_t>(std::random_device{}()) << 32) | std::random_device{}()),
      now_(Clock::now()),
      next_sweep_(now_),
      sweep_period_(sweep_period_for(surroundings.settings)) {
  if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kMailboxId;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, mailbox_->event(), &event) != 0)
    throw std::system_error(errno, std::generic_category(), "epoll");
}

Loop::~Loop() {
  while (!connections_.empty()) drop(*connections_.begin()->second);
  ::close(epoll_);
}

void Loop::run() {
  std::array<epoll_event, 64> events;
  while (!is_stopping_ || (!connections_.empty() && now_ < stop_deadline_)) {
    const auto period = std::chrono::duration_cast<std::chrono::milliseconds>(sweep_period_).count();
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                   connections_.empty() ? -1 : static_cast<int>(period));
    now_ = Clock::now();
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      // By id, not by pointer: an earlier event of this round may have ended the connection.
      if (const auto found = connections_.find(event.data.u64); found != connections_.end())
        on_ready(*found->second, event.events);
    }
    take_mail();
    if (now_ >= next_sweep_) sweep();
  }
}

void Loop::take_mail() {
  for (Mail& mail : mailbox_->take_all()) {
    std::visit([this](auto& letter) { take(std::move(letter)); }, mail);
  }
}

void Loop::take(NewConnection&& arrived) {
  auto made = std::make_unique<Connection>();
  Connection& connection = *made;
  connection.id = ++last_connection_;
  connection.transport = around_.tls != nullptr ? around_.tls->greet(arrived.socket) : plain_transport(arrived.socket);
  connection.peer = arrived.peer;
  connection.peer_text = net::text_from_address(arrived.peer);
  connection.is_trusted_proxy = arrived.is_trusted_proxy;
  connection.is_counted = !arrived.is_over_cap;
  connection.deadline = now_ + (arrived.is_over_cap ? kLinger : around_.settings.header_deadline);
  connections_.emplace(connection.id, std::move(made));
  if (!connection.transport) return drop(connection);

  epoll_event event{};
  event.events = connection.interest = EPOLLIN;
  event.data.u64 = connection.id;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.transport->socket(), &event) != 0) return drop(connection);
  if (arrived.is_over_cap) refuse(connection, 503, "There are too many connections. Try again in a few seconds.");
  advance(connection);
}

void Loop::take(FinishedReply&& finished) {
  // The client may have left, or `done` may have been called twice.
  const auto found = connections_.find(finished.connection);
  if (found == connections_.end()) return;
  Connection& connection = *found->second;
  if (connection.phase != Connection::Phase::waiting || connection.request_number != finished.request) return;
  connection.cancel = nullptr;
  queue_reply(connection, finished.reply ? std::move(*finished.reply) : broken_reply(connection));
  advance(connection);
}

void Loop::take(StopBy stop) {
  is_stopping_ = true;
  stop_deadline_ = stop.deadline;
  std::vector<std::uint64_t> resting;
  for (const auto& [id, connection] : connections_) {
    const auto phase = connection->phase;
    if (phase == Connection::Phase::fresh || phase == Connection::Phase::idle || phase == Connection::Phase::draining)
      resting.push_back(id);
  }
  for (const std::uint64_t id : resting) {
    Connection& connection = *connections_.at(id);
    // A request sent before we announced the close may be in the socket already; advance() reads once more.
    if (connection.phase == Connection::Phase::draining) {
      drop(connection);
    } else {
      advance(connection);
    }
  }
}

void Loop::sweep() {
  next_sweep_ = now_ + sweep_period_;
  std::vector<std::uint64_t> late;
  for (const auto& [id, connection] : connections_) {
    if (connection->deadline <= now_) late.push_back(id);
  }
  for (const std::uint64_t id : late) {
    Connection& connection = *connections_.at(id);
    if (connection.phase == Connection::Phase::head || connection.phase == Connection::Phase::body) {
      refuse(connection, 408, "The request did not arrive in time.");
      advance(connection);
    } else {
      drop(connection);
    }
  }
}

void Loop::on_ready(Connection& connection, std::uint32_t events) {
  switch (connection.phase) {
    case Connection::Phase::waiting:
      // The peer reset or closed both directions or, for a Wait, ended its sending: there is no client to answer.
      if ((events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0) drop(connection);
      return;
    case Connection::Phase::draining:
      return discard_input(connection);
    default:
      return advance(connection);
  }
}

void Loop::advance(Connection& connection) {
  for (int reads = 0;;) {
    if (!flush(connection)) return;
    if (connection.phase == Connection::Phase::waiting)
      return watch(connection, connection.cancel ? std::uint32_t{EPOLLRDHUP} : 0U);
    if (connection.closes) return finish(connection);
    if (answer_next(connection)) continue;
    // epoll does not announce bytes that TLS has decoded already.
    if (reads >= kReadsInARow && !connection.transport->has_buffered()) return rest(connection, EPOLLIN);
    ++reads;
    if (!fill(connection)) return;
  }
}

bool Loop::flush(Connection& connection) {
  if (connection.out.is_empty()) return true;
  const Moved moved = connection.out.flush(*connection.transport);
  if (moved.kind == Moved::Kind::some) return true;
  if (moved.kind == Moved::Kind::failed || moved.kind == Moved::Kind::ended) {
    drop(connection);
    return false;
  }
  if (connection.phase != Connection::Phase::writing) {
    connection.phase = Connection::Phase::writing;
    // Over TLS a refusal must wait for the peer's part of the handshake; its deadline is the same as over plain HTTP.
    if (connection.is_counted) connection.deadline = now_ + around_.settings.write_deadline;
  }
  watch(connection, moved.kind == Moved::Kind::wants_write ? EPOLLOUT : EPOLLIN);
  return false;
}

bool Loop::fill(Connection& connection) {
  std::array<char, kReadSize> buffer;
  const Moved moved = connection.transport->receive(buffer);
  if (moved.kind == Moved::Kind::some) {
    if (connection.in_begin > 0) {
      connection.in.erase(0, connection.in_begin);
      connection.in_begin = 0;
    }
    connection.in.append(buffer.data(), moved.bytes);
    OPENSSL_cleanse(buffer.data(), moved.bytes);  // the thread's stack lives as long as the thread
    return true;
  }
  const bool has_nothing = connection.unread().empty() && !connection.is_reading_body;
  if (moved.kind == Moved::Kind::ended || moved.kind == Moved::Kind::failed || (is_stopping_ && has_nothing)) {
    drop(connection);
    return false;
  }

  rest(connection, moved.kind == Moved::Kind::wants_write ? EPOLLOUT : EPOLLIN);
  return false;
}

void Loop::rest(Connection& connection, std::uint32_t interest) {
  using Phase = Connection::Phase;
  const ServerSettings& settings = around_.settings;
  const bool has_nothing = connection.unread().empty() && !connection.is_reading_body;
  const Phase wanted = connection.is_reading_body         ? Phase::body
                       : !has_nothing                     ? Phase::head
                       : connection.phase == Phase::fresh ? Phase::fresh
                                                          : Phase::idle;
  // A deadline starts with its phase; further bytes do not extend it.
  if (wanted != connection.phase) {
    connection.phase = wanted;
    connection.deadline = now_ + (wanted == Phase::body   ? settings.body_deadline
                                  : wanted == Phase::head ? settings.header_deadline
                                                          : settings.idle_timeout);
  }
  if (has_nothing) connection.free_input();
  watch(connection, interest);
}

void Loop::finish(Connection& connection) {
  if (!connection.lingers && connection.unread().empty()) return drop(connection);
  connection.transport->finish_sending();
  connection.phase = Connection::Phase::draining;
  connection.deadline = now_ + kLinger;
  watch(connection, EPOLLIN);
}

void Loop::discard_input(Connection& connection) {
  std::array<char, kReadSize> buffer;
  for (int reads = 0; reads < kReadsInARow; ++reads) {
    const Moved moved = connection.transport->receive(buffer);
    if (moved.kind == Moved::Kind::ended || moved.kind == Moved::Kind::failed) return drop(connection);
    if (moved.kind != Moved::Kind::some) return;
    OPENSSL_cleanse(buffer.data(), moved.bytes);
  }
}

void Loop::drop(Connection& connection) {
  if (connection.is_counted) {
    around_.caps.leave(connection.peer, connection.is_trusted_proxy);
  } else {
    around_.caps.leave_refused();
  }
  if (connection.holds_large_body) around_.caps.leave_large_body();
  const Wait::Cancel cancel = std::move(connection.cancel);
  connections_.erase(connection.id);
  if (cancel) cancel();
}

void Loop::watch(Connection& connection, std::uint32_t interest) {
  if (connection.interest == interest) return;
  epoll_event event{};
  event.events = connection.interest = interest;
  event.data.u64 = connection.id;
  // Fails only for an unregistered descriptor, which would be our bug.
  static_cast<void>(::epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.transport->socket(), &event));
}

}  // namespace slotwire::http
