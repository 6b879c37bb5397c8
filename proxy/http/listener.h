#pragma once
// Listens and accepts connections for the life of the program. An error of one connection affects only that connection. A
// shortage of descriptors or memory is logged and waited out in pauses. Only the loss of the listening socket ends it.
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "shared/result.h"

namespace slotwire::http {

// Accepts the next connection of a listening socket: non-blocking, close-on-exec. -1 with errno when there is none.
using AcceptCall = std::function<int(int listening)>;
[[nodiscard]] int accept_connection(int listening);

class Listener {
 public:
  struct Parts {
    // Receives each accepted socket and owns it from then on. Called on the thread that is in run().
    std::function<void(int socket)> on_connection;
    // Receives a sentence when connections cannot be accepted, again twice a minute while that lasts, and when it is over. May be
    // empty.
    std::function<void(std::string_view what)> on_trouble = {};
    AcceptCall accept = accept_connection;
  };
  explicit Listener(Parts parts);
  ~Listener();  // must not run concurrently with run()
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Returns the bound port; port 0 binds any free one. Errors: bad_input naming HOST or PORT.
  Result<int> bind(const std::string& host, int port, int backlog);
  // Accepts connections until stop(), after a successful bind(). On return the port is closed, so that new connections and those
  // in the backlog are refused at once. Done after stop(). Errors: internal when the socket was lost for good.
  [[nodiscard]] Result<Done> run();
  // Any thread. Before run(): run() then returns at once.
  void stop();

  // During a shortage the pauses double from the first to the longest.
  static constexpr std::chrono::milliseconds kFirstPause{10};
  static constexpr std::chrono::milliseconds kLongestPause{1'000};

 private:
  // Waits for connections; during a pause, only for its end. False: stopped.
  [[nodiscard]] bool wait(std::optional<std::chrono::milliseconds> pause) const;
  [[nodiscard]] bool is_listening() const;
  void close_port();

  Parts parts_;
  int socket_ = -1;
  int stop_event_;
};

}  // namespace slotwire::http
