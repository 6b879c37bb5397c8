#include "proxy/calendly/httplib_transport.h"

#include <charconv>
#include <fcntl.h>
#include <httplib.h>
#include <poll.h>
#include <unistd.h>

namespace slotwire::proxy {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kLargestBody = 8 * 1024 * 1024;
constexpr std::size_t kMostIdle = 16;
constexpr milliseconds kConnectTimeout{3'000};
constexpr milliseconds kAfterDeadline{1'000};

std::optional<int> number_in(const httplib::Response& response, const char* name) {
  const std::string text = response.get_header_value(name);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

std::optional<std::chrono::seconds> seconds_in(const httplib::Response& response, const char* name) {
  constexpr int kDay = 86'400;  // anything longer is a mistake, perhaps an epoch
  const std::optional<int> number = number_in(response, name);
  if (!number || *number > kDay) return std::nullopt;
  return std::chrono::seconds(*number);
}

TransportFailure failure_from(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::ConnectionTimeout:
    case httplib::Error::SSLConnection:
      return TransportFailure::unreachable;
    case httplib::Error::SSLLoadingCerts:
    case httplib::Error::SSLServerVerification:
    case httplib::Error::SSLServerHostnameVerification:
      return TransportFailure::certificate_refused;
    default:
      return TransportFailure::cut_off;
  }
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

}  // namespace

Result<BaseUrl> base_url_from_text(std::string_view text) {
  const auto wrong = [](std::string why) { return bad_input("CALENDLY_API_BASE_URL", std::move(why)); };
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return wrong("must start with https://");
  const std::string_view scheme = text.substr(0, scheme_end);
  const std::size_t path_at = text.find('/', scheme_end + 3);
  const std::string_view authority =
      text.substr(scheme_end + 3, path_at == std::string_view::npos ? std::string_view::npos : path_at - scheme_end - 3);
  if (authority.empty() || authority.find_first_of("@?# ") != std::string_view::npos) return wrong("has no usable host");
  const std::size_t port_at = authority.rfind(':');
  const std::string_view host = authority.substr(0, authority.ends_with(']') ? authority.size() : port_at);
  if (scheme != "https" && !(scheme == "http" && is_loopback(host))) {
    return wrong("must be https (http only for this machine itself): the access token is sent there");
  }
  BaseUrl url;
  url.origin = std::string(scheme) + "://" + std::string(authority);
  if (path_at != std::string_view::npos) url.prefix = std::string(text.substr(path_at));
  while (url.prefix.ends_with('/')) url.prefix.pop_back();
  if (url.prefix.find_first_of("?# ") != std::string::npos) return wrong("must not have a query");
  return url;
}

class HttplibTransport::Line {
 public:
  explicit Line(const std::string& origin) : client(origin) {
    client.set_keep_alive(true);
    client.set_tcp_nodelay(true);
    client.set_follow_location(false);
    client.set_url_encode(false);  // targets come encoded
    client.enable_server_certificate_verification(true);
    client.set_socket_options([this](socket_t socket) { opened(socket); });
  }
  ~Line() { close_copy(); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  // While `watched` is set, new sockets are handed to it too.
  void watch_with(DeadlineWatch::Watched* watched) {
    watched_ = watched;
    if (watched_ && copy_ >= 0) watched_->watch(copy_);
  }

  // False when the other side has closed, or has sent what nobody asked for: the next answer would begin with it.
  [[nodiscard]] bool is_quiet() const {
    pollfd poll_for{copy_, POLLIN, 0};
    return copy_ >= 0 && ::poll(&poll_for, 1, 0) == 0;
  }

  httplib::Client client;

 private:
  void opened(int socket) {
    if (watched_) watched_->stop();
    close_copy();
    // Of our own, since httplib closes its descriptor when it likes and the number may be somebody else's by then.
    copy_ = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (watched_ && copy_ >= 0) watched_->watch(copy_);
  }
  void close_copy() {
    if (copy_ >= 0) ::close(copy_);
    copy_ = -1;
  }

  DeadlineWatch::Watched* watched_ = nullptr;
  int copy_ = -1;
};

HttplibTransport::HttplibTransport(BaseUrl base) : base_(std::move(base)) {}
HttplibTransport::~HttplibTransport() = default;

std::unique_ptr<HttplibTransport::Line> HttplibTransport::idle_line() {
  const std::lock_guard lock(mutex_);
  while (!idle_.empty()) {
    std::unique_ptr<Line> line = std::move(idle_.back());
    idle_.pop_back();
    if (line->is_quiet()) return line;
  }
  return nullptr;
}

void HttplibTransport::give_back(std::unique_ptr<Line> line) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(line));
}

Exchange HttplibTransport::send(const UpstreamRequest& request) {
  const auto deadline = SteadyClock::now() + request.timeout;
  for (;;) {
    // What changes something goes out on a connection of its own: a kept one may be closed by the other side at this very
    // moment, and nobody could tell whether the request arrived.
    std::unique_ptr<Line> line = request.method == "GET" ? idle_line() : nullptr;
    const bool is_reused = line != nullptr;
    if (!line) line = std::make_unique<Line>(base_.origin);
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - SteadyClock::now());
    if (left <= milliseconds(0)) return TransportFailure::timed_out;
    line->client.set_connection_timeout(std::min(left, kConnectTimeout));
    // Later than the watch, whose word counts.
    line->client.set_read_timeout(left + kAfterDeadline);
    line->client.set_write_timeout(left + kAfterDeadline);

    std::string body;
    bool is_too_large = false;
    httplib::Request sent;
    sent.method = request.method;
    sent.path = base_.prefix + request.target;
    sent.set_header("Authorization", "Bearer " + std::string(request.token->reveal()));
    sent.set_header("Accept", "application/json");
    sent.set_header("User-Agent", "slotwire");
    if (!request.json_body.empty()) {
      sent.set_header("Content-Type", "application/json");
      sent.body = request.json_body;
    }
    sent.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
      is_too_large = body.size() + size > kLargestBody;
      if (is_too_large) return false;
      body.append(data, size);
      return true;
    };
    DeadlineWatch::Watched watched(watch_, deadline);
    line->watch_with(&watched);
    const httplib::Result result = line->client.send(sent);
    line->watch_with(nullptr);
    watched.stop();
    // The header's copies of the token die with the request; their bytes are wiped first.
    for (auto& [name, value] : sent.headers) {
      if (name == "Authorization") wipe(value);
    }
    wipe(sent.body);
    if (is_too_large) return TransportFailure::too_large;
    // A body that ends with the connection looks whole when it was us who ended it.
    if (SteadyClock::now() >= deadline) return TransportFailure::timed_out;
    if (result) {
      UpstreamAnswer answer;
      answer.status = result->status;
      answer.content_type = result->get_header_value("Content-Type");
      answer.retry_after = seconds_in(*result, "Retry-After");
      answer.rate_limit = number_in(*result, "X-RateLimit-Limit");
      answer.rate_remaining = number_in(*result, "X-RateLimit-Remaining");
      answer.rate_reset = seconds_in(*result, "X-RateLimit-Reset");
      answer.body = std::move(body);
      give_back(std::move(line));
      return answer;
    }
    // A kept-alive connection may have been closed by the other side just now: that says nothing of Calendly.
    if (is_reused) continue;
    return failure_from(result.error());
  }
}

}  // namespace slotwire::proxy
