#include "tests/e2e/stack.h"

#include <signal.h>
#include <stdexcept>
#include <stdlib.h>

namespace slotwire::e2e {

TemporaryFolder::TemporaryFolder() {
  std::string name = std::filesystem::temp_directory_path() / "slotwire-e2e-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Simulator::Simulator(const std::vector<std::string>& more_arguments, int port, Environment environment)
    : arguments_({"--token", kToken, "--port", std::to_string(port)}), environment_(std::move(environment)) {
  arguments_.insert(arguments_.begin(), more_arguments.begin(), more_arguments.end());
  start();
}

void Simulator::start() {
  process_ = std::make_unique<Process>(program_path("calendly-sim"), arguments_, environment_);
  const auto line = process_->wait_for_line("calendly-sim listening on ");
  if (!line) throw std::runtime_error("the simulator did not start: " + process_->output());
  address_ = line->substr(line->find("http://"));
  arguments_.back() = address_.substr(address_.rfind(':') + 1);
  http_ = std::make_unique<Http>(std::stoi(arguments_.back()));
}

void Simulator::stop() { process_.reset(); }

void Simulator::set(const std::string& what, const Json& wish) const {
  const Reply reply = http_->post("/__sim/" + what, wish.dump());
  if (reply.status != 200 && reply.status != 201) throw std::runtime_error("/__sim/" + what + ": " + reply.body);
}

void Simulator::clear_faults() const { (void)http_->send("DELETE", "/__sim/faults"); }

int Simulator::count(const std::string& endpoint, const char* name) const {
  const Json counters = look("counters");
  const Json& endpoints = counters.at("endpoints");
  return endpoints.contains(endpoint) ? endpoints[endpoint].at(name).get<int>() : 0;
}

std::vector<Json> Simulator::listed(const std::string& event_type_uuid, InstantRange range) const {
  std::vector<Json> all;
  const Instant first = std::max(range.begin, now() + std::chrono::seconds(2));
  for (Instant from = first; from < range.end; from += std::chrono::days(7)) {
    const Instant to = std::min(range.end, from + std::chrono::days(7));
    const Reply reply =
        http_->get("/event_type_available_times?event_type=https://api.calendly.com/event_types/" + event_type_uuid +
                       "&start_time=" + text_from_instant(from) + "&end_time=" + text_from_instant(to),
                   bearer(kToken));
    const Json answer = reply.json();
    for (const Json& slot : answer.at("collection")) {
      // A window includes its end, which is the start of the next.
      if (instant_from_text(slot["start_time"].get<std::string>()).value() < to) all.push_back(slot);
    }
  }
  return all;
}

Environment proxy_settings(const std::filesystem::path& folder, int port, const std::string& upstream) {
  return {{"PORT", std::to_string(port)},
          {"HOST", "127.0.0.1"},
          {"JWT_SECRET", kJwtSecret},
          {"CALENDLY_ENCRYPTION_KEY", "e2e-encryption-key-of-more-than-32-bytes"},
          {"CALENDLY_API_BASE_URL", upstream},
          {"CALENDLY_DATABASE_URL", "sqlite:" + (folder / "slotwire.db").string()},
          {"CALENDLY_ALLOWED_ORIGINS", std::string("*,") + kSite},
          {"METRICS_PORT", "0"},
          {"LOG_LEVEL", "debug"}};
}

Proxy::Proxy(const std::filesystem::path& folder, const std::string& upstream, const Environment& more) {
  const auto wanted_port = more.find("PORT");
  const int port = wanted_port == more.end() ? free_port() : std::stoi(wanted_port->second);
  Environment settings = more;
  settings.merge(proxy_settings(folder, port, upstream));
  process_ = std::make_unique<Process>(program_path("slotwire"), std::vector<std::string>{"serve"}, settings);
  http_ = std::make_unique<Http>(port);
  const bool answers = eventually([&] { return !process_->is_running() || http_->get("/healthz").status == 200; });
  if (!answers || !process_->is_running()) throw std::runtime_error("the proxy did not start: " + process_->output());
}

std::optional<int> Proxy::stop() {
  process_->signal(SIGTERM);
  return process_->wait_for_end();
}

Reply Proxy::slots(const std::string& event_type, const std::string& from, const std::string& to, const std::string& zone) const {
  std::string target =
      "/api/app/calendly/slots/" + encoded(event_type) + "?start_date=" + encoded(from) + "&end_date=" + encoded(to);
  if (!zone.empty()) target += "&timezone=" + encoded(zone);
  return http_->get(target);
}

Reply Proxy::admin_get(const std::string& target, const std::string& role) const {
  return http_->get(target, bearer(jwt_for(role)));
}

Reply Proxy::admin_post(const std::string& target, const Json& body, const std::string& role) const {
  return http_->post(target, body.dump(), bearer(jwt_for(role)));
}

Reply Proxy::connect(const std::string& token) const { return admin_post("/api/web/calendly/token", {{"accessToken", token}}); }

Stack::Stack(const StackOptions& options) : simulator(options.simulator_arguments) {
  proxy = std::make_unique<Proxy>(folder.path(), simulator.address(), options.proxy_settings);
  if (!options.connected) return;
  const Reply reply = proxy->connect(kToken);
  if (reply.status != 200) throw std::runtime_error("connecting failed: " + reply.body);
  simulator.reset_counters();
}

void Stack::restart_proxy(const Environment& more) {
  (void)proxy->stop();
  proxy = std::make_unique<Proxy>(folder.path(), simulator.address(), more);
}

Instant now() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }
Day today() { return utc_day_of(now()); }
std::string day_text(int days_from_today) { return text_from_day(today() + std::chrono::days(days_from_today)); }
Fields bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }

}  // namespace slotwire::e2e
