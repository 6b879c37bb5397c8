// The connection to Calendly over real sockets: certificates, deadlines, answers with a wrong length.
#include "proxy/calendly/httplib_transport.h"

#include <atomic>
#include <catch_amalgamated.hpp>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace slotwire::tests {
using namespace calendly;
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct OpenSslDelete {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
template <class T>
using Owned = std::unique_ptr<T, OpenSslDelete>;

// A self-signed certificate with any names and dates.
struct Identity {
  explicit Identity(const std::string& names, int begins_s = -60, int ends_s = 3600)
      : key(EVP_EC_gen("P-256")), certificate(X509_new()) {
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), begins_s);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), ends_s);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    const Owned<X509_EXTENSION> alternatives(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str()));
    X509_add_ext(certificate.get(), alternatives.get(), -1);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
  }
  Owned<EVP_PKEY> key;
  Owned<X509> certificate;
};

// Sets the trusted certificates during a test: OpenSSL reads the variable when a client is created.
class Trusting {
 public:
  explicit Trusting(const Identity& identity)
      : path_(fs::temp_directory_path() / ("slotwire-trust-" + std::to_string(::getpid()))) {
    FILE* file = std::fopen(path_.c_str(), "w");
    PEM_write_X509(file, identity.certificate.get());
    std::fclose(file);
    ::setenv("SSL_CERT_FILE", path_.c_str(), 1);
  }
  ~Trusting() {
    ::unsetenv("SSL_CERT_FILE");
    fs::remove(path_);
  }

 private:
  fs::path path_;
};

// Accepts connections one after another and passes each to `serve`; its destructor ends it.
class Listener {
 public:
  using Serve = std::function<void(int socket)>;
  explicit Listener(Serve serve) : serve_(std::move(serve)), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    std::signal(SIGPIPE, SIG_IGN);  // as the program does: OpenSSL writes to closed connections
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(socket_, 16) == 0);
    socklen_t size = sizeof address;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] {
      for (int accepted = 0; (accepted = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
        ++connections;
        serve_(accepted);
        ::close(accepted);
      }
    });
  }
  ~Listener() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  [[nodiscard]] std::string origin(const std::string& scheme = "http") const {
    return scheme + "://127.0.0.1:" + std::to_string(port_);
  }

  std::atomic<int> connections{0};

 private:
  Serve serve_;
  int socket_;
  int port_ = 0;
  std::thread thread_;
};

