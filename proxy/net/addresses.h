#pragma once
// Network addresses as values: which peers are trusted proxies, and which address a request really came from.
// Pure; any thread.
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "shared/result.h"

namespace slotwire::net {

// IPv4 is stored in its IPv4-mapped IPv6 form, so both kinds are compared by the same rule.
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool operator==(const Address&) const = default;
  [[nodiscard]] bool is_v4() const;
};

// "192.0.2.1", "2001:db8::1", "[2001:db8::1]"; no port, no zone id. nullopt for anything else.
[[nodiscard]] std::optional<Address> address_from_text(std::string_view text);
[[nodiscard]] std::string text_from_address(const Address& address);

// The key for limits: an IPv4 address itself, and an IPv6 address's /64, since one client usually owns all of it.
[[nodiscard]] Address limit_key_of(const Address& address);
// The /48 around an IPv6 address, which a customer may own as a whole. nullopt for IPv4.
[[nodiscard]] std::optional<Address> wide_limit_key_of(const Address& address);

struct AddressRange {
  Address first;
  int prefix_bits = 128;  // over the 128-bit form: an IPv4 /8 is 104
  bool operator==(const AddressRange&) const = default;
  [[nodiscard]] bool contains(const Address& address) const;
};

// "10.0.0.0/8", "fd00::/8", or one address. Bits past the prefix are ignored. Errors: bad_input.
[[nodiscard]] Result<AddressRange> address_range_from_text(std::string_view text);

[[nodiscard]] bool contains(std::span<const AddressRange> ranges, const Address& address);

// The address for limits and logs: `peer`, unless it is a trusted proxy. Then it is the last entry of X-Forwarded-For (all its
// fields joined by commas, in order) that is not itself a trusted proxy. Entries to the left of it were written by the client and
// prove nothing. An unreadable entry ends the search at the proxy that sent it.
[[nodiscard]] Address client_address(const Address& peer, std::string_view forwarded_for, std::span<const AddressRange> trusted);

}  // namespace slotwire::net
