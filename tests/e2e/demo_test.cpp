#include <arpa/inet.h>
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/e2e/command.h"
#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

int port_in(const std::string& text, const std::string& before) {
  const std::string address = before + "http://127.0.0.1:";
  const std::size_t at = text.find(address);
  return at == std::string::npos ? 0 : std::stoi(text.substr(at + address.size()));
}

// A started demo whose welcome text has been read. Its temporary folder is inside `folder`.
struct Demo {
  explicit Demo(std::vector<std::string> arguments = {}, Environment environment = {},
                const std::string& program = program_path("slotwire")) {
    arguments.insert(arguments.begin(), "demo");
    environment["TMPDIR"] = folder.path().string();
    process = std::make_unique<Process>(program, arguments, environment);
    has_started = process->wait_for_line("Ctrl-C stops everything").has_value();
    const std::string text = process->output();
    proxy = std::make_unique<Http>(port_in(text, "Demo page    "));
    simulator = std::make_unique<Http>(port_in(text, "simulated at "));
    const std::size_t at = text.find("#jwt=");
    if (at != std::string::npos) jwt = text.substr(at + 5, text.find('\n', at) - at - 5);
  }
  [[nodiscard]] std::size_t left_behind() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder.path()), {}));
  }
  [[nodiscard]] bool simulator_answers() const { return simulator->get("/__sim/counters").status == 200; }
  [[nodiscard]] pid_t simulator_pid() const {
    const std::string pid = std::to_string(process->pid());
    std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
    pid_t child = 0;
    children >> child;
    return child;
  }

  TemporaryFolder folder;
  std::unique_ptr<Process> process;
  bool has_started = false;
  std::unique_ptr<Http> proxy;
  std::unique_ptr<Http> simulator;
  std::string jwt;
};

// Occupies a port, as another program would.
class Taken {
 public:
  explicit Taken(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    // If this fails, another program has the port, which is the same for the test.
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) ::listen(socket_, 1);
  }
  ~Taken() { ::close(socket_); }
  Taken(const Taken&) = delete;
  Taken& operator=(const Taken&) = delete;

 private:
  int socket_;
};

}  // namespace

TEST_CASE("demo: one command shows free slots without an account, and leaves nothing behind", "[e2e][demo]") {
  Demo demo({"--port", "0"});
  INFO(demo.process->output());
  REQUIRE(demo.has_started);
  CHECK(demo.left_behind() == 1);
  const Reply slots = demo.proxy->get("/api/app/calendly/slots/30min");
  CHECK(slots.status == 200);
  CHECK_FALSE(slots.data().at("slots").empty());
  // Its own pages can book, at both names of this machine; other pages cannot.
  for (const char* host : {"127.0.0.1", "localhost"}) {
    const std::string origin = std::string("http://") + host + ":" + std::to_string(demo.proxy->port());
    CHECK(demo.proxy->get("/api/app/calendly/booking-form/30min", {{"Origin", origin}}).data().at("canBook") == true);
  }
  CHECK(demo.proxy->get("/api/app/calendly/booking-form/30min", {{"Origin", kSite}}).data().at("canBook") == false);
  // The link signs in.
  CHECK(demo.proxy->get("/api/web/calendly/connection/status", bearer(demo.jwt)).data().at("connected") == true);

  demo.process->signal(SIGTERM);
  CHECK(demo.process->wait_for_end() == 0);
  CHECK_FALSE(demo.simulator_answers());
  CHECK(demo.left_behind() == 0);
}

// A closed terminal ended the demo by SIGHUP before it could delete its folder, and each left one in /tmp.
TEST_CASE("demo: a closed terminal ends it in order, and one under nohup goes on", "[e2e][demo]") {
  Demo demo({"--port", "0"});
  INFO(demo.process->output());
  REQUIRE(demo.has_started);
  demo.process->signal(SIGHUP);
  CHECK(demo.process->wait_for_end() == 0);
  CHECK_FALSE(demo.simulator_answers());
  CHECK(demo.left_behind() == 0);

  // As nohup does; a program inherits what its parent ignores.
  const auto before = ::signal(SIGHUP, SIG_IGN);
  Demo detached({"--port", "0"});
  ::signal(SIGHUP, before);
  INFO(detached.process->output());
  REQUIRE(detached.has_started);
  detached.process->signal(SIGHUP);
  CHECK(detached.proxy->get("/api/app/calendly/slots/30min").status == 200);
  detached.process->signal(SIGTERM);
  CHECK(detached.process->wait_for_end() == 0);
  CHECK(detached.process->output().find("SIGHUP") == std::string::npos);
}

