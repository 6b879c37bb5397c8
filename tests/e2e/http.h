#pragma once
// Requests to a program under test, and raw bytes over a socket for requests that must be malformed.
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace slotwire::e2e {

using Json = nlohmann::json;
using Fields = std::multimap<std::string, std::string>;

struct Reply {
  int status = 0;  // 0: no answer
  Fields headers;  // names in lower case
  std::string body;

  [[nodiscard]] std::optional<std::string> header(const std::string& lower_case_name) const;
  // Discarded (Json::is_discarded) if the body is not JSON.
  [[nodiscard]] Json json() const { return Json::parse(body, nullptr, false); }
  // `data` of the answer's envelope; null if there is none.
  [[nodiscard]] Json data() const;
  // `error.code` of the answer's envelope; empty if there is none.
  [[nodiscard]] std::string error_code() const;
};

// A client of one server. Each call opens a connection of its own, so several threads may call.
class Http {
 public:
  explicit Http(int port) : port_(port) {}
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] Reply get(const std::string& target, const Fields& headers = {}) const;
  [[nodiscard]] Reply post(const std::string& target, const std::string& body, const Fields& headers = {},
                           const std::string& content_type = "application/json") const;
  [[nodiscard]] Reply send(const std::string& method, const std::string& target, const Fields& headers = {},
                           const std::string& body = {}) const;

 private:
  int port_;
};

// A TCP connection on which a test sends any bytes.
class RawConnection {
 public:
  explicit RawConnection(int port);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  // False if the peer has closed the connection.
  bool send(const std::string& bytes);
  // Reads until `text` has been received; false if the peer closes or the time runs out first.
  [[nodiscard]] bool read_until(const std::string& text, std::chrono::seconds timeout = std::chrono::seconds(20));
  // Reads until the peer closes, or nothing arrives for `timeout`.
  [[nodiscard]] std::string read_to_end(std::chrono::seconds timeout = std::chrono::seconds(20));

 private:
  int descriptor_ = -1;
};

// A free port of 127.0.0.1.
[[nodiscard]] int free_port();

// A number in the text of /metrics, by its name and labels as they stand there. -1: there is none.
[[nodiscard]] double metric(const std::string& text, const std::string& name);

// Percent-encodes all but unreserved characters.
[[nodiscard]] std::string encoded(const std::string& text);

}  // namespace slotwire::e2e
