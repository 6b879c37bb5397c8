// Our reactor stands on two things of cpp-httplib that are not its public interface: Server::process_and_close_socket is
// virtual and called once for each accepted socket, and Server::process_request writes a whole answer to any Stream. When
// a newer httplib changes either, this file stops compiling or these tests fail, before anything subtle does.
#include <catch_amalgamated.hpp>
#include <httplib.h>
#include <thread>
#include <unistd.h>

#include "proxy/http/listener.h"
#include "proxy/http/replies.h"
#include "tests/http/socket_client.h"

using namespace slotwire;
using namespace slotwire::tests;

namespace {

// Compiles only while process_request and svr_sock_ can be reached from a derived class with these types.
struct Reachable : httplib::Server {
  using ProcessRequest = bool (Reachable::*)(httplib::Stream&, const std::string&, int, const std::string&, int, bool, bool&,
                                             const std::function<void(httplib::Request&)>&);
  static constexpr ProcessRequest kProcessRequest = &Reachable::process_request;
  [[nodiscard]] int listening_socket() const { return static_cast<int>(svr_sock_); }
};

}  // namespace

TEST_CASE("httplib hooks: every accepted socket is handed over once, open and unread", "[http][hooks]") {
  std::atomic<int> handed_over{0};
  proxy::Listener listener([&](int socket) {
    char buffer[16];
    const ssize_t got = ::read(socket, buffer, sizeof buffer);
    if (std::string_view(buffer, got > 0 ? static_cast<std::size_t>(got) : 0) == "hello") ++handed_over;
    ::close(socket);
  });
  const Result<int> port = listener.bind("127.0.0.1", 0, 16);
  REQUIRE(port.has_value());
  std::thread accepting([&] { listener.run(); });
  for (int i = 0; i < 3; ++i) {
    SocketClient client(port.value());
    client.send("hello");
    CHECK(client.is_ended());
  }
  listener.stop();
  accepting.join();
  CHECK(handed_over == 3);
}

TEST_CASE("httplib hooks: process_request writes exactly the head we count on", "[http][hooks]") {
  REQUIRE(Reachable::kProcessRequest != nullptr);
  CHECK(Reachable().listening_socket() == INVALID_SOCKET);
  const proxy::Listener listener([](int) {});
  proxy::Reply reply = proxy::reply_from_text(404, "text/plain", "twelve bytes");
  for (const bool is_head : {false, true}) {
    const std::string head = listener.head_from_reply(reply, is_head, false);
    CHECK(head.starts_with("HTTP/1.1 404 Not Found\r\n"));
    CHECK(head.ends_with("\r\n\r\n"));
    CHECK(head.find("\r\nContent-Length: 12\r\n") != std::string::npos);
    CHECK(head.find("\r\nContent-Type: text/plain\r\n") != std::string::npos);
    // Status line, two headers, empty line: httplib added nothing.
    CHECK(std::count(head.begin(), head.end(), '\n') == 4);
  }
  CHECK(listener.head_from_reply(reply, false, true).find("\r\nConnection: close\r\n") != std::string::npos);
}
