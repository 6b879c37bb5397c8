#include "proxy/cluster/redis_address.h"

#include <charconv>
#include <optional>

#include "shared/percent.h"

namespace slotwire::cluster {
namespace {

Error wrong(std::string what) { return bad_input("CALENDLY_REDIS_URL", std::move(what)); }

std::optional<int> number_from(std::string_view text, int most) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || number < 0 || number > most)
    return std::nullopt;
  return number;
}

}  // namespace

Result<RedisAddress> redis_address_from_text(std::string_view text) {
  constexpr std::string_view kScheme = "redis://";
  if (text.starts_with("rediss://")) {
    return wrong(
        "asks for TLS, which this build's Redis library cannot speak; put a TLS tunnel in front, or use a private network");
  }
  if (!text.starts_with(kScheme)) return wrong("must read like redis://[user:password@]host[:port][/database]");
  text.remove_prefix(kScheme.size());
  RedisAddress address;
  // The last '@': passwords are often pasted without escaping theirs.
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    const std::string_view credentials = text.substr(0, at);
    const std::size_t colon = credentials.find(':');
    if (colon == std::string_view::npos)
      return wrong("has a user but no password; write redis://user:password@host or redis://:password@host");
    auto user = percent_decoded(credentials.substr(0, colon));
    auto password = percent_decoded(credentials.substr(colon + 1));
    if (!user || !password || password->empty())
      return wrong("has a user or password that cannot be read; write special characters as %XX");
    address.user = std::move(*user);
    address.password = secrets::SecretString::taken_from(*password);
    text.remove_prefix(at + 1);
  }
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    if (const std::string_view digits = text.substr(slash + 1); !digits.empty()) {
      const auto database = number_from(digits, 1'000'000);
      if (!database) return wrong("must end in the number of a database, or in none");
      address.database = *database;
    }
    text = text.substr(0, slash);
  }
  std::size_t host_end = text.find(':');
  if (text.starts_with('[')) {
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) return wrong("has an address without its closing bracket");
    address.host = text.substr(1, bracket - 1);
    host_end = bracket + 1 < text.size() ? bracket + 1 : std::string_view::npos;
    if (host_end != std::string_view::npos && text[host_end] != ':') return wrong("must read like redis://[::1]:6379");
  } else {
    address.host = text.substr(0, host_end);
  }
  if (host_end != std::string_view::npos) {
    const auto port = number_from(text.substr(host_end + 1), 65'535);
    if (!port || *port == 0) return wrong("has no port between 1 and 65535 after its host");
    address.port = *port;
  }
  if (address.host.empty()) return wrong("names no host");
  return address;
}

}  // namespace slotwire::cluster
