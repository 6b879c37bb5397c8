#include "proxy/routes/payer.h"

#include "proxy/http/addresses.h"

namespace slotwire::proxy {

fetch::Client payer_of(const Request& request) {
  const std::optional<Address> address = address_from_text(request.client);
  if (!address) return {request.client, {}};
  const std::optional<Address> wide = wide_limit_key_of(*address);
  return {text_from_address(limit_key_of(*address)), wide ? text_from_address(*wide) : std::string()};
}

}  // namespace slotwire::proxy
