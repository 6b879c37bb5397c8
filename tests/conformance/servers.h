#pragma once
// Redis, PostgreSQL and nginx as tests need them: started for real from the machine's packages, on ports and in folders of their
// own, gone when the test is over or killed.
#include <filesystem>
#include <memory>
#include <signal.h>
#include <string>
#include <vector>

#include "tests/e2e/process.h"

namespace slotwire::servers {

// A folder that the server's user may write to.
class ServerFolder {
 public:
  ServerFolder();
  ~ServerFolder();
  ServerFolder(const ServerFolder&) = delete;
  ServerFolder& operator=(const ServerFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class RedisServer {
 public:
  // `password` empty: none is asked for. Throws std::runtime_error when it cannot be started.
  explicit RedisServer(std::string password = {});
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url() const;
  void pause() { process_->signal(SIGSTOP); }
  void go_on() { process_->signal(SIGCONT); }
  void stop();
  // On the same port, with nothing in it.
  void start();

 private:
  ServerFolder folder_;
  int port_;
  std::string password_;
  std::unique_ptr<e2e::Process> process_;
};

class PostgresServer {
 public:
  // Makes a cluster of its own whose users must give a password. Throws std::runtime_error when it cannot.
  explicit PostgresServer(std::vector<std::string> more_arguments = {});
  ~PostgresServer();
  static constexpr char kPassword[] = "marker-of-the-database-password";
  [[nodiscard]] int port() const { return port_; }
  // Of a new, empty database.
  [[nodiscard]] std::string new_database();
  // The same database through another port, such as a forwarder's.
  [[nodiscard]] static std::string through(const std::string& url, int port);
  // Every process of it, so that connections stay open and nothing answers.
  void pause();
  void go_on();
  // Cuts all connections off.
  void stop();
  void start();
  // What it has logged since it was started.
  [[nodiscard]] std::string output() const { return process_->output(); }

 private:
  void signal_all(int number);
  [[nodiscard]] std::vector<std::string> as_server(std::vector<std::string> words) const;

  ServerFolder folder_;
  std::filesystem::path programs_;
  int port_;
  std::vector<std::string> more_arguments_;
  int databases_ = 0;
  std::unique_ptr<e2e::Process> process_;
  std::unique_ptr<e2e::Process> guard_;
};

// nginx in front of several proxies, in turns, as deploy/three-servers/nginx.conf has it.
class NginxServer {
 public:
  explicit NginxServer(const std::vector<int>& ports);
  [[nodiscard]] int port() const { return port_; }

 private:
  ServerFolder folder_;
  int port_;
  std::unique_ptr<e2e::Process> process_;
};

// One of each for the whole test program, started when first asked for.
[[nodiscard]] RedisServer& shared_redis();
[[nodiscard]] PostgresServer& shared_postgres();

}  // namespace slotwire::servers
