#include "proxy/http/listener.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace slotwire::http {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kBetweenReports{30};
// After this many failures of single connections in a row we assume a shortage, so that the loop cannot spin whatever the cause.
constexpr int kFailuresInARow = 64;

// accept(2) also reports errors that a connection already had before it was accepted.
bool affects_one_connection(int problem) {
  static constexpr std::array kOfTheConnection = {ECONNABORTED, EINTR,     EPROTO,    EPERM,        ENETDOWN,
                                                  ENOPROTOOPT,  EHOSTDOWN, ENONET,    EHOSTUNREACH, EOPNOTSUPP,
                                                  ENETUNREACH,  ETIMEDOUT, ECONNRESET};
  return std::find(kOfTheConnection.begin(), kOfTheConnection.end(), problem) != kOfTheConnection.end();
}

std::string why(int problem) { return std::generic_category().message(problem); }

void set_option(int socket, int level, int name, int value) {
  // An option that the kernel does not have is optional for us.
  static_cast<void>(::setsockopt(socket, level, name, &value, sizeof value));
}

int port_of(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return 0;
  return ntohs(storage.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(storage).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(storage).sin_port);
}

// The socket, or -1 with errno.
int listening_on(const addrinfo& address, int backlog) {
  const int socket = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, address.ai_protocol);
  if (socket < 0) return -1;
  // No SO_REUSEPORT: with it a second server could start on the same port and take half of the visitors.
  set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);  // accepted sockets inherit it
  if (address.ai_family == AF_INET6) set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (::bind(socket, address.ai_addr, address.ai_addrlen) == 0 && ::listen(socket, backlog) == 0) return socket;
  const int problem = errno;
  ::close(socket);
  errno = problem;
  return -1;
}

}  // namespace

int accept_connection(int listening) { return ::accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC); }

Listener::Listener(Parts parts) : parts_(std::move(parts)), stop_event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (stop_event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Listener::~Listener() {
  close_port();
  ::close(stop_event_);
}

void Listener::close_port() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

Result<int> Listener::bind(const std::string& host, int port, int backlog) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const bool is_known = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) == 0;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(is_known ? found : nullptr, &::freeaddrinfo);
  int problem = EADDRNOTAVAIL;
  for (const addrinfo* address = addresses.get(); address != nullptr && socket_ < 0; address = address->ai_next) {
    socket_ = listening_on(*address, backlog);
    if (socket_ < 0) problem = errno;
  }
  if (socket_ >= 0) return port_of(socket_);
  const std::string number = std::to_string(port);
  if (problem == EADDRINUSE)
    return bad_input("PORT", "Port " + number + " is in use on " + host + ": stop what uses it, or choose another.");
  if (problem == EACCES) return bad_input("PORT", "Port " + number + " needs privileges: choose one above 1023.");
  return bad_input("HOST", "Cannot listen on " + host + ", port " + number + ".");
}

Result<Done> Listener::run() {
  int failures = 0;  // in a row
  std::optional<milliseconds> pause;
  SteadyClock::time_point last_report;
  const auto say = [this](const std::string& what) {
    if (parts_.on_trouble) parts_.on_trouble(what);
  };
  for (;;) {
    if (!wait(pause)) {
      close_port();
      return Done{};
    }
    const int accepted = parts_.accept(socket_);
    const int problem = accepted < 0 ? errno : 0;
    if (accepted >= 0 || problem == EAGAIN || problem == EWOULDBLOCK) {
      failures = 0;
      if (pause) say("New connections are taken again.");
      pause.reset();
      if (accepted >= 0) parts_.on_connection(accepted);
      continue;
    }
    if (!is_listening()) {
      close_port();
      return Error{.code = ErrorCode::internal, .detail = "The port is lost: its socket does not listen any more."};
    }
    if (affects_one_connection(problem) && ++failures < kFailuresInARow) continue;
    // A shortage: connections in the backlog are accepted when it is over.
    const SteadyClock::time_point now = SteadyClock::now();
    if (!pause || now - last_report >= kBetweenReports) {
      last_report = now;
      say("No new connection can be taken (" + why(problem) + "); those there are go on. It is tried again until it works.");
    }
    pause = pause ? std::min(*pause * 2, kLongestPause) : kFirstPause;
  }
}

void Listener::stop() { static_cast<void>(::eventfd_write(stop_event_, 1)); }

bool Listener::wait(std::optional<milliseconds> pause) const {
  // During a pause the port is not polled: it stays readable, so poll would return at once.
  std::array<pollfd, 2> looked_at{pollfd{stop_event_, POLLIN, 0}, pollfd{pause ? -1 : socket_, POLLIN, 0}};
  const auto until = SteadyClock::now() + pause.value_or(milliseconds(0));
  for (;;) {
    int left = -1;
    if (pause) {
      left = static_cast<int>(std::max<std::int64_t>(0, std::chrono::ceil<milliseconds>(until - SteadyClock::now()).count()));
    }
    if (::poll(looked_at.data(), looked_at.size(), left) < 0 && errno == EINTR) continue;
    return looked_at[0].revents == 0;  // accept() reports POLLERR, POLLHUP and POLLNVAL of the port
  }
}

bool Listener::is_listening() const {
  int listens = 0;
  socklen_t size = sizeof listens;
  return ::getsockopt(socket_, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens != 0;
}

}  // namespace slotwire::http
