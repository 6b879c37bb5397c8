#include "proxy/routes/sign_in.h"

#include "proxy/http/ascii.h"

namespace slotwire::proxy {

Result<Claims> claims_from_request(const Request& request, const SecretString& secret, Instant now) {
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view header = request.headers.find("Authorization").value_or("");
  if (header.size() <= kScheme.size() || !equal_ignoring_case(header.substr(0, kScheme.size()), kScheme)) {
    return Error{ErrorCode::unauthorized, "A valid sign-in token is needed."};
  }
  return claims_from_jwt(trimmed(header.substr(kScheme.size())), secret, now);
}

}  // namespace slotwire::proxy
