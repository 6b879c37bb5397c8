#include "tests/conformance/servers.h"

#include <algorithm>
#include <fstream>
#include <signal.h>
#include <stdexcept>
#include <unistd.h>

#include "tests/e2e/http.h"

namespace slotwire::servers {
namespace {

namespace fs = std::filesystem;
using e2e::Environment;
using e2e::Process;

// PostgreSQL refuses to run as root, so as root all servers run as Debian's nobody and nogroup.
constexpr unsigned kNobody = 65'534;

// setpriv makes the kernel kill the server when this program dies, in any way, and changes the user if necessary.
std::vector<std::string> bound_to_us(const std::string& death_signal, std::vector<std::string> words) {
  std::vector<std::string> all = {"--pdeathsig", death_signal};
  if (::geteuid() == 0) {
    const std::string id = std::to_string(kNobody);
    all.insert(all.end(), {"--reuid", id, "--regid", id, "--clear-groups"});
  }
  all.emplace_back("--");
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

constexpr char kSetpriv[] = "/usr/bin/setpriv";

std::string found_program(const std::vector<fs::path>& places, const std::string& what) {
  for (const fs::path& place : places) {
    if (fs::exists(place)) return place;
  }
  throw std::runtime_error(what + " is not installed (scripts/setup.sh test)");
}

// The newest of Debian's /usr/lib/postgresql/<version>/bin, or the folder in which initdb is found.
fs::path postgres_programs() {
  std::vector<fs::path> places;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored))
    places.push_back(entry.path() / "bin" / "initdb");
  std::sort(places.rbegin(), places.rend());
  places.insert(places.end(), {"/usr/local/bin/initdb", "/usr/bin/initdb"});
  return fs::canonical(found_program(places, "PostgreSQL")).parent_path();
}

void run_to_end(const std::vector<std::string>& words, const Environment& environment) {
  Process process(kSetpriv, words, environment);
  const auto status = process.wait_for_end(std::chrono::seconds(60));
  if (status != 0) throw std::runtime_error(words.back() + " failed: " + process.output());
}

}  // namespace

ServerFolder::ServerFolder() {
  std::string name = fs::temp_directory_path() / "slotwire-server-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
  if (::geteuid() == 0 && ::chown(name.c_str(), kNobody, kNobody) != 0) throw std::runtime_error("chown failed");
}

ServerFolder::~ServerFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

RedisServer::RedisServer(std::string password) : port_(e2e::free_port()), password_(std::move(password)) { start(); }

std::string RedisServer::url() const {
  return "redis://" + (password_.empty() ? "" : ":" + password_ + "@") + "127.0.0.1:" + std::to_string(port_);
}

void RedisServer::start() {
  std::vector<std::string> words = {found_program({"/usr/bin/redis-server", "/usr/local/bin/redis-server"}, "Redis"),
                                    "--port",
                                    std::to_string(port_),
                                    "--bind",
                                    "127.0.0.1",
                                    "--save",
                                    "",
                                    "--appendonly",
                                    "no",
                                    "--dir",
                                    folder_.path(),
                                    "--daemonize",
                                    "no"};
  if (!password_.empty()) words.insert(words.end(), {"--requirepass", password_});
  process_ = std::make_unique<Process>(kSetpriv, bound_to_us("KILL", words), Environment{});
  if (!process_->wait_for_line("Ready to accept connections"))
    throw std::runtime_error("Redis did not start: " + process_->output());
}

void RedisServer::stop() {
  process_->signal(SIGKILL);
  process_.reset();
}

PostgresServer::PostgresServer(std::vector<std::string> more_arguments)
    : programs_(postgres_programs()), port_(e2e::free_port()), more_arguments_(std::move(more_arguments)) {
  const fs::path password_file = folder_.path() / "password";
  std::ofstream(password_file) << kPassword << '\n';
  run_to_end(as_server({programs_ / "initdb", "-D", folder_.path() / "data", "-U", "slotwire", "--pwfile", password_file,
                        "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"}),
             {{"TZ", "UTC"}});
  start();
}

PostgresServer::~PostgresServer() {
  if (process_) go_on();  // a stopped process does not receive the signal
}

std::vector<std::string> PostgresServer::as_server(std::vector<std::string> words) const {
  return bound_to_us("QUIT", std::move(words));
}

