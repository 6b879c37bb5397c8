#include "proxy/routes/jwt_json.h"

#include "shared/json_text.h"

namespace slotwire::routes {
namespace {

void append_instant(std::string& out, std::string_view name, const std::optional<Instant>& instant) {
  append_json_key(out, name);
  if (instant) {
    append_json_string(out, text_from_instant(std::chrono::floor<std::chrono::seconds>(*instant)));
  } else {
    out += "null";
  }
}

void append_flag(std::string& out, std::string_view name, bool flag) {
  append_json_key(out, name);
  out += flag ? "true" : "false";
}

std::string count_of(int count) { return count == 1 ? "one JWT" : std::to_string(count) + " JWTs"; }

}  // namespace

std::string json_from_jwts(const std::vector<access::ListedJwt>& jwts, std::string_view current, bool listed_only) {
  std::string out = R"({"jwts":[)";
  for (const auto& [record, state] : jwts) {
    out += out.ends_with('[') ? "{" : ",{";
    append_json_field(out, "id", record.id);
    append_json_field(out, "sub", record.subject);
    append_json_field(out, "role", record.role);
    append_instant(out, "madeAt", record.made_at);
    append_json_field(out, "madeBy", record.made_by);
    append_instant(out, "expiresAt", record.expires_at);
    append_instant(out, "lastUsedAt", record.last_used_at);
    append_instant(out, "revokedAt", record.revoked_at);
    append_json_key(out, "revokedBy");
    if (record.revoked_at) {
      append_json_string(out, record.revoked_by);
    } else {
      out += "null";
    }
    append_json_field(out, "state", access::name_from_state(state));
    append_flag(out, "current", record.id == current);
    out += '}';
  }
  out += ']';
  append_flag(out, "listedOnly", listed_only);
  return out + "}";
}

std::string sentence_from(const access::Revoked& revoked) {
  if (revoked.now == 0) return revoked.before == 1 ? "It was revoked already" : "All of them were revoked already";
  std::string sentence = "Revoked " + count_of(revoked.now);
  if (revoked.before > 0) sentence += "; " + count_of(revoked.before) + " had been already";
  return sentence;
}

}  // namespace slotwire::routes
