#pragma once
// The proxy's configuration: environment and flags, which override it. All problems are reported at once.
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/http/client_limits.h"
#include "proxy/log/log.h"
#include "proxy/secrets/secret_string.h"
#include "shared/result.h"

namespace slotwire::settings {

// What assistants may do with POST /mcp.
enum class Mcp {
  off,
  on,    // read; book with an admin's JWT
  book,  // book without one
};
[[nodiscard]] std::string_view name_from_mcp(Mcp mcp);  // "off", "on", "book"

struct Settings {
  std::string host = "127.0.0.1";
  int port = 3000;  // 0: any free port
  secrets::SecretString jwt_secret;
  secrets::SecretString webhook_signing_key;           // empty: each subscription gets a new key
  std::vector<secrets::SecretString> encryption_keys;  // the first one seals; JWT_SECRET when none was given
  std::string api_base_url = "https://api.calendly.com";
  secrets::SecretString database_url = secrets::SecretString("sqlite:slotwire.db");  // may hold a password
  secrets::SecretString redis_url;                                                   // empty: no other servers
  std::chrono::seconds slots_cache_ttl{300};
  std::chrono::seconds stale_ttl{86'400};
  std::chrono::days window{7};
  std::vector<std::string> allowed_origins = {"*"};
  bool bookings_without_origin = false;
  int booking_proof_bits = 0;  // proof of work required for a booking without a JWT; 0: none
  bool has_pages = true;       // serves pages at the paths of Calendly's links
  std::string pages_origin;    // as visitors see it; pages on it may book. Empty: unknown, and pages lead to Calendly for booking
  std::vector<std::string> pages_frames = {"*"};  // origins that may frame the pages, or "*"; empty: none
  bool listed_jwts_only = false;                  // JWTs that are not on the list are refused
  Mcp mcp = Mcp::off;
  std::vector<std::string> trusted_proxies;
  std::vector<std::string> api_hosts;  // hosts whose root is Calendly's API
  std::string api_own_url;             // replaces Calendly's origin in the API's answers; empty: unchanged
  http::Rate rate_limit{.at_once = 600, .refill = std::chrono::seconds(30)};
  int max_connections = 4096;
  int max_connections_per_client = 100;
  int cache_max_mb = 64;
  int metrics_port = 9464;  // 0: off
  log::LogLevel log_level = log::LogLevel::info;
  log::LogFormat log_format = log::LogFormat::text;
  std::string public_dir;  // empty: found relative to the program
  std::string tls_certificate_path;
  std::string tls_key_path;
};

struct Problem {
  std::string name;  // "JWT_SECRET"
  std::string what;  // what is wrong and what to do; never the value of a secret
};

struct Read {
  Settings settings;
  std::vector<Problem> problems;  // empty: settings may be used
};

using Lookup = std::function<std::optional<std::string>(const std::string& name)>;

// `flags`: the command line's values, by the environment's names; `environment` returns all others. For a secret NAME, NAME_FILE
// may give a file that contains it (a line break at its end is removed).
[[nodiscard]] Read read_settings(const Lookup& environment, const std::map<std::string, std::string>& flags);

// The process's own environment.
[[nodiscard]] Lookup process_environment();

// Every name that read_settings knows, with a line of help. Secrets cannot be flags, because `ps` would show them.
struct SettingInfo {
  std::string_view name;
  std::string_view help;
  bool is_secret = false;
};
[[nodiscard]] const std::vector<SettingInfo>& all_settings();

// "900", "15m", "8h", "2d". Errors: bad_input.
[[nodiscard]] Result<std::chrono::seconds> duration_from_text(std::string_view text);

}  // namespace slotwire::settings
