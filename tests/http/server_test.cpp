#include <atomic>
#include <stdexcept>
#include <thread>

#include "proxy/http/connection_caps.h"
#include "tests/http/parked_requests.h"
#include "tests/http/test_server.h"

using namespace slotwire;
using namespace slotwire::tests;
using namespace slotwire::http;
using namespace std::chrono_literals;

TEST_CASE("server: every answer carries its id, its date and the safety headers, and no server name", "[http][server]") {
  TestServer server(echo);
  SocketClient client = server.client();
  client.send(get("/a%2Fb?x=%20"));
  const auto answer = client.read_answer();
  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
  CHECK(answer->body == "GET /a%2Fb?x=%20 ");
  CHECK(answer->header("x-request-id").size() == 16);
  CHECK(answer->header("date").size() == 29);
  CHECK(answer->header("date").ends_with(" GMT"));
  CHECK(answer->header("x-content-type-options") == "nosniff");
  CHECK(answer->header("referrer-policy") == "no-referrer");
  CHECK(answer->header("server").empty());
  CHECK(answer->header("keep-alive").empty());
  CHECK(answer->header("connection").empty());
}

TEST_CASE("server: one connection carries many requests, bodies included", "[http][server]") {
  TestServer server(echo);
  SocketClient client = server.client();
  for (int i = 0; i < 50; ++i) {
    const std::string body(static_cast<std::size_t>(i * 100), 'x');
    client.send("POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
    const auto answer = client.read_answer();
    REQUIRE(answer.has_value());
    CHECK(answer->body == "POST /" + std::to_string(i) + "? " + body);
  }
}

TEST_CASE("server: pipelined requests are answered in order, however they are cut", "[http][server]") {
  TestServer server(echo);
  std::string all;
  for (int i = 0; i < 200; ++i) {
    all += i % 3 == 0 ? "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                      : get("/" + std::to_string(i));
  }
  for (const std::size_t piece : {all.size(), std::size_t{7}, std::size_t{1000}}) {
    SocketClient client = server.client();
    for (std::size_t at = 0; at < all.size(); at += piece) client.send(std::string_view(all).substr(at, piece));
    for (int i = 0; i < 200; ++i) {
      const auto answer = client.read_answer();
      REQUIRE(answer.has_value());
      CHECK(answer->body == (i % 3 == 0 ? "POST /" + std::to_string(i) + "? abc" : "GET /" + std::to_string(i) + "? "));
    }
  }
}

TEST_CASE("server: HEAD has the headers of GET and no body", "[http][server]") {
  TestServer server([](const Request&) { return text_step("twelve bytes"); });
  SocketClient client = server.client();
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get("/"));
  const auto head = client.read_answer(true);
  REQUIRE(head.has_value());
  CHECK(head->header("content-length") == "12");
  CHECK(head->header("accept-ranges").empty());
  CHECK(client.read_answer()->body == "twelve bytes");
}

TEST_CASE("server: 204 and 304 have neither body nor length", "[http][server]") {
  TestServer server([](const Request& request) -> Step {
    Reply reply = reply_from_text(request.path == "/204" ? 204 : 304, "text/plain", "must not be sent");
    return reply;
  });
  SocketClient client = server.client();
  client.send(get("/204") + get("/304"));
  for (const int status : {204, 304}) {
    const auto answer = client.read_answer();
    REQUIRE(answer.has_value());
    CHECK(answer->status == status);
    CHECK(answer->header("content-length").empty());
  }
  CHECK_FALSE(client.has_bytes_within(20ms));
}

