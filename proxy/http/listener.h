#pragma once
// The one place that knows cpp-httplib's server: it listens, accepts, and writes the head of an answer. The connections
// themselves live in our loops, which is why a hook of httplib's that is not public is overridden here; tests/http holds
// that hook against the version in use.
#include <functional>
#include <memory>
#include <string>

#include "proxy/http/message.h"
#include "shared/result.h"

namespace slotwire::proxy {

class Listener {
 public:
  // `on_connection` gets each accepted socket, and with it its ownership, on the thread that is in run().
  explicit Listener(std::function<void(int socket)> on_connection);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Errors: bad_input naming HOST or PORT.
  Result<int> bind(const std::string& host, int port, int backlog);
  // Accepts until stop(). After a successful bind().
  void run();
  void stop();

  // Status line and header lines with the empty line, as httplib writes them; Content-Length is the body's even when
  // `is_head`, and absent for 204 and 304. Any thread.
  [[nodiscard]] std::string head_from_reply(const Reply& reply, bool is_head, bool closes) const;

 private:
  class ParkingServer;
  std::unique_ptr<ParkingServer> server_;
};

}  // namespace slotwire::proxy
