#include "tests/e2e/http.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <httplib.h>
#include <mutex>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <unordered_set>

namespace slotwire::e2e {
namespace {

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text;
}

httplib::Client client_for(int port) {
  httplib::Client client("127.0.0.1", port);
  client.set_read_timeout(30);
  client.set_tcp_nodelay(true);
  // Compressed answers are returned unchanged.
  client.set_decompress(false);
  // Paths are sent as written: half of the tests are about how they are parsed.
  client.set_url_encode(false);
  return client;
}

httplib::Headers headers_from(const Fields& fields) { return {fields.begin(), fields.end()}; }

Reply reply_from(const httplib::Result& result) {
  Reply reply;
  if (!result) return reply;
  reply.status = result->status;
  reply.body = result->body;
  for (const auto& [name, value] : result->headers) reply.headers.emplace(lower_case(name), value);
  return reply;
}

// Writes each of our API's answers to a file, to be checked against the API's document (tests/openapi/answers.mjs). Compressed
// answers are left out, since they have the same content, and so are those of other hosts, which may be Calendly's API.
void write_down(const std::string& method, const std::string& target, const Fields& headers, const Reply& reply) {
  static const char* const file = std::getenv("SLOTWIRE_ANSWERS");
  const std::string path = target.substr(0, target.find('?'));
  const bool is_ours = path.starts_with("/api/") || path == "/healthz" || path == "/readyz";
  if (file == nullptr || !is_ours || headers.contains("Host") || reply.status == 0 || reply.header("content-encoding")) return;
  const std::string line = Json{
      {"method", method},
      {"path", path},
      {"status", reply.status},
      {"type", reply.header("content-type").value_or("")},
      {"retryAfter", reply.header("retry-after").value_or("")},
      {"body", reply.body}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  static std::mutex mutex;
  static std::ofstream out(file, std::ios::trunc);
  static std::unordered_set<std::string> written;
  const std::lock_guard lock(mutex);
  if (written.insert(line).second) out << line << std::endl;
}

Reply written_down(const std::string& method, const std::string& target, const Fields& headers, Reply reply) {
  write_down(method, target, headers, reply);
  return reply;
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

std::optional<std::string> Reply::header(const std::string& lower_case_name) const {
  const auto at = headers.find(lower_case_name);
  return at == headers.end() ? std::nullopt : std::optional(at->second);
}

Json Reply::data() const {
  const Json whole = json();
  return whole.is_object() && whole.contains("data") ? whole["data"] : Json();
}

std::string Reply::error_code() const {
  const Json whole = json();
  if (!whole.is_object() || !whole.contains("error") || !whole["error"].is_object()) return {};
  return whole["error"].value("code", "");
}

Reply Http::get(const std::string& target, const Fields& headers) const {
  return written_down("GET", target, headers, reply_from(client_for(port_).Get(target, headers_from(headers))));
}

Reply Http::post(const std::string& target, const std::string& body, const Fields& headers,
                 const std::string& content_type) const {
  return written_down("POST", target, headers,
                      reply_from(client_for(port_).Post(target, headers_from(headers), body, content_type)));
}

Reply Http::send(const std::string& method, const std::string& target, const Fields& headers, const std::string& body) const {
  httplib::Request request;
  request.method = method;
  request.path = target;
  request.headers = headers_from(headers);
  request.body = body;
  return written_down(method, target, headers, reply_from(client_for(port_).send(request)));
}

RawConnection::RawConnection(int port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_in address = loopback(port);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(descriptor_);
    throw std::runtime_error("cannot connect");
  }
}

RawConnection::~RawConnection() { ::close(descriptor_); }

bool RawConnection::send(const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t went = ::send(descriptor_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (went <= 0) return false;
    sent += static_cast<std::size_t>(went);
  }
  return true;
}

bool RawConnection::read_until(const std::string& text, std::chrono::seconds timeout) {
  const timeval limit{timeout.count(), 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  std::string all;
  char buffer[4096];
  while (all.find(text) == std::string::npos) {
    const ssize_t got = ::recv(descriptor_, buffer, sizeof buffer, 0);
    if (got <= 0) return false;
    all.append(buffer, static_cast<std::size_t>(got));
  }
  return true;
}

std::string RawConnection::read_to_end(std::chrono::seconds timeout) {
  const timeval limit{timeout.count(), 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  std::string all;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::recv(descriptor_, buffer, sizeof buffer, 0)) > 0;) {
    all.append(buffer, static_cast<std::size_t>(got));
  }
  return all;
}

int free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  const bool is_bound = ::bind(descriptor, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                        ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(descriptor);
  if (!is_bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

double metric(const std::string& text, const std::string& name) {
  const std::string line = "\n" + name + " ";
  const std::size_t at = text.find(line);
  return at == std::string::npos ? -1 : std::stod(text.substr(at + line.size()));
}

std::string encoded(const std::string& text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char letter : text) {
    if (std::isalnum(letter) || letter == '-' || letter == '_' || letter == '.' || letter == '~') {
      out += static_cast<char>(letter);
    } else {
      out += '%';
      out += kDigits[letter >> 4];
      out += kDigits[letter & 15];
    }
  }
  return out;
}

}  // namespace slotwire::e2e