TEST_CASE("server: HTTP/1.0 closes unless asked, and says so when it does not", "[http][server]") {
  TestServer server(echo);
  SocketClient closing = server.client();
  closing.send("GET / HTTP/1.0\r\n\r\n");
  CHECK(closing.read_answer()->header("connection") == "close");
  CHECK(closing.is_ended());
  SocketClient keeping = server.client();
  for (int i = 0; i < 2; ++i) {
    keeping.send("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
    const auto answer = keeping.read_answer();
    REQUIRE(answer.has_value());
    CHECK(answer->header("connection") == "keep-alive");
  }
}

TEST_CASE("server: Connection: close is obeyed", "[http][server]") {
  TestServer server(echo);
  SocketClient client = server.client();
  client.send(get("/", "Connection: foo, CLOSE\r\n"));
  CHECK(client.read_answer()->header("connection") == "close");
  CHECK(client.is_ended());
}

TEST_CASE("server: a client that waits for 100 Continue gets it; one that sends at once does not", "[http][server]") {
  TestServer server(echo);
  SocketClient client = server.client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  CHECK(client.read_answer()->status == 100);
  client.send("hi");
  CHECK(client.read_answer()->body == "POST /? hi");
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nho");
  CHECK(client.read_answer()->body == "POST /? ho");
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n");
  CHECK(client.read_answer()->status == 413);
}

TEST_CASE("server: what a handler throws is 500 with code internal, reported once, and says nothing of it", "[http][server]") {
  std::atomic<int> reports{0};
  ServerSettings settings;
  settings.on_exception = [&](std::string_view, std::string_view what) {
    if (what == "secret detail") ++reports;
  };
  TestServer server(
      [](const Request& request) -> Step {
        if (request.path == "/later") return Later([](std::function<void(Reply)>) { throw std::runtime_error("secret detail"); });
        throw std::runtime_error("secret detail");
      },
      settings);
  SocketClient client = server.client();
  for (const char* path : {"/now", "/later"}) {
    client.send(get(path));
    const auto answer = client.read_answer();
    REQUIRE(answer.has_value());
    CHECK(answer->status == 500);
    CHECK(answer->body.find("\"internal\"") != std::string::npos);
    CHECK(answer->body.find("secret") == std::string::npos);
    CHECK(answer->head.find("secret") == std::string::npos);
  }
  CHECK(reports == 2);
}

TEST_CASE("server: what it refuses is worded by the address it was asked at, as far as that came", "[http][server]") {
  ServerSettings settings;
  settings.header_deadline = 400ms;
  settings.body_deadline = 400ms;
  settings.refusal = [](const AskedAt& asked, int status, const Error&) {
    return reply_from_text(
        status, "text/plain",
        "at " + std::string(asked.path) + (asked.host == "a" || asked.host.empty() ? "" : " of " + std::string(asked.host)));
  };
  ParkedRequests parked;
  TestServer server(
      [&](const Request& request) -> Step {
        if (request.path == "/forgotten") return parked.park();
        throw std::runtime_error("a bug");
      },
      settings);
  struct Row {
    const char* name;
    std::string bytes;
    int status;
    const char* body;
  };
  const std::vector<Row> rows = {
      {"too large", "POST /a/b?c HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413, "at /a/b"},
      {"another host", "POST /a HTTP/1.1\r\nX: y\r\nhOST:  b.example:81 \r\nContent-Length: x\r\n\r\n", 400,
       "at /a of b.example:81"},
      {"a host that is part of the body", "POST /a HTTP/1.1\r\nContent-Length: x\r\n\r\nHost: b\r\n\r\n", 400, "at /a"},
      {"an empty line first", "\r\nPOST /a HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400, "at /a"},
      {"no line at all", "\n", 400, "at "},
      {"nonsense", "nonsense\r\nHost: /a\r\n\r\n", 400, "at  of /a"},
      {"an address without end", "GET /" + std::string(9000, 'a'), 414, nullptr},
      {"half a head", "GET /slow HTTP/1.1\r\nHost: a", 408, "at /slow"},
      {"half a body", "POST /slower HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf", 408, "at /slower"},
      {"an exception", get("/broken?x"), 500, "at /broken of test"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    SocketClient client = server.client();
    client.send(row.bytes);
    const auto answer = client.read_answer();
    REQUIRE(answer.has_value());
    CHECK(answer->status == row.status);
    if (row.body != nullptr) CHECK(answer->body == row.body);
  }
  SocketClient client = server.client();
  client.send(get("/forgotten"));
  REQUIRE(becomes_true([&] { return parked.count() == 1; }));
  parked.forget_all();
  CHECK(client.read_answer()->body == "at /forgotten");
}

TEST_CASE("server: a header value with a line break cannot add a header", "[http][server]") {
  TestServer server([](const Request&) -> Step {
    Reply reply = reply_from_text(200, "text/plain", "x");
    reply.headers.set("X-Echo", "a\r\nSet-Cookie: b=c");
    return reply;
  });
  SocketClient client = server.client();
  client.send(get("/"));
  CHECK(client.read_answer()->head.find("Set-Cookie") == std::string::npos);
}

TEST_CASE("server: Range and Accept-Encoding change nothing by themselves", "[http][server]") {
  TestServer server([](const Request&) { return text_step("0123456789"); });
  SocketClient client = server.client();
  client.send(get("/", "Range: bytes=2-3\r\nAccept-Encoding: gzip, br\r\n"));
  const auto answer = client.read_answer();
  REQUIRE(answer.has_value());
  CHECK(answer->status == 200);
  CHECK(answer->body == "0123456789");
}

// A delivery of Calendly's with ten long answers is larger than any other request may be; it got 413 and was lost.
TEST_CASE("server: some paths take larger bodies, by length and in chunks, up to a limit of their own", "[http][server]") {
  ServerSettings settings;
  settings.larger_bodies["/large"] = 1'000'000;
  TestServer server([](const Request& request) { return text_step(std::to_string(request.body.size())); }, settings);
  struct Row {
    const char* path;
    std::size_t size;
    int status;
  };
  for (const Row& row : {Row{"/large", 1'000'000, 200}, Row{"/large", 1'000'001, 413}, Row{"/large", 10, 200},
                         Row{"/large/x", 65'537, 413}, Row{"/", 65'537, 413}, Row{"/", 65'536, 200}}) {
    for (const bool is_chunked : {false, true}) {
      INFO(row.path << ' ' << row.size << (is_chunked ? " in chunks" : " by length"));
      SocketClient client = server.client();
      std::string request = "POST " + std::string(row.path) + " HTTP/1.1\r\nHost: a\r\n";
      if (is_chunked) {
        char size[16];
        std::snprintf(size, sizeof size, "%zx", row.size);
        request += "Transfer-Encoding: chunked\r\n\r\n" + std::string(size) + "\r\n";
      } else {
        request += "Content-Length: " + std::to_string(row.size) + "\r\n\r\n";
      }
      request += std::string(row.size, 'x') + (is_chunked ? "\r\n0\r\n\r\n" : "");
      client.send(request);
      const auto answer = client.read_answer();
      REQUIRE(answer.has_value());
      CHECK(answer->status == row.status);
      if (row.status == 200) CHECK(answer->body == std::to_string(row.size));
    }
  }
}

TEST_CASE("server: so many large bodies at once, and whoever comes then hears when to come back", "[http][server]") {
  ParkedRequests parked;
  ServerSettings settings;
  settings.larger_bodies["/large"] = 1'000'000;
  TestServer server([&](const Request&) { return parked.park(); }, settings);
  const auto large = [](bool is_chunked) {
    const std::string head = "POST /large HTTP/1.1\r\nHost: a\r\n";
    if (is_chunked) return head + "Transfer-Encoding: chunked\r\n\r\n186a0\r\n" + std::string(100'000, 'x') + "\r\n0\r\n\r\n";
    return head + "Content-Length: 100000\r\n\r\n" + std::string(100'000, 'x');
  };
  std::vector<SocketClient> first;
  for (std::size_t i = 0; i < ConnectionCaps::kLargeBodiesAtOnce; ++i) {
    first.push_back(server.client());
    first.back().send(large(i % 2 == 0));
  }
  REQUIRE(becomes_true([&] { return parked.count() == first.size(); }));
  for (const bool is_chunked : {false, true}) {
    SocketClient late = server.client();
    late.send(large(is_chunked));
    const auto refused = late.read_answer();
    REQUIRE(refused.has_value());
    CHECK(refused->status == 503);
    CHECK(refused->header("retry-after") == "5");
  }
  // A client that leaves makes room, and so does one that is answered.
  first.pop_back();
  parked.answer_all("taken");
  for (SocketClient& client : first) CHECK(client.read_answer()->body == "taken");
  for (std::size_t i = 0; i < ConnectionCaps::kLargeBodiesAtOnce; ++i) {
    INFO(i);
    first.push_back(server.client());
    first.back().send(large(false));
  }
  CHECK(becomes_true([&] { return parked.count() == ConnectionCaps::kLargeBodiesAtOnce; }));
  parked.answer_all("taken");
}

TEST_CASE("server: stop lets a running request finish and closes idle connections", "[http][server]") {
  ParkedRequests parked;
  ServerSettings settings;
  settings.loops = 1;  // so that closing the idle connection shows that the running one's loop has received the stop too
  TestServer server([&](const Request& request) { return request.path == "/slow" ? parked.park() : echo(request); }, settings);
  SocketClient idle = server.client();
  idle.send(get("/"));
  REQUIRE(idle.read_answer().has_value());
  SocketClient running = server.client();
  running.send(get("/slow"));
  REQUIRE(becomes_true([&] { return parked.count() == 1; }));

  std::atomic<bool> stopped{false};
  std::thread stopping([&] {
    server->stop();
    stopped = true;
  });
  CHECK(idle.is_ended());
  CHECK_FALSE(stopped);
  parked.answer_all("finished");
  const auto answer = running.read_answer();
  stopping.join();
  REQUIRE(answer.has_value());
  CHECK(answer->body == "finished");
  CHECK(answer->header("connection") == "close");
  CHECK(running.is_ended());
  CHECK_THROWS(server.client());
}

TEST_CASE("server: stop gives up on what does not finish within the grace", "[http][server]") {
  ParkedRequests parked;
  ServerSettings settings;
  settings.stop_grace = 50ms;
  settings.idle_timeout = 40ms;
  TestServer server([&](const Request&) { return parked.park(); }, settings);
  SocketClient client = server.client();
  client.send(get("/"));
  REQUIRE(becomes_true([&] { return parked.count() == 1; }));
  server->stop();
  CHECK(client.is_ended());
  parked.answer_all("nobody listens");
}

TEST_CASE("server: a port in use is an error that names it", "[http][server]") {
  TestServer first(echo);
  ServerSettings settings;
  settings.port = first.port();
  Server second(settings, echo);
  const Result<int> started = second.start();
  REQUIRE_FALSE(started.has_value());
  CHECK(started.error().code == ErrorCode::bad_input);
  REQUIRE(started.error().details.size() == 1);
  CHECK(started.error().details[0].field == "PORT");
  CHECK(started.error().details[0].message.find("in use") != std::string::npos);
}

TEST_CASE("server: an address that is not ours is an error that names it", "[http][server]") {
  ServerSettings settings;
  settings.host = "192.0.2.1";
  Server server(settings, echo);
  const Result<int> started = server.start();
  REQUIRE_FALSE(started.has_value());
  CHECK(started.error().details.at(0).field == "HOST");
}

TEST_CASE("server: the client's address comes from X-Forwarded-For only through a trusted proxy", "[http][server]") {
  const auto say_client = [](const Request& request) { return text_step(request.client + " " + request.id); };
  TestServer open(say_client);
  SocketClient direct = open.client();
  direct.send(get("/", "X-Forwarded-For: 203.0.113.9\r\nX-Request-Id: mine\r\n"));
  const std::string direct_body = direct.read_answer()->body;
  CHECK(direct_body.starts_with("127.0.0.1 "));
  CHECK_FALSE(direct_body.ends_with(" mine"));

  ServerSettings settings;
  settings.trusted_proxies = {net::address_range_from_text("127.0.0.0/8").value()};
  TestServer behind(say_client, settings);
  SocketClient proxied = behind.client();
  proxied.send(get("/", "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 203.0.113.9, 127.0.0.5\r\nX-Request-Id: mine\r\n"));
  CHECK(proxied.read_answer()->body == "203.0.113.9 mine");
}
