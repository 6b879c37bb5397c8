#pragma once
// Listens and accepts for as long as the program lives. What goes wrong with one connection is that connection's loss; a
// shortage of descriptors or memory is waited out, with a word to the log and pauses in between; only a socket that listens no
// more ends it.
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "shared/result.h"

namespace slotwire::http {

// Takes the next connection of a listening socket, non-blocking and closed on exec; -1 and errno when there is none.
using AcceptCall = std::function<int(int listening)>;
[[nodiscard]] int accept_connection(int listening);

class Listener {
 public:
  struct Parts {
    // Gets each accepted socket, and with it its ownership, on the thread that is in run().
    std::function<void(int socket)> on_connection;
    // A sentence when connections cannot be taken, again while that lasts (twice a minute), and when it is over. May be empty.
    std::function<void(std::string_view what)> on_trouble = {};
    AcceptCall accept = accept_connection;
  };
  explicit Listener(Parts parts);
  ~Listener();  // not while run() runs
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Returns the port, which is any free one for 0. Errors: bad_input naming HOST or PORT.
  Result<int> bind(const std::string& host, int port, int backlog);
  // Accepts until stop(), after a successful bind(). Either way the port is closed at the end, so that whoever comes later, or
  // waits in the backlog, is refused at once. Done after stop(). Errors: internal when the socket was lost for good.
  [[nodiscard]] Result<Done> run();
  // Any thread, also before run(), which then returns at once.
  void stop();

  // The pauses while there is a shortage double from the first to the longest.
  static constexpr std::chrono::milliseconds kFirstPause{10};
  static constexpr std::chrono::milliseconds kLongestPause{1'000};

 private:
  // Waits for connections; in a pause only for its end. False: stopped.
  [[nodiscard]] bool wait(std::optional<std::chrono::milliseconds> pause) const;
  [[nodiscard]] bool is_listening() const;
  void close_port();

  Parts parts_;
  int socket_ = -1;
  int stop_event_;
};

}  // namespace slotwire::http
