#include "proxy/calendly/httplib_transport.h"

#include <charconv>
#include <fcntl.h>
#include <httplib.h>
#include <poll.h>
#include <unistd.h>

#include "proxy/calendly/received_bytes.h"

namespace slotwire::calendly {
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
  constexpr int kDay = 86'400;  // longer values are a mistake, perhaps an epoch time
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

}  // namespace

class HttplibTransport::Line {
 public:
  explicit Line(const std::string& origin) : client(origin) {
    client.set_keep_alive(true);
    client.set_tcp_nodelay(true);
    client.set_follow_location(false);
    client.set_url_encode(false);  // targets are encoded already
    client.enable_server_certificate_verification(true);
    if (SSL_CTX* const tls = client.ssl_context()) {
      // Answers contain what visitors wrote, so buffers are cleared; idle connections keep no buffers.
      SSL_CTX_set_options(tls, SSL_OP_CLEANSE_PLAINTEXT);
      SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS);
      SSL_CTX_set_msg_callback(tls, count_record);
      SSL_CTX_set_msg_callback_arg(tls, this);
      is_tls_ = true;
    }
    client.set_socket_options([this](socket_t socket) { opened(socket); });
  }
  ~Line() { close_copy(); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  // While `watched` is set, new sockets are watched too.
  void watch_with(DeadlineWatch::Watched* watched) {
    watched_ = watched;
    if (watched_ && copy_ >= 0) watched_->watch(copy_);
  }

  // False when the peer has closed, or has sent unrequested bytes, with which the next answer would begin.
  [[nodiscard]] bool is_quiet() const {
    pollfd poll_for{copy_, POLLIN, 0};
    return copy_ >= 0 && ::poll(&poll_for, 1, 0) == 0;
  }

  // Grows with the data received from the peer, without TLS's own messages.
  [[nodiscard]] std::uint64_t received_so_far() const { return is_tls_ ? records_ : received_bytes(copy_).value_or(0); }
  // True when no byte of an answer has arrived since received_so_far() was `before`.
  [[nodiscard]] bool has_received_nothing_since(std::uint64_t before) const {
    const std::uint64_t end_of_stream = is_tls_ ? 0 : 1;
    return received_so_far() <= before + end_of_stream;
  }
  [[nodiscard]] int sockets() const { return sockets_; }

  httplib::Client client;

 private:
  // OpenSSL calls this for each message; only records with application data are counted.
  static void count_record(int is_sent, int, int type, const void* bytes, std::size_t size, SSL* tls, void* line) {
    const bool tells_content =
        type == SSL3_RT_INNER_CONTENT_TYPE || (type == SSL3_RT_HEADER && SSL_version(tls) < TLS1_3_VERSION);
    if (is_sent != 0 || !tells_content || size == 0) return;
    if (*static_cast<const unsigned char*>(bytes) == SSL3_RT_APPLICATION_DATA) ++static_cast<Line*>(line)->records_;
  }

  void opened(int socket) {
    ++sockets_;
    if (watched_) watched_->stop();
    close_copy();
    // A duplicate of our own: httplib may close its descriptor at any time, and the number may then belong to another file.
    copy_ = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (watched_ && copy_ >= 0) watched_->watch(copy_);
  }
  void close_copy() {
    if (copy_ >= 0) ::close(copy_);
    copy_ = -1;
  }

  DeadlineWatch::Watched* watched_ = nullptr;
  int copy_ = -1;
  int sockets_ = 0;
  bool is_tls_ = false;
  std::uint64_t records_ = 0;
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
  for (bool is_first = true;; is_first = false) {
    // Requests that change something use a new connection: the peer may be closing a kept one at this very moment, and then it
    // would be unknown whether the request arrived.
    std::unique_ptr<Line> line = request.method == "GET" && is_first ? idle_line() : nullptr;
    const bool is_kept = line != nullptr;
    if (!line) line = std::make_unique<Line>(base_.origin);
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - SteadyClock::now());
    if (left <= milliseconds(0)) return TransportFailure::timed_out;
    line->client.set_connection_timeout(std::min(left, kConnectTimeout));
    // Later than the deadline watch, which decides.
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
    if (!request.body.empty()) {
      sent.set_header("Content-Type", request.content_type);
      sent.body = request.body;
    }
    sent.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
      is_too_large = body.size() + size > kLargestBody;
      if (is_too_large) return false;
      body.append(data, size);
      return true;
    };
    DeadlineWatch::Watched watched(watch_, deadline);
    line->watch_with(&watched);
    const std::uint64_t received_before = line->received_so_far();
    const int sockets_before = line->sockets();
    const httplib::Result result = line->client.send(sent);
    line->watch_with(nullptr);
    watched.stop();
    // The headers' copies of the token are freed with the request; wipe their bytes first.
    for (auto& [name, value] : sent.headers) {
      if (name == "Authorization") secrets::wipe(value);
    }
    secrets::wipe(sent.body);
    if (is_too_large) return TransportFailure::too_large;
    // A body that ends with the connection looks complete even if we closed the connection ourselves.
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
    // A kept connection that just closed, without a byte of an answer, says nothing about Calendly: repeat once on a new one. If
    // it broke in the middle of an answer, Calendly had received the request, and this is a normal failure.
    if (is_kept && line->sockets() == sockets_before && line->has_received_nothing_since(received_before)) continue;
    return failure_from(result.error());
  }
}

}  // namespace slotwire::calendly
