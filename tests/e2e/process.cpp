#include "tests/e2e/process.h"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <signal.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace slotwire::e2e {
namespace {

int exit_status_from(int wait_status) { return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status); }

}  // namespace

std::string program_path(const std::string& name) {
  if (const char* folder = std::getenv("SLOTWIRE_PROGRAMS")) return std::string(folder) + "/" + name;
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

Process::Process(const std::string& program, const std::vector<std::string>& arguments, const Environment& environment) {
  // Everything the child needs is prepared before the fork: other threads of this program may hold the allocator's locks.
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> settings;
  for (const char* name : {"PATH", "LD_PRELOAD", "SHIFTED_CLOCK_S"}) {
    const char* value = std::getenv(name);
    if (value && !environment.contains(name)) settings.push_back(std::string(name) + "=" + value);
  }
  // Settings of a slotwire that is installed on this machine must not be used.
  if (!environment.contains("SLOTWIRE_SETTINGS_FILE")) settings.emplace_back("SLOTWIRE_SETTINGS_FILE=");
  for (const auto& [name, value] : environment) settings.push_back(name + "=" + value);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::vector<char*> envp;
  for (std::string& setting : settings) envp.push_back(setting.data());
  envp.push_back(nullptr);

  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    // Exceeding the file size limit must be an error for the program, like a full disk, and not kill it.
    ::signal(SIGXFSZ, SIG_IGN);
    ::execve(program.c_str(), argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  if (pid_ < 0) {
    ::close(ends[0]);
    throw std::runtime_error("fork failed");
  }
  collector_ = std::thread([this, from = ends[0]] { collect(from); });
}

Process::~Process() {
  if (is_running()) {
    ::kill(pid_, SIGTERM);
    if (!wait_for_end(std::chrono::seconds(5))) {
      ::kill(pid_, SIGKILL);
      (void)wait_for_end();
    }
  }
  collector_.join();
}

void Process::collect(int from) {
  char buffer[4096];
  for (;;) {
    const ssize_t got = ::read(from, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    std::lock_guard lock(mutex_);
    if (got <= 0) {
      has_closed_output_ = true;
      grown_.notify_all();
      break;
    }
    output_.append(buffer, static_cast<std::size_t>(got));
    grown_.notify_all();
  }
  ::close(from);
}

std::string Process::output() const {
  std::lock_guard lock(mutex_);
  return output_;
}

std::optional<std::string> Process::wait_for_line(const std::string& text) {
  std::optional<std::string> line;
  std::unique_lock lock(mutex_);
  grown_.wait_for(lock, kTimeout, [&] {
    const std::size_t at = output_.find(text);
    const std::size_t end = at == std::string::npos ? at : output_.find('\n', at);
    if (end == std::string::npos) return has_closed_output_;
    const std::size_t before = output_.rfind('\n', at);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    line = output_.substr(begin, end - begin);
    return true;
  });
  return line;
}

void Process::signal(int number) { ::kill(pid_, number); }

std::optional<int> Process::wait_for_end(std::chrono::seconds timeout) {
  if (status_) return status_;
  // The end of the output shows the end of the program without polling; only the exit itself remains.
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  {
    std::unique_lock lock(mutex_);
    if (!grown_.wait_until(lock, deadline, [&] { return has_closed_output_; })) return std::nullopt;
  }
  int wait_status = 0;
  if (::waitpid(pid_, &wait_status, 0) != pid_) return std::nullopt;
  status_ = exit_status_from(wait_status);
  return status_;
}

bool Process::is_running() {
  if (status_) return false;
  int wait_status = 0;
  if (::waitpid(pid_, &wait_status, WNOHANG) != pid_) return true;
  status_ = exit_status_from(wait_status);
  return false;
}

}  // namespace slotwire::e2e
