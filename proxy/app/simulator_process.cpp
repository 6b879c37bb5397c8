#include "proxy/app/simulator_process.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace slotwire::app {
namespace {

constexpr char kName[] = "calendly-sim";
constexpr std::chrono::seconds kLongestWait{5};

Error cannot_start(std::string why) { return {ErrorCode::internal, "The simulator could not be started: " + std::move(why)}; }

// Runs in the child between fork and exec. Must not allocate, since its memory is a copy of a program with threads.
[[noreturn]] void exec_simulator(char* const* words, pid_t parent, int output, int log) {
  // In a process group of its own, so that Ctrl-C only reaches the proxy, which stops the child after its own shutdown.
  ::setpgid(0, 0);
  // If the proxy is killed, the kernel kills the child. The proxy may have died before this was requested.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) ::_exit(127);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::execv(words[0], words);
  ::_exit(127);
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Result<std::filesystem::path> find_simulator(const std::filesystem::path& program) {
  const std::filesystem::path folder = program.parent_path();
  const std::filesystem::path beside = folder / kName;
  const std::filesystem::path packaged = folder.parent_path() / "libexec" / "slotwire" / kName;
  for (const std::filesystem::path& path : {beside, packaged})
    if (::access(path.c_str(), X_OK) == 0) return path;
  return Error{ErrorCode::not_found, "The demo needs the program calendly-sim, which is neither at " + beside.string() +
                                         " nor at " + packaged.string() +
                                         ". It comes with slotwire's package and with `make build`."};
}

Result<std::unique_ptr<SimulatorProcess>> SimulatorProcess::start(const Wish& wish, std::function<void()> on_early_end) {
  std::vector<std::string> words = {wish.program.string(), "--port", std::to_string(wish.port), "--token", wish.token};
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const int log = ::open(wish.log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (log < 0) return cannot_start(wish.log.string() + " cannot be written.");
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    ::close(log);
    return cannot_start("no pipe.");
  }
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) exec_simulator(pointers.data(), parent, ends[1], log);
  ::close(log);
  ::close(ends[1]);
  if (pid < 0) {
    ::close(ends[0]);
    return cannot_start("no process.");
  }
  std::unique_ptr<SimulatorProcess> process(new SimulatorProcess(pid, ends[0]));
  process->address_ = process->read_address();
  if (process->address_.empty()) {
    process.reset();
    return cannot_start("it ended with\n" + text_of(wish.log));
  }
  process->reaper_ = std::thread([&simulator = *process, told = std::move(on_early_end)] { simulator.reap(told); });
  return process;
}

std::string SimulatorProcess::read_address() const {
  constexpr std::string_view kBefore = "listening on ";
  std::string line;
  for (char c = 0; line.size() < 1024;) {
    const ssize_t got = ::read(output_, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return {};
    if (c != '\n') {
      line += c;
      continue;
    }
    if (const std::size_t at = line.find(kBefore); at != std::string::npos) return line.substr(at + kBefore.size());
    line.clear();
  }
  return {};
}

void SimulatorProcess::reap(const std::function<void()>& on_early_end) {
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  bool is_early = false;
  {
    // The process id is reserved until waitpid has returned; after that it must not be sent a signal.
    const std::lock_guard lock(mutex_);
    ::waitpid(pid_, nullptr, 0);
    has_ended_ = true;
    is_early = is_wanted_;
  }
  ended_.notify_all();
  if (is_early) on_early_end();
}

SimulatorProcess::~SimulatorProcess() {
  if (reaper_.joinable()) {
    {
      std::unique_lock lock(mutex_);
      is_wanted_ = false;
      if (!has_ended_) ::kill(pid_, SIGTERM);
      if (!ended_.wait_for(lock, kLongestWait, [this] { return has_ended_; })) ::kill(pid_, SIGKILL);
    }
    reaper_.join();
  } else {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(output_);
}

}  // namespace slotwire::app
