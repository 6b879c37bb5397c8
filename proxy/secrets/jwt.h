#pragma once
// Sign-in of admins and programs: JSON Web Tokens by HS256 and nothing else. The one door to cpp-jwt.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/secrets/secret_string.h"
#include "shared/calendar.h"
#include "shared/result.h"

namespace slotwire::secrets {

// A reader is a program that may read through /calendly/v2 what is not personal, and nothing else. Ordered by what they may.
enum class Role { reader, admin, super_admin };
[[nodiscard]] std::string_view name_from_role(Role role);
// Errors: bad_input for anything but "reader", "admin" and "super_admin".
[[nodiscard]] Result<Role> role_from_name(std::string_view name);

// What makes a token a sign-in link: it opens one session, as long as this, and may do nothing else.
struct SignInLink {
  std::string id;
  std::chrono::seconds session{};
};

struct Claims {
  std::string subject;
  Role role = Role::admin;
  Instant expires;      // in whole seconds once it was in a token
  std::string id = {};  // by which it is listed; empty: it is not
  std::optional<SignInLink> link = {};
};

inline constexpr std::chrono::seconds kJwtLeeway{30};
inline constexpr std::chrono::minutes kLinkLifetime{10};

// An id that nobody else has, which begins with no dash.
[[nodiscard]] std::string new_jwt_id();
// Tells secrets apart without telling them.
[[nodiscard]] std::string mark_of_secret(const SecretString& secret);

// A link's claims with an id that nobody can guess, ending kLinkLifetime from now.
[[nodiscard]] Claims claims_of_link(std::string subject, Role role, std::chrono::seconds session, Instant now);

// Errors: unauthorized for a token that is malformed, signed otherwise, expired past the leeway, not yet valid, or without
// exp or sub; forbidden for a good token with a role we do not know. The signature is compared in constant time.
[[nodiscard]] Result<Claims> claims_from_jwt(std::string_view token, const SecretString& secret, Instant now);

// From the text of an Authorization header. Errors: unauthorized unless it reads `Bearer ...`, and as claims_from_jwt.
[[nodiscard]] Result<Claims> claims_from_authorization(std::string_view header, const SecretString& secret, Instant now);

[[nodiscard]] std::string jwt_from_claims(const Claims& claims, const SecretString& secret);

}  // namespace slotwire::secrets
