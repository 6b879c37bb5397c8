#include "proxy/http/transport.h"

#include <array>
#include <cerrno>
#include <limits>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace slotwire::http {
namespace {

Moved moved_from_errno(Moved::Kind blocked) {
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {blocked, 0};
  return {Moved::Kind::failed, 0};
}

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(int socket) : socket_(socket) {}
  ~PlainTransport() override { ::close(socket_); }
  PlainTransport(const PlainTransport&) = delete;
  PlainTransport& operator=(const PlainTransport&) = delete;

  Moved receive(std::span<char> into) override {
    const ssize_t got = ::recv(socket_, into.data(), into.size(), MSG_DONTWAIT);
    if (got < 0) return moved_from_errno(Moved::Kind::wants_read);
    if (got == 0) return {Moved::Kind::ended, 0};
    return {Moved::Kind::some, static_cast<std::size_t>(got)};
  }

  Moved send(std::string_view first, std::string_view second) override {
    // sendmsg wants non-const pointers, but does not change the data.
    std::array<iovec, 2> parts{iovec{const_cast<char*>(first.data()), first.size()},
                               iovec{const_cast<char*>(second.data()), second.size()}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const ssize_t sent = ::sendmsg(socket_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) return moved_from_errno(Moved::Kind::wants_write);
    return {Moved::Kind::some, static_cast<std::size_t>(sent)};
  }

  bool has_buffered() const override { return false; }
  void finish_sending() override { ::shutdown(socket_, SHUT_WR); }
  int socket() const override { return socket_; }

 private:
  int socket_;
};

class TlsTransport final : public Transport {
 public:
  TlsTransport(SSL* ssl, int socket) : ssl_(ssl), socket_(socket) {}
  ~TlsTransport() override {
    // One attempt at close_notify. Nothing may be sent on a failed session.
    if (!is_broken_ && SSL_is_init_finished(ssl_) == 1) SSL_shutdown(ssl_);
    ERR_clear_error();
    SSL_free(ssl_);
    ::close(socket_);
  }
  TlsTransport(const TlsTransport&) = delete;
  TlsTransport& operator=(const TlsTransport&) = delete;

  Moved receive(std::span<char> into) override {
    if (is_broken_) return {Moved::Kind::failed, 0};
    ERR_clear_error();
    std::size_t got = 0;
    const int done = SSL_read_ex(ssl_, into.data(), into.size(), &got);
    return done == 1 ? Moved{Moved::Kind::some, got} : moved_from_tls(done);
  }

  Moved send(std::string_view first, std::string_view second) override {
    if (is_broken_) return {Moved::Kind::failed, 0};
    // A record holds 16 KiB. Joining the parts saves a record and a packet for most answers.
    if (!first.empty() && !second.empty() && first.size() < kRecord) {
      std::array<char, kRecord> record;
      const std::size_t from_second = std::min(second.size(), kRecord - first.size());
      first.copy(record.data(), first.size());
      second.copy(record.data() + first.size(), from_second);
      return write({record.data(), first.size() + from_second});
    }
    return write(first.empty() ? second.substr(0, kRecord) : first.substr(0, kRecord));
  }

  bool has_buffered() const override { return SSL_pending(ssl_) > 0; }
  void finish_sending() override {
    if (!is_broken_ && SSL_is_init_finished(ssl_) == 1) SSL_shutdown(ssl_);
    ERR_clear_error();
    ::shutdown(socket_, SHUT_WR);
  }
  int socket() const override { return socket_; }

 private:
  static constexpr std::size_t kRecord = 16 * 1024;

  Moved write(std::string_view bytes) {
    ERR_clear_error();
    std::size_t sent = 0;
    const int done = SSL_write_ex(ssl_, bytes.data(), bytes.size(), &sent);
    return done == 1 ? Moved{Moved::Kind::some, sent} : moved_from_tls(done);
  }

  Moved moved_from_tls(int done) {
    switch (SSL_get_error(ssl_, done)) {
      case SSL_ERROR_WANT_READ:
        return {Moved::Kind::wants_read, 0};
      case SSL_ERROR_WANT_WRITE:
        return {Moved::Kind::wants_write, 0};
      case SSL_ERROR_ZERO_RETURN:
        return {Moved::Kind::ended, 0};
      default:
        is_broken_ = true;
        return {Moved::Kind::failed, 0};
    }
  }

  SSL* ssl_;
  int socket_;
  bool is_broken_ = false;
};

int choose_http_1_1(SSL*, const unsigned char** chosen, unsigned char* chosen_length, const unsigned char* offered,
                    unsigned int offered_length, void*) {
  static constexpr unsigned char kOurs[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* match = nullptr;
  const int found = SSL_select_next_proto(&match, chosen_length, kOurs, sizeof kOurs, offered, offered_length);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
  *chosen = match;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

std::unique_ptr<Transport> plain_transport(int socket) { return std::make_unique<PlainTransport>(socket); }

struct TlsIdentity::Context {
  explicit Context(SSL_CTX* made) : ssl(made) {}
  ~Context() { SSL_CTX_free(ssl); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  SSL_CTX* ssl;
};

Result<TlsIdentity> TlsIdentity::from_files(const std::string& certificate_path, const std::string& key_path) {
  auto context = std::make_shared<Context>(SSL_CTX_new(TLS_server_method()));
  if (context->ssl == nullptr) return Error{.code = ErrorCode::internal, .detail = "TLS could not be set up."};
  SSL_CTX_set_min_proto_version(context->ssl, TLS1_2_VERSION);
  SSL_CTX_set_options(context->ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_CLEANSE_PLAINTEXT);
  SSL_CTX_set_mode(context->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context->ssl, choose_http_1_1, nullptr);
  const bool has_certificate = SSL_CTX_use_certificate_chain_file(context->ssl, certificate_path.c_str()) == 1;
  const bool has_key = has_certificate && SSL_CTX_use_PrivateKey_file(context->ssl, key_path.c_str(), SSL_FILETYPE_PEM) == 1;
  const bool fit = has_key && SSL_CTX_check_private_key(context->ssl) == 1;
  ERR_clear_error();
  if (!has_certificate) return bad_input("CALENDLY_TLS_CERT", "The certificate file cannot be read as PEM.");
  if (!fit) return bad_input("CALENDLY_TLS_KEY", "The key file cannot be read as PEM, or does not belong to the certificate.");
  return TlsIdentity(std::move(context));
}

std::unique_ptr<Transport> TlsIdentity::greet(int socket) const {
  SSL* ssl = SSL_new(context_->ssl);
  if (ssl == nullptr || SSL_set_fd(ssl, socket) != 1) {
    SSL_free(ssl);
    ::close(socket);
    return nullptr;
  }
  SSL_set_accept_state(ssl);
  return std::make_unique<TlsTransport>(ssl, socket);
}

}  // namespace slotwire::http
