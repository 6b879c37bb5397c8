// The least server that a load generator takes for HTTP: whatever is asked, the same bytes, with no request read beyond its
// empty line. What it costs is what the machine's sockets cost, so nothing that speaks HTTP can be cheaper.
//   socket_limit FILE    FILE holds a whole answer, head and body
#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <unordered_map>
#include <vector>

namespace {

// Every thread listens for itself on the shared port, so that the kernel spreads the connections.
int listening_socket(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(socket, 4096) != 0) {
    std::perror("socket_limit");
    std::exit(1);
  }
  return socket;
}

std::uint16_t port_of(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

void watch(int epoll, int socket) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket;
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
}

// False when the connection is over. A part of a request stays in `unread` until the rest comes.
bool serve(int socket, std::string& unread, std::string_view answer) {
  std::array<char, 4096> buffer;
  const ssize_t received = ::recv(socket, buffer.data(), buffer.size(), 0);
  if (received <= 0) return false;
  std::string_view arrived(buffer.data(), static_cast<std::size_t>(received));
  if (!unread.empty()) arrived = unread.append(arrived);
  constexpr std::string_view kEmptyLine = "\r\n\r\n";
  std::size_t done = 0;
  for (std::size_t end; (end = arrived.find(kEmptyLine, done)) != std::string_view::npos; done = end + kEmptyLine.size()) {
    // An answer is far smaller than a socket's buffer: one that does not fit belongs to a client that does not read.
    if (::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(answer.size())) return false;
  }
  unread = std::string(arrived.substr(done));
  return true;
}

void run(int listener, std::string_view answer) {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  watch(epoll, listener);
  std::unordered_map<int, std::string> unread;
  std::array<epoll_event, 256> events;
  for (;;) {
    const int count = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int socket = events[static_cast<std::size_t>(i)].data.fd;
      if (socket == listener) {
        const int arrived = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (arrived < 0) continue;
        const int on = 1;
        ::setsockopt(arrived, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(epoll, arrived);
      } else if (!serve(socket, unread[socket], answer)) {
        unread.erase(socket);
        ::close(socket);
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: socket_limit FILE\n");
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const std::string answer{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (answer.empty()) {
    std::fprintf(stderr, "socket_limit: %s is empty or cannot be read\n", argv[1]);
    return 1;
  }
  const int first = listening_socket(0);
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) {
    threads.emplace_back(run, listening_socket(port_of(first)), std::string_view(answer));
  }
  std::printf("socket_limit listening on http://127.0.0.1:%u\n", unsigned(port_of(first)));
  std::fflush(stdout);
  run(first, answer);
}
