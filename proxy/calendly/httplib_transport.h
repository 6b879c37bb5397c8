#pragma once
// The transport over real sockets: cpp-httplib's client with kept-alive connections. Only httplib_transport.cpp uses httplib.
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "proxy/calendly/deadline_watch.h"
#include "proxy/calendly/transport.h"
#include "shared/result.h"

namespace slotwire::calendly {

struct BaseUrl {
  std::string origin;  // "https://api.calendly.com", "http://127.0.0.1:8080"
  std::string prefix;  // "" or "/path", without a slash at the end
};
// Errors: bad_input naming CALENDLY_API_BASE_URL. Plain http is allowed only for a loopback address, where nothing crosses a
// network.
[[nodiscard]] Result<BaseUrl> base_url_from_text(std::string_view text);

class HttplibTransport final : public Transport {
 public:
  explicit HttplibTransport(BaseUrl base);
  ~HttplibTransport() override;
  // Certificates are verified, redirects are not followed (the token would be sent along), bodies are limited to 8 MiB. The
  // timeout covers the whole exchange, however slowly bytes arrive, except for the look-up of the host's name.
  [[nodiscard]] Exchange send(const UpstreamRequest& request) override;

 private:
  class Line;  // a client and its socket
  [[nodiscard]] std::unique_ptr<Line> idle_line();
  void give_back(std::unique_ptr<Line> line);

  BaseUrl base_;
  DeadlineWatch watch_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Line>> idle_;
};

}  // namespace slotwire::calendly
