// Requests that are answered later: the resources they hold, clients that leave, and answers that no client waits for.
#include <atomic>
#include <thread>

#include "tests/http/parked_requests.h"
#include "tests/http/test_server.h"

using namespace slotwire;
using namespace slotwire::tests;
using namespace slotwire::http;
using namespace std::chrono_literals;

TEST_CASE("server: requests pipelined behind one that waits are answered after it", "[http][server]") {
  ParkedRequests parked;
  TestServer server([&](const Request& request) { return request.path == "/slow" ? parked.park() : echo(request); });
  SocketClient client = server.client();
  client.send(get("/slow") + get("/fast"));
  REQUIRE(becomes_true([&] { return parked.count() == 1; }));
  CHECK_FALSE(client.has_bytes_within(20ms));
  parked.answer_all("slow");
  CHECK(client.read_answer()->body == "slow");
  CHECK(client.read_answer()->body == "GET /fast? ");
}

TEST_CASE("server: a Later is answered from another thread, and a thousand of them hold none", "[http][server]") {
  ParkedRequests parked;
  ServerSettings settings;
  settings.loops = 2;
  settings.max_connections_per_client = 2000;
  TestServer server([&](const Request& request) { return request.path == "/slow" ? parked.park() : echo(request); }, settings);
  std::vector<SocketClient> waiting;
  for (int i = 0; i < 1000; ++i) {
    waiting.push_back(server.client());
    waiting.back().send(get("/slow"));
  }
  REQUIRE(becomes_true([&] { return parked.count() == 1000; }));
  SocketClient fresh = server.client();
  fresh.send(get("/now"));
  CHECK(fresh.read_answer()->body == "GET /now? ");
  // Some clients give up: closed, half-closed, reset. The others get their answer.
  waiting[0].reset();
  waiting[1].end_sending();
  std::thread([&] { parked.answer_all("at last"); }).join();
  for (std::size_t i = 1; i < waiting.size(); ++i) {
    const auto answer = waiting[i].read_answer();
    REQUIRE(answer.has_value());
    CHECK(answer->body == "at last");
  }
}

TEST_CASE("server: a Wait is called off, once, when its visitor goes, however that is done", "[http][server]") {
  std::atomic<int> called_off{0};
  ParkedRequests parked;
  TestServer server([&](const Request&) {
    return Wait{[&](std::function<void(Reply)> done) -> Wait::Cancel {
      std::get<Later>(parked.park())(std::move(done));
      return [&] { ++called_off; };
    }};
  });
  std::vector<SocketClient> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.push_back(server.client());
    waiting.back().send(get("/"));
  }
  // A client may have sent more than the waiting request, and leave all the same.
  waiting[2].send(get("/next"));
  REQUIRE(becomes_true([&] { return parked.count() == 4; }));
  CHECK(called_off == 0);
  waiting[0].reset();
  waiting[1].end_sending();
  { const SocketClient closed = std::move(waiting[2]); }
  CHECK(becomes_true([&] { return called_off == 3; }));
  CHECK(waiting[1].is_ended());
  REQUIRE(becomes_true([&] { return server->connection_count() == 1; }));

  // Clients that stayed are answered, and disconnecting after that cancels nothing.
  parked.answer_all("news");
  CHECK(waiting[3].read_answer()->body == "news");
  waiting[3].reset();
  REQUIRE(becomes_true([&] { return server->connection_count() == 0; }));
  CHECK(called_off == 3);
}

TEST_CASE("server: a Wait that is answered at once is answered to who has ended its sending side, too", "[http][server]") {
  TestServer server([](const Request&) {
    return Wait{[](const std::function<void(Reply)>& done) -> Wait::Cancel {
      done(reply_from_text(200, "text/plain", "at once"));
      return nullptr;
    }};
  });
  SocketClient client = server.client();
  client.send(get("/"));
  client.end_sending();
  CHECK(client.read_answer()->body == "at once");
}

TEST_CASE("server: a Later that is never answered becomes 500 instead of a hanging visitor", "[http][server]") {
  ParkedRequests parked;
  TestServer server([&](const Request&) { return parked.park(); });
  SocketClient client = server.client();
  client.send(get("/"));
  REQUIRE(becomes_true([&] { return parked.count() == 1; }));
  parked.forget_all();
  CHECK(client.read_answer()->status == 500);
}

TEST_CASE("server: a reply that comes twice, or after its client left, is ignored", "[http][server]") {
  std::function<void(Reply)> kept;
  std::atomic<bool> has_kept{false};
  TestServer server([&](const Request& request) -> Step {
    if (request.path != "/keep") return echo(request);
    return Later([&](std::function<void(Reply)> done) {
      kept = std::move(done);
      has_kept = true;
    });
  });
  SocketClient client = server.client();
  client.send(get("/keep"));
  REQUIRE(becomes_true([&] { return has_kept.load(); }));
  kept(reply_from_text(200, "text/plain", "once"));
  kept(reply_from_text(200, "text/plain", "twice"));
  client.send(get("/next"));
  CHECK(client.read_answer()->body == "once");
  CHECK(client.read_answer()->body == "GET /next? ");

  has_kept = false;
  SocketClient leaving = server.client();
  leaving.send(get("/keep"));
  REQUIRE(becomes_true([&] { return has_kept.load(); }));
  leaving.reset();
  REQUIRE(becomes_true([&] { return server->connection_count() == 1; }));
  kept(reply_from_text(200, "text/plain", "too late"));
  client.send(get("/still"));
  CHECK(client.read_answer()->body == "GET /still? ");
}
