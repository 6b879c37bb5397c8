#include "tests/sim/server.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <filesystem>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/sim/control.h"
#include "tests/sim/endpoints.h"
#include "tests/sim/form_body.h"
#include "tests/sim/pages.h"
#include "tests/sim/worker_pool.h"

namespace slotwire::sim {
namespace {

// httplib cannot leave a request unanswered, so the connection is looked up among this process's sockets by the client's port,
// and shut down.
void drop_connection(const httplib::Request& request) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const std::string name = entry.path().filename();
    int descriptor = -1;
    std::from_chars(name.data(), name.data() + name.size(), descriptor);
    sockaddr_in peer{};
    sockaddr_in own{};
    socklen_t peer_size = sizeof peer;
    socklen_t own_size = sizeof own;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0) continue;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&own), &own_size) != 0) continue;
    if (peer.sin_family == AF_INET && ntohs(peer.sin_port) == request.remote_port && ntohs(own.sin_port) == request.local_port) {
      ::shutdown(descriptor, SHUT_RDWR);
    }
  }
}

// "*:write" covers "*:read".
bool allows(const Token& token, std::string_view scope) {
  if (!token.scopes || token.scopes->contains(std::string(scope))) return true;
  const std::size_t colon = scope.find(':');
  return scope.substr(colon) == ":read" && token.scopes->contains(std::string(scope.substr(0, colon)) + ":write");
}

void add_rate_headers(Answer& answer, const RateState& rate) {
  answer.headers.emplace_back("X-RateLimit-Limit", std::to_string(rate.limit));
  answer.headers.emplace_back("X-RateLimit-Remaining", std::to_string(rate.remaining));
  answer.headers.emplace_back("X-RateLimit-Reset", std::to_string(rate.until_reset.count()));
}

// Parses a body like a Rails program: JSON, or a form; an empty object for any other type. Discarded if it cannot be parsed.
Json json_from_body(const httplib::Request& request) {
  const std::string header = request.get_header_value("Content-Type");
  const std::string kind = header.substr(0, header.find(';'));
  if (request.body.empty()) return Json::object();
  if (kind == "application/x-www-form-urlencoded") return json_from_form(request.body);
  if (kind == "application/json" || kind.ends_with("+json")) return Json::parse(request.body, nullptr, false);
  return Json::object();
}

// The answer without faults.
Answer healthy_answer(World& world, const Endpoint& endpoint, const httplib::Request& request) {
  std::lock_guard lock(world.mutex);
  const std::string header = request.get_header_value("Authorization");
  constexpr std::string_view kScheme = "Bearer ";
  const Token* token =
      header.starts_with(kScheme) ? world.account.find_token(std::string_view(header).substr(kScheme.size())) : nullptr;
  if (token == nullptr) return unauthenticated();
  const RateState rate = world.rate.count_request(world.account.request_limit());
  Answer answer;
  Call call{world, request, Json::object()};
  if (rate.is_over) {
    answer = problem(429, "Too Many Requests", "You have exceeded the request limit.");
  } else if (!allows(*token, endpoint.scope)) {
    answer = world.account.names_required_scopes ? insufficient_scope({std::string(endpoint.scope)}) : permission_denied();
  } else if (world.account.plan_gates.contains(std::string(endpoint.name))) {
    answer = problem(403, "Permission Denied", "Please upgrade your Calendly account to use this feature.");
  } else if (!(call.body = json_from_body(request)).is_object()) {
    answer = problem(400, "Invalid Argument", "The request body is not a JSON object.");
  } else {
    answer = endpoint.answer(call);
  }
  add_rate_headers(answer, rate);
  return answer;
}

Answer error_from(const Json& settings) {
  const int status = settings.value("status", 500);
  const std::string body = settings.value("body", "json");
  Answer answer;
  if (body == "html") {
    answer = html_problem(status);
  } else if (body == "empty_object") {
    answer = answer_from(status, Json::object());
  } else if (body == "none") {
    answer = Answer{.status = status, .body = ""};
  } else if (status == 401) {
    answer = unauthenticated();
  } else {
    answer = problem(status,
                     status == 429   ? "Too Many Requests"
                     : status == 424 ? "External Calendar Error"
                                     : "Error",
                     settings.value("message", "The request could not be served."));
  }
  if (settings.contains("retry_after")) answer.headers.emplace_back("Retry-After", settings["retry_after"].dump());
  if (status == 429)
    add_rate_headers(answer, {.limit = 500, .remaining = 0, .until_reset = std::chrono::seconds(settings.value("reset", 60))});
  return answer;
}

