#pragma once
// Redis, PostgreSQL and nginx for tests: real servers, started from the machine's packages on ports and in folders of their own.
// They are stopped and removed when the test ends or is killed.
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
  // `password` empty: none is required. Throws std::runtime_error if the server cannot be started.
  explicit RedisServer(std::string password = {});
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url() const;
  void pause() { process_->signal(SIGSTOP); }
  void go_on() { process_->signal(SIGCONT); }
  void stop();
  // On the same port, with an empty database.
  void start();

 private:
  ServerFolder folder_;
  int port_;
  std::string password_;
  std::unique_ptr<e2e::Process> process_;
};

class PostgresServer {
 public:
  // Creates a cluster of its own in which a password is required. Throws std::runtime_error on failure.
  explicit PostgresServer(std::vector<std::string> more_arguments = {});
  ~PostgresServer();
  static constexpr char kPassword[] = "marker-of-the-database-password";
  [[nodiscard]] int port() const { return port_; }
  // Creates an empty database and returns its URL.
  [[nodiscard]] std::string new_database();
  // The URL of the same database through another port, such as a forwarder's.
  [[nodiscard]] static std::string through(const std::string& url, int port);
  // Stops all its processes (SIGSTOP): connections stay open and nothing answers.
  void pause();
  void go_on();
  // Closes all connections.
  void stop();
  // Like a crash of its machine: its processes do not say goodbye to the database (SIGQUIT, an immediate shutdown).
  void crash();
  void start();
  // Its log since it was started.
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

// nginx in front of several proxies, round robin, as in deploy/three-servers/nginx.conf.
class NginxServer {
 public:
  explicit NginxServer(const std::vector<int>& ports);
  [[nodiscard]] int port() const { return port_; }

 private:
  ServerFolder folder_;
  int port_;
  std::unique_ptr<e2e::Process> process_;
};

// One of each for the whole test program, started on first use.
[[nodiscard]] RedisServer& shared_redis();
[[nodiscard]] PostgresServer& shared_postgres();

}  // namespace slotwire::servers
