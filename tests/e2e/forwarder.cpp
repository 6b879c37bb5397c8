#include "tests/e2e/forwarder.h"

#include <arpa/inet.h>
#include <cstdint>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace slotwire::e2e {
namespace {

sockaddr_in local(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

}  // namespace

Forwarder::Forwarder(int target) : target_(target) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  sockaddr_in address = local(0);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 64) != 0 || ::getsockname(listener_, raw, &size) != 0) {
    throw std::runtime_error("the forwarder cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

Forwarder::~Forwarder() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  const std::uint64_t one = 1;
  (void)!::write(wake_, &one, sizeof one);
  thread_.join();
  for (const Pair& pair : pairs_) {
    ::close(pair.from);
    if (pair.to >= 0) ::close(pair.to);
  }
  ::close(listener_);
  ::close(wake_);
}

void Forwarder::set(bool is_severed) {
  {
    const std::lock_guard lock(mutex_);
    is_severed_ = is_severed;
    if (!is_severed) {
      for (const Pair& pair : pairs_) {
        ::close(pair.from);
        if (pair.to >= 0) ::close(pair.to);
      }
      pairs_.clear();
    }
  }
  const std::uint64_t one = 1;
  (void)!::write(wake_, &one, sizeof one);
}

void Forwarder::take_new() {
  Pair pair{::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), -1};
  if (pair.from < 0) return;
  if (!is_severed_) {
    pair.to = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = local(target_);
    if (::connect(pair.to, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(pair.from);
      ::close(pair.to);
      return;
    }
  }
  pairs_.push_back(pair);
}

bool Forwarder::carried(int from, int to) {
  char buffer[65536];
  const ssize_t got = ::recv(from, buffer, sizeof buffer, MSG_DONTWAIT);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  for (ssize_t sent = 0; sent < got;) {
    const ssize_t now = ::send(to, buffer + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
    if (now <= 0) return false;
    sent += now;
  }
  return got > 0;
}

void Forwarder::run() {
  while (true) {
    std::vector<pollfd> waiting = {{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
    {
      const std::lock_guard lock(mutex_);
      if (is_stopping_) return;
      for (const Pair& pair : pairs_) {
        const short events = is_severed_ ? 0 : POLLIN;
        // poll() ignores a negative descriptor.
        waiting.push_back({is_severed_ ? -1 : pair.from, events, 0});
        waiting.push_back({is_severed_ ? -1 : pair.to, events, 0});
      }
    }
    (void)::poll(waiting.data(), waiting.size(), -1);
    const std::lock_guard lock(mutex_);
    std::uint64_t count = 0;
    const bool is_changed = ::read(wake_, &count, sizeof count) > 0;
    if (is_changed) continue;  // the descriptors may be closed by now
    std::vector<Pair> kept;
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const Pair pair = pairs_[i];
      const bool is_open = (waiting[2 + 2 * i].revents == 0 || carried(pair.from, pair.to)) &&
                           (waiting[3 + 2 * i].revents == 0 || carried(pair.to, pair.from));
      if (is_open) {
        kept.push_back(pair);
      } else {
        ::close(pair.from);
        ::close(pair.to);
      }
    }
    pairs_ = std::move(kept);
    if (waiting[1].revents != 0) take_new();
  }
}

}  // namespace slotwire::e2e
