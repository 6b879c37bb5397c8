#pragma once
// The transport over real sockets: cpp-httplib's client with kept-alive connections. The one client-side door to httplib.
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
// Errors: bad_input naming CALENDLY_API_BASE_URL. Plain http is taken for a loopback address only, where no wire is.
[[nodiscard]] Result<BaseUrl> base_url_from_text(std::string_view text);

class HttplibTransport final : public Transport {
 public:
  explicit HttplibTransport(BaseUrl base);
  ~HttplibTransport() override;
  // Certificates are verified, redirects not followed (the token would go along), bodies cut at 8 MiB. The timeout holds for
  // the exchange as a whole, however slowly bytes come; only looking up the host's name is out of its reach.
  [[nodiscard]] Exchange send(const UpstreamRequest& request) override;

 private:
  class Line;  // a client and the socket it speaks through
  [[nodiscard]] std::unique_ptr<Line> idle_line();
  void give_back(std::unique_ptr<Line> line);

  BaseUrl base_;
  DeadlineWatch watch_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Line>> idle_;
};

}  // namespace slotwire::calendly
