// Repeated answers, sent from stored bytes, must differ from computed ones only in speed.
#include "proxy/http/repeats.h"

#include <atomic>
#include <mutex>

#include "tests/http/test_server.h"

using namespace slotwire;
using namespace slotwire::tests;
using namespace slotwire::http;
using namespace std::chrono_literals;

namespace {

struct Counted {
  std::atomic<int> calls{0};
  std::chrono::milliseconds valid = 1h;
  Step operator()(const Request& request) {
    Reply reply = reply_from_text(
        200, "text/plain", std::to_string(++calls) + " " + std::string(request.headers.find("Accept-Encoding").value_or("")));
    reply.repeat_until = std::chrono::steady_clock::now() + valid;
    return reply;
  }
};

ServerSettings one_loop() {
  ServerSettings settings;
  settings.loops = 1;
  return settings;
}

}  // namespace

TEST_CASE("repeats: the same question is handled once; id and date stay each request's own", "[http][repeats]") {
  Counted counted;
  TestServer server([&](const Request& request) { return counted(request); }, one_loop());
  SocketClient client = server.client();
  client.send(get("/a?b"));
  const Answer first = client.read_answer().value();
  for (int i = 0; i < 5; ++i) {
    SocketClient other = server.client();
    other.send(get("/a?b", "User-Agent: somebody else\r\n"));
    const Answer again = other.read_answer().value();
    CHECK(again.body == first.body);
    CHECK(again.header("x-request-id") != first.header("x-request-id"));
    CHECK(again.header("x-request-id").size() == 16);
    CHECK(again.header("date").size() == 29);
    auto without_own = [](Answer answer) {
      answer.headers.erase("x-request-id");
      answer.headers.erase("date");
      return answer.headers;
    };
    CHECK(without_own(again) == without_own(first));
  }
  CHECK(counted.calls == 1);
}

TEST_CASE("repeats: whatever an answer may depend on is asked of the handler", "[http][repeats]") {
  Counted counted;
  TestServer server([&](const Request& request) { return counted(request); }, one_loop());
  SocketClient client = server.client();
  client.send(get("/a"));
  REQUIRE(client.read_answer().has_value());
  int calls = 1;
  for (const std::string& other : {get("/a?"
                                       "x"),
                                   get("/A"), get("/a", "Accept-Encoding: gzip\r\n"), get("/a", "Origin: https://a\r\n"),
                                   get("/a", "If-None-Match: \"x\"\r\n"), get("/a", "Authorization: Bearer x\r\n"),
                                   get("/a", "Cookie: a=b\r\n"), get("/a", "Accept-Encoding: br\r\nAccept-Encoding: gzip\r\n"),
                                   std::string("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")}) {
    INFO(other);
    client.send(other);
    REQUIRE(client.read_answer().has_value());
    CHECK(counted.calls == ++calls);
  }
  // These two are not stored either.
  client.send(get("/a", "Authorization: Bearer x\r\n"));
  REQUIRE(client.read_answer().has_value());
  CHECK(counted.calls == ++calls);
  client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n");
  REQUIRE(client.read_answer(true).has_value());
  CHECK(counted.calls == ++calls);
}

// A page checked again before a booking, and got the bytes of half a minute ago. And a host without an admin page served one,
// because another host had just been asked.
TEST_CASE("repeats: whoever says how old an answer may be, or asks another host, is not told the same bytes", "[http][repeats]") {
  Counted counted;
  TestServer server([&](const Request& request) { return counted(request); }, one_loop());
  SocketClient client = server.client();
  const auto ask = [&](const std::string& head) {
    client.send("GET /a HTTP/1.1\r\n" + head + "\r\n");
    return client.read_answer().value().body;
  };
  const std::string first = ask("Host: a.example\r\n");
  CHECK(ask("Host: a.example\r\n") == first);
  for (const char* head : {"Host: a.example\r\nCache-Control: no-cache\r\n", "Host: a.example\r\nCache-Control: max-age=0\r\n",
                           "Host: a.example\r\nPragma: no-cache\r\n", "Host: api.example\r\n"}) {
    INFO(head);
    CHECK(ask(head) != first);
  }
  CHECK(ask("Host: a.example\r\n") == first);
}

