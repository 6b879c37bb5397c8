#pragma once
// One HTTP exchange with Calendly: an interface below the client, so that tests can replace Calendly without sockets.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "proxy/secrets/secret_string.h"

namespace slotwire::calendly {

struct UpstreamRequest {
  std::string method = "GET";
  std::string target;                             // "/users/me", with an encoded query
  const secrets::SecretString* token = nullptr;   // borrowed for the call
  std::string body;                               // empty: none is sent
  std::string content_type = "application/json";  // of the body
  std::chrono::milliseconds timeout{};            // for the whole exchange
};

struct UpstreamAnswer {
  int status = 0;
  std::string body;
  std::string content_type;  // as received; empty: none
  std::optional<std::chrono::seconds> retry_after;
  std::optional<int> rate_limit;
  std::optional<int> rate_remaining;
  std::optional<std::chrono::seconds> rate_reset;  // from now; Calendly sends seconds, not an epoch
};

// Why there is no answer. With `unreachable` nothing was sent; with the others Calendly may have acted.
enum class TransportFailure { unreachable, timed_out, cut_off, too_large, certificate_refused };
[[nodiscard]] std::string_view text_from_failure(TransportFailure failure);

using Exchange = std::variant<UpstreamAnswer, TransportFailure>;

class Transport {
 public:
  virtual ~Transport() = default;
  // Blocks for at most about `timeout`. Any thread, several at once.
  [[nodiscard]] virtual Exchange send(const UpstreamRequest& request) = 0;
};

}  // namespace slotwire::calendly
