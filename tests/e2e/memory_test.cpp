// Searches the memory of the real program, from outside and byte by byte, for data of answered requests.
#include <catch_amalgamated.hpp>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <unistd.h>

#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

// Number of copies of `text` in the writable memory of a process: heaps, stacks, globals.
int copies_in(pid_t pid, const std::string& text) {
  const std::string folder = "/proc/" + std::to_string(pid);
  const int memory = ::open((folder + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (memory < 0) return -1;
  std::ifstream maps(folder + "/maps");
  int copies = 0;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::string rights;
    words >> std::hex >> begin >> dash >> end >> rights;
    if (!rights.starts_with("rw")) continue;
    std::string bytes(end - begin, '\0');
    const ssize_t got = ::pread(memory, bytes.data(), bytes.size(), static_cast<off_t>(begin));
    if (got <= 0) continue;
    bytes.resize(static_cast<std::size_t>(got));
    for (std::size_t at = bytes.find(text); at != std::string::npos; at = bytes.find(text, at + 1)) ++copies;
  }
  ::close(memory);
  return copies;
}

long resident_kib_of(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  }
  return 0;
}

// A token of usual length with a unique middle.
const std::string kMark = "bWVtb3J5LW1hcmtlci1vZi10aGUtdG9rZW4";
const std::string kMarked = "eyJraWQiOiIx" + std::string(300, 'x') + kMark + std::string(300, 'y') + ".c2lnbmF0dXJl";

std::string request_with_token(const std::string& body, const std::string& more_headers = "") {
  return "POST /api/web/calendly/token HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: Bearer " +
         jwt_for("admin") + "\r\n" + more_headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

// Between five and thirty-three plaintext copies of the token were found in the program's memory, long after the account was
// disconnected: in connection buffers, in memory freed by httplib and the JSON parser, on stacks.
TEST_CASE("memory: of a token that is disconnected no copy is left, and of one in use no more than a handful",
          "[e2e][memory][secrecy]") {
  Stack stack({.connected = false});
  Proxy& proxy = *stack.proxy;
  const pid_t pid = proxy.process().pid();
  stack.simulator.set("account", {{"tokens", Json::array({{{"token", kMarked}}})}});
  const std::string body = Json{{"accessToken", kMarked}}.dump();

  // Connections that stay open after sending the token: whole, in pieces, in a chunk, refused, and one that stops half-way.
  const int port = proxy.http().port();
  RawConnection whole(port);
  REQUIRE(whole.send(request_with_token(body)));
  REQUIRE(whole.read_until("\"connected\":true"));
  REQUIRE(copies_in(pid, kMark) >= 1);  // otherwise this test would prove nothing
  RawConnection pieces(port);
  const std::string request = request_with_token(body);
  for (std::size_t at = 0; at < request.size(); at += 100) REQUIRE(pieces.send(request.substr(at, 100)));
  REQUIRE(pieces.read_until("\"connected\":true"));
  RawConnection chunked(port);
  char size[16];
  std::snprintf(size, sizeof size, "%zx", body.size());
  REQUIRE(chunked.send(
      "POST /api/web/calendly/token HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: Bearer " +
      jwt_for("admin") + "\r\nTransfer-Encoding: chunked\r\n\r\n" + size + "\r\n" + body + "\r\n0\r\n\r\n"));
  REQUIRE(chunked.read_until("\"connected\":true"));
  RawConnection refused(port);
  REQUIRE(refused.send(request_with_token(Json{{"wrongField", kMarked}}.dump())));
  REQUIRE(refused.read_until("HTTP/1.1 400 "));
  RawConnection broken(port);
  REQUIRE(broken.send(request_with_token("{\"accessToken\":\"" + kMarked)));
  REQUIRE(broken.read_until("HTTP/1.1 400 "));
  CHECK(proxy.slots("30min", day_text(1), day_text(30)).status == 200);
  CHECK(proxy.admin_post("/api/web/calendly/event-types/sync", Json::object()).status == 200);
  CHECK(proxy.http().get("/calendly/v2/users/me", bearer(jwt_for("admin"))).status == 200);
  {
    RawConnection gone(port);
    REQUIRE(gone.send(request.substr(0, request.size() - 20)));
  }

  int copies = 0;
  CHECK(eventually([&] { return (copies = copies_in(pid, kMark)) <= 5; }));
  CHECK(copies >= 1);  // the one in use
  REQUIRE(proxy.admin_post("/api/web/calendly/connection/disconnect", Json::object(), "super_admin").status == 200);
  CHECK(eventually([&] { return (copies = copies_in(pid, kMark)) == 0; }));
}

TEST_CASE("memory: an admin's sign-in token does not stay after its answer", "[e2e][memory][secrecy]") {
  Stack stack;
  const pid_t pid = stack.proxy->process().pid();
  const std::string jwt = jwt_for("admin");
  RawConnection admin(stack.proxy->http().port());
  REQUIRE(admin.send("GET /api/web/calendly/connection/status HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + jwt + "\r\n\r\n"));
  REQUIRE(admin.read_until("\"connected\":true"));
  CHECK(eventually([&] { return copies_in(pid, jwt.substr(jwt.rfind('.'))) == 0; }));
}

// A client that sent one large request and stayed connected cost 194 kB until it left: the request outlived its answer.
TEST_CASE("memory: an idle connection costs little, however large its last request was", "[e2e][memory]") {
  constexpr int kConnections = 400;
  Stack stack(
      {.proxy_settings = {{"CALENDLY_MAX_CONNECTIONS_PER_CLIENT", "1000"}, {"CALENDLY_RATE_LIMIT", "0"}}, .connected = false});
  const pid_t pid = stack.proxy->process().pid();
  const std::string large =
      "POST /calendly/nothing HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n" +
      std::string(60'000, 'x');
  std::vector<std::unique_ptr<RawConnection>> idle;
  const auto add = [&] {
    idle.push_back(std::make_unique<RawConnection>(stack.proxy->http().port()));
    REQUIRE(idle.back()->send(large));
    REQUIRE(idle.back()->read_until("HTTP/1.1 "));
  };
  for (int i = 0; i < 20; ++i) add();  // memory that each thread allocates once and keeps
  const long before = resident_kib_of(pid);
  for (int i = 0; i < kConnections; ++i) add();
  const double kib_each = static_cast<double>(resident_kib_of(pid) - before) / kConnections;
  INFO("KiB for each idle connection after a request of 60 kB: " << kib_each);
  CHECK(kib_each < 8);
}