TEST_CASE("demo: Ctrl-C ends both, and a proxy that is killed leaves no simulator", "[e2e][demo]") {
  for (const auto& [signal, status] : {std::pair{SIGINT, 0}, std::pair{SIGKILL, 128 + SIGKILL}}) {
    INFO(signal);
    Demo demo({"--port", "0"});
    INFO(demo.process->output());
    REQUIRE(demo.has_started);
    REQUIRE(demo.simulator_answers());
    demo.process->signal(signal);
    // The output ends, which shows that the simulator does not hold it open, and the program ends.
    CHECK(demo.process->wait_for_end() == status);
    CHECK(eventually([&] { return !demo.simulator_answers(); }));
  }
}

TEST_CASE("demo: a simulator that ends takes the demo along, in words", "[e2e][demo]") {
  Demo demo({"--port", "0"});
  INFO(demo.process->output());
  REQUIRE(demo.has_started);
  const pid_t simulator = demo.simulator_pid();
  REQUIRE(simulator > 0);
  REQUIRE(::kill(simulator, SIGKILL) == 0);
  CHECK(demo.process->wait_for_end() == 1);
  CHECK(demo.process->output().find("the simulator has ended") != std::string::npos);
  CHECK(demo.left_behind() == 0);
}

// `--port abc` was told twice: as the port, and as an origin that nobody had given.
TEST_CASE("demo: a wrong port is told once, by its name", "[e2e][demo]") {
  for (const char* port : {"abc", "70000"}) {
    TemporaryFolder place;
    const Run run = run_proxy({"demo", "--port", port}, {{"TMPDIR", place.path().string()}});
    INFO(run.output);
    CHECK(run.status == 2);
    CHECK(run.output.find("--port must be") != std::string::npos);
    CHECK(run.output.find("CALENDLY_ALLOWED_ORIGINS") == std::string::npos);
    CHECK(std::filesystem::is_empty(place.path()));
  }
}

TEST_CASE("demo: settings of a real slotwire are not its own", "[e2e][demo]") {
  TemporaryFolder real;
  Environment settings = proxy_settings(real.path(), free_port(), "http://127.0.0.1:9");
  settings["JWT_SECRET_FILE"] = "/nowhere";  // together with JWT_SECRET even an error
  settings["CALENDLY_REDIS_URL"] = "redis://127.0.0.1:9";
  Demo demo({"--port", "0"}, settings);
  INFO(demo.process->output());
  REQUIRE(demo.has_started);
  CHECK(demo.proxy->get("/api/app/calendly/slots/30min").status == 200);
  CHECK(demo.proxy->get("/api/web/calendly/connection/status", bearer(jwt_for("admin"))).status == 401);
  CHECK_FALSE(std::filesystem::exists(real.path() / "slotwire.db"));

  for (const std::vector<std::string>& flags :
       {std::vector<std::string>{"--database-url", "sqlite:" + (real.path() / "slotwire.db").string()},
        std::vector<std::string>{"--api-base-url", "http://127.0.0.1:9"}}) {
    std::vector<std::string> words = {"demo"};
    words.insert(words.end(), flags.begin(), flags.end());
    const Run run = run_proxy(words, {{"TMPDIR", real.path().string()}});
    INFO(run.output);
    CHECK(run.status == 2);
    CHECK(run.output.find(flags.front()) != std::string::npos);
  }
  CHECK(std::filesystem::is_empty(real.path()));
}

