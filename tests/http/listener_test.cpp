// The port must survive all errors of accept().
#include "proxy/http/listener.h"

#include <atomic>
#include <catch_amalgamated.hpp>
#include <cerrno>
#include <mutex>
#include <sys/resource.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "tests/http/socket_client.h"

using namespace slotwire;
using namespace slotwire::tests;
using namespace std::chrono_literals;

namespace {

// A listener on its own thread, whose accept() fails as the test decides. Accepted connections are greeted and closed.
class Port {
 public:
  using Clock = std::chrono::steady_clock;

  // `problem_of(i)`: errno of the i-th call (from 0); 0 passes the call to the kernel.
  explicit Port(std::function<int(int call)> problem_of = [](int) { return 0; })
      : problem_of_(std::move(problem_of)),
        listener_({.on_connection = [this](int socket) { greet(socket); },
                   .on_trouble = [this](std::string_view what) { note(what); },
                   .accept = [this](int listening) { return accept(listening); }}) {
    const Result<int> bound = listener_.bind("127.0.0.1", 0, 64);
    REQUIRE(bound.has_value());
    port_ = *bound;
    running_ = std::thread([this] { ended_.emplace(listener_.run()); });
  }
  ~Port() { stop(); }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  void stop() {
    listener_.stop();
    join();
  }
  void join() {
    if (running_.joinable()) running_.join();
  }
  [[nodiscard]] SocketClient client() const { return SocketClient(port_); }
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] int calls() const { return calls_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] std::vector<std::string> words() const {
    const std::lock_guard lock(mutex_);
    return words_;
  }
  [[nodiscard]] std::vector<Clock::time_point> failed_at() const {
    const std::lock_guard lock(mutex_);
    return failed_at_;
  }
  // Call after join() or stop().
  [[nodiscard]] const Result<Done>& ended() const { return *ended_; }

 private:
  int accept(int listening) {
    descriptor_ = listening;
    const int problem = problem_of_(calls_++);
    const int accepted = problem == 0 ? http::accept_connection(listening) : -1;
    if (accepted >= 0) return accepted;
    if (problem != 0) errno = problem;
    const int seen = errno;
    {
      const std::lock_guard lock(mutex_);
      failed_at_.push_back(Clock::now());
    }
    errno = seen;
    return -1;
  }
  static void greet(int socket) {
    static_cast<void>(::send(socket, "hello", 5, MSG_NOSIGNAL));
    ::close(socket);
  }
  void note(std::string_view what) {
    const std::lock_guard lock(mutex_);
    words_.emplace_back(what);
  }

  std::function<int(int)> problem_of_;
  mutable std::mutex mutex_;
  std::vector<std::string> words_;
  std::vector<Clock::time_point> failed_at_;
  std::atomic<int> calls_{0};
  std::atomic<int> descriptor_{-1};
  http::Listener listener_;
  int port_ = 0;
  std::optional<Result<Done>> ended_;
  std::thread running_;
};

bool is_greeted(SocketClient client) { return client.has_bytes_within(10s); }

}  // namespace

// A single ENFILE, ECONNABORTED or similar closed the port: the library in use ended its loop, its result was ignored, and the
// process went on running, unreachable, without a log line.
TEST_CASE("Listener: whatever goes wrong while one connection is taken, the next one is", "[http][listener]") {
  const int problem = GENERATE(ENFILE, EMFILE, ENOMEM, ENOBUFS, ECONNABORTED, EPROTO, EPERM, EINTR, ENETDOWN, EIO);
  INFO(problem);
  Port port([&](int call) { return call == 0 ? problem : 0; });
  CHECK(is_greeted(port.client()));
  CHECK(is_greeted(port.client()));
  port.stop();
  CHECK(port.ended().has_value());
}

// With no descriptor left, accept() fails at once and the port stays readable: a loop without pauses uses a whole core.
TEST_CASE("Listener: a shortage is told once, waited out in growing pauses, and its end is told", "[http][listener]") {
  constexpr int kFailures = 5;
  Port port([](int call) { return call < kFailures ? ENOBUFS : 0; });
  CHECK(is_greeted(port.client()));
  port.stop();
  const auto at = port.failed_at();
  REQUIRE(at.size() >= kFailures);
  for (std::size_t i = 1; i < kFailures; ++i) CHECK(at[i] - at[i - 1] >= http::Listener::kFirstPause * (1 << (i - 1)));
  const std::vector<std::string> words = port.words();
  REQUIRE(words.size() == 2);
  CHECK(words[0].find("No new connection can be taken") == 0);
  CHECK(words[1].find("taken again") != std::string::npos);
}

TEST_CASE("Listener: connections that fail without end by themselves do not make it spin either", "[http][listener]") {
  Port port([](int call) { return call < 68 ? ECONNABORTED : 0; });
  CHECK(is_greeted(port.client()));
  port.stop();
  CHECK(port.words().size() == 2);
  const auto at = port.failed_at();
  REQUIRE(at.size() >= 68);
  CHECK(at[67] - at[63] >= http::Listener::kFirstPause * 15);
}

TEST_CASE("Listener: with no descriptor left, who comes is served when one is there again", "[http][listener]") {
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  Port port;
  std::vector<int> fillers;
  const rlimit few{std::min<rlim_t>(before.rlim_cur, 256), before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
  for (int filler = ::dup(0); filler >= 0; filler = ::dup(0)) fillers.push_back(filler);
  // The last descriptor of this process is the client's end; the kernel connects it before it is accepted.
  ::close(fillers.back());
  fillers.pop_back();
  SocketClient client = port.client();
  const bool is_told = becomes_true([&] { return port.failed_at().size() >= 4; }, 10s);
  const bool has_bytes = client.has_bytes_within(0ms);
  const std::size_t words = port.words().size();
  for (const int filler : fillers) ::close(filler);
  const bool is_served = client.has_bytes_within(10s);
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &before));
  CHECK(is_told);
  CHECK_FALSE(has_bytes);
  CHECK(words == 1);
  CHECK(is_served);
  const auto at = port.failed_at();
  REQUIRE(at.size() >= 4);
  CHECK(at[3] - at[0] >= http::Listener::kFirstPause * 7);
}

TEST_CASE("Listener: a socket that listens no more ends it with a sentence", "[http][listener]") {
  Port port;
  CHECK(is_greeted(port.client()));
  REQUIRE(::shutdown(port.descriptor(), SHUT_RDWR) == 0);
  port.join();
  REQUIRE_FALSE(port.ended().has_value());
  CHECK(port.ended().error().code == ErrorCode::internal);
  CHECK(port.ended().error().detail.find("does not listen any more") != std::string::npos);
}

TEST_CASE("Listener: stop is heard in a pause and before the first connection, and the port is closed by then",
          "[http][listener]") {
  Port silent;
  silent.stop();
  CHECK(silent.ended().has_value());
  CHECK_THROWS(silent.client());

  Port starved([](int) { return EMFILE; });
  const SocketClient waiting = starved.client();
  REQUIRE(becomes_true([&] { return starved.calls() >= 2; }));
  starved.stop();
  CHECK(starved.ended().has_value());
  CHECK_THROWS(starved.client());
}