TEST_CASE("repeats: end with their time and with forget_repeats", "[http][repeats]") {
  Counted counted;
  TestServer server([&](const Request& request) { return counted(request); }, one_loop());
  SocketClient client = server.client();
  const auto ask = [&] {
    client.send(get("/"));
    return client.read_answer().value().body;
  };
  CHECK(ask() == "1 ");
  CHECK(ask() == "1 ");
  server->forget_repeats();
  CHECK(ask() == "2 ");
  counted.valid = 0ms;
  server->forget_repeats();
  CHECK(ask() == "3 ");
  CHECK(ask() == "4 ");
}

TEST_CASE("repeats: an answer that was on its way when forget_repeats was called is not kept", "[http][repeats]") {
  std::mutex mutex;
  std::function<void(Reply)> waiting;
  std::atomic<int> calls{0};
  TestServer server(
      [&](const Request&) -> Step {
        return Later([&](std::function<void(Reply)> done) {
          const std::lock_guard lock(mutex);
          waiting = std::move(done);
          ++calls;
        });
      },
      one_loop());
  const auto answer = [&](const char* text) {
    Reply reply = reply_from_text(200, "text/plain", text);
    reply.repeat_until = std::chrono::steady_clock::now() + 1h;
    const std::lock_guard lock(mutex);
    waiting(std::move(reply));
  };
  SocketClient client = server.client();
  client.send(get("/"));
  REQUIRE(becomes_true([&] { return calls == 1; }));
  server->forget_repeats();
  answer("made from what is gone");
  CHECK(client.read_answer()->body == "made from what is gone");
  client.send(get("/"));
  REQUIRE(becomes_true([&] { return calls == 2; }));
  answer("new");
  CHECK(client.read_answer()->body == "new");
  client.send(get("/"));
  CHECK(client.read_answer()->body == "new");
  CHECK(calls == 2);
}

TEST_CASE("repeats: a client over its limit gets the handler's word, not the bytes", "[http][repeats]") {
  Counted counted;
  std::atomic<bool> may{true};
  ServerSettings settings = one_loop();
  settings.may_repeat = [&](std::string_view client) { return client == "127.0.0.1" && may; };
  TestServer server(
      [&](const Request& request) -> Step {
        if (!may) return error_reply(429, Error{.code = ErrorCode::too_many_requests, .detail = "Slow down."});
        return counted(request);
      },
      settings);
  SocketClient client = server.client();
  client.send(get("/") + get("/"));
  CHECK(client.read_answer()->status == 200);
  CHECK(client.read_answer()->status == 200);
  CHECK(counted.calls == 1);
  may = false;
  client.send(get("/"));
  CHECK(client.read_answer()->status == 429);
}

TEST_CASE("repeats: memory is bounded", "[http][repeats]") {
  Repeats repeats;
  const std::chrono::steady_clock::time_point now{};
  const auto rest = std::make_shared<const std::string>(1024 * 1024, 'x');
  int kept = 0;
  for (int i = 0; i < 100; ++i) {
    repeats.put(std::to_string(i),
                Repeat{.status_line = "x", .rest = rest, .status = 200, .body_bytes = 0, .valid_until = now + 1h, .epoch = 0},
                now);
  }
  for (int i = 0; i < 100; ++i) kept += repeats.find(std::to_string(i), now, 0) != nullptr ? 1 : 0;
  CHECK(kept <= 16);
  CHECK(repeats.find("99", now, 0) != nullptr);
  repeats.put("huge",
              Repeat{.status_line = "x",
                     .rest = std::make_shared<const std::string>(Repeats::kMaxBytes, 'x'),
                     .status = 200,
                     .body_bytes = 0,
                     .valid_until = now + 1h,
                     .epoch = 0},
              now);
  CHECK(repeats.find("huge", now, 0) == nullptr);
}

// A German page was sent from stored bytes to the next client, whatever its language.
TEST_CASE("repeats: a page is kept for each language that is asked for, an answer of the API once for all", "[http][repeats]") {
  const auto key = [](const std::string& path, const std::string& language) {
    RequestHead head;
    head.method = "GET";
    head.path = path;
    head.keeps_alive = true;
    head.fields = {{"Accept-Language", language}};
    return repeat_key(head);
  };
  CHECK(key("/acme/30min", "de") != key("/acme/30min", "fr"));
  CHECK(key("/acme/30min", "de") == key("/acme/30min", "de"));
  CHECK(key("/api/app/calendly/event-types", "de") == key("/api/app/calendly/event-types", "fr"));
}
