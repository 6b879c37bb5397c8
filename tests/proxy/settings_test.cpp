#include "proxy/settings/settings.h"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <unistd.h>

#include "proxy/cluster/redis_address.h"

namespace slotwire::tests {
using namespace settings;
namespace {

using Values = std::map<std::string, std::string>;

const std::string kSecret = "0123456789012345678901234567890123456789";

Read read_with(Values environment, const Values& flags = {}) {
  return read_settings(
      [environment = std::move(environment)](const std::string& name) -> std::optional<std::string> {
        const auto found = environment.find(name);
        return found == environment.end() ? std::nullopt : std::optional(found->second);
      },
      flags);
}

// All settings that are not secret, for comparison.
std::vector<std::string> told_by(const Settings& settings) {
  std::vector<std::string> out = {settings.host,
                                  settings.api_base_url,
                                  settings.pages_origin,
                                  settings.api_own_url,
                                  settings.public_dir,
                                  settings.tls_certificate_path,
                                  settings.tls_key_path,
                                  std::string(settings.database_url.reveal()),
                                  std::string(name_from_mcp(settings.mcp))};
  for (const auto number :
       {static_cast<long long>(settings.port), static_cast<long long>(settings.slots_cache_ttl.count()),
        static_cast<long long>(settings.stale_ttl.count()), static_cast<long long>(settings.window.count()),
        static_cast<long long>(settings.bookings_without_origin), static_cast<long long>(settings.booking_proof_bits),
        static_cast<long long>(settings.has_pages), static_cast<long long>(settings.listed_jwts_only),
        static_cast<long long>(settings.rate_limit.at_once), static_cast<long long>(settings.rate_limit.refill.count()),
        static_cast<long long>(settings.max_connections), static_cast<long long>(settings.max_connections_per_client),
        static_cast<long long>(settings.cache_max_mb), static_cast<long long>(settings.metrics_port),
        static_cast<long long>(settings.log_level), static_cast<long long>(settings.log_format)})
    out.push_back(std::to_string(number));
  for (const auto& list : {settings.allowed_origins, settings.pages_frames, settings.trusted_proxies, settings.api_hosts}) {
    for (const std::string& each : list) out.push_back(each);
    out.emplace_back("|");
  }
  return out;
}

bool names(const Read& read, const std::string& name) {
  return std::any_of(read.problems.begin(), read.problems.end(), [&](const Problem& each) { return each.name == name; });
}

}  // namespace

TEST_CASE("read_settings: a list of nothing passed the check, and the program aborted when it needed the first",
          "[proxy][settings]") {
  for (const char* nothing : {",", " , ", ",,"}) {
    INFO(nothing);
    for (const char* name : {"CALENDLY_ENCRYPTION_KEY", "CALENDLY_ALLOWED_ORIGINS", "CALENDLY_TRUSTED_PROXIES"}) {
      CHECK(names(read_with({{"JWT_SECRET", kSecret}, {name, nothing}}), name));
    }
  }
}

// docs/operating.md repeats the defaults of --help (tests/words), so they must be true.
TEST_CASE("all_settings: the default that --help tells is the one that counts", "[proxy][settings]") {
  const std::vector<std::string> usual = told_by(read_with({{"JWT_SECRET", kSecret}}).settings);
  int tried = 0;
  for (const SettingInfo& setting : all_settings()) {
    const std::string help(setting.help);
    if (setting.is_secret || !help.ends_with(')')) continue;
    std::string told = help.substr(help.rfind('(') + 1);
    told = told.substr(0, std::min(told.find("; "), told.find(": ")));
    if (told.ends_with(')')) told.pop_back();
    const bool is_in_words =
        told == "none" || told.find(' ') != std::string::npos || told.starts_with("CALENDLY_");  // the value of another setting
    if (is_in_words) continue;
    INFO(setting.name << "=" << told);
    const Read read = read_with({{"JWT_SECRET", kSecret}, {std::string(setting.name), told}});
    CHECK(read.problems.empty());
    CHECK(told_by(read.settings) == usual);
    ++tried;
  }
  CHECK(tried >= 18);
}

TEST_CASE("read_settings: who sends no Origin may book only when that is said in so many words", "[proxy][settings]") {
  CHECK_FALSE(read_with({{"JWT_SECRET", kSecret}}).settings.bookings_without_origin);
  CHECK(read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_BOOKING_WITHOUT_ORIGIN", "allow"}}).settings.bookings_without_origin);
  CHECK_FALSE(
      read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_BOOKING_WITHOUT_ORIGIN", "refuse"}}).settings.bookings_without_origin);
  CHECK(
      names(read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_BOOKING_WITHOUT_ORIGIN", "yes"}}), "CALENDLY_BOOKING_WITHOUT_ORIGIN"));
}

TEST_CASE("read_settings: pages are on and framed by whoever may read; their own origin lets them book", "[proxy][settings]") {
  const Settings usual = read_with({{"JWT_SECRET", kSecret}}).settings;
  CHECK(usual.has_pages);
  CHECK(usual.pages_origin.empty());
  CHECK(usual.pages_frames == std::vector<std::string>{"*"});
  const Settings named = read_with({{"JWT_SECRET", kSecret},
                                    {"CALENDLY_ALLOWED_ORIGINS", "https://a.example"},
                                    {"CALENDLY_PAGES", "https://Slots.example.com/"}})
                             .settings;
  CHECK(named.has_pages);
  CHECK(named.pages_origin == "https://slots.example.com");
  CHECK(named.pages_frames == std::vector<std::string>{"https://a.example"});
  CHECK_FALSE(read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_PAGES", "off"}}).settings.has_pages);
  CHECK(read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_PAGES_FRAMED_BY", "none"}}).settings.pages_frames.empty());
  CHECK(names(read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_PAGES", "yes"}}), "CALENDLY_PAGES"));
  CHECK(names(read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_PAGES_FRAMED_BY", "example.com"}}), "CALENDLY_PAGES_FRAMED_BY"));
  CHECK(names(read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_PAGES_FRAMED_BY", ","}}), "CALENDLY_PAGES_FRAMED_BY"));
}

TEST_CASE("read_settings: the contract's defaults", "[proxy][settings]") {
  const Read read = read_with({{"JWT_SECRET", kSecret}});
  REQUIRE(read.problems.empty());
  const Settings& settings = read.settings;
  CHECK(settings.port == 3000);
  CHECK(settings.host == "127.0.0.1");
  CHECK(settings.api_base_url == "https://api.calendly.com");
  CHECK(settings.database_url.reveal() == "sqlite:slotwire.db");
  CHECK(settings.slots_cache_ttl == std::chrono::seconds(300));
  CHECK(settings.stale_ttl == std::chrono::seconds(86'400));
  CHECK(settings.window == std::chrono::days(7));
  CHECK(settings.allowed_origins == std::vector<std::string>{"*"});
  CHECK(settings.rate_limit == http::Rate{600, std::chrono::seconds(30)});
  CHECK(settings.max_connections == 4096);
  CHECK(settings.max_connections_per_client == 100);
  CHECK(settings.cache_max_mb == 64);
  CHECK(settings.metrics_port == 9464);
  REQUIRE(settings.encryption_keys.size() == 1);
  CHECK(settings.encryption_keys.front().reveal() == kSecret);
}

TEST_CASE("read_settings: flags override the environment, empty means not set", "[proxy][settings]") {
  CHECK(read_with({{"JWT_SECRET", kSecret}, {"PORT", "1"}}, {{"PORT", "0"}}).settings.port == 0);
  CHECK(read_with({{"JWT_SECRET", kSecret}, {"PORT", ""}}).settings.port == 3000);
}

TEST_CASE("read_settings: every wrong value is named, and all at once", "[proxy][settings]") {
  const Values wrong = {{"PORT", "70000"},
                        {"METRICS_PORT", "x"},
                        {"CALENDLY_SLOTS_CACHE_TTL", "-1"},
                        {"CALENDLY_STALE_TTL", "1.5"},
                        {"CALENDLY_WINDOW_DAYS", "32"},
                        {"CALENDLY_API_BASE_URL", "http://calendly.example"},
                        {"CALENDLY_DATABASE_URL", "mysql://x"},
                        {"CALENDLY_ALLOWED_ORIGINS", "https://a.example/path"},
                        {"CALENDLY_TRUSTED_PROXIES", "10.0.0.0/99"},
                        {"CALENDLY_API_HOSTS", "https://api.slots.example.com"},
                        {"CALENDLY_API_OWN_URL", "https://slots.example.com/elsewhere"},
                        {"CALENDLY_RATE_LIMIT", "many"},
                        {"CALENDLY_MAX_CONNECTIONS", "0"},
                        {"CALENDLY_MAX_CONNECTIONS_PER_CLIENT", "no"},
                        {"CALENDLY_CACHE_MAX_MB", "0"},
                        {"LOG_LEVEL", "loud"},
                        {"LOG_FORMAT", "xml"},
                        {"JWT_SECRET", "short"},
                        {"CALENDLY_ENCRYPTION_KEY", "short"},
                        {"CALENDLY_TLS_CERT", "cert.pem"}};
  const Read read = read_with(wrong);
  for (const auto& [name, value] : wrong) {
    INFO(name);
    CHECK(names(read, name == "CALENDLY_TLS_CERT" ? "CALENDLY_TLS_KEY" : name));
  }
  CHECK(read.problems.size() == wrong.size());
  for (const Problem& problem : read.problems) CHECK(problem.what.find("'short'") == std::string::npos);
}

// The check and the server each had their own parser of origins: one accepted what the other refused.
TEST_CASE("read_settings: an origin is what the server takes for one", "[proxy][settings]") {
  const auto is_refused = [](const char* origins) {
    return names(read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_ALLOWED_ORIGINS", origins}}), "CALENDLY_ALLOWED_ORIGINS");
  };
  CHECK_FALSE(is_refused("https://shop.example/,HTTPS://Www.Example:443"));
  CHECK(is_refused("https://u@shop.example"));
  CHECK(is_refused("ftp://shop.example"));
}

TEST_CASE("read_settings: the API's own address is one that leads back here", "[proxy][settings]") {
  const auto is_taken = [](const std::string& url) {
    return read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_API_HOSTS", "api.slots.example.com"}, {"CALENDLY_API_OWN_URL", url}})
        .problems.empty();
  };
  CHECK(is_taken("https://slots.example.com/calendly/v2/"));
  CHECK(is_taken("https://api.slots.example.com"));
  for (const char* wrong : {"https://slots.example.com", "slots.example.com/calendly/v2", "https:///calendly/v2",
                            "ftp://a/calendly/v2", "https://a@b/calendly/v2", "https://a/calendly/v2?x"}) {
    INFO(wrong);
    CHECK_FALSE(is_taken(wrong));
  }
}

TEST_CASE("read_settings: no secret has a default, and a short one is refused", "[proxy][settings]") {
  CHECK(names(read_with({}), "JWT_SECRET"));
  CHECK(names(read_with({{"JWT_SECRET", std::string(31, 'x')}}), "JWT_SECRET"));
  CHECK_FALSE(names(read_with({{"JWT_SECRET", std::string(32, 'x')}}), "JWT_SECRET"));
}

TEST_CASE("read_settings: secrets from files, line break dropped", "[proxy][settings]") {
  const std::filesystem::path path = std::filesystem::temp_directory_path() / ("slotwire-secret-" + std::to_string(::getpid()));
  std::ofstream(path) << kSecret << "\n";
  const Read read = read_with({{"JWT_SECRET_FILE", path.string()}});
  CHECK(read.problems.empty());
  CHECK(read.settings.jwt_secret.reveal() == kSecret);
  CHECK(names(read_with({{"JWT_SECRET_FILE", path.string()}, {"JWT_SECRET", kSecret}}), "JWT_SECRET"));
  // A flag overrides the environment in all its forms.
  const Read overridden = read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_DATABASE_URL_FILE", path.string()}},
                                    {{"CALENDLY_DATABASE_URL", "sqlite:here.db"}});
  CHECK(overridden.problems.empty());
  CHECK(overridden.settings.database_url.reveal() == "sqlite:here.db");
  std::filesystem::remove(path);
  CHECK(names(read_with({{"JWT_SECRET_FILE", path.string()}}), "JWT_SECRET_FILE"));
}

// A file that could not be read gave a second line, that JWT_SECRET was not set, and a short one blamed a setting that was not
// there.
TEST_CASE("read_settings: a secret's file that is no good gives one problem, with its path", "[proxy][settings]") {
  const std::filesystem::path path = std::filesystem::temp_directory_path() / ("slotwire-bad-" + std::to_string(::getpid()));
  const auto told = [&] {
    const Read read = read_with({{"JWT_SECRET_FILE", path.string()}});
    REQUIRE(read.problems.size() == 1);
    CHECK(read.problems.front().name == "JWT_SECRET_FILE");
    return read.problems.front().what;
  };
  CHECK(told() == "names " + path.string() + ", which cannot be read: No such file or directory");
  std::ofstream(path) << "\n";
  CHECK(told() == "names " + path.string() + ", which is empty");
  std::ofstream(path) << "hush\n";
  CHECK(told().find("names " + path.string() + ", whose content is shorter than 32 bytes") == 0);
  CHECK(told().find("hush") == std::string::npos);
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  CHECK(told() == "names " + path.string() + ", which is a directory, not a file");
  std::filesystem::remove(path);
}

TEST_CASE("read_settings: where things are kept and shared; a wrong address is told without its password", "[proxy][settings]") {
  struct Row {
    const char* name;
    const char* value;
    bool is_good;
  };
  const Row row = GENERATE(values<Row>({
      {"CALENDLY_DATABASE_URL", "sqlite:/var/lib/slotwire.db", true},
      {"CALENDLY_DATABASE_URL", "sqlite:", false},
      {"CALENDLY_DATABASE_URL", "postgresql://me:marker@db.example:5432/slotwire?sslmode=verify-full", true},
      {"CALENDLY_DATABASE_URL", "postgres://me:marker@one,two/slotwire?target_session_attrs=read-write", true},
      {"CALENDLY_DATABASE_URL", "postgresql://me:mark/marker@db.example/slotwire", false},
      {"CALENDLY_DATABASE_URL", "postgresql://me:marker@db/slotwire?no_such=option", false},
      {"CALENDLY_DATABASE_URL", "mysql://me:marker@db/slotwire", false},
      {"CALENDLY_REDIS_URL", "redis://localhost", true},
      {"CALENDLY_REDIS_URL", "redis://me:marker%40@[::1]:6380/3", true},
      {"CALENDLY_REDIS_URL", "redis://:marker@host/", true},
      {"CALENDLY_REDIS_URL", "rediss://:marker@host", false},
      {"CALENDLY_REDIS_URL", "redis://marker@host", false},
      {"CALENDLY_REDIS_URL", "redis://:marker@", false},
      {"CALENDLY_REDIS_URL", "redis://:marker@host:0", false},
      {"CALENDLY_REDIS_URL", "redis://:marker@host/x", false},
      {"CALENDLY_REDIS_URL", "redis://:marker%4@host", false},
      {"CALENDLY_REDIS_URL", "host:6379", false},
  }));
  INFO(row.value);
  const Read read = read_with({{"JWT_SECRET", kSecret}, {row.name, row.value}});
  CHECK(names(read, row.name) == !row.is_good);
  CHECK(read.problems.size() == (row.is_good ? 0u : 1u));
  for (const Problem& problem : read.problems) CHECK(problem.what.find("marker") == std::string::npos);
}

TEST_CASE("redis_address_from_text: what the parts are", "[proxy][settings]") {
  const cluster::RedisAddress whole = cluster::redis_address_from_text("redis://me:p%40ss:w@rd@[::1]:6380/3").value();
  CHECK(whole.host == "::1");
  CHECK(whole.port == 6380);
  CHECK(whole.user == "me");
  CHECK(whole.password.reveal() == "p@ss:w@rd");
  CHECK(whole.database == 3);
  const cluster::RedisAddress short_one = cluster::redis_address_from_text("redis://host").value();
  CHECK(short_one.host == "host");
  CHECK(short_one.port == 6379);
  CHECK(short_one.password.empty());
  CHECK(short_one.database == 0);
}

TEST_CASE("read_settings: several encryption keys, the first first", "[proxy][settings]") {
  const std::string other = "the other key which has forty bytes or so";
  const Read read = read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_ENCRYPTION_KEY", other + ", " + kSecret}});
  REQUIRE(read.problems.empty());
  REQUIRE(read.settings.encryption_keys.size() == 2);
  CHECK(read.settings.encryption_keys[0].reveal() == other);
  CHECK(read.settings.encryption_keys[1].reveal() == kSecret);
}

TEST_CASE("read_settings: assistants are kept out unless they are let in, and do not book past a proof of work",
          "[proxy][settings]") {
  CHECK(read_with({{"JWT_SECRET", kSecret}}).settings.mcp == Mcp::off);
  CHECK(read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_MCP", "on"}}).settings.mcp == Mcp::on);
  CHECK(read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_MCP", "book"}}).settings.mcp == Mcp::book);
  CHECK(names(read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_MCP", "yes"}}), "CALENDLY_MCP"));
  CHECK(names(read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_MCP", "book"}, {"CALENDLY_BOOKING_PROOF", "20"}}), "CALENDLY_MCP"));
  CHECK(read_with({{"JWT_SECRET", kSecret}, {"CALENDLY_MCP", "on"}, {"CALENDLY_BOOKING_PROOF", "20"}}).problems.empty());
}

TEST_CASE("duration_from_text: seconds or a unit", "[proxy][settings]") {
  CHECK(duration_from_text("90").value() == std::chrono::seconds(90));
  CHECK(duration_from_text("15m").value() == std::chrono::minutes(15));
  CHECK(duration_from_text("8h").value() == std::chrono::hours(8));
  CHECK(duration_from_text("2d").value() == std::chrono::hours(48));
  for (const char* wrong : {"", "m", "-1", "1.5h", "8 h", "1w", "99999999999999999999"}) {
    INFO(wrong);
    CHECK_FALSE(duration_from_text(wrong));
  }
}

}  // namespace slotwire::tests