// Gives the time that this request wants, or the first that its answer offers, to someone else.
void take_under_way(World& world, const Json& wanted, const std::string& answer_body, const httplib::Request& request) {
  std::string type_uri = wanted.is_object() ? wanted.value("event_type", "") : "";
  std::string start = wanted.is_object() ? wanted.value("start_time", "") : "";
  if (start.empty()) {
    const Json offered = Json::parse(answer_body, nullptr, false);
    if (!offered.is_object() || !offered.contains("collection") || offered["collection"].empty()) return;
    type_uri = request.get_param_value("event_type");
    start = offered["collection"][0].value("start_time", "");
  }
  const Result<Instant> instant = instant_from_text(start);
  std::lock_guard lock(world.mutex);
  if (instant) world.ledger.block(uuid_of(type_uri, "event_types"), *instant);
}

void send(const Answer& answer, httplib::Response& response) {
  response.status = answer.status;
  for (const auto& [name, value] : answer.headers) response.set_header(name, value);
  if (!answer.body.empty()) response.set_content(answer.body, answer.content_type);
}

void send_half(const Answer& answer, httplib::Response& response) {
  response.status = answer.status;
  response.set_content_provider(answer.body.size(), answer.content_type,
                                [body = answer.body](std::size_t, std::size_t, httplib::DataSink& sink) {
                                  sink.write(body.data(), body.size() / 2);
                                  return false;
                                });
}

// Sends the whole answer, unless the client leaves before.
void send_in_pieces(World& world, const Json& settings, const Answer& answer, const httplib::Request& request,
                    httplib::Response& response) {
  const auto pause = std::chrono::milliseconds(settings.value("ms", 100));
  const auto piece = settings.value("piece", std::size_t{16});
  response.status = answer.status;
  for (const auto& [name, value] : answer.headers) response.set_header(name, value);
  response.set_content_provider(answer.body.size(), answer.content_type,
                                [&world, body = answer.body, pause, piece, is_gone = request.is_connection_closed](
                                    std::size_t offset, std::size_t left, httplib::DataSink& sink) {
                                  world.faults.wait(pause, is_gone);
                                  return sink.write(body.data() + offset, std::min(piece, left));
                                });
}

// Answers as the fault says. Returns the status that the client received, 0 if there was none.
int answer_with_fault(World& world, const Endpoint& endpoint, const Fault& fault, const httplib::Request& request,
                      httplib::Response& response) {
  const bool is_after = fault.settings.value("after", false);
  const auto healthy = [&] { return healthy_answer(world, endpoint, request); };
  switch (fault.kind) {
    case FaultKind::latency:
      break;
    case FaultKind::error:
      if (is_after) (void)healthy();
      send(error_from(fault.settings), response);
      return response.status;
    case FaultKind::insufficient_scope:
      send(insufficient_scope(fault.settings.value("required_scopes", std::vector<std::string>{std::string(endpoint.scope)})),
           response);
      return response.status;
    case FaultKind::hang:
    case FaultKind::close: {
      if (is_after) (void)healthy();
      if (fault.kind == FaultKind::hang) {
        world.faults.wait(std::chrono::milliseconds(fault.settings.value("ms", 0)), request.is_connection_closed);
      }
      drop_connection(request);
      return 0;
    }
    case FaultKind::cut:
      send_half(healthy(), response);
      return response.status;
    case FaultKind::truncated_json: {
      Answer answer = healthy();
      answer.body.resize(answer.body.size() / 2);
      send(answer, response);
      return response.status;
    }
    case FaultKind::drip: {
      const Answer answer = healthy();
      send_in_pieces(world, fault.settings, answer, request, response);
      return answer.status;
    }
    case FaultKind::odd_headers: {
      send(healthy(), response);
      const Json fields = fault.settings.value("headers", Json::object());
      for (const auto& [name, value] : fields.items()) {
        response.headers.erase(name);
        response.set_header(name, value.get<std::string>());
      }
      return response.status;
    }
    case FaultKind::oversized: {
      const std::size_t size = fault.settings.value("bytes", std::size_t{64} << 20);
      send(Answer{.status = 200, .body = "{\"collection\":[],\"filler\":\"" + std::string(size, 'x') + "\"}"}, response);
      return response.status;
    }
    case FaultKind::redirect:
      send(Answer{.status = 302, .body = "", .headers = {{"Location", fault.settings.value("location", "http://127.0.0.1:9/")}}},
           response);
      return response.status;
    case FaultKind::wrong_content_type: {
      Answer answer = healthy();
      answer.content_type = fault.settings.value("content_type", "text/plain");
      send(answer, response);
      return response.status;
    }
    case FaultKind::not_json:
      send(Answer{.status = 200, .body = fault.settings.value("text", "<html>Maintenance</html>")}, response);
      return response.status;
    case FaultKind::slot_taken: {
      const Json wanted = Json::parse(request.body, nullptr, false);
      if (!request.body.empty()) take_under_way(world, wanted, {}, request);
      const Answer answer = healthy();
      if (request.body.empty()) take_under_way(world, {}, answer.body, request);
      send(answer, response);
      return response.status;
    }
  }
  send(healthy(), response);
  return response.status;
}

