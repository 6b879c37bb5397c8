#include "proxy/routes/payer.h"

#include "proxy/net/addresses.h"

namespace slotwire::routes {

fetch::Client payer_of(const http::Request& request) {
  const std::optional<net::Address> address = net::address_from_text(request.client);
  if (!address) return {request.client, {}};
  const std::optional<net::Address> wide = net::wide_limit_key_of(*address);
  return {net::text_from_address(net::limit_key_of(*address)), wide ? net::text_from_address(*wide) : std::string()};
}

}  // namespace slotwire::routes
