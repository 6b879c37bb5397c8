#include "proxy/net/addresses.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

#include "proxy/text/ascii.h"

namespace slotwire::net {
namespace {

constexpr int kMappedPrefixBits = 96;

bool share_prefix(const Address& a, const Address& b, int bits) {
  for (std::size_t i = 0; i < a.bytes.size() && bits > 0; ++i, bits -= 8) {
    const auto mask = static_cast<std::uint8_t>(bits >= 8 ? 0xff : 0xff << (8 - bits));
    if ((a.bytes[i] & mask) != (b.bytes[i] & mask)) return false;
  }
  return true;
}

// One entry of X-Forwarded-For; some balancers write "192.0.2.1:4711" and "[2001:db8::1]:4711".
std::optional<Address> address_of_hop(std::string_view hop) {
  if (hop.starts_with('[')) hop = hop.substr(0, hop.find(']') + 1);
  if (std::count(hop.begin(), hop.end(), ':') == 1) hop = hop.substr(0, hop.find(':'));
  return address_from_text(hop);
}

}  // namespace

bool Address::is_v4() const {
  static constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::equal(kMapped.begin(), kMapped.end(), bytes.begin());
}

std::optional<Address> address_from_text(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  // What follows a zero byte would go unread.
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string terminated(text);
  Address address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  std::array<std::uint8_t, 4> v4{};
  if (inet_pton(AF_INET, terminated.c_str(), v4.data()) != 1) return std::nullopt;
  address.bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, v4[0], v4[1], v4[2], v4[3]};
  return address;
}

std::string text_from_address(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.is_v4()) {
    inet_ntop(AF_INET, address.bytes.data() + 12, text.data(), text.size());
  } else {
    inet_ntop(AF_INET6, address.bytes.data(), text.data(), text.size());
  }
  return text.data();
}

Address limit_key_of(const Address& address) {
  Address key = address;
  if (!address.is_v4()) std::fill(key.bytes.begin() + 8, key.bytes.end(), std::uint8_t{0});
  return key;
}

std::optional<Address> wide_limit_key_of(const Address& address) {
  if (address.is_v4()) return std::nullopt;
  Address key = address;
  std::fill(key.bytes.begin() + 6, key.bytes.end(), std::uint8_t{0});
  return key;
}

bool AddressRange::contains(const Address& address) const { return share_prefix(first, address, prefix_bits); }

Result<AddressRange> address_range_from_text(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<Address> address = address_from_text(text.substr(0, slash));
  if (!address) return bad_input("", "\"" + std::string(text) + "\" is neither an address nor a range like 10.0.0.0/8.");
  if (slash == std::string_view::npos) return AddressRange{.first = *address, .prefix_bits = 128};
  const std::string_view digits = text.substr(slash + 1);
  int bits = -1;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const int most = address->is_v4() && text.find(':') == std::string_view::npos ? 32 : 128;
  if (problem != std::errc{} || end != digits.data() + digits.size() || bits < 0 || bits > most) {
    return bad_input("", "\"" + std::string(text) + "\" needs a prefix length from 0 to " + std::to_string(most) + ".");
  }
  return AddressRange{.first = *address, .prefix_bits = most == 32 ? kMappedPrefixBits + bits : bits};
}

bool contains(std::span<const AddressRange> ranges, const Address& address) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const AddressRange& range) { return range.contains(address); });
}

Address client_address(const Address& peer, std::string_view forwarded_for, std::span<const AddressRange> trusted) {
  Address client = peer;
  // Split at every comma, ignoring quotes: a single quote by the client must not hide the entry that its proxy added.
  while (contains(trusted, client) && !forwarded_for.empty()) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    const std::optional<Address> hop = address_of_hop(text::trimmed(forwarded_for.substr(begin)));
    if (!hop) break;
    client = *hop;
    forwarded_for = forwarded_for.substr(0, begin == 0 ? 0 : comma);
  }
  return client;
}

}  // namespace slotwire::net