bool send_text(int socket, std::string_view text) {
  return ::send(socket, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

// Reads to the end of the request's head; false if the peer has closed.
bool read_request(int socket) {
  std::string head;
  char byte = 0;
  while (!head.ends_with("\r\n\r\n")) {
    if (::recv(socket, &byte, 1, 0) != 1) return false;
    head += byte;
  }
  return true;
}

// Returns when the peer has closed, or after half a minute.
void wait_for_peer(int socket) {
  pollfd poll_for{socket, POLLRDHUP, 0};
  (void)::poll(&poll_for, 1, 30'000);
}

void serve_tls(int socket, const Identity& identity) {
  const Owned<SSL_CTX> context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(context.get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
  const Owned<SSL> ssl(SSL_new(context.get()));
  SSL_set_fd(ssl.get(), socket);
  if (SSL_accept(ssl.get()) != 1) return;
  char buffer[4096];
  if (SSL_read(ssl.get(), buffer, sizeof buffer) <= 0) return;
  const std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
  SSL_write(ssl.get(), answer.data(), static_cast<int>(answer.size()));
  SSL_shutdown(ssl.get());
}

struct World {
  explicit World(const std::string& origin) : transport(base_url_from_text(origin).value()) {}
  Exchange get(std::chrono::milliseconds timeout = 10s, const std::string& method = "GET") {
    UpstreamRequest request;
    request.method = method;
    request.target = "/users/me";
    request.token = &token;
    request.timeout = timeout;
    return transport.send(request);
  }
  secrets::SecretString token{"eyJ.good.token"};
  HttplibTransport transport;
};

TransportFailure failure_of(const Exchange& exchange) {
  REQUIRE(std::holds_alternative<TransportFailure>(exchange));
  return std::get<TransportFailure>(exchange);
}

}  // namespace

TEST_CASE("HttplibTransport: only a certificate of the right name, days and issuer gets the token", "[proxy][transport][tls]") {
  struct Row {
    const char* name;
    const char* names;
    int begins_s;
    int ends_s;
    bool is_trusted;
    bool is_accepted;
  };
  const Row row = GENERATE(values<Row>({{"as it should be", "IP:127.0.0.1", -60, 3600, true, true},
                                        {"signed by nobody known", "IP:127.0.0.1", -60, 3600, false, false},
                                        {"for another host", "DNS:calendly.example,IP:127.0.0.2", -60, 3600, true, false},
                                        {"expired", "IP:127.0.0.1", -7200, -3600, true, false},
                                        {"not yet valid", "IP:127.0.0.1", 3600, 7200, true, false}}));
  INFO(row.name);
  const Identity identity(row.names, row.begins_s, row.ends_s);
  const Identity another("IP:127.0.0.1");
  const Trusting trusting(row.is_trusted ? identity : another);
  const Listener listener([&](int socket) { serve_tls(socket, identity); });
  World world(listener.origin("https"));
  const Exchange exchange = world.get();
  if (row.is_accepted) {
    REQUIRE(std::holds_alternative<UpstreamAnswer>(exchange));
    CHECK(std::get<UpstreamAnswer>(exchange).body == "{}");
  } else {
    CHECK(failure_of(exchange) == TransportFailure::certificate_refused);
  }
}

TEST_CASE("HttplibTransport: bytes that dribble do not move the deadline", "[proxy][transport]") {
  struct Row {
    const char* name;
    const char* first;
    const char* again;
  };
  const Row row = GENERATE(values<Row>({{"headers", "HTTP/1.1 200 OK\r\n", "X-A: b\r\n"},
                                        {"one endless header", "HTTP/1.1 200 OK\r\nX-A: ", "b"},
                                        {"body with a length", "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "b"},
                                        {"body in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nb\r\n"},
                                        {"body up to the close", "HTTP/1.1 200 OK\r\n\r\n", "b"},
                                        {"nothing at all", "", ""}}));
  INFO(row.name);
  Listener listener([&](int socket) {
    if (!read_request(socket) || !send_text(socket, row.first)) return;
    if (*row.again == 0) return wait_for_peer(socket);
    // One byte every few milliseconds, so that no single read of the client times out.
    pollfd poll_for{socket, POLLRDHUP, 0};
    while (::poll(&poll_for, 1, 5) == 0 && send_text(socket, row.again)) {
    }
  });
  World world(listener.origin());
  const auto began = std::chrono::steady_clock::now();
  CHECK(failure_of(world.get(400ms)) == TransportFailure::timed_out);
  const auto took = std::chrono::steady_clock::now() - began;
  CHECK(took >= 400ms);
  CHECK(took < 4s);
  CHECK(listener.connections == 1);
}

TEST_CASE("HttplibTransport: answers that lie about their length", "[proxy][transport]") {
  struct Row {
    const char* name;
    const char* answer;
    std::optional<TransportFailure> failure;
  };
  const Row row = GENERATE(values<Row>({
      {"shorter than it says", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}", TransportFailure::cut_off},
      {"cut in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{}", TransportFailure::cut_off},
      {"cut in its head", "HTTP/1.1 200 OK\r\nContent-Le", TransportFailure::cut_off},
      {"no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", TransportFailure::cut_off},
      {"whole", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", std::nullopt},
  }));
  INFO(row.name);
  const Listener listener([&](int socket) {
    if (read_request(socket)) send_text(socket, row.answer);
  });
  World world(listener.origin());
  const Exchange exchange = world.get();
  if (row.failure) {
    CHECK(failure_of(exchange) == *row.failure);
  } else {
    CHECK(std::get<UpstreamAnswer>(exchange).body == "{}");
  }
}

TEST_CASE("HttplibTransport: what is longer than eight megabytes is not read to its end", "[proxy][transport]") {
  std::atomic<std::size_t> sent{0};
  const std::string block(64 * 1024, 'x');
  const std::string head = GENERATE("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n");
  Listener listener([&](int socket) {
    if (!read_request(socket) || !send_text(socket, head)) return;
    while (sent < 200'000'000 && send_text(socket, block)) sent += block.size();
  });
  World world(listener.origin());
  CHECK(failure_of(world.get(20s)) == TransportFailure::too_large);
  CHECK(sent < 100'000'000);
}

// A connection was reused with bytes left after its answer, and the next request read them as its own answer.
TEST_CASE("HttplibTransport: bytes behind an answer are not the next answer", "[proxy][transport]") {
  Listener listener([&](int socket) {
    if (!read_request(socket)) return;
    // More than the client's buffer holds, so that some of it is still in the socket.
    std::string bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    while (bytes.size() < 16 * 1024) bytes += "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";
    send_text(socket, bytes);
    wait_for_peer(socket);
  });
  World world(listener.origin());
  for (int i = 0; i < 3; ++i) {
    const Exchange exchange = world.get();
    REQUIRE(std::holds_alternative<UpstreamAnswer>(exchange));
    CHECK(std::get<UpstreamAnswer>(exchange).body == "{}");
  }
  CHECK(listener.connections == 3);
}

TEST_CASE("HttplibTransport: a connection is kept, and one that was closed meanwhile is opened anew", "[proxy][transport]") {
  const int answers_each = GENERATE(1, 2, 100);
  INFO(answers_each << " answers on each connection");
  Listener listener([&](int socket) {
    for (int i = 0; i < answers_each && read_request(socket); ++i) {
      send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    }
  });
  World world(listener.origin());
  for (int i = 0; i < 6; ++i) {
    const Exchange exchange = world.get();
    REQUIRE(std::holds_alternative<UpstreamAnswer>(exchange));
  }
  CHECK(listener.connections == (answers_each == 100 ? 1 : 6 / answers_each));
}

namespace {

// The server's side of one connection, plain or TLS.
class Peer {
 public:
  Peer(int socket, const Identity* identity) : socket_(socket) {
    if (identity == nullptr) return;
    context_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(context_.get(), identity->certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), identity->key.get());
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket);
    SSL_accept(ssl_.get());
  }
  ~Peer() {
    if (ssl_) SSL_shutdown(ssl_.get());  // announces the close, as a server does
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  [[nodiscard]] bool read_request() {
    std::string head;
    char byte = 0;
    while (!head.ends_with("\r\n\r\n")) {
      if ((ssl_ ? SSL_read(ssl_.get(), &byte, 1) : static_cast<int>(::recv(socket_, &byte, 1, 0))) != 1) return false;
      head += byte;
    }
    return true;
  }
  void say(std::string_view text) {
    if (ssl_) {
      SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
    } else {
      send_text(socket_, text);
    }
  }

 private:
  int socket_;
  Owned<SSL_CTX> context_;
  Owned<SSL> ssl_;
};

}  // namespace

// A kept connection that broke after half an answer was treated as closed before use: the request was repeated at once, once for
// each idle connection.
TEST_CASE("HttplibTransport: only a kept connection that brought nothing is asked again, once, and anew", "[proxy][transport]") {
  struct Row {
    const char* name;
    const char* second_answer;
    int requests;  // of the second request
  };
  const Row row = GENERATE(values<Row>({{"closed without a word", "", 2},
                                        {"cut in its status line", "HTTP/1.1 20", 1},
                                        {"cut in its head", "HTTP/1.1 200 OK\r\nContent-Le", 1},
                                        {"cut in its body", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", 1}}));
  const bool is_tls = GENERATE(false, true);
  INFO(row.name << (is_tls ? ", TLS" : ", plain"));
  const Identity identity("IP:127.0.0.1");
  const Trusting trusting(identity);
  constexpr int kIdle = 3;
  std::atomic<int> requests{0};
  std::mutex mutex;
  std::condition_variable all_are_there;
  int waiting = 0;
  std::vector<std::thread> peers;
  {
    // Each connection has its own thread; the first answers are sent when all requests have arrived, so that all connections are
    // kept.
    Listener listener([&](int accepted) {
      peers.emplace_back([&, socket = ::dup(accepted)] {
        {
          Peer peer(socket, is_tls ? &identity : nullptr);
          if (peer.read_request()) {
            const bool is_later = ++requests > kIdle;
            if (!is_later) {
              std::unique_lock lock(mutex);
              ++waiting;
              all_are_there.notify_all();
              all_are_there.wait(lock, [&] { return waiting == kIdle; });
              lock.unlock();
              peer.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
              if (peer.read_request()) {
                ++requests;
                peer.say(row.second_answer);
              }
            }
          }
        }
        ::close(socket);
      });
    });
    {
      World world(listener.origin(is_tls ? "https" : "http"));
      std::vector<std::thread> askers;
      std::atomic<int> answers{0};
      for (int i = 0; i < kIdle; ++i) {
        askers.emplace_back([&] { answers += std::holds_alternative<UpstreamAnswer>(world.get()) ? 1 : 0; });
      }
      for (std::thread& asker : askers) asker.join();
      REQUIRE(answers == kIdle);
      CHECK(failure_of(world.get()) == TransportFailure::cut_off);
      CHECK(requests == kIdle + row.requests);
    }
  }
  for (std::thread& peer : peers) peer.join();
}

TEST_CASE("HttplibTransport: what changes something is never sent twice", "[proxy][transport]") {
  std::atomic<int> posts{0};
  Listener listener([&](int socket) {
    if (!read_request(socket)) return;
    ++posts;
  });
  World world(listener.origin());
  CHECK(failure_of(world.get(10s, "POST")) == TransportFailure::cut_off);
  CHECK(posts == 1);
}

TEST_CASE("HttplibTransport: nobody listens", "[proxy][transport]") {
  std::string origin;
  {
    origin = Listener([](int) {}).origin();
  }
  World world(origin);
  CHECK(failure_of(world.get()) == TransportFailure::unreachable);
}

TEST_CASE("base_url_from_text: https, or http to this machine", "[proxy][transport]") {
  for (const char* fine : {"https://api.calendly.com", "https://api.calendly.com/", "https://host:8443/base/path",
                           "http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080"}) {
    INFO(fine);
    CHECK(base_url_from_text(fine));
  }
  for (const char* wrong :
       {"", "api.calendly.com", "http://api.calendly.com", "ftp://api.calendly.com", "https://", "https://user@host",
        "https://host?x=1", "https://host/a?b", "https://host/a#b", "http://127.evil.example"}) {
    INFO(wrong);
    CHECK_FALSE(base_url_from_text(wrong));
  }
  CHECK(base_url_from_text("https://host/base/")->prefix == "/base");
}

}  // namespace slotwire::tests