void serve(World& world, const Endpoint& endpoint, const httplib::Request& request, httplib::Response& response) {
  const std::string name(endpoint.name);
  world.counters.begin(name);
  const FaultsMet met = world.faults.meet(endpoint.name, httplib::detail::decode_url(request.target, false));
  if (met.latency.count() > 0) world.faults.wait(met.latency, request.is_connection_closed);
  int status = 0;
  if (met.fault) {
    status = answer_with_fault(world, endpoint, *met.fault, request, response);
  } else {
    const Answer answer = healthy_answer(world, endpoint, request);
    send(answer, response);
    status = answer.status;
  }
  world.counters.end({name, request.method, request.target, request.body, status, request.get_header_value("Content-Type")});
}

}  // namespace

struct Server::State {
  World& world;
  httplib::Server http;
  socket_t listener = INVALID_SOCKET;
};

Server::Server(World& world) : state_(new State{world, {}}) {
  httplib::Server& http = state_->http;
  http.new_task_queue = [] { return new WorkerPool; };
  http.set_keep_alive_max_count(1'000'000);
  http.set_keep_alive_timeout(60);
  http.set_tcp_nodelay(true);
  http.set_socket_options([state = state_.get()](socket_t socket) {
    state->listener = socket;
    int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  });
  add_control_routes(http, world);
  for (const auto endpoints :
       {read_endpoints(), availability_endpoints(), booking_endpoints(), people_endpoints(), webhook_endpoints()}) {
    for (const Endpoint& endpoint : endpoints) {
      const auto handler = [&world, &endpoint](const httplib::Request& request, httplib::Response& response) {
        serve(world, endpoint, request, response);
      };
      const std::string path(endpoint.path);
      if (endpoint.method == "GET") http.Get(path, handler);
      if (endpoint.method == "POST") http.Post(path, handler);
      if (endpoint.method == "PATCH") http.Patch(path, handler);
      if (endpoint.method == "DELETE") http.Delete(path, handler);
    }
  }
  add_page_routes(http, world);
  const auto unknown = [](const httplib::Request&, httplib::Response& response) { send(resource_not_found(), response); };
  http.Get(".*", unknown);
  http.Post(".*", unknown);
  http.Put(".*", unknown);
  http.Patch(".*", unknown);
  http.Delete(".*", unknown);
}

Server::~Server() = default;

int Server::listen_on(const std::string& host, int port) {
  httplib::Server& http = state_->http;
  const int bound = port == 0 ? http.bind_to_any_port(host) : http.bind_to_port(host, port) ? port : 0;
  if (bound <= 0) return 0;
  // httplib listens with a backlog of five; a burst of requests needs more. On Linux the second call changes it.
  ::listen(state_->listener, 4096);
  return bound;
}

void Server::run() { state_->http.listen_after_bind(); }

void Server::stop() {
  state_->world.faults.stop();
  state_->http.stop();
}

}  // namespace slotwire::sim
