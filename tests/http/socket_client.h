#pragma once
// A client that sends exactly the given bytes and reads whole answers. Every wait has a time limit.
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace slotwire::tests {

struct Answer {
  int status = 0;
  std::string head;                            // status line and headers
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  [[nodiscard]] std::string header(const std::string& lower_case_name) const;
};

class SocketClient {
 public:
  explicit SocketClient(int port, int receive_buffer = 0);
  ~SocketClient();
  SocketClient(SocketClient&& other) noexcept;
  SocketClient(const SocketClient&) = delete;
  SocketClient& operator=(const SocketClient&) = delete;

  // False if the server has closed the connection.
  bool send(std::string_view bytes);
  // The next answer; nullopt if the connection ends or the time runs out before it is complete.
  [[nodiscard]] std::optional<Answer> read_answer(bool to_head = false,
                                                  std::chrono::milliseconds timeout = std::chrono::seconds(5));
  // True if the server closes the connection in time; bytes before that are discarded.
  [[nodiscard]] bool is_ended(std::chrono::milliseconds timeout = std::chrono::seconds(5));
  // True if bytes arrive that are not part of an answer read so far.
  [[nodiscard]] bool has_bytes_within(std::chrono::milliseconds timeout);
  std::size_t read_some(std::size_t most);
  void end_sending();
  void reset();  // closes with RST, as a client that disappears
  [[nodiscard]] int descriptor() const { return socket_; }

 private:
  bool receive(std::chrono::steady_clock::time_point until);
  int socket_ = -1;
  std::string in_;
  bool ended_ = false;
};

[[nodiscard]] inline std::string get(std::string_view path, std::string_view more_headers = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(more_headers) + "\r\n";
}

// Checks repeatedly until it is true or the time runs out; the timing depends on the server's own threads.
template <class Condition>
[[nodiscard]] bool becomes_true(Condition condition, std::chrono::milliseconds timeout = std::chrono::seconds(5));

}  // namespace slotwire::tests

#include <thread>

template <class Condition>
bool slotwire::tests::becomes_true(Condition condition, std::chrono::milliseconds timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}
