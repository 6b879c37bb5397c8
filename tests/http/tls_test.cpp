// TLS in the same reactor, with a certificate made for the test.
#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proxy/http/connection_caps.h"
#include "tests/http/test_server.h"

using namespace slotwire;
using namespace slotwire::tests;
using namespace slotwire::http;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct OpenSslDelete {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(FILE* file) const { std::fclose(file); }
};
template <class T>
using Owned = std::unique_ptr<T, OpenSslDelete>;

// A self-signed certificate for 127.0.0.1, in temporary files.
class TestIdentity {
 public:
  TestIdentity() : folder_(fs::temp_directory_path() / ("slotwire-tls-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
    const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
    const Owned<EVP_PKEY> other(EVP_EC_gen("P-256"));
    const Owned<X509> certificate(X509_new());
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    const Owned<FILE> certificate_file(std::fopen(certificate_path().c_str(), "w"));
    PEM_write_X509(certificate_file.get(), certificate.get());
    const Owned<FILE> key_file(std::fopen(key_path().c_str(), "w"));
    PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    const Owned<FILE> other_file(std::fopen(other_key_path().c_str(), "w"));
    PEM_write_PrivateKey(other_file.get(), other.get(), nullptr, nullptr, 0, nullptr, nullptr);
  }
  ~TestIdentity() { fs::remove_all(folder_); }
  [[nodiscard]] std::string certificate_path() const { return folder_ / "certificate.pem"; }
  [[nodiscard]] std::string key_path() const { return folder_ / "key.pem"; }
  [[nodiscard]] std::string other_key_path() const { return folder_ / "other.pem"; }
  [[nodiscard]] ServerSettings settings() const {
    ServerSettings settings;
    settings.tls_certificate_path = certificate_path();
    settings.tls_key_path = key_path();
    return settings;
  }

 private:
  fs::path folder_;
};

class TlsClient {
 public:
  TlsClient(const TestServer& server, const TestIdentity& identity, int max_version = TLS1_3_VERSION, int receive_buffer = 0)
      : socket_(server.client(receive_buffer)), context_(SSL_CTX_new(TLS_client_method())), ssl_(nullptr) {
    SSL_CTX_load_verify_locations(context_.get(), identity.certificate_path().c_str(), nullptr);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_max_proto_version(context_.get(), max_version);
    if (max_version < TLS1_2_VERSION) SSL_CTX_set_security_level(context_.get(), 0);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket_.descriptor());
    const timeval timeout{10, 0};
    ::setsockopt(socket_.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    is_connected_ = SSL_connect(ssl_.get()) == 1;
  }
  [[nodiscard]] bool is_connected() const { return is_connected_; }
  void send(std::string_view bytes) { SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())); }
  // Reads until the connection is closed, or `size` bytes.
  std::string read(std::size_t size) {
    std::string all;
    char buffer[16384];
    while (all.size() < size) {
      const int got = SSL_read(ssl_.get(), buffer, static_cast<int>(std::min(sizeof buffer, size - all.size())));
      if (got <= 0) break;
      all.append(buffer, static_cast<std::size_t>(got));
    }
    return all;
  }
  std::string read_head() {
    std::string head;
    while (!head.ends_with("\r\n\r\n")) {
      const std::string byte = read(1);
      if (byte.empty()) break;
      head += byte;
    }
    return head;
  }

 private:
  SocketClient socket_;
  Owned<SSL_CTX> context_;
  Owned<SSL> ssl_;
  bool is_connected_ = false;
};

}  // namespace

