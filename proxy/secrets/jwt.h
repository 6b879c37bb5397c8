#pragma once
// Sign-in of admins and programs: JSON Web Tokens, HS256 only. Only jwt.cpp uses cpp-jwt.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/secrets/secret_string.h"
#include "shared/calendar.h"
#include "shared/result.h"

namespace slotwire::secrets {

// Ordered by rights. A reader is a program that may read non-personal data through /calendly/v2, and nothing else.
enum class Role { reader, admin, super_admin };
[[nodiscard]] std::string_view name_from_role(Role role);
// Errors: bad_input for anything but "reader", "admin" and "super_admin".
[[nodiscard]] Result<Role> role_from_name(std::string_view name);

// Marks a token as a sign-in link: it opens one session of this length, and has no other rights.
struct SignInLink {
  std::string id;
  std::chrono::seconds session{};
};

struct Claims {
  std::string subject;
  Role role = Role::admin;
  Instant expires;      // whole seconds after it has been in a token
  std::string id = {};  // its id on the list; empty: not listed
  std::optional<SignInLink> link = {};
};

inline constexpr std::chrono::seconds kJwtLeeway{30};
inline constexpr std::chrono::minutes kLinkLifetime{10};

// A random id that is unique and does not begin with a dash.
[[nodiscard]] std::string new_jwt_id();
// Tells secrets apart without revealing them.
[[nodiscard]] std::string mark_of_secret(const SecretString& secret);

// The claims of a link, with an id that cannot be guessed, expiring kLinkLifetime from now.
[[nodiscard]] Claims claims_of_link(std::string subject, Role role, std::chrono::seconds session, Instant now);

// Errors: unauthorized for a token that is malformed, wrongly signed, expired past the leeway, not yet valid, or without exp or
// sub; forbidden for a valid token with an unknown role. The signature is compared in constant time.
[[nodiscard]] Result<Claims> claims_from_jwt(std::string_view token, const SecretString& secret, Instant now);

// From the text of an Authorization header. Errors: unauthorized unless it is `Bearer ...`, and as in claims_from_jwt.
[[nodiscard]] Result<Claims> claims_from_authorization(std::string_view header, const SecretString& secret, Instant now);

[[nodiscard]] std::string jwt_from_claims(const Claims& claims, const SecretString& secret);

}  // namespace slotwire::secrets
