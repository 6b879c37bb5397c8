// Addresses, ranges and X-Forwarded-For: bit by bit, and whoever stands left of a stranger is not believed.
#include <string>
#include <vector>

#include "proxy/net/addresses.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;
using net::Address;

bool bit_of(const Address& address, int bit) {
  return (address.bytes[static_cast<std::size_t>(bit) / 8] >> (7 - bit % 8) & 1U) != 0;
}

bool slowly_contains(const net::AddressRange& range, const Address& address) {
  for (int bit = 0; bit < range.prefix_bits; ++bit)
    if (bit_of(range.first, bit) != bit_of(address, bit)) return false;
  return true;
}

}  // namespace

FUZZ_TARGET(addresses) {
  fuzz::Input input(bytes);
  const std::string range_text(input.line());
  const std::string peer_text(input.line());
  const std::string forwarded(input.line());

  const auto peer = net::address_from_text(peer_text);
  if (peer) {
    const auto again = net::address_from_text(net::text_from_address(*peer));
    holds(again == peer, "an address that is written is read again");
    holds(peer_text.find_first_of("/% ,") == std::string::npos, "an address is nothing more");
    const Address key = net::limit_key_of(*peer);
    holds(net::limit_key_of(key) == key, "a key is its own key");
    holds(peer->is_v4() == !net::wide_limit_key_of(*peer).has_value(), "only IPv6 is given away by /48");
    if (const auto wide = net::wide_limit_key_of(*peer)) holds(net::wide_limit_key_of(key) == wide, "a /64 lies in one /48");
  }
  const auto range = net::address_range_from_text(range_text);
  if (!range) {
    holds(range.error().code == ErrorCode::bad_input && !range.error().details.empty(), "what is no range is named");
    return;
  }
  holds(range->prefix_bits >= 0 && range->prefix_bits <= 128, "a prefix has its bits");
  holds(range->contains(range->first), "a range holds its own address");
  if (!peer) return;
  holds(range->contains(*peer) == slowly_contains(*range, *peer), "a range holds what its bits say");

  const std::vector<net::AddressRange> trusted = {*range};
  const Address client = net::client_address(*peer, forwarded, trusted);
  if (!range->contains(*peer)) holds(client == *peer, "a stranger's word is not believed");
  // Whatever a client writes in front changes nothing when somebody of ours said who it was.
  if (!range->contains(client))
    holds(net::client_address(*peer, "192.0.2.77, " + forwarded, trusted) == client, "nor what stands in front");
  holds(net::client_address(*peer, forwarded, {}) == *peer, "without proxies of ours, the peer is the client");
}