void PostgresServer::start() {
  std::vector<std::string> words = {
      programs_ / "postgres",       "-D", folder_.path() / "data",    "-p", std::to_string(port_), "-c",
      "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off",           "-c",
      "full_page_writes=off",       "-c", "shared_buffers=16MB"};
  words.insert(words.end(), more_arguments_.begin(), more_arguments_.end());
  process_ = std::make_unique<Process>(kSetpriv, as_server(std::move(words)), Environment{{"TZ", "UTC"}});
  if (!process_->wait_for_line("ready to accept connections")) {
    throw std::runtime_error("PostgreSQL did not start: " + process_->output());
  }
}

void PostgresServer::stop() {
  process_->signal(SIGINT);
  (void)process_->wait_for_end();
  process_.reset();
}

void PostgresServer::crash() {
  process_->signal(SIGQUIT);
  (void)process_->wait_for_end();
  process_.reset();
}

std::string PostgresServer::new_database() {
  const std::string name = "d" + std::to_string(++databases_);
  Process create(programs_ / "createdb",
                 {"-h", "127.0.0.1", "-p", std::to_string(port_), "-U", "slotwire", "-T", "template0", name},
                 {{"PGPASSWORD", kPassword}});
  if (create.wait_for_end() != 0) throw std::runtime_error("no new database: " + create.output());
  return "postgresql://slotwire:" + std::string(kPassword) + "@127.0.0.1:" + std::to_string(port_) + "/" + name;
}

std::string PostgresServer::through(const std::string& url, int port) {
  const std::size_t colon = url.find(':', url.find('@'));
  const std::size_t slash = url.find('/', colon);
  return url.substr(0, colon + 1) + std::to_string(port) + url.substr(slash);
}

// A stopped process is not told that this program died, so a helper process watches.
void PostgresServer::pause() {
  constexpr char kGuard[] = "while kill -0 $1; do sleep 0.2; done; kill -CONT $2 $(cat /proc/$2/task/$2/children); kill -QUIT $2";
  guard_ = std::make_unique<Process>(
      "/bin/sh", std::vector<std::string>{"-c", kGuard, "guard", std::to_string(::getpid()), std::to_string(process_->pid())},
      Environment{});
  signal_all(SIGSTOP);
}

void PostgresServer::go_on() {
  signal_all(SIGCONT);
  guard_.reset();
}

// Each of its processes has its own session, so there is no common group; the kernel lists the children.
void PostgresServer::signal_all(int number) {
  const pid_t parent = process_->pid();
  ::kill(parent, number);
  std::ifstream children("/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children");
  for (pid_t child = 0; children >> child;) ::kill(child, number);
}

NginxServer::NginxServer(const std::vector<int>& ports) : port_(e2e::free_port()) {
  const std::string folder = folder_.path();
  std::ofstream file(folder_.path() / "nginx.conf");
  file << "daemon off; worker_processes 1; pid " << folder << "/nginx.pid; error_log stderr notice; events {}\nhttp {\n"
       << "  access_log off;\n  upstream slotwire {\n";
  for (const int port : ports) file << "    server 127.0.0.1:" << port << ";\n";
  file << "    keepalive 16;\n  }\n";
  for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    file << "  " << kind << "_temp_path " << folder << "/" << kind << ";\n";
  }
  file << "  server {\n    listen 127.0.0.1:" << port_ << ";\n    location / {\n      proxy_pass http://slotwire;\n"
       << "      proxy_http_version 1.1;\n      proxy_set_header Connection \"\";\n      proxy_set_header Host $host;\n"
       << "      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n    }\n  }\n}\n";
  file.close();
  process_ = std::make_unique<Process>(
      kSetpriv,
      bound_to_us("TERM", {found_program({"/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx"}, "nginx"), "-e", "stderr",
                           "-c", folder + "/nginx.conf"}),
      Environment{});
  if (!process_->wait_for_line("start worker process ")) throw std::runtime_error("nginx did not start: " + process_->output());
}

RedisServer& shared_redis() {
  static RedisServer server;
  return server;
}

PostgresServer& shared_postgres() {
  static PostgresServer server;
  return server;
}

}  // namespace slotwire::servers
