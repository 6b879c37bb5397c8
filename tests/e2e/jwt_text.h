#pragma once
// Creates JSON Web Tokens with any header, claims and key, as an attacker or an administrator could.
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

namespace slotwire::e2e {

inline constexpr char kJwtSecret[] = "e2e-secret-of-more-than-thirty-two-bytes";

[[nodiscard]] std::string base64url(const std::string& bytes);
// Signed with HMAC-SHA256, whatever algorithm the header names.
[[nodiscard]] std::string jwt_from(const nlohmann::json& header, const nlohmann::json& claims, const std::string& secret);
// A token that the proxy should accept: sub "tester", valid for an hour unless `lasts` is given (negative: expired).
[[nodiscard]] std::string jwt_for(const std::string& role, std::chrono::seconds lasts = std::chrono::hours(1));

}  // namespace slotwire::e2e
