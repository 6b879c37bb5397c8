#pragma once
// The list of JWTs as JSON, for the admin page, programs and `slotwire jwt list --json`. Never contains a token.
#include <string>
#include <string_view>
#include <vector>

#include "proxy/access/jwt_list.h"

namespace slotwire::routes {

// {"jwts":[{"id","sub","role","madeAt","madeBy","expiresAt","lastUsedAt","revokedAt","revokedBy","state","current"}],"listedOnly"}.
// `current`: the id of the caller's own JWT; empty if it is not on the list.
[[nodiscard]] std::string json_from_jwts(const std::vector<access::ListedJwt>& jwts, std::string_view current, bool listed_only);

// "Revoked 2 JWTs", including how many were revoked before.
[[nodiscard]] std::string sentence_from(const access::Revoked& revoked);

}  // namespace slotwire::routes
