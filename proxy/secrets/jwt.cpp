#include "proxy/secrets/jwt.h"

#include <algorithm>
#include <array>
#include <exception>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdexcept>

#include "jwt/jwt.hpp"
#include "proxy/secrets/hmac.h"
#include "proxy/text/ascii.h"
#include "proxy/text/digest.h"

namespace slotwire::secrets {
namespace {

constexpr std::size_t kLongest = 8 * 1024;

Error refused() { return {ErrorCode::unauthorized, "A valid sign-in token is needed."}; }

std::string base64url(const unsigned char* bytes, std::size_t size) {
  std::string out(4 * ((size + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes, static_cast<int>(size));
  out.resize(static_cast<std::size_t>(length));
  while (out.ends_with('=')) out.pop_back();
  for (char& c : out) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return out;
}

// cpp-jwt 1.4 compares signatures with ==, which stops at the first difference. So the signature is checked here, in constant
// time, before the library sees the token.
bool is_signed(std::string_view token, const SecretString& secret) {
  const std::size_t dot = token.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view signed_part = token.substr(0, dot);
  const std::string_view signature = token.substr(dot + 1);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.reveal().data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(signed_part.data()), signed_part.size(), digest.data(), &size);
  const std::string expected = base64url(digest.data(), size);
  return is_same(signature, expected);
}

// Three parts of base64url. The library's own decoder indexes a table of 128 entries by whatever bytes stand there.
bool is_well_formed(std::string_view token) {
  const auto is_fine = [](char c) { return text::is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; };
  return std::all_of(token.begin(), token.end(), is_fine) && std::count(token.begin(), token.end(), '.') == 2;
}

}  // namespace

std::string_view name_from_role(Role role) {
  switch (role) {
    case Role::reader:
      return "reader";
    case Role::admin:
      return "admin";
    case Role::super_admin:
      return "super_admin";
  }
  return "reader";
}

Result<Role> role_from_name(std::string_view name) {
  for (const Role role : {Role::reader, Role::admin, Role::super_admin}) {
    if (name == name_from_role(role)) return role;
  }
  return bad_input("role", "must be reader, admin or super_admin");
}

Result<Claims> claims_from_jwt(std::string_view token, const SecretString& secret, Instant now) {
  if (token.size() > kLongest || !is_well_formed(token) || !is_signed(token, secret)) return refused();
  try {
    namespace params = jwt::params;
    // The signature is checked above, exp and nbf are checked below, against `now`. The library's own checks would read the
    // system clock, refuse every nbf of a time before 2106 by an underflow, and convert numbers that fit no integer.
    const auto decoded = jwt::decode(std::string(token), params::algorithms({"HS256"}),
                                     params::secret(std::string(secret.reveal())), params::verify(false));
    if (decoded.header().algo() != jwt::algorithm::HS256) return refused();
    const auto payload = decoded.payload().create_json_obj();
    const auto now_s = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const auto leeway_s = static_cast<double>(kJwtLeeway.count());
    if (!payload.contains("exp") || !payload["exp"].is_number()) return refused();
    if (!payload.contains("sub") || !payload["sub"].is_string()) return refused();
    const double expires_s = payload["exp"].template get<double>();
    // Not (now > exp + leeway), so that a NaN is refused too. A year past 9999 would not fit into an Instant.
    if (!(static_cast<double>(now_s) <= expires_s + leeway_s) || expires_s > 253402300799.0) return refused();
    if (payload.contains("nbf")) {
      if (!payload["nbf"].is_number()) return refused();
      if (!(payload["nbf"].template get<double>() <= static_cast<double>(now_s) + leeway_s)) return refused();
    }
    if (!payload.contains("role") || !payload["role"].is_string()) {
      return Error{ErrorCode::forbidden, "This sign-in token carries no role."};
    }
    const Result<Role> role = role_from_name(payload["role"].template get<std::string>());
    if (!role) return Error{ErrorCode::forbidden, "This sign-in token's role may not do this."};
    Claims claims{payload["sub"].template get<std::string>(), *role,
                  Instant(std::chrono::seconds(static_cast<std::int64_t>(expires_s)))};
    if (payload.contains("jti") && !payload["jti"].is_string()) return refused();
    // Without its id a link could be used any number of times.
    if (payload.contains("session")) {
      if (!payload.contains("jti") || !payload["session"].is_number_integer()) return refused();
      claims.link = SignInLink{payload["jti"].template get<std::string>(),
                               std::chrono::seconds(payload["session"].template get<std::int64_t>())};
    } else if (payload.contains("jti")) {
      claims.id = payload["jti"].template get<std::string>();
    }
    return claims;
  } catch (const std::exception&) {
    return refused();  // the library throws for everything it does not accept; the reason is not shown to the client
  }
}

Result<Claims> claims_from_authorization(std::string_view header, const SecretString& secret, Instant now) {
  constexpr std::string_view kScheme = "bearer ";
  if (header.size() <= kScheme.size() || !text::equal_ignoring_case(header.substr(0, kScheme.size()), kScheme)) return refused();
  return claims_from_jwt(text::trimmed(header.substr(kScheme.size())), secret, now);
}

std::string jwt_from_claims(const Claims& claims, const SecretString& secret) {
  namespace params = jwt::params;
  jwt::jwt_object token{params::algorithm("HS256"), params::secret(std::string(secret.reveal()))};
  token.add_claim("sub", claims.subject);
  token.add_claim("role", std::string(name_from_role(claims.role)));
  token.add_claim("exp", std::chrono::floor<std::chrono::seconds>(claims.expires).time_since_epoch().count());
  if (claims.link) {
    token.add_claim("jti", claims.link->id);
    token.add_claim("session", claims.link->session.count());
  } else if (!claims.id.empty()) {
    token.add_claim("jti", claims.id);
  }
  return token.signature();
}

Claims claims_of_link(std::string subject, Role role, std::chrono::seconds session, Instant now) {
  std::array<unsigned char, 18> id{};
  if (RAND_bytes(id.data(), static_cast<int>(id.size())) != 1) throw std::runtime_error("no random bytes");
  return {std::move(subject), role, now + kLinkLifetime, {}, SignInLink{base64url(id.data(), id.size()), session}};
}

std::string new_jwt_id() {
  std::array<unsigned char, 12> id{};
  if (RAND_bytes(id.data(), static_cast<int>(id.size())) != 1) throw std::runtime_error("no random bytes");
  return text::hex_from(id);
}

std::string mark_of_secret(const SecretString& secret) {
  constexpr std::string_view kLabel = "slotwire: which secret signed a listed JWT";
  constexpr std::size_t kEnough = 16;  // hex digits
  return hmac_sha256_hex(secret, kLabel).substr(0, kEnough);
}

}  // namespace slotwire::secrets
