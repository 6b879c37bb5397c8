// The configuration: lines of NAME=value as the environment. All that is wrong is named, no sentence tells a secret, and what has
// no problem can be used.
#include <map>
#include <string>

#include "proxy/calendly/httplib_transport.h"
#include "proxy/cluster/redis_address.h"
#include "proxy/http/client_limits.h"
#include "proxy/http/cors.h"
#include "proxy/log/log.h"
#include "proxy/net/addresses.h"
#include "proxy/settings/settings.h"
#include "proxy/store/store.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;

constexpr std::string_view kSecretWord = "hunter2";

bool is_secret(const std::string& name) {
  if (name == "CALENDLY_DATABASE_URL") return true;
  for (const auto& info : settings::all_settings())
    if (info.name == name) return info.is_secret;
  return false;
}

void hold_usable(const settings::Settings& settings) {
  holds(settings.port >= 0 && settings.port <= 65'535 && settings.metrics_port >= 0 && settings.metrics_port <= 65'535, "ports");
  holds(settings.jwt_secret.size() >= 32 && !settings.encryption_keys.empty(), "secrets are as long as they must be");
  for (const auto& key : settings.encryption_keys) holds(key.size() >= 32, "each key of them");
  holds(settings.window >= std::chrono::days(1) && settings.window <= std::chrono::days(31), "a window that Calendly takes");
  holds(calendly::base_url_from_text(settings.api_base_url).has_value(), "an address of Calendly");
  holds(store::check_database_url(settings.database_url.reveal()).has_value(), "a database");
  holds(settings.redis_url.empty() || cluster::redis_address_from_text(settings.redis_url.reveal()).has_value(),
        "a Redis, or none");
  holds(http::AllowedOrigins::from_list(settings.allowed_origins).has_value(), "origins");
  for (const std::string& range : settings.trusted_proxies) holds(net::address_range_from_text(range).has_value(), "proxies");
  holds(settings.booking_proof_bits == 0 || (settings.booking_proof_bits >= 12 && settings.mcp != settings::Mcp::book),
        "work that costs");
  holds(settings.tls_certificate_path.empty() == settings.tls_key_path.empty(), "a certificate has its key");
  holds(settings.pages_origin.empty() || settings.pages_origin.starts_with("http"), "pages have an origin, or none");
}

}  // namespace

FUZZ_TARGET(settings) {
  std::map<std::string, std::string> environment;
  fuzz::Input input(bytes);
  while (!input.rest().empty()) {
    const std::string_view line = input.line();
    const std::size_t equals = std::min(line.find('='), line.size());
    const std::string name(line.substr(0, equals));
    // Files of this machine are no input.
    if (!name.ends_with("_FILE")) environment[name] = line.substr(std::min(equals + 1, line.size()));
  }
  const auto read = settings::read_settings(
      [&](const std::string& name) {
        const auto found = environment.find(name);
        return found == environment.end() ? std::nullopt : std::optional(found->second);
      },
      {});
  const bool is_told = std::any_of(environment.begin(), environment.end(), [](const auto& each) {
    return !is_secret(each.first) && each.second.find(kSecretWord) != std::string::npos;
  });
  for (const auto& problem : read.problems) {
    holds(!problem.name.empty() && !problem.what.empty(), "what is wrong is named, with what to do");
    // By a word that no sentence of ours has; what is no secret is repeated.
    if (!is_told) holds(problem.what.find(kSecretWord) == std::string::npos, "no sentence tells a secret");
  }
  if (read.problems.empty()) hold_usable(read.settings);

  if (const auto duration = settings::duration_from_text(bytes))
    holds(duration->count() >= 0 && duration->count() <= 1'000'000LL * 86'400, "a time that can be waited for");
  if (const auto rate = http::rate_from_text(bytes))
    holds(rate->at_once >= 0 && rate->at_once <= 1'000'000 && rate->refill <= std::chrono::hours(24) &&
              (rate->at_once == 0 || rate->refill.count() > 0),
          "a rate that refills");
  if (const auto address = cluster::redis_address_from_text(bytes)) {
    holds(!address->host.empty() && address->port > 0 && address->port <= 65'535 && address->database >= 0,
          "a Redis that can be reached");
  } else {
    for (const auto& detail : address.error().details)
      holds(detail.message.find(kSecretWord) == std::string::npos, "no sentence tells a password");
  }
  if (const auto url = calendly::base_url_from_text(bytes)) {
    holds(url->origin.starts_with("https://") || url->origin.starts_with("http://"), "a token goes nowhere in clear");
    holds(url->prefix.find_first_of("?# ") == std::string::npos && !url->prefix.ends_with('/'),
          "a path that something may follow");
  }
  const std::string logged = log::redacted(bytes);
  for (const char c : logged) holds(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "a line of the log stays one");
  holds(log::redacted(logged) == logged, "what was blotted out stays so");
}
