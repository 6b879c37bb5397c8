#include "proxy/http/client_limits.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "proxy/net/addresses.h"

namespace slotwire::http {
namespace {

// Cuts the number off the front and returns it; nullopt when there is none.
std::optional<int> take_number(std::string_view& text) {
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || number < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<std::chrono::milliseconds> unit_from_text(std::string_view unit) {
  using namespace std::chrono_literals;
  if (unit == "ms") return 1ms;
  if (unit == "s") return 1s;
  if (unit == "m") return 1min;
  if (unit == "h") return 1h;
  return std::nullopt;
}

std::string bucket_name(std::string_view client) {
  if (client.find(':') == std::string_view::npos) return std::string(client);  // an IPv4 address counts by itself
  const std::optional<net::Address> address = net::address_from_text(client);
  return address ? net::text_from_address(net::limit_key_of(*address)) : std::string(client);
}

}  // namespace

Result<Rate> rate_from_text(std::string_view text) {
  const Error malformed = bad_input(
      "", "\"" + std::string(text) + "\" is not a rate like 600/30s (600 at once, refilled over 30 seconds), or 0 for none.");
  std::string_view rest = text;
  const std::optional<int> at_once = take_number(rest);
  if (!at_once || *at_once > 1'000'000) return malformed;
  if (*at_once == 0 && rest.empty()) return Rate{};
  if (*at_once == 0 || !rest.starts_with('/')) return malformed;
  rest.remove_prefix(1);
  const std::optional<int> count = take_number(rest);
  const auto unit = unit_from_text(rest);
  if (!count || *count == 0 || !unit) return malformed;
  const std::chrono::milliseconds refill = *unit * *count;
  if (refill > std::chrono::hours(24)) return malformed;
  return Rate{.at_once = *at_once, .refill = refill};
}

ClientLimits::ClientLimits(Rate rate, std::size_t max_clients)
    : rate_(rate), max_clients_(std::max<std::size_t>(max_clients, 1)) {}

std::optional<std::chrono::seconds> ClientLimits::take(std::string_view client, Time now) {
  if (rate_.at_once == 0) return std::nullopt;
  const double per_second = rate_.at_once / std::chrono::duration<double>(rate_.refill).count();
  std::string name = bucket_name(client);

  const std::lock_guard lock(mutex_);
  const auto found = by_client_.find(name);
  if (found == by_client_.end()) {
    if (by_age_.size() >= max_clients_) {
      by_client_.erase(by_age_.back().client);
      by_age_.pop_back();
    }
    by_age_.push_front(Bucket{.client = std::move(name), .tokens = static_cast<double>(rate_.at_once), .at = now});
    by_client_.emplace(by_age_.front().client, by_age_.begin());
  } else {
    by_age_.splice(by_age_.begin(), by_age_, found->second);
  }
  Bucket& bucket = by_age_.front();
  const double passed = std::max(0.0, std::chrono::duration<double>(now - bucket.at).count());
  bucket.tokens = std::min(static_cast<double>(rate_.at_once), bucket.tokens + passed * per_second);
  bucket.at = std::max(bucket.at, now);
  if (bucket.tokens >= 1.0) {
    bucket.tokens -= 1.0;
    return std::nullopt;
  }
  const double missing = (1.0 - bucket.tokens) / per_second;
  return std::chrono::seconds(std::max(1L, std::lround(std::ceil(missing))));
}

std::size_t ClientLimits::client_count() const {
  const std::lock_guard lock(mutex_);
  return by_age_.size();
}

}  // namespace slotwire::http
