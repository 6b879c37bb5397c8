#pragma once
// A JWT made by this proxy, as the store lists it: never the token itself.
#include <optional>
#include <string>

#include "shared/calendar.h"

namespace slotwire::store {

struct JwtRecord {
  std::string id;  // its jti
  std::string subject;
  std::string role;
  std::string made_by;
  std::string secret_mark;  // identifies the JWT_SECRET that signed it, without revealing it
  Instant made_at{};
  Instant expires_at{};
  std::optional<Instant> last_used_at = {};
  std::optional<Instant> revoked_at = {};
  std::string revoked_by = {};
  bool operator==(const JwtRecord&) const = default;
};

}  // namespace slotwire::store
