#include "proxy/settings/settings.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "proxy/calendly/httplib_transport.h"
#include "proxy/cluster/redis_address.h"
#include "proxy/net/addresses.h"
#include "proxy/settings/whole_file.h"
#include "proxy/store/store.h"
#include "proxy/text/ascii.h"
#include "proxy/text/url.h"

namespace slotwire::settings {
namespace {

constexpr std::size_t kShortestSecret = 32;
constexpr std::size_t kLargestSecretFile = 64 * 1024;

std::optional<std::int64_t> number_from(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<std::string> list_from(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view item = text::trimmed(text.substr(0, comma));
    if (!item.empty()) out.emplace_back(item);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return out;
}

bool is_origin(std::string_view text) {
  const std::string origin = text::origin_from_text(text);
  return text == "*" || origin.starts_with("https://") || origin.starts_with("http://");
}

class Reader {
 public:
  Reader(const Lookup& environment, const std::map<std::string, std::string>& flags, std::vector<Problem>& problems)
      : environment_(environment), flags_(flags), problems_(problems) {}

  void problem(std::string name, std::string what) { problems_.push_back({std::move(name), std::move(what)}); }

  // Empty counts as not set, as most people expect of `NAME= slotwire`.
  [[nodiscard]] std::optional<std::string> text(const std::string& name) const {
    if (const auto flag = flags_.find(name); flag != flags_.end()) return flag->second;
    std::optional<std::string> value = environment_(name);
    if (value && value->empty()) return std::nullopt;
    return value;
  }

  template <class Number>
  void number(const std::string& name, Number& into, std::int64_t least, std::int64_t most) {
    const std::optional<std::string> given = text(name);
    if (!given) return;
    const auto number = number_from(*given);
    if (!number || *number < least || *number > most) {
      return problem(name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    }
    into = Number(static_cast<int>(*number));
  }

  // The file that is to give this secret. A flag overrides it.
  [[nodiscard]] std::optional<std::string> file_of(const std::string& name) const {
    return flags_.contains(name) ? std::nullopt : text(name + "_FILE");
  }
  // What is wrong with a secret's value: with its file's content, if it comes from one.
  void secret_problem(const std::string& name, std::string what) {
    const std::optional<std::string> file = file_of(name);
    if (file && !text(name)) return problem(name + "_FILE", "names " + *file + ", whose content " + what);
    problem(name, std::move(what));
  }

  // nullopt: not set, or its file cannot be read or is empty, which is reported already.
  [[nodiscard]] std::optional<secrets::SecretString> secret(const std::string& name) {
    std::optional<std::string> given = text(name);
    const std::optional<std::string> file = file_of(name);
    if (given && file) problem(name, "is set twice, directly and by " + name + "_FILE; keep one");
    if (!given && file) given = file_text(name + "_FILE", *file);
    if (!given || given->empty()) return std::nullopt;
    return secrets::SecretString::taken_from(*given);
  }

 private:
  [[nodiscard]] std::optional<std::string> file_text(const std::string& name, const std::string& path) {
    Result<std::string> read = whole_file(path, kLargestSecretFile, Kinds::pipes_too);
    if (!read) {
      problem(name, "names " + path + ", which " + read.error().detail);
      return std::nullopt;
    }
    std::string text = std::move(*read);
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    if (text.empty()) problem(name, "names " + path + ", which is empty");
    return text;
  }

  const Lookup& environment_;
  const std::map<std::string, std::string>& flags_;
  std::vector<Problem>& problems_;
};

void read_secrets(Reader& reader, Settings& settings) {
  std::optional<secrets::SecretString> jwt = reader.secret("JWT_SECRET");
  if (!jwt) {
    if (!reader.file_of("JWT_SECRET"))
      reader.problem("JWT_SECRET", "is not set; make one with `openssl rand -base64 48` and set it, or JWT_SECRET_FILE");
  } else if (jwt->size() < kShortestSecret) {
    reader.secret_problem("JWT_SECRET", "is shorter than 32 bytes; make one with `openssl rand -base64 48`");
  } else {
    settings.jwt_secret = std::move(*jwt);
  }
  if (std::optional<secrets::SecretString> key = reader.secret("CALENDLY_WEBHOOK_SIGNING_KEY")) {
    if (key->size() < kShortestSecret) {
      reader.secret_problem("CALENDLY_WEBHOOK_SIGNING_KEY",
                            "is shorter than 32 bytes; leave it out, and one is made for each subscription");
    }
    settings.webhook_signing_key = std::move(*key);
  }
  if (const std::optional<secrets::SecretString> keys = reader.secret("CALENDLY_ENCRYPTION_KEY")) {
    for (std::string& key : list_from(keys->reveal())) {
      if (key.size() < kShortestSecret) {
        reader.secret_problem("CALENDLY_ENCRYPTION_KEY",
                              "has a key shorter than 32 bytes; make one with `openssl rand -base64 48`");
      }
      settings.encryption_keys.push_back(secrets::SecretString::taken_from(key));
    }
    if (settings.encryption_keys.empty())
      reader.secret_problem("CALENDLY_ENCRYPTION_KEY", "lists no key; leave it out, or make one with `openssl rand -base64 48`");
  } else if (!settings.jwt_secret.empty()) {
    settings.encryption_keys.push_back(settings.jwt_secret.clone());
  }
}

// "slots.example.com" or "slots.example.com:8443".
bool is_host(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") == std::string_view::npos;
}

void read_api_names(Reader& reader, Settings& settings) {
  if (const auto hosts = reader.text("CALENDLY_API_HOSTS")) {
    settings.api_hosts = list_from(*hosts);
    for (const std::string& host : settings.api_hosts) {
      if (!is_host(host)) reader.problem("CALENDLY_API_HOSTS", "'" + host + "' is no host name; write api.slots.example.com");
    }
  }
  if (const auto url = reader.text("CALENDLY_API_OWN_URL")) {
    settings.api_own_url = url->substr(0, url->find_last_not_of('/') + 1);
    // URIs that a program follows must lead back to an address that serves the API.
    const std::optional<text::Url> parts = text::url_from_text(settings.api_own_url);
    const auto is_named = [&](std::string_view name) {
      return std::any_of(settings.api_hosts.begin(), settings.api_hosts.end(),
                         [&](const std::string& host) { return text::equal_ignoring_case(host, name); });
    };
    const bool is_url = parts && (parts->scheme == "https" || parts->scheme == "http") && is_host(parts->authority) &&
                        parts->rest.find_first_of("?# ") == std::string_view::npos;
    const bool leads_back = is_url && (parts->rest.ends_with("/calendly/v2") ||
                                       (parts->rest.empty() && (is_named(parts->host) || is_named(parts->authority))));
    if (!leads_back) {
      reader.problem("CALENDLY_API_OWN_URL",
                     "must be https://HOST/calendly/v2, or https://HOST with a host of CALENDLY_API_HOSTS");
    }
  }
}

void read_pages(Reader& reader, Settings& settings) {
  if (const auto pages = reader.text("CALENDLY_PAGES")) {
    settings.has_pages = *pages != "off";
    if (*pages != "on" && *pages != "off") {
      settings.pages_origin = text::origin_from_text(*pages);
      if (!settings.pages_origin.starts_with("https://") && !settings.pages_origin.starts_with("http://"))
        reader.problem("CALENDLY_PAGES", "must be on, off, or the pages' own origin such as https://slots.example.com");
    }
  }
  settings.pages_frames = settings.allowed_origins;
  const auto frames = reader.text("CALENDLY_PAGES_FRAMED_BY");
  if (!frames) return;
  settings.pages_frames = *frames == "none" ? std::vector<std::string>() : list_from(*frames);
  if (settings.pages_frames.empty() && *frames != "none")
    reader.problem("CALENDLY_PAGES_FRAMED_BY", "lists nothing; write https://example.com, *, or none");
  for (const std::string& origin : settings.pages_frames) {
    if (!is_origin(origin))
      reader.problem("CALENDLY_PAGES_FRAMED_BY", "'" + origin + "' is no origin; write https://example.com, *, or none");
  }
}

void read_addresses(Reader& reader, Settings& settings) {
  if (const auto url = reader.text("CALENDLY_API_BASE_URL")) {
    if (const auto checked = calendly::base_url_from_text(*url); !checked) {
      reader.problem("CALENDLY_API_BASE_URL", checked.error().details.at(0).message);
    }
    settings.api_base_url = *url;
  }
  if (auto url = reader.secret("CALENDLY_DATABASE_URL")) {
    if (const auto checked = store::check_database_url(url->reveal()); !checked) {
      reader.secret_problem("CALENDLY_DATABASE_URL", checked.error().details.at(0).message);
    }
    settings.database_url = std::move(*url);
  }
  if (auto url = reader.secret("CALENDLY_REDIS_URL")) {
    if (const auto address = cluster::redis_address_from_text(url->reveal()); !address) {
      reader.secret_problem("CALENDLY_REDIS_URL", address.error().details.at(0).message);
    }
    settings.redis_url = std::move(*url);
  }
  if (const auto origins = reader.text("CALENDLY_ALLOWED_ORIGINS")) {
    settings.allowed_origins = list_from(*origins);
    if (settings.allowed_origins.empty())
      reader.problem("CALENDLY_ALLOWED_ORIGINS", "lists nothing; write https://example.com, or *");
    for (const std::string& origin : settings.allowed_origins) {
      if (!is_origin(origin)) {
        reader.problem("CALENDLY_ALLOWED_ORIGINS", "'" + origin + "' is no origin; write https://example.com, or *");
      }
    }
  }
  read_pages(reader, settings);
  read_api_names(reader, settings);
  if (const auto without = reader.text("CALENDLY_BOOKING_WITHOUT_ORIGIN")) {
    if (*without != "allow" && *without != "refuse") reader.problem("CALENDLY_BOOKING_WITHOUT_ORIGIN", "must be allow or refuse");
    settings.bookings_without_origin = *without == "allow";
  }
  if (const auto mcp = reader.text("CALENDLY_MCP")) {
    for (const Mcp known : {Mcp::off, Mcp::on, Mcp::book})
      if (*mcp == name_from_mcp(known)) settings.mcp = known;
    if (*mcp != name_from_mcp(settings.mcp)) reader.problem("CALENDLY_MCP", "must be off, on or book");
  }
  if (const auto only = reader.text("CALENDLY_LISTED_JWTS_ONLY")) {
    if (*only != "true" && *only != "false") reader.problem("CALENDLY_LISTED_JWTS_ONLY", "must be true or false");
    settings.listed_jwts_only = *only == "true";
  }
  if (const auto proxies = reader.text("CALENDLY_TRUSTED_PROXIES")) {
    settings.trusted_proxies = list_from(*proxies);
    if (settings.trusted_proxies.empty())
      reader.problem("CALENDLY_TRUSTED_PROXIES", "lists nothing; leave it out, or write an address");
    for (const std::string& range : settings.trusted_proxies) {
      if (!net::address_range_from_text(range)) {
        reader.problem("CALENDLY_TRUSTED_PROXIES", "'" + range + "' is no address or range such as 10.0.0.0/8");
      }
    }
  }
}

}  // namespace

std::string_view name_from_mcp(Mcp mcp) { return mcp == Mcp::off ? "off" : mcp == Mcp::on ? "on" : "book"; }

Result<std::chrono::seconds> duration_from_text(std::string_view text) {
  const Error wrong = bad_input("duration", "must be seconds, or a number with s, m, h or d");
  if (text.empty()) return wrong;
  std::int64_t unit_s = 1;
  switch (text.back()) {
    case 's':
      break;
    case 'm':
      unit_s = 60;
      break;
    case 'h':
      unit_s = 3600;
      break;
    case 'd':
      unit_s = 86'400;
      break;
    default:
      unit_s = 0;
      break;
  }
  const auto number = number_from(unit_s == 0 ? text : text.substr(0, text.size() - 1));
  constexpr std::int64_t kMost = 1'000'000;
  if (!number || *number < 0 || *number > kMost) return wrong;
  return std::chrono::seconds(*number * std::max<std::int64_t>(unit_s, 1));
}

Lookup process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (!value) return std::nullopt;
    return std::string(value);
  };
}

const std::vector<SettingInfo>& all_settings() {
  static const std::vector<SettingInfo> settings = {
      {"HOST", "address to listen on (127.0.0.1)"},
      {"PORT", "port to listen on (3000; 0: any free one)"},
      {"JWT_SECRET", "signs admin tokens; at least 32 bytes", true},
      {"CALENDLY_ENCRYPTION_KEY", "seals the stored token; several by comma: the first seals (JWT_SECRET)", true},
      {"CALENDLY_WEBHOOK_SIGNING_KEY", "checks Calendly's deliveries (made when subscribing)", true},
      {"CALENDLY_API_BASE_URL", "where Calendly is (https://api.calendly.com)"},
      {"CALENDLY_DATABASE_URL", "where things are kept: sqlite:PATH or postgresql://... (sqlite:slotwire.db)"},
      {"CALENDLY_REDIS_URL", "shares slots between servers: redis://[user:password@]host[:port][/database]", true},
      {"CALENDLY_SLOTS_CACHE_TTL", "seconds slots count as fresh (300)"},
      {"CALENDLY_STALE_TTL", "seconds old copies may be shown while Calendly fails (86400)"},
      {"CALENDLY_WINDOW_DAYS", "longest range asked of Calendly at once, 1 to 31 days (7)"},
      {"CALENDLY_ALLOWED_ORIGINS", "origins of pages that may read, by comma; those named may book too (*)"},
      {"CALENDLY_PAGES", "pages at the paths of Calendly's links: on, off, or their own origin, which lets them book (on)"},
      {"CALENDLY_PAGES_FRAMED_BY", "origins that may show them in a frame, by comma; * or none (CALENDLY_ALLOWED_ORIGINS)"},
      {"CALENDLY_API_HOSTS", "host names whose root is Calendly's API, by comma (none: it is below /calendly/v2 only)"},
      {"CALENDLY_API_OWN_URL", "address of that API: URIs in its answers begin with it (none: they stay Calendly's own)"},
      {"CALENDLY_BOOKING_WITHOUT_ORIGIN", "allow: whoever sends no Origin, as no program but a browser must, may book (refuse)"},
      {"CALENDLY_BOOKING_PROOF",
       "bits of work that a page's booking costs, 12 to 26; 20 is less than a second of a computer (0: none)"},
      {"CALENDLY_MCP", "assistants at /mcp: off, on (they read; book with an admin's token) or book (anyone's may book) (off)"},
      {"CALENDLY_LISTED_JWTS_ONLY", "true: only JWTs that `slotwire jwt list` shows are taken (false)"},
      {"CALENDLY_TRUSTED_PROXIES", "addresses whose X-Forwarded-For is believed, by comma"},
      {"CALENDLY_RATE_LIMIT", "requests of one client, AMOUNT/PERIOD (600/30s; 0: no limit)"},
      {"CALENDLY_MAX_CONNECTIONS", "open connections in all (4096)"},
      {"CALENDLY_MAX_CONNECTIONS_PER_CLIENT", "open connections of one address (100)"},
      {"CALENDLY_CACHE_MAX_MB", "memory for slots (64)"},
      {"CALENDLY_TLS_CERT", "certificate chain as PEM, to speak TLS without a server in front"},
      {"CALENDLY_TLS_KEY", "its private key as PEM"},
      {"METRICS_PORT", "port of /metrics (9464; 0: off)"},
      {"LOG_LEVEL", "debug, info, warn or error (info)"},
      {"LOG_FORMAT", "text or json (text)"},
      {"SLOTWIRE_PUBLIC_DIR", "folder of the widget's files (found from the program's own place)"},
  };
  return settings;
}

Read read_settings(const Lookup& environment, const std::map<std::string, std::string>& flags) {
  Read read;
  Settings& settings = read.settings;
  Reader reader(environment, flags, read.problems);
  read_secrets(reader, settings);
  read_addresses(reader, settings);
  if (const auto host = reader.text("HOST")) settings.host = *host;
  reader.number("PORT", settings.port, 0, 65'535);
  reader.number("METRICS_PORT", settings.metrics_port, 0, 65'535);
  reader.number("CALENDLY_SLOTS_CACHE_TTL", settings.slots_cache_ttl, 1, 86'400);
  reader.number("CALENDLY_STALE_TTL", settings.stale_ttl, 0, 2'592'000);
  reader.number("CALENDLY_WINDOW_DAYS", settings.window, 1, 31);
  reader.number("CALENDLY_BOOKING_PROOF", settings.booking_proof_bits, 0, 26);
  if (settings.booking_proof_bits > 0 && settings.booking_proof_bits < 12) {
    reader.problem("CALENDLY_BOOKING_PROOF", "must be 0, or 12 to 26: less work is none to a script");
  }
  // The assistants' protocol cannot carry a proof, so bookings would get around it.
  if (settings.booking_proof_bits > 0 && settings.mcp == Mcp::book)
    reader.problem("CALENDLY_MCP", "must be on, not book, while CALENDLY_BOOKING_PROOF asks for work: assistants can do none");
  reader.number("CALENDLY_MAX_CONNECTIONS", settings.max_connections, 1, 1'000'000);
  reader.number("CALENDLY_MAX_CONNECTIONS_PER_CLIENT", settings.max_connections_per_client, 1, 1'000'000);
  reader.number("CALENDLY_CACHE_MAX_MB", settings.cache_max_mb, 1, 65'536);
  if (const auto limit = reader.text("CALENDLY_RATE_LIMIT")) {
    if (const auto parsed = http::rate_from_text(*limit)) {
      settings.rate_limit = *parsed;
    } else {
      reader.problem("CALENDLY_RATE_LIMIT", "must read like 600/30s, or 0 for no limit");
    }
  }
  if (const auto level = reader.text("LOG_LEVEL")) {
    if (const auto parsed = log::level_from_name(*level)) {
      settings.log_level = *parsed;
    } else {
      reader.problem("LOG_LEVEL", "must be debug, info, warn or error");
    }
  }
  if (const auto format = reader.text("LOG_FORMAT")) {
    if (*format != "text" && *format != "json") reader.problem("LOG_FORMAT", "must be text or json");
    settings.log_format = *format == "json" ? log::LogFormat::json : log::LogFormat::text;
  }
  if (const auto dir = reader.text("SLOTWIRE_PUBLIC_DIR")) settings.public_dir = *dir;
  if (const auto path = reader.text("CALENDLY_TLS_CERT")) settings.tls_certificate_path = *path;
  if (const auto path = reader.text("CALENDLY_TLS_KEY")) settings.tls_key_path = *path;
  if (settings.tls_certificate_path.empty() != settings.tls_key_path.empty()) {
    reader.problem(settings.tls_certificate_path.empty() ? "CALENDLY_TLS_CERT" : "CALENDLY_TLS_KEY",
                   "is missing; certificate and key come together");
  }
  return read;
}

}  // namespace slotwire::settings
