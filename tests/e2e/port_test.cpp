// The port of the real program: running out of descriptors, and losing the listening socket.
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <future>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

class Descriptor {
 public:
  explicit Descriptor(long number) : number_(static_cast<int>(number)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

std::vector<int> descriptors_of(pid_t pid) {
  std::vector<int> numbers;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd")) {
    numbers.push_back(std::stoi(entry.path().filename()));
  }
  return numbers;
}

// Shuts down another process's listening sockets from outside. False if this kernel or this user may not.
bool shut_down_ports_of(pid_t pid) {
  const Descriptor process(::syscall(SYS_pidfd_open, pid, 0));
  bool is_done = false;
  for (const int number : descriptors_of(pid)) {
    const Descriptor copy(::syscall(SYS_pidfd_getfd, process.number(), number, 0));
    int listens = 0;
    socklen_t size = sizeof listens;
    if (::getsockopt(copy.number(), SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0) continue;
    is_done = ::shutdown(copy.number(), SHUT_RDWR) == 0 || is_done;
  }
  return is_done;
}

constexpr char kHealth[] = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

}  // namespace

// With no descriptor left, the accept loop used to retry every microsecond, using a whole core, without a log line.
TEST_CASE("port: out of descriptors is said in the log, and who came is answered when there are some", "[e2e][port]") {
  Stack stack({.connected = false});
  Process& process = stack.proxy->process();
  rlimit before{};
  REQUIRE(::prlimit(process.pid(), RLIMIT_NOFILE, nullptr, &before) == 0);
  // Not even the open descriptors fit.
  const rlimit none{3, before.rlim_max};
  REQUIRE(::prlimit(process.pid(), RLIMIT_NOFILE, &none, nullptr) == 0);
  RawConnection early(stack.proxy->http().port());
  REQUIRE(early.send(kHealth));
  CHECK(process.wait_for_line("No new connection can be taken"));
  REQUIRE(::prlimit(process.pid(), RLIMIT_NOFILE, &before, nullptr) == 0);
  CHECK(early.read_to_end().starts_with("HTTP/1.1 200 OK"));
  CHECK(process.wait_for_line("New connections are taken again"));
  CHECK(stack.proxy->http().get("/healthz").status == 200);
}

// When the listening socket was lost, the process went on running: healthy to a process monitor, but unreachable.
TEST_CASE("port: when it is lost for good, what is under way ends, and then the program does, with a sentence", "[e2e][port]") {
  Stack stack;
  stack.simulator.add_fault({{"endpoint", "event_type_available_times"}, {"kind", "latency"}, {"ms", 500}});
  auto under_way = std::async(std::launch::async, [&] { return stack.proxy->slots("30min", day_text(1), day_text(7)); });
  REQUIRE(eventually([&] { return stack.simulator.in_flight("event_type_available_times") == 1; }));
  if (!shut_down_ports_of(stack.proxy->process().pid())) SKIP("no way to end another process's socket here");
  CHECK(under_way.get().status == 200);
  const std::optional<int> status = stack.proxy->process().wait_for_end();
  REQUIRE(status.has_value());
  CHECK(*status == 1);
  CHECK(stack.proxy->output().find("slotwire: The port is lost") != std::string::npos);
}

// For more than a second after SIGTERM, /readyz said Ready and connections were accepted: the program first waited for the
// metrics listener, and closed the port last.
TEST_CASE("port: from SIGTERM on it is closed, /readyz says stopping, and what is under way ends", "[e2e][port]") {
  Stack stack({.proxy_settings = {{"METRICS_PORT", std::to_string(free_port())}}});
  const int port = stack.proxy->http().port();
  stack.simulator.add_fault({{"endpoint", "event_type_available_times"}, {"kind", "latency"}, {"ms", 3000}});
  const std::string slots =
      "GET /api/app/calendly/slots/30min?start_date=" + day_text(1) + "&end_date=" + day_text(7) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  RawConnection visitor(port);
  REQUIRE(visitor.send(slots));
  REQUIRE(eventually([&] { return stack.simulator.in_flight("event_type_available_times") >= 1; }));
  RawConnection balancer(port);
  REQUIRE(balancer.send("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\nGET /readyz HTTP/1.1\r\n"));
  REQUIRE(balancer.read_until("\"Ready\""));
  stack.proxy->process().signal(SIGTERM);
  REQUIRE(stack.proxy->process().wait_for_line("SIGTERM: finishing running requests"));
  CHECK_THROWS(RawConnection(port));
  REQUIRE(balancer.send("Host: a\r\n\r\n"));
  const std::string told = balancer.read_to_end();
  CHECK(told.find("HTTP/1.1 503 ") != std::string::npos);
  CHECK(told.find("\"code\":\"stopping\"") != std::string::npos);
  CHECK(stack.simulator.in_flight("event_type_available_times") >= 1);
  const std::string answer = visitor.read_to_end();
  CHECK(answer.starts_with("HTTP/1.1 200 OK"));
  CHECK(answer.find("\"complete\":true") != std::string::npos);
  CHECK(stack.proxy->process().wait_for_end() == 0);
}
