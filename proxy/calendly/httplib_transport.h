#pragma once
// The transport over real sockets: cpp-httplib's client with kept-alive connections. The one client-side door to httplib.
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "proxy/calendly/transport.h"
#include "shared/result.h"

namespace httplib {
class Client;
}

namespace slotwire::proxy {

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
  // Certificates are verified, redirects not followed (the token would go along), bodies cut at 8 MiB.
  [[nodiscard]] Exchange send(const UpstreamRequest& request) override;

 private:
  struct Borrowed;
  [[nodiscard]] Borrowed borrow();
  void give_back(std::unique_ptr<httplib::Client> client);

  BaseUrl base_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<httplib::Client>> idle_;
};

}  // namespace slotwire::proxy
