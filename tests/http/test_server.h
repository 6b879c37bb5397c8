#pragma once
// A running server with the test's own handler.
#include <catch_amalgamated.hpp>

#include "proxy/http/replies.h"
#include "proxy/http/server.h"
#include "tests/http/socket_client.h"

namespace slotwire::tests {

class TestServer {
 public:
  explicit TestServer(http::Handler handler, http::ServerSettings settings = {})
      : server_(std::move(settings), std::move(handler)) {
    const Result<int> port = server_.start();
    REQUIRE(port.has_value());
    port_ = port.value();
  }
  [[nodiscard]] SocketClient client(int receive_buffer = 0) const { return SocketClient(port_, receive_buffer); }
  [[nodiscard]] int port() const { return port_; }
  http::Server* operator->() { return &server_; }

 private:
  http::Server server_;
  int port_ = 0;
};

[[nodiscard]] inline http::Step text_step(std::string text) { return http::reply_from_text(200, "text/plain", std::move(text)); }

// Returns the request as text.
[[nodiscard]] inline http::Step echo(const http::Request& request) {
  return text_step(request.method + " " + request.path + "?" + request.query + " " + request.body);
}

}  // namespace slotwire::tests
