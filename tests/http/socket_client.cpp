#include "tests/http/socket_client.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace slotwire::tests {
namespace {

int milliseconds_until(std::chrono::steady_clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::max<long>(0, left));
}

}  // namespace

std::string Answer::header(const std::string& lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  return found == headers.end() ? "" : found->second;
}

SocketClient::SocketClient(int port, int receive_buffer) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    throw std::runtime_error("cannot connect");
  }
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

SocketClient::~SocketClient() {
  if (socket_ >= 0) ::close(socket_);
}

SocketClient::SocketClient(SocketClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), in_(std::move(other.in_)), ended_(other.ended_) {}

bool SocketClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool SocketClient::receive(std::chrono::steady_clock::time_point until) {
  if (ended_) return false;
  pollfd waiting{socket_, POLLIN, 0};
  if (::poll(&waiting, 1, milliseconds_until(until)) <= 0) return false;
  std::array<char, 65536> buffer;
  const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (got <= 0) {
    ended_ = true;
    return false;
  }
  in_.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<Answer> SocketClient::read_answer(bool to_head, std::chrono::milliseconds timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  std::size_t end = 0;
  while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
    if (!receive(until)) return std::nullopt;
  }
  Answer answer;
  answer.head = in_.substr(0, end + 2);
  in_.erase(0, end + 4);
  answer.status = std::stoi(answer.head.substr(9, 3));
  std::size_t line = answer.head.find("\r\n") + 2;
  while (line < answer.head.size()) {
    const std::size_t line_end = answer.head.find("\r\n", line);
    const std::size_t colon = answer.head.find(": ", line);
    std::string name = answer.head.substr(line, colon - line);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    answer.headers[name] = answer.head.substr(colon + 2, line_end - colon - 2);
    line = line_end + 2;
  }
  const bool has_body = !to_head && answer.status >= 200 && answer.status != 204 && answer.status != 304;
  const std::size_t length =
      has_body && answer.headers.contains("content-length") ? std::stoul(answer.headers["content-length"]) : 0;
  while (in_.size() < length) {
    if (!receive(until)) return std::nullopt;
  }
  answer.body = in_.substr(0, length);
  in_.erase(0, length);
  return answer;
}

bool SocketClient::is_ended(std::chrono::milliseconds timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  while (receive(until)) {
  }
  return ended_;
}

bool SocketClient::has_bytes_within(std::chrono::milliseconds timeout) {
  return !in_.empty() || receive(std::chrono::steady_clock::now() + timeout);
}

std::size_t SocketClient::read_some(std::size_t most) {
  std::string buffer(most, '\0');
  const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (got <= 0) {
    ended_ = true;
    return 0;
  }
  return static_cast<std::size_t>(got);
}

void SocketClient::end_sending() { ::shutdown(socket_, SHUT_WR); }

void SocketClient::reset() {
  const linger hard{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  ::close(std::exchange(socket_, -1));
}

}  // namespace slotwire::tests
