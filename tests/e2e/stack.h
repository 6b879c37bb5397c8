#pragma once
// What most tests need: a simulator and a proxy, each with its own folder and port.
#include <filesystem>
#include <memory>
#include <signal.h>
#include <string>
#include <vector>

#include "shared/calendar.h"
#include "tests/e2e/http.h"
#include "tests/e2e/jwt_text.h"
#include "tests/e2e/process.h"

namespace slotwire::e2e {

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class Simulator {
 public:
  // `port` 0: a free one.
  explicit Simulator(const std::vector<std::string>& more_arguments = {}, int port = 0, Environment environment = {});
  [[nodiscard]] const Http& http() const { return *http_; }
  [[nodiscard]] const std::string& address() const { return address_; }
  void stop();
  // On the same port, without any earlier state.
  void start();
  // Connections stay open, or are accepted by the kernel, and nothing answers.
  void pause() const { process_->signal(SIGSTOP); }
  void go_on() const { process_->signal(SIGCONT); }

  // Changes a setting under /__sim/; throws std::runtime_error if it is refused.
  void set(const std::string& what, const Json& wish) const;
  void add_fault(const Json& fault) const { set("faults", fault); }
  void clear_faults() const;
  void reset_counters() const { set("counters/reset", Json::object()); }
  [[nodiscard]] int calls(const std::string& endpoint) const { return count(endpoint, "calls"); }
  [[nodiscard]] int in_flight(const std::string& endpoint) const { return count(endpoint, "in_flight"); }
  [[nodiscard]] int most_in_flight(const std::string& endpoint) const { return count(endpoint, "max_in_flight"); }
  [[nodiscard]] Json look(const std::string& what) const { return http_->get("/__sim/" + what).json(); }
  // The starts that the simulator lists for an event type in [range), requested in windows of a week, as Calendly requires.
  [[nodiscard]] std::vector<Json> listed(const std::string& event_type_uuid, InstantRange range) const;

 private:
  [[nodiscard]] int count(const std::string& endpoint, const char* name) const;

  std::vector<std::string> arguments_;
  Environment environment_;
  std::unique_ptr<Process> process_;
  std::unique_ptr<Http> http_;
  std::string address_;
};

// Settings that every proxy is started with: port, secrets, database in `folder`, upstream.
[[nodiscard]] Environment proxy_settings(const std::filesystem::path& folder, int port, const std::string& upstream);

class Proxy {
 public:
  // Returns when the proxy answers; throws std::runtime_error with its output if it does not.
  Proxy(const std::filesystem::path& folder, const std::string& upstream, const Environment& more = {});
  [[nodiscard]] const Http& http() const { return *http_; }
  [[nodiscard]] Process& process() { return *process_; }
  [[nodiscard]] std::string output() const { return process_->output(); }
  // Stops it with SIGTERM and returns its exit status.
  [[nodiscard]] std::optional<int> stop();

  [[nodiscard]] Reply slots(const std::string& event_type, const std::string& from, const std::string& to,
                            const std::string& zone = {}) const;
  [[nodiscard]] Reply admin_get(const std::string& target, const std::string& role = "admin") const;
  [[nodiscard]] Reply admin_post(const std::string& target, const Json& body, const std::string& role = "admin") const;
  [[nodiscard]] Reply connect(const std::string& token) const;
  [[nodiscard]] Json status() const { return admin_get("/api/web/calendly/connection/status").data(); }

 private:
  std::unique_ptr<Process> process_;
  std::unique_ptr<Http> http_;
};

struct StackOptions {
  std::vector<std::string> simulator_arguments = {};
  Environment proxy_settings = {};
  bool connected = true;
};

struct Stack {
  explicit Stack(const StackOptions& options = {});
  TemporaryFolder folder;
  Simulator simulator;
  std::unique_ptr<Proxy> proxy;
  void restart_proxy(const Environment& more = {});
};

// An origin that every proxy of the tests allows.
inline constexpr char kSite[] = "https://site.example";
inline constexpr char kToken[] = "eyJlMmU.eyJlMmUtbWFya2VyLXRva2Vu.ZTJlLW1hcmtlci10b2tlbi1zaWduYXR1cmU";
inline constexpr char kThirtyMinutes[] = "AAAAAAAAAAAAAAAA";

[[nodiscard]] Instant now();
[[nodiscard]] Day today();
// "2026-01-31": the day this many days from today (UTC).
[[nodiscard]] std::string day_text(int days_from_today);
[[nodiscard]] Fields bearer(const std::string& token);

// Checks repeatedly until `holds` is true; false if the time runs out first.
template <class Condition>
[[nodiscard]] bool eventually(Condition holds, std::chrono::seconds timeout = kTimeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace slotwire::e2e
