#pragma once
// The HTTP server: a listener and a few epoll loops.
//
//   listener -> one of a few loops (epoll) -> reader decides framing -> handler -> Reply, or Later: parked
//                        ^                                                |            |
//                        +--- keep-alive, pipelining <--- bytes out <-----+<--- done --+
//
// A loop's thread is busy only while it answers a complete request. Idle, half-sent, parked and slow connections cost one record
// each. So a handler must not block: what has to wait is a Later (message.h).
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http/message.h"
#include "proxy/http/replies.h"
#include "proxy/net/addresses.h"
#include "shared/result.h"

namespace slotwire::http {

// The outcome of a request, for logs and metrics. Views are valid only during the call.
struct Answered {
  std::string_view request_id;
  std::string_view method;
  std::string_view path;  // raw, without the query; empty when the request could not be read
  std::string_view client;
  int status = 0;
  std::size_t body_bytes = 0;
  std::chrono::microseconds took{};  // from the complete request until the answer is given to the socket
  bool repeated = false;             // sent from ready bytes (Reply::repeat_until)
};

struct ServerSettings {
  std::string host = "127.0.0.1";
  int port = 0;   // 0: any free port
  int loops = 0;  // threads; 0: one for each core, at least two
  int backlog = 1024;

  std::size_t max_connections = 4096;
  std::size_t max_connections_per_client = 100;  // trusted proxies are exempt
  std::vector<net::AddressRange> trusted_proxies;

  std::size_t max_body_bytes = 64 * 1024;
  // Paths, as in the request line, whose bodies may be larger. Only a few bodies at once may exceed max_body_bytes, so that
  // strangers cannot fill the memory; further ones are answered with 503.
  std::map<std::string, std::size_t, std::less<>> larger_bodies;
  std::chrono::milliseconds header_deadline{10'000};  // from the first byte of a request; later bytes do not move it
  std::chrono::milliseconds body_deadline{20'000};    // from the end of its headers
  std::chrono::milliseconds idle_timeout{60'000};     // between requests of a kept-alive connection
  std::chrono::milliseconds write_deadline{60'000};  // from the first byte of an answer that did not fit into the socket's buffer
  std::chrono::milliseconds stop_grace{15'000};      // time that stop() gives to running requests

  // PEM files; both or neither. With them the port accepts only TLS 1.2 and 1.3.
  std::string tls_certificate_path;
  std::string tls_key_path;

  // Words the refusals of the server itself. Called from the loops' threads, several at once; must not block.
  Refusals refusal = refusal_in_envelope;

  // All optional. Called from the loops' threads, several at once; must not block.
  std::function<void(std::string_view request_id, std::string_view what)> on_exception;  // a handler threw; once for each
  std::function<void(const Answered&)> on_answered;
  // New connections cannot be accepted for lack of descriptors or memory, still cannot, or can again: one sentence each time.
  // Called from the accepting thread.
  std::function<void(std::string_view what)> on_accept_trouble;
  // The port was lost for good, so no new connection will arrive. Existing ones are served until stop(). Called from the
  // accepting thread, at most once; must not call stop().
  std::function<void(const Error& why)> on_port_lost;
  // Asked before ready bytes are repeated for a client. False: the handler is called instead (and answers 429).
  std::function<bool(std::string_view client)> may_repeat;
};

class Server {
 public:
  // `handler` is called from several threads at once. An exception it throws becomes a 500.
  Server(ServerSettings settings, Handler handler);
  ~Server();  // stops

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Binds, listens and returns the bound port; requests are answered on the server's own threads. Also raises the process's limit
  // of open files (up to its hard limit) so that max_connections fit. Call once. Errors: bad_input naming HOST, PORT,
  // CALENDLY_TLS_CERT or CALENDLY_TLS_KEY, with what to do.
  Result<int> start();

  // Accepts no new connections from now on; the kernel refuses them. Existing connections are served until stop(). Safe to call
  // twice, from any thread but the accepting one.
  void close_port();

  // Accepts no new connections, closes idle ones, lets running requests (Later ones too) finish within stop_grace, then returns.
  // A `done` called after that is ignored. Safe to call twice, from any thread but a handler's.
  void stop();

  // Forgets all ready bytes kept for Reply::repeat_until, because their source has changed. Any thread. A request read after the
  // return is not answered from older bytes.
  void forget_repeats();

  // Open connections, parked ones included; any thread.
  [[nodiscard]] std::size_t connection_count() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace slotwire::http