TEST_CASE("demo: with a folder of its own a restart finds secret, JWTs and account again", "[e2e][demo]") {
  TemporaryFolder kept;
  const std::string folder = (kept.path() / "run").string();
  std::string jwt;
  for (int start = 0; start < 2; ++start) {
    Demo demo({"--port", "0", "--dir", folder});
    INFO(demo.process->output());
    REQUIRE(demo.has_started);
    CHECK(demo.left_behind() == 0);
    if (start == 0) jwt = demo.jwt;
    const Json listed = demo.proxy->get("/api/web/calendly/jwts", bearer(jwt)).data();
    CHECK(listed.at("jwts").size() == static_cast<std::size_t>(start + 1));
    demo.process->signal(SIGTERM);
    CHECK(demo.process->wait_for_end() == 0);
  }
  for (const char* name : {"jwt-secret", "slotwire.db"}) {
    INFO(name);
    CHECK(std::filesystem::status(folder + "/" + name).permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  }
}

// An installed slotwire service uses port 3000, and a newcomer next types `slotwire demo` on the same machine.
TEST_CASE("demo: where a server has port 3000 it takes another, unless it is told which", "[e2e][demo]") {
  const Taken usual(3000);
  Demo demo;
  INFO(demo.process->output());
  REQUIRE(demo.has_started);
  CHECK(demo.proxy->port() != 3000);
  CHECK(demo.process->output().find("Another program has port 3000") != std::string::npos);
  CHECK(demo.proxy->get("/api/app/calendly/slots/30min").status == 200);

  Demo told({"--port", "3000"});
  CHECK_FALSE(told.has_started);
  CHECK(told.process->wait_for_end() == 1);
  CHECK(told.process->output().find("3000") != std::string::npos);
}

// In a container the demo has to listen on every address, and printed http://0.0.0.0:3000, which no browser opens.
TEST_CASE("demo: the addresses that it prints are for a browser", "[e2e][demo]") {
  Demo demo({"--port", "0", "--host", "0.0.0.0"});
  INFO(demo.process->output());
  REQUIRE(demo.has_started);
  CHECK(demo.process->output().find("0.0.0.0") == std::string::npos);
  CHECK(demo.proxy->get("/api/app/calendly/slots/30min").status == 200);
}

// root's `slotwire demo --dir /tmp/demo` wrote its log through a link that another user had put there, into a file of root's.
TEST_CASE("demo: a folder of another user is refused before anything is written", "[e2e][demo]") {
  if (::geteuid() != 0) SKIP("only root can make a folder of another user");
  TemporaryFolder place;
  const std::filesystem::path folder = place.path() / "theirs";
  const std::filesystem::path precious = place.path() / "precious";
  std::ofstream(precious) << "kept";
  std::filesystem::create_directory(folder);
  std::filesystem::create_symlink(precious, folder / "calendly-sim.log");
  std::filesystem::create_symlink(place.path() / "made", folder / "jwt-secret");
  REQUIRE(::chown(folder.c_str(), 65534, 65534) == 0);
  Demo demo({"--port", "0", "--dir", folder.string()});
  CHECK(demo.process->wait_for_end() == 2);
  INFO(demo.process->output());
  CHECK(demo.process->output().find("--dir") != std::string::npos);
  CHECK(std::filesystem::file_size(precious) == 4);
  CHECK_FALSE(std::filesystem::exists(place.path() / "made"));
}

TEST_CASE("demo: the simulator is found where a package has it, and missed in words", "[e2e][demo]") {
  TemporaryFolder root;
  std::filesystem::create_directories(root.path() / "bin");
  std::filesystem::create_directories(root.path() / "libexec/slotwire");
  const std::string program = (root.path() / "bin/slotwire").string();
  std::filesystem::copy_file(program_path("slotwire"), program);
  const Demo without({}, {}, program);
  CHECK_FALSE(without.has_started);
  CHECK(without.process->wait_for_end() == 1);
  const std::string said = without.process->output();
  CHECK(said.find((root.path() / "bin/calendly-sim").string()) != std::string::npos);
  CHECK(said.find((root.path() / "libexec/slotwire/calendly-sim").string()) != std::string::npos);

  std::filesystem::copy_file(program_path("calendly-sim"), root.path() / "libexec/slotwire/calendly-sim");
  const Demo packaged({"--port", "0"}, {}, program);
  INFO(packaged.process->output());
  CHECK(packaged.has_started);
}
