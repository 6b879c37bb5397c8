#pragma once
// Sends and receives bytes without ever waiting, over a plain socket or over TLS. One thread at a time.
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "shared/result.h"

namespace slotwire::http {

struct Moved {
  enum class Kind {
    some,         // `bytes` were moved
    wants_read,   // nothing now; try again when the socket is readable
    wants_write,  // nothing now; try again when the socket is writable
    ended,        // the peer has finished sending
    failed,       // the connection is broken
  };
  Kind kind = Kind::failed;
  std::size_t bytes = 0;
};

class Transport {
 public:
  virtual ~Transport() = default;
  [[nodiscard]] virtual Moved receive(std::span<char> into) = 0;
  // Sends both parts in order, as one packet where possible. After wants_* the same bytes must be offered again.
  [[nodiscard]] virtual Moved send(std::string_view first, std::string_view second) = 0;
  // True when decoded bytes are waiting that the socket's readiness will not announce.
  [[nodiscard]] virtual bool has_buffered() const = 0;
  // Announces that nothing more will be sent.
  virtual void finish_sending() = 0;
  [[nodiscard]] virtual int socket() const = 0;
};

// Owns the socket, which must be non-blocking.
[[nodiscard]] std::unique_ptr<Transport> plain_transport(int socket);

// A certificate with its key, for TLS 1.2 and 1.3. Shared by all threads.
class TlsIdentity {
 public:
  // PEM files; the certificate's includes its chain. Errors: bad_input naming CALENDLY_TLS_CERT or CALENDLY_TLS_KEY.
  [[nodiscard]] static Result<TlsIdentity> from_files(const std::string& certificate_path, const std::string& key_path);

  // Owns the socket; the handshake happens inside the first receive() calls. Null when OpenSSL is out of memory.
  [[nodiscard]] std::unique_ptr<Transport> greet(int socket) const;

 private:
  struct Context;
  explicit TlsIdentity(std::shared_ptr<Context> context) : context_(std::move(context)) {}
  std::shared_ptr<Context> context_;
};

}  // namespace slotwire::http
