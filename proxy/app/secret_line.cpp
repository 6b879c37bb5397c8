#include "proxy/app/secret_line.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace slotwire::app {
namespace {

constexpr std::size_t kLongestLine = 16 * 1024;
constexpr std::array kEnding = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

// A signal handler can reach nothing else. Set before the handlers are.
termios shown{};
termios hidden{};

// Calls only what a signal handler may call.
void leave_terminal(int signal) {
  const int error = errno;
  ::tcsetattr(STDIN_FILENO, TCSANOW, &shown);
  if (signal == SIGTSTP) {
    ::raise(SIGSTOP);
    // The shell has continued us.
    ::tcsetattr(STDIN_FILENO, TCSANOW, &hidden);
  } else {
    ::signal(signal, SIG_DFL);
    ::raise(signal);  // delivered when this handler returns
  }
  errno = error;
}

class HiddenTyping {
 public:
  HiddenTyping() {
    if (::tcgetattr(STDIN_FILENO, &shown) != 0) return;
    hidden = shown;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    hidden.c_lflag |= ECHONL;  // the line break is shown
    struct sigaction action {};
    action.sa_handler = leave_terminal;
    action.sa_flags = SA_RESTART;
    for (std::size_t i = 0; i < kEnding.size(); ++i) {
      ::sigaction(kEnding.at(i), nullptr, &before_.at(i));
      // A signal that is ignored, as nohup does with SIGHUP, stays ignored.
      if (before_.at(i).sa_handler != SIG_IGN) ::sigaction(kEnding.at(i), &action, nullptr);
    }
    is_hidden_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
  }
  ~HiddenTyping() {
    if (is_hidden_) ::tcsetattr(STDIN_FILENO, TCSANOW, &shown);
    for (std::size_t i = 0; i < kEnding.size(); ++i) ::sigaction(kEnding.at(i), &before_.at(i), nullptr);
  }
  HiddenTyping(const HiddenTyping&) = delete;
  HiddenTyping& operator=(const HiddenTyping&) = delete;

 private:
  bool is_hidden_ = false;
  std::array<struct sigaction, kEnding.size()> before_{};
};

// Byte by byte, without a buffer of the library that would keep a copy of the secret.
std::string line_of_input() {
  std::string line;
  line.reserve(kLongestLine);  // the string must not grow, since that would leave a copy of the secret in memory
  for (char c = 0; line.size() < kLongestLine;) {
    const ssize_t got = ::read(STDIN_FILENO, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || c == '\n') break;
    line += c;
  }
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace

std::string secret_line(std::string_view prompt) {
  if (::isatty(STDIN_FILENO) == 0) return line_of_input();
  const HiddenTyping hiding;
  std::cerr << prompt << std::flush;
  return line_of_input();
}

}  // namespace slotwire::app