TEST_CASE("tls: 1.2 and 1.3 are spoken, 1.1 is not", "[http][tls]") {
  const TestIdentity identity;
  TestServer server(echo, identity.settings());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(server, identity, version);
    REQUIRE(client.is_connected());
    client.send(get("/secure") + "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
    const std::string all = client.read(100'000);
    CHECK(all.find("GET /secure? ") != std::string::npos);
    CHECK(all.ends_with("POST /b? hi"));
  }
  TlsClient old(server, identity, TLS1_1_VERSION);
  CHECK_FALSE(old.is_connected());
}

TEST_CASE("tls: a large answer to a slow reader arrives whole, behind others on the same loop", "[http][tls]") {
  const TestIdentity identity;
  std::string body(8 * 1024 * 1024, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 23);
  ServerSettings settings = identity.settings();
  settings.loops = 1;
  TestServer server([&](const Request& request) { return request.path == "/large" ? text_step(body) : echo(request); }, settings);
  TlsClient slow(server, identity, TLS1_3_VERSION, 4096);
  REQUIRE(slow.is_connected());
  slow.send(get("/large"));
  TlsClient other(server, identity);
  REQUIRE(other.is_connected());
  other.send(get("/other", "Connection: close\r\n"));
  CHECK(other.read(100'000).ends_with("GET /other? "));
  CHECK(slow.read_head().starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(slow.read(body.size()) == body);
}

TEST_CASE("tls: plain HTTP, noise and silence on the port harm nobody", "[http][tls]") {
  const TestIdentity identity;
  ServerSettings settings = identity.settings();
  settings.header_deadline = 100ms;
  TestServer server(echo, settings);
  SocketClient plain = server.client();
  plain.send(get("/"));
  CHECK(plain.is_ended());
  SocketClient silent = server.client();
  CHECK(silent.is_ended());
  SocketClient vanishing = server.client();
  vanishing.send("\x16\x03\x01");
  vanishing.reset();
  TlsClient client(server, identity);
  REQUIRE(client.is_connected());
  client.send(get("/", "Connection: close\r\n"));
  CHECK(client.read(100'000).find("HTTP/1.1 200 OK") == 0);
}

// One address held 507 descriptors for sixty seconds each, by opening connections beyond its limit without sending anything: the
// refusal waited for a TLS greeting, as long as for a client reading an answer.
TEST_CASE("tls: who is over the cap and says nothing is let go as soon as over plain HTTP", "[http][tls]") {
  const TestIdentity identity;
  ServerSettings settings = identity.settings();
  settings.max_connections_per_client = 1;
  TestServer server(echo, settings);
  TlsClient kept(server, identity);
  REQUIRE(kept.is_connected());
  std::vector<SocketClient> silent;
  for (int i = 0; i < 100; ++i) silent.push_back(server.client());
  for (SocketClient& client : silent) REQUIRE(client.is_ended(20s));
  kept.send(get("/", "Connection: close\r\n"));
  CHECK(kept.read(100'000).ends_with("GET /? "));
}

TEST_CASE("tls: who is over the cap is told so", "[http][tls]") {
  const TestIdentity identity;
  ServerSettings settings = identity.settings();
  settings.max_connections_per_client = 1;
  TestServer server(echo, settings);
  TlsClient kept(server, identity);
  REQUIRE(kept.is_connected());
  TlsClient refused(server, identity);
  REQUIRE(refused.is_connected());
  CHECK(refused.read_head().starts_with("HTTP/1.1 503 "));
}

TEST_CASE("connection caps: so many are told that there is no room, and no more at once", "[http][tls]") {
  ConnectionCaps caps(1, 1);
  for (std::size_t i = 0; i < ConnectionCaps::kRefusalsAtOnce; ++i) CHECK(caps.enter_refused());
  CHECK_FALSE(caps.enter_refused());
  caps.leave_refused();
  CHECK(caps.enter_refused());
}

TEST_CASE("tls: a Wait is called off when its visitor goes", "[http][tls]") {
  const TestIdentity identity;
  std::atomic<int> begun{0};
  std::atomic<int> called_off{0};
  std::mutex mutex;
  std::vector<std::function<void(Reply)>> waiting;
  TestServer server(
      [&](const Request&) {
        return Wait{[&](std::function<void(Reply)> done) -> Wait::Cancel {
          const std::lock_guard lock(mutex);
          waiting.push_back(std::move(done));
          ++begun;
          return [&] { ++called_off; };
        }};
      },
      identity.settings());
  {
    TlsClient client(server, identity);
    REQUIRE(client.is_connected());
    client.send(get("/"));
    REQUIRE(becomes_true([&] { return begun == 1; }));
    CHECK(called_off == 0);
  }
  CHECK(becomes_true([&] { return called_off == 1; }));
  CHECK(becomes_true([&] { return server->connection_count() == 0; }));
}

TEST_CASE("tls: half a configuration or files that do not fit are errors that name the setting", "[http][tls]") {
  const TestIdentity identity;
  struct Row {
    std::string certificate;
    std::string key;
    std::string field;
  };
  for (const Row& row :
       {Row{identity.certificate_path(), "", "CALENDLY_TLS_KEY"}, Row{"", identity.key_path(), "CALENDLY_TLS_CERT"},
        Row{"/nowhere.pem", identity.key_path(), "CALENDLY_TLS_CERT"},
        Row{identity.certificate_path(), "/nowhere.pem", "CALENDLY_TLS_KEY"},
        Row{identity.certificate_path(), identity.other_key_path(), "CALENDLY_TLS_KEY"}}) {
    ServerSettings settings;
    settings.tls_certificate_path = row.certificate;
    settings.tls_key_path = row.key;
    Server server(settings, echo);
    const Result<int> started = server.start();
    REQUIRE_FALSE(started.has_value());
    CHECK(started.error().details.at(0).field == row.field);
    CHECK(started.error().details.at(0).message.find("nowhere") == std::string::npos);
  }
}
