#include "proxy/http/listener.h"

#include <algorithm>
#include <cerrno>
#include <httplib.h>
#include <string_view>
#include <sys/socket.h>

namespace slotwire::proxy {
namespace {

// The accept loop hands sockets over itself: there is nothing to queue.
class AtOnce final : public httplib::TaskQueue {
 public:
  bool enqueue(std::function<void()> task) override {
    task();
    return true;
  }
  void shutdown() override {}
};

// A stream that has no socket: httplib reads one request line from it and leaves the answer in it.
class MemoryStream final : public httplib::Stream {
 public:
  explicit MemoryStream(std::string_view in) : in_(in) {}
  [[nodiscard]] std::string take() { return std::move(out_); }

  // Which of these are virtual differs between httplib versions, so none says override.
  bool is_readable() const { return !in_.empty(); }
  bool is_writable() const { return true; }
  bool wait_readable() const { return !in_.empty(); }
  bool wait_writable() const { return true; }
  time_t duration() const { return 0; }
  ssize_t read(char* into, std::size_t size) {
    const std::size_t taken = in_.copy(into, size);
    in_.remove_prefix(taken);
    return static_cast<ssize_t>(taken);
  }
  ssize_t write(const char* from, std::size_t size) {
    out_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const {}
  void get_local_ip_and_port(std::string&, int&) const {}
  socket_t socket() const { return INVALID_SOCKET; }

 private:
  std::string_view in_;
  std::string out_;
};

// httplib gives its handlers nothing of ours, so the reply under way is found by thread: head_from_reply sets it, the
// handler it calls into on the same thread reads it.
thread_local const Reply* reply_under_way = nullptr;

bool has_no_length(int status) { return status == 204 || status == 304; }

ssize_t write_header_lines(httplib::Stream& stream, httplib::Headers& headers) {
  std::string lines;
  for (const auto& [name, value] : headers) {
    // httplib adds what it would do itself (its own keep-alive limits, ranges on HEAD, a length where none belongs).
    if (name == "Keep-Alive" || name == "Accept-Ranges") continue;
    if (name == "Content-Length" && reply_under_way != nullptr && has_no_length(reply_under_way->status)) continue;
    lines += name;
    lines += ": ";
    lines += value;
    lines += "\r\n";
  }
  lines += "\r\n";
  return stream.write(lines.data(), lines.size());
}

}  // namespace

class Listener::ParkingServer final : public httplib::Server {
 public:
  explicit ParkingServer(std::function<void(int)> on_connection) : on_connection_(std::move(on_connection)) {
    new_task_queue = [] { return new AtOnce; };
    set_tcp_nodelay(true);
    // Not httplib's own SO_REUSEPORT: with it a second server on the same port starts and takes half of the visitors.
    set_socket_options([](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    set_header_writer(write_header_lines);
    set_pre_routing_handler([](const httplib::Request&, httplib::Response& response) {
      const Reply& reply = *reply_under_way;
      response.status = reply.status;
      // set_header refuses line breaks, so a value that came from outside cannot add a header.
      for (const auto& [name, value] : reply.headers.all()) response.set_header(name, value);
      response.set_header("Content-Length", std::to_string(reply.body ? reply.body->size() : 0));
      return HandlerResponse::Handled;
    });
  }

  void deepen_backlog(int backlog) { ::listen(svr_sock_, backlog); }

  std::string head(std::string_view request, bool closes) {
    MemoryStream stream(request);
    bool is_closed = false;
    process_request(stream, {}, 0, {}, 0, closes, is_closed, nullptr);
    return stream.take();
  }

 private:
  bool process_and_close_socket(socket_t socket) override {
    on_connection_(socket);
    return true;
  }

  std::function<void(int)> on_connection_;
};

Listener::Listener(std::function<void(int)> on_connection) : server_(std::make_unique<ParkingServer>(std::move(on_connection))) {}
Listener::~Listener() = default;

Result<int> Listener::bind(const std::string& host, int port, int backlog) {
  errno = 0;
  const bool any = port == 0;
  const int bound = any ? server_->bind_to_any_port(host) : server_->bind_to_port(host, port) ? port : -1;
  if (bound < 0) {
    if (errno == EADDRINUSE)
      return bad_input("PORT",
                       "Port " + std::to_string(port) + " is in use on " + host + ": stop what uses it, or choose another.");
    if (errno == EACCES) return bad_input("PORT", "Port " + std::to_string(port) + " needs privileges: choose one above 1023.");
    return bad_input("HOST", "Cannot listen on " + host + ", port " + std::to_string(port) + ".");
  }
  // httplib listens with a backlog of 5, which loses connections under any burst.
  server_->deepen_backlog(backlog);
  return bound;
}

void Listener::run() { server_->listen_after_bind(); }
void Listener::stop() {
  // httplib ignores a stop that comes before its loop has begun.
  server_->wait_until_ready();
  server_->stop();
}

std::string Listener::head_from_reply(const Reply& reply, bool is_head, bool closes) const {
  // The client's own bytes stop at our reader: what httplib would act on by itself (ranges, encodings, 100-continue,
  // decoding of header values) was decided there, so it gets a request of our own that carries the method only.
  reply_under_way = &reply;
  std::string head = server_->head(is_head ? "HEAD / HTTP/1.1\r\n\r\n" : "GET / HTTP/1.1\r\n\r\n", closes);
  reply_under_way = nullptr;
  return head;
}

}  // namespace slotwire::proxy
