// Commands at a terminal: a pseudo terminal takes its place.
#include <catch_amalgamated.hpp>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

class Terminal {
 public:
  // Runs `slotwire WORDS` with the terminal as its standard input, output and error.
  Terminal(const std::vector<std::string>& words, Environment settings) {
    settings["SLOTWIRE_SETTINGS_FILE"] = "";
    std::vector<std::string> arguments = {program_path("slotwire")};
    arguments.insert(arguments.end(), words.begin(), words.end());
    std::vector<std::string> variables;
    for (const auto& [name, value] : settings) variables.push_back(name + "=" + value);
    const std::vector<char*> argv = pointers_to(arguments);
    const std::vector<char*> envp = pointers_to(variables);
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(master_ >= 0);
    REQUIRE(::grantpt(master_) == 0);
    REQUIRE(::unlockpt(master_) == 0);
    const std::string name = ::ptsname(master_);
    // Stays open, so that the terminal's modes can be read after the program's end.
    slave_ = ::open(name.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(slave_ >= 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::setsid();
      const int own = ::open(name.c_str(), O_RDWR);  // becomes the terminal of the new session
      for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(own, descriptor);
      ::execve(argv.front(), argv.data(), envp.data());
      ::_exit(127);
    }
    REQUIRE(pid_ > 0);
  }
  ~Terminal() {
    if (!status_) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(slave_);
    ::close(master_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void type(const std::string& text) const {
    REQUIRE(::write(master_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  // Reads what the program prints until it contains `text`; false if it does not within the time.
  [[nodiscard]] bool shows(const std::string& text) {
    while (shown_.find(text) == std::string::npos) {
      pollfd waiting{master_, POLLIN, 0};
      char buffer[4096];
      if (::poll(&waiting, 1, static_cast<int>(std::chrono::milliseconds(kTimeout).count())) <= 0) return false;
      const ssize_t got = ::read(master_, buffer, sizeof buffer);
      if (got <= 0) return false;
      shown_.append(buffer, static_cast<std::size_t>(got));
    }
    return true;
  }
  [[nodiscard]] const std::string& shown() const { return shown_; }
  [[nodiscard]] bool echoes() const {
    termios modes{};
    REQUIRE(::tcgetattr(slave_, &modes) == 0);
    return (modes.c_lflag & ECHO) != 0;
  }
  void signal(int number) const { ::kill(pid_, number); }
  // What waitpid says of the program's end, or of its stop.
  [[nodiscard]] int wait(int options = 0) {
    int status = 0;
    REQUIRE(::waitpid(pid_, &status, options) == pid_);
    if (!WIFSTOPPED(status)) status_ = status;
    return status;
  }

 private:
  static std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return pointers;
  }

  int master_ = -1;
  int slave_ = -1;
  pid_t pid_ = -1;
  std::optional<int> status_;
  std::string shown_;
};

constexpr char kPrompt[] = "Personal Access Token: ";

}  // namespace

// `slotwire token set` waited without a word, and the token that was pasted stayed on the screen.
TEST_CASE("terminal: token set asks for the token and does not show it", "[e2e][terminal]") {
  TemporaryFolder folder;
  Simulator simulator;
  Terminal terminal({"token", "set"}, proxy_settings(folder.path(), 0, simulator.address()));
  REQUIRE(terminal.shows(kPrompt));
  CHECK_FALSE(terminal.echoes());
  terminal.type(std::string(kToken) + "\n");
  CHECK(terminal.shows("Connected as"));
  INFO(terminal.shown());
  CHECK(terminal.shown().find(kToken) == std::string::npos);
  CHECK(terminal.wait() == 0);
  CHECK(terminal.echoes());
}

// The signals that stop `serve` in order were blocked for every command, so `token set` at a terminal could not be left.
TEST_CASE("terminal: Ctrl-C and other signals end token set, and the terminal shows again what is typed", "[e2e][terminal]") {
  TemporaryFolder folder;
  Terminal terminal({"token", "set"}, proxy_settings(folder.path(), 0, "http://127.0.0.1:9"));
  REQUIRE(terminal.shows(kPrompt));
  int expected = SIGINT;
  SECTION("Ctrl-C") { terminal.type("half a to\x03"); }
  SECTION("SIGTERM") { terminal.signal(expected = SIGTERM); }
  SECTION("SIGHUP") { terminal.signal(expected = SIGHUP); }
  const int status = terminal.wait();
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == expected);
  CHECK(terminal.echoes());
}

TEST_CASE("terminal: a stopped token set shows what is typed to the shell, and hides again when it goes on", "[e2e][terminal]") {
  TemporaryFolder folder;
  Terminal terminal({"token", "set"}, proxy_settings(folder.path(), 0, "http://127.0.0.1:9"));
  REQUIRE(terminal.shows(kPrompt));
  terminal.signal(SIGTSTP);
  CHECK(WIFSTOPPED(terminal.wait(WUNTRACED)));
  CHECK(terminal.echoes());
  terminal.signal(SIGCONT);
  // Its answer to an empty token comes after it has hidden typing again and was left.
  terminal.type("\n");
  CHECK(terminal.shows("slotwire: "));
  CHECK(WIFEXITED(terminal.wait()));
  CHECK(terminal.echoes());
}
