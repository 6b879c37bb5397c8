#include "proxy/app/demo.h"

#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <netinet/in.h>
#include <optional>
#include <random>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proxy/app/commands.h"
#include "proxy/app/core.h"
#include "proxy/app/database_owner.h"
#include "proxy/app/operator.h"
#include "proxy/app/serve.h"
#include "proxy/app/simulator_process.h"
#include "proxy/settings/settings.h"

namespace slotwire::app {
namespace {

// Only for the simulator; it gives access to nothing else.
constexpr char kToken[] = "simulated-calendly-token-of-the-demo";
constexpr int kUsualPort = 3000;
constexpr std::chrono::hours kSignedInFor{8};

// Deletes the folder and its content at the end, unless the user named it.
class DemoFolder {
 public:
  static Result<DemoFolder> at(const std::string& name) {
    std::error_code failure;
    if (name.empty()) {
      std::string made = (std::filesystem::temp_directory_path(failure) / "slotwire-demo-XXXXXX").string();
      if (failure || ::mkdtemp(made.data()) == nullptr)
        return Error{ErrorCode::storage_failed, "No temporary folder can be made; name one with --dir."};
      return DemoFolder(made, true);
    }
    std::filesystem::create_directories(name, failure);
    const std::filesystem::path path = std::filesystem::absolute(name, failure);
    // Before anything is written: whoever owns the folder may have put links into it that lead elsewhere.
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && status.st_uid != ::geteuid())
      return bad_input("--dir", "must name a folder of your own; this one belongs to another user");
    if (!std::filesystem::is_directory(path, failure) || ::access(path.c_str(), W_OK | X_OK) != 0)
      return bad_input("--dir", "must name a folder that can be written, or one that can be made");
    return DemoFolder(path, false);
  }
  DemoFolder(DemoFolder&& other) noexcept
      : path_(std::move(other.path_)), is_temporary_(std::exchange(other.is_temporary_, false)) {}
  DemoFolder& operator=(DemoFolder&&) = delete;
  ~DemoFolder() {
    std::error_code ignored;
    if (is_temporary_) std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  DemoFolder(std::filesystem::path path, bool is_temporary) : path_(std::move(path)), is_temporary_(is_temporary) {}
  std::filesystem::path path_;
  bool is_temporary_;
};

// The demo's own secret, kept so that a restart can read the sealed token and the JWTs.
Result<std::filesystem::path> secret_in(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "jwt-secret";
  std::error_code failure;
  if (std::filesystem::file_size(path, failure) > 0 && !failure) return path;
  std::random_device random;
  std::ofstream file(path, std::ios::trunc);
  for (int i = 0; i < 16; ++i) file << std::hex << random();
  file.close();
  if (!file) return Error{ErrorCode::storage_failed, path.string() + " cannot be written."};
  return path;
}

// The port itself if it is free, any free one for 0; nullopt when it is taken. Another program may take it before the server
// does; the server then reports that.
std::optional<int> free_port(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return std::nullopt;
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  socklen_t size = sizeof address;
  const bool is_free = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                       ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(socket);
  if (!is_free) return std::nullopt;
  return ntohs(address.sin_port);
}

std::string port_for(const std::map<std::string, std::string>& flags) {
  const auto given = flags.find("PORT");
  if (given != flags.end() && given->second != "0") return given->second;
  std::optional<int> port = given == flags.end() ? free_port(kUsualPort) : std::nullopt;
  if (!port) port = free_port(0);
  return std::to_string(port.value_or(kUsualPort));
}

Result<settings::Settings> settings_for(std::map<std::string, std::string> flags, const std::filesystem::path& folder,
                                        const std::string& simulator) {
  for (const auto& [name, flag] :
       {std::pair{"CALENDLY_API_BASE_URL", "--api-base-url"}, std::pair{"CALENDLY_DATABASE_URL", "--database-url"}}) {
    if (flags.contains(name)) return bad_input(flag, "is not for the demo, which has a Calendly and a database of its own");
  }
  const Result<std::filesystem::path> secret = secret_in(folder);
  if (!secret) return secret.error();
  const std::string port = port_for(flags);
  flags["PORT"] = port;
  const std::map<std::string, std::string> own = {
      {"JWT_SECRET_FILE", secret->string()},
      {"CALENDLY_API_BASE_URL", simulator},
      {"CALENDLY_DATABASE_URL", "sqlite:" + (folder / "slotwire.db").string()},
      // The demo's own pages may book; "*" lets any page read.
      {"CALENDLY_ALLOWED_ORIGINS", "*,http://127.0.0.1:" + port + ",http://localhost:" + port},
      {"METRICS_PORT", "0"},
      {"LOG_LEVEL", "warn"},
  };
  settings::Read read = settings::read_settings(
      [&own](const std::string& name) {
        const auto found = own.find(name);
        return found == own.end() ? std::nullopt : std::optional(found->second);
      },
      flags);
  if (!read.problems.empty()) {
    Error error{ErrorCode::bad_input, "The demo cannot run with these flags:"};
    for (const settings::Problem& problem : read.problems) {
      // With a wrong port the demo's own origins are wrong too: the user only has to hear of what they gave.
      if (!own.contains(problem.name) || flags.contains(problem.name))
        error.details.push_back({flag_from_name(problem.name), problem.what});
    }
    return error;
  }
  return std::move(read.settings);
}

Result<Done> connect(const settings::Settings& settings) {
  if (const auto owned = check_database_owner(settings.database_url.reveal()); !owned) return owned.error();
  Result<std::unique_ptr<Core>> core = Core::open(settings);
  if (!core) return core.error();
  std::string token = kToken;
  const auto set = (*core)->connection->set_token(secrets::SecretString::taken_from(token), std::string(kOperator), "");
  if (!set) return set.error();
  return Done{};
}

// For a browser on this machine: 0.0.0.0 and [::] mean every address to a server, and none to a browser.
std::string browsable(std::string address) {
  for (const auto& [every, own] : {std::pair{"//0.0.0.0:", "//127.0.0.1:"}, std::pair{"//[::]:", "//[::1]:"}}) {
    if (const std::size_t at = address.find(every); at != std::string::npos) address.replace(at, std::string(every).size(), own);
  }
  return address;
}

void welcome(Core& core, const std::string& address, const std::string& simulator, const DemoAsked& asked) {
  const secrets::Claims claims{"demo", secrets::Role::super_admin, core.clock.now() + kSignedInFor};
  const Result<std::string> jwt = core.jwts->make(claims, std::string(kOperator));
  std::cout << "\n  Demo page    " << address << "/demo\n  Admin page   " << address << "/admin\n";
  if (jwt) std::cout << "  Signed in    " << address << "/admin#jwt=" << *jwt << '\n';
  std::cout << "\n  Calendly is simulated at " << simulator << "; "
            << (asked.folder.empty() ? "nothing is kept" : "what is kept is in " + asked.folder) << ". Ctrl-C stops everything.\n"
            << std::endl;
}

}  // namespace

int demo(const std::map<std::string, std::string>& flags, const DemoAsked& asked) {
  ::umask(077);
  std::error_code failure;
  const auto program = find_simulator(std::filesystem::read_symlink("/proc/self/exe", failure));
  if (!program) return failed(program.error());
  const Result<DemoFolder> folder = DemoFolder::at(asked.folder);
  if (!folder) return failed(folder.error());
  std::atomic<bool> is_broken{false};
  const auto simulator =
      SimulatorProcess::start({*program, asked.simulator_port, kToken, folder->path() / "calendly-sim.log"}, [&is_broken] {
        std::cerr << "slotwire: the simulator has ended, and so does the demo.\n";
        is_broken = true;
        ::kill(::getpid(), SIGTERM);
      });
  if (!simulator) return failed(simulator.error());
  const std::string address = (*simulator)->address();
  const Result<settings::Settings> settings = settings_for(flags, folder->path(), address);
  if (!settings) return failed(settings.error());
  if (!flags.contains("PORT") && settings->port != kUsualPort)
    std::cout << "Another program has port " << kUsualPort << "; the demo is at another one." << std::endl;
  if (const auto connected = connect(*settings); !connected) return failed(connected.error());
  const int code =
      serve(*settings, [&](Core& core, const std::string& proxy) { welcome(core, browsable(proxy), address, asked); });
  return is_broken ? 1 : code;
}

}  // namespace slotwire::app
