#include "proxy/calendly/httplib_transport.h"

#include <httplib.h>

#include <charconv>

namespace slotwire::proxy {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kLargestBody = 8 * 1024 * 1024;
constexpr std::size_t kMostIdle = 16;
constexpr milliseconds kConnectTimeout{3'000};

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
    case httplib::Error::SSLConnection: return TransportFailure::unreachable;
    case httplib::Error::SSLLoadingCerts:
    case httplib::Error::SSLServerVerification:
    case httplib::Error::SSLServerHostnameVerification: return TransportFailure::certificate_refused;
    default: return TransportFailure::cut_off;
  }
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

}  // namespace

Result<BaseUrl> base_url_from_text(std::string_view text) {
  const auto wrong = [](std::string why) { return bad_input("CALENDLY_API_BASE_URL", std::move(why)); };
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return wrong("must start with https://");
  const std::string_view scheme = text.substr(0, scheme_end);
  const std::size_t path_at = text.find('/', scheme_end + 3);
  const std::string_view authority = text.substr(scheme_end + 3, path_at == std::string_view::npos ? std::string_view::npos
                                                                                                    : path_at - scheme_end - 3);
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

struct HttplibTransport::Borrowed {
  std::unique_ptr<httplib::Client> client;
  bool is_reused = false;
};

HttplibTransport::HttplibTransport(BaseUrl base) : base_(std::move(base)) {}
HttplibTransport::~HttplibTransport() = default;

HttplibTransport::Borrowed HttplibTransport::borrow() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      Borrowed borrowed{std::move(idle_.back()), true};
      idle_.pop_back();
      return borrowed;
    }
  }
  auto client = std::make_unique<httplib::Client>(base_.origin);
  client->set_keep_alive(true);
  client->set_tcp_nodelay(true);
  client->set_follow_location(false);
  client->set_url_encode(false);  // targets come encoded
  client->enable_server_certificate_verification(true);
  return {std::move(client), false};
}

void HttplibTransport::give_back(std::unique_ptr<httplib::Client> client) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostIdle) idle_.push_back(std::move(client));
}

Exchange HttplibTransport::send(const UpstreamRequest& request) {
  const auto deadline = SteadyClock::now() + request.timeout;
  for (;;) {
    Borrowed borrowed = borrow();
    httplib::Client& client = *borrowed.client;
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - SteadyClock::now());
    if (left <= milliseconds(0)) return TransportFailure::timed_out;
    client.set_connection_timeout(std::min(left, kConnectTimeout));
    client.set_read_timeout(left);
    client.set_write_timeout(left);

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
    // httplib's read timeout starts anew with every read, so a dribbling body has to be ended here.
    sent.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
      is_too_large = body.size() + size > kLargestBody;
      if (is_too_large || SteadyClock::now() >= deadline) return false;
      body.append(data, size);
      return true;
    };
    const httplib::Result result = client.send(sent);
    // The header's copies of the token die with the request; their bytes are wiped first.
    for (auto& [name, value] : sent.headers) {
      if (name == "Authorization") wipe(value);
    }
    if (result) {
      UpstreamAnswer answer;
      answer.status = result->status;
      answer.retry_after = seconds_in(*result, "Retry-After");
      answer.rate_limit = number_in(*result, "X-RateLimit-Limit");
      answer.rate_remaining = number_in(*result, "X-RateLimit-Remaining");
      answer.rate_reset = seconds_in(*result, "X-RateLimit-Reset");
      answer.body = std::move(body);
      give_back(std::move(borrowed.client));
      return answer;
    }
    if (is_too_large) return TransportFailure::too_large;
    if (SteadyClock::now() >= deadline) return TransportFailure::timed_out;
    // A kept-alive connection may have been closed by the other side just now: that says nothing of Calendly. Only for
    // calls that change nothing, since a cut connection does not tell whether the request arrived.
    if (borrowed.is_reused && request.method == "GET") continue;
    return failure_from(result.error());
  }
}

}  // namespace slotwire::proxy
