#pragma once
// Requests to a program under test, and bytes over a bare socket where a request must be wrong.
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
  int status = 0;  // 0: no answer came
  Fields headers;  // names in lower case
  std::string body;

  [[nodiscard]] std::optional<std::string> header(const std::string& lower_case_name) const;
  // Discarded when the body is not JSON.
  [[nodiscard]] Json json() const { return Json::parse(body, nullptr, false); }
  // `data` of an answer's envelope; null when there is none.
  [[nodiscard]] Json data() const;
  // `error.code` of an answer's envelope; empty when there is none.
  [[nodiscard]] std::string error_code() const;
};

// One server. Each call opens a connection of its own, so calls may come from several threads.
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

// A connection that sends what it is told.
class RawConnection {
 public:
  explicit RawConnection(int port);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  // False when the peer has closed.
  bool send(const std::string& bytes);
  // Reads on until `text` has come; false when the peer closes, or nothing comes in time, before it has.
  [[nodiscard]] bool read_until(const std::string& text, std::chrono::seconds patience = std::chrono::seconds(20));
  // Everything up to the peer's close, or up to when nothing comes for `patience`.
  [[nodiscard]] std::string read_to_end(std::chrono::seconds patience = std::chrono::seconds(20));

 private:
  int descriptor_ = -1;
};

// A port of 127.0.0.1 that nobody listens on.
[[nodiscard]] int free_port();

// Percent-encodes all but unreserved characters.
[[nodiscard]] std::string encoded(const std::string& text);

}  // namespace slotwire::e2e
