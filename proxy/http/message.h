#pragma once
// A request and a reply as values: everything that routes know about HTTP. No socket, no httplib.
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace slotwire::http {

// Header names are matched without regard to case.
class Headers {
 public:
  void set(std::string name, std::string value);
  void add(std::string name, std::string value);
  // The first header of that name. Use count() where repeats must be refused.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  [[nodiscard]] std::size_t count(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct Request {
  std::string method;
  std::string path;   // raw: still percent-encoded, without the query
  std::string query;  // raw, without the '?'
  Headers headers;
  std::string body;                      // complete; at most 64 KiB, or the limit in ServerSettings::larger_bodies
  std::string client;                    // address of the peer, or the client's address as a trusted proxy reports it
  std::string id;                        // for log lines and X-Request-Id
  std::vector<std::string> path_values;  // what the route's {...} segments matched, percent-decoded

  // First value of a query parameter, percent-decoded; nullopt when absent.
  [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;
};

// Bodies are shared, so a cached answer is stored once however many connections are sending it.
struct Reply {
  int status = 200;
  Headers headers;
  std::shared_ptr<const std::string> body;  // null: none

  // Until then the server may repeat these bytes for the same GET without calling the handler. "The same" means the same path,
  // query, Accept-Encoding, Origin, If-None-Match and (outside the API) Accept-Language, without Authorization or Cookie. Date
  // and X-Request-Id are still set for each request. Only for public answers that are the same for everybody;
  // Server::forget_repeats() ends it early.
  std::optional<std::chrono::steady_clock::time_point> repeat_until = {};
};

// A reply that is not ready yet. The server calls it once, from any thread, and parks the connection; the callee calls `done`
// exactly once, from any thread, immediately or later. No thread is held meanwhile, so a thousand visitors who wait for one
// upstream call cost a thousand small records.
using Later = std::function<void(std::function<void(Reply)> done)>;

// A Later whose result matters only to its visitor, so that the wait ends when the visitor leaves. `begin` returns the function
// that cancels it, or an empty one when it has called `done` already. When the peer has left, the server closes the connection
// and calls that function once, from one of its own threads. `done` may still be called and is then ignored.
//
// A peer that only shuts down its sending side counts as gone too: until something is written to it, it looks the same as a
// closed socket. That is why an ordinary Later is not watched: such a client still gets its answer, and the work begun for it (a
// booking) continues whether or not the client is still there.
struct Wait {
  using Cancel = std::function<void()>;
  std::function<Cancel(std::function<void(Reply)> done)> begin;
};

using Step = std::variant<Reply, Later, Wait>;
using Handler = std::function<Step(const Request&)>;

}  // namespace slotwire::http
