#pragma once
// A request and a reply as values: all that routes know of HTTP. No socket, no httplib.
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
  // The first of that name: who may not be given two says so by count().
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
  std::string body;                      // complete; at most 64 KiB, or what ServerSettings::larger_bodies says
  std::string client;                    // address of the peer, or of the client a trusted proxy names
  std::string id;                        // for log lines and X-Request-Id
  std::vector<std::string> path_values;  // what the route's {...} segments matched, percent-decoded

  // First value of a query parameter, percent-decoded; nullopt when it is not there.
  [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;
};

// Bodies are shared so that a cached answer is stored once, however many connections it is on its way to.
struct Reply {
  int status = 200;
  Headers headers;
  std::shared_ptr<const std::string> body;  // null: none

  // Until then the server may answer the same GET with these very bytes and not ask the handler: the same path and query,
  // Accept-Encoding, Origin, If-None-Match and, but for the API, Accept-Language, and no Authorization or Cookie. Date and
  // X-Request-Id are still each request's own. For public answers that are the same for everybody; Server::forget_repeats() ends
  // it early.
  std::optional<std::chrono::steady_clock::time_point> repeat_until = {};
};

// A reply that is not there yet. The server calls it once, from any thread, and parks the connection; the callee calls
// `done` exactly once, from any thread, at once or later. Nothing holds a thread in between, so a thousand visitors
// waiting for one upstream call cost a thousand small records.
using Later = std::function<void(std::function<void(Reply)> done)>;

// A Later for what only its visitor wants to know, so that waiting for it ends when the visitor leaves. `begin` gives back
// how it is called off, or nothing when it has called `done` already. The server ends the connection and calls that, once,
// from a thread of its own, when the peer is gone; `done` may still be called, and is ignored.
//
// Gone is also who only ends its sending side: until something is written to it, a closed socket looks no different. That
// is why an ordinary Later is not watched: a client may say all it has to say, end its side and have its answer all the
// same, and what was begun for it (a booking) goes on whether or not anybody is left to hear of it.
struct Wait {
  using CallOff = std::function<void()>;
  std::function<CallOff(std::function<void(Reply)> done)> begin;
};

using Step = std::variant<Reply, Later, Wait>;
using Handler = std::function<Step(const Request&)>;

}  // namespace slotwire::http
