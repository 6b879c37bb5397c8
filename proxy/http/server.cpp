#include "proxy/http/server.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <mutex>
#include <netinet/in.h>
#include <optional>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "proxy/http/connection_caps.h"
#include "proxy/http/listener.h"
#include "proxy/http/loop.h"
#include "proxy/http/transport.h"

namespace slotwire::http {
namespace {

// At most this many connections over a cap get a refusal in each period that a refused connection may last. All others are closed
// without an answer, and so are those that arrive while ConnectionCaps::kRefusalsAtOnce refusals are being sent.
constexpr std::size_t kRefusalsInARow = 64;
constexpr rlim_t kOtherFiles = 512;  // database, log, upstream connections, epoll

std::optional<net::Address> peer_of(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return std::nullopt;
  net::Address address;
  if (storage.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage);
    std::copy_n(v6.sin6_addr.s6_addr, 16, address.bytes.begin());
    return address;
  }
  if (storage.ss_family != AF_INET) return std::nullopt;
  const auto* v4 = reinterpret_cast<const std::uint8_t*>(&reinterpret_cast<const sockaddr_in&>(storage).sin_addr);
  address.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, v4[0], v4[1], v4[2], v4[3]};
  return address;
}

void raise_file_limit(std::size_t connections) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = std::min<rlim_t>(limit.rlim_max, connections + kOtherFiles);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  // If this fails the old limit stays, and accept() reports when it is reached.
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
}

// A thread that receives no signals: SIGTERM is for the program's own thread, and OpenSSL's writes to a closed peer would raise
// SIGPIPE on ours.
std::thread thread_without_signals(std::function<void()> body) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::move(body));
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerSettings settings, Handler handler)
      : settings_(std::move(settings)),
        handler_(std::move(handler)),
        caps_(settings_.max_connections, settings_.max_connections_per_client),
        listener_({.on_connection = [this](int socket) { take_socket(socket); }, .on_trouble = settings_.on_accept_trouble}) {}

  Result<int> start() {
    if (settings_.tls_certificate_path.empty() != settings_.tls_key_path.empty()) {
      const bool needs_key = settings_.tls_key_path.empty();
      return bad_input(needs_key ? "CALENDLY_TLS_KEY" : "CALENDLY_TLS_CERT", "TLS needs both a certificate and its key.");
    }
    if (!settings_.tls_certificate_path.empty()) {
      Result<TlsIdentity> identity = TlsIdentity::from_files(settings_.tls_certificate_path, settings_.tls_key_path);
      if (!identity) return identity.error();
      tls_.emplace(std::move(identity).value());
    }
    raise_file_limit(settings_.max_connections);
    const Result<int> port = listener_.bind(settings_.host, settings_.port, settings_.backlog);
    if (!port) return port;

    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    const int loops = settings_.loops > 0 ? settings_.loops : std::max(2, cores);
    const LoopSurroundings around{settings_, handler_, tls_ ? &*tls_ : nullptr, caps_, repeat_epoch_};
    for (int i = 0; i < loops; ++i) loops_.push_back(std::make_unique<Loop>(around));
    for (const auto& loop : loops_) threads_.push_back(thread_without_signals([&loop = *loop] { loop.run(); }));
    accepting_ = thread_without_signals([this] {
      const Result<Done> ended = listener_.run();
      if (!ended && settings_.on_port_lost) settings_.on_port_lost(ended.error());
    });
    return port;
  }

  void close_port() {
    const std::lock_guard lock(stop_mutex_);
    if (!accepting_.joinable()) return;
    listener_.stop();
    accepting_.join();
  }

  void stop() {
    close_port();
    const std::lock_guard lock(stop_mutex_);
    const auto deadline = std::chrono::steady_clock::now() + settings_.stop_grace;
    for (const auto& loop : loops_) loop->mailbox().post(StopBy{deadline});
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    loops_.clear();
  }

  void forget_repeats() { ++repeat_epoch_; }
  [[nodiscard]] std::size_t connection_count() const { return caps_.count(); }

 private:
  // On the accepting thread.
  void take_socket(int socket) {
    const std::optional<net::Address> peer = peer_of(socket);
    if (!peer) {
      ::close(socket);
      return;
    }
    const bool is_trusted = net::contains(settings_.trusted_proxies, *peer);
    const bool is_over_cap = !caps_.enter(*peer, is_trusted);
    if (is_over_cap && !may_send_refusal()) {
      ::close(socket);
      return;
    }
    Loop& loop = *loops_[next_loop_++ % loops_.size()];
    loop.mailbox().post(
        NewConnection{.socket = socket, .peer = *peer, .is_trusted_proxy = is_trusted, .is_over_cap = is_over_cap});
  }

  // Limits refusals, so that sending them does not cost more than it protects.
  bool may_send_refusal() {
    const auto now = std::chrono::steady_clock::now();
    if (now - refusals_since_ > std::chrono::seconds(2)) {
      refusals_since_ = now;
      refusals_ = 0;
    }
    return ++refusals_ <= kRefusalsInARow && caps_.enter_refused();
  }

  ServerSettings settings_;
  Handler handler_;
  ConnectionCaps caps_;
  std::atomic<std::uint64_t> repeat_epoch_{0};
  Listener listener_;
  std::optional<TlsIdentity> tls_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
  std::size_t next_loop_ = 0;
  std::size_t refusals_ = 0;
  std::chrono::steady_clock::time_point refusals_since_{};
  std::mutex stop_mutex_;
};

Server::Server(ServerSettings settings, Handler handler)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(handler))) {}
Server::~Server() { impl_->stop(); }
Result<int> Server::start() { return impl_->start(); }
void Server::close_port() { impl_->close_port(); }
void Server::stop() { impl_->stop(); }
void Server::forget_repeats() { impl_->forget_repeats(); }
std::size_t Server::connection_count() const { return impl_->connection_count(); }

}  // namespace slotwire::http
