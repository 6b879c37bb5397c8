#include "proxy/secrets/jwt.h"

#include <catch_amalgamated.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "tests/proxy/fakes.h"

namespace slotwire::tests {
using namespace secrets;
namespace {

const std::string kSecret = "a secret of more than thirty-two bytes, for tests";
const Instant kNow = instant("2026-01-05T10:00:00Z");

std::string base64url(std::string_view text) {
  std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  while (out.ends_with('=')) out.pop_back();
  for (char& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

// Any text, validly signed with `digest`.
std::string signed_text(const std::string& text, const EVP_MD* digest = EVP_sha256(), const std::string& secret = kSecret) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(digest, secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       mac, &size);
  return text + "." + base64url({reinterpret_cast<const char*>(mac), size});
}

// A token with any header and payload, validly signed.
std::string signed_token(const std::string& header, const std::string& payload, const EVP_MD* digest = EVP_sha256(),
                         const std::string& secret = kSecret) {
  return signed_text(base64url(header) + "." + base64url(payload), digest, secret);
}

std::string payload_until(std::int64_t exp_s, const std::string& role = "admin") {
  return R"({"sub":"ada","role":")" + role + R"(","exp":)" + std::to_string(exp_s) + "}";
}

const std::int64_t kNowS = std::chrono::floor<std::chrono::seconds>(kNow).time_since_epoch().count();
const std::string kHs256 = R"({"alg":"HS256","typ":"JWT"})";

}  // namespace

TEST_CASE("claims_from_jwt: takes back what jwt_from_claims wrote", "[proxy][jwt]") {
  const SecretString secret(kSecret);
  for (const Role role : {Role::reader, Role::admin, Role::super_admin}) {
    const auto claims = claims_from_jwt(jwt_from_claims({"ada", role, kNow + std::chrono::hours(1)}, secret), secret, kNow);
    REQUIRE(claims);
    CHECK(claims->subject == "ada");
    CHECK(claims->role == role);
    CHECK(claims->expires == kNow + std::chrono::hours(1));
  }
}

TEST_CASE("claims_from_jwt: refuses every known trick", "[proxy][jwt]") {
  struct Row {
    const char* name;
    std::string token;
    ErrorCode code;
  };
  const std::string good = payload_until(kNowS + 3600);
  const Row row = GENERATE_COPY(values<Row>({
      {"empty", "", ErrorCode::unauthorized},
      {"no dots", "abc", ErrorCode::unauthorized},
      {"two parts", base64url(kHs256) + "." + base64url(good), ErrorCode::unauthorized},
      {"alg none without signature", base64url(R"({"alg":"none"})") + "." + base64url(good) + ".", ErrorCode::unauthorized},
      {"alg none, signed", signed_token(R"({"alg":"none","typ":"JWT"})", good), ErrorCode::unauthorized},
      {"alg nOnE, signed", signed_token(R"({"alg":"nOnE","typ":"JWT"})", good), ErrorCode::unauthorized},
      {"alg HS512 claimed", signed_token(R"({"alg":"HS512","typ":"JWT"})", good), ErrorCode::unauthorized},
      {"alg HS512", signed_token(R"({"alg":"HS512","typ":"JWT"})", good, EVP_sha512()), ErrorCode::unauthorized},
      {"alg RS256 claimed", signed_token(R"({"alg":"RS256","typ":"JWT"})", good), ErrorCode::unauthorized},
      {"no alg", signed_token(R"({"typ":"JWT"})", good), ErrorCode::unauthorized},
      {"another secret", signed_token(kHs256, good, EVP_sha256(), "another secret of thirty-two bytes or so"),
       ErrorCode::unauthorized},
      {"signature cut", signed_token(kHs256, good).substr(0, signed_token(kHs256, good).size() - 1), ErrorCode::unauthorized},
      {"signature padded", signed_token(kHs256, good) + "=", ErrorCode::unauthorized},
      {"expired", signed_token(kHs256, payload_until(kNowS - 31)), ErrorCode::unauthorized},
      {"no exp", signed_token(kHs256, R"({"sub":"ada","role":"admin"})"), ErrorCode::unauthorized},
      {"exp as text", signed_token(kHs256, R"({"sub":"ada","role":"admin","exp":"9999999999"})"), ErrorCode::unauthorized},
      {"exp null", signed_token(kHs256, R"({"sub":"ada","role":"admin","exp":null})"), ErrorCode::unauthorized},
      {"exp negative", signed_token(kHs256, R"({"sub":"ada","role":"admin","exp":-1})"), ErrorCode::unauthorized},
      {"exp beyond all years", signed_token(kHs256, R"({"sub":"ada","role":"admin","exp":1e300})"), ErrorCode::unauthorized},
      {"not yet valid", signed_token(kHs256, R"({"sub":"ada","role":"admin","exp":9999999999,"nbf":9999999990})"),
       ErrorCode::unauthorized},
      {"no sub", signed_token(kHs256, R"({"role":"admin","exp":9999999999})"), ErrorCode::unauthorized},
      {"payload no object", signed_token(kHs256, "[1]"), ErrorCode::unauthorized},
      {"payload no JSON", signed_token(kHs256, "{"), ErrorCode::unauthorized},
      {"no role", signed_token(kHs256, R"({"sub":"ada","exp":9999999999})"), ErrorCode::forbidden},
      {"unknown role", signed_token(kHs256, payload_until(kNowS + 60, "root")), ErrorCode::forbidden},
      {"too long", std::string(9000, 'a') + ".b.c", ErrorCode::unauthorized},
  }));
  INFO(row.name);
  const auto claims = claims_from_jwt(row.token, SecretString(kSecret), kNow);
  REQUIRE_FALSE(claims);
  CHECK(claims.error().code == row.code);
}

// The fuzz target `jwt` found that the library's own check converts "exp":1e300 to an integer that is too small for it. That
// check, which ran in addition to ours, also subtracted its leeway from nbf without a sign: every token with an nbf was refused.
TEST_CASE("claims_from_jwt: a token is valid from its nbf on", "[proxy][jwt]") {
  const auto from = [](std::int64_t nbf_s) {
    return signed_token(kHs256, R"({"sub":"ada","role":"admin","exp":9999999999,"nbf":)" + std::to_string(nbf_s) + "}");
  };
  const SecretString secret(kSecret);
  CHECK(claims_from_jwt(from(1), secret, kNow));
  CHECK(claims_from_jwt(from(kNowS), secret, kNow));
  CHECK(claims_from_jwt(from(kNowS + kJwtLeeway.count()), secret, kNow));
  CHECK_FALSE(claims_from_jwt(from(kNowS + kJwtLeeway.count() + 1), secret, kNow));
}

// The fuzz target `jwt` signed such bytes with our own secret, and the library's assertion ended the program.
TEST_CASE("claims_from_jwt: what is no base64url never reaches the library, signed or not", "[proxy][jwt]") {
  const std::string good = base64url(kHs256) + "." + base64url(payload_until(kNowS + 3600));
  REQUIRE(claims_from_jwt(signed_text(good), SecretString(kSecret), kNow));
  for (const std::string& text :
       {std::string("\x80"
                    "a.c"),
        good + "\xff", "\x7f" + good, good + "=", good + "+", good + ".a", std::string("a"), std::string(".")})
    CHECK_FALSE(claims_from_jwt(signed_text(text), SecretString(kSecret), kNow));
}

TEST_CASE("claims_from_jwt: no changed character passes", "[proxy][jwt]") {
  const SecretString secret(kSecret);
  const std::string token = signed_token(kHs256, payload_until(kNowS + 3600));
  REQUIRE(claims_from_jwt(token, secret, kNow));
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    INFO("character " << at);
    CHECK_FALSE(claims_from_jwt(changed, secret, kNow));
  }
}

TEST_CASE("claims_from_jwt: thirty seconds of leeway", "[proxy][jwt]") {
  const SecretString secret(kSecret);
  CHECK(claims_from_jwt(signed_token(kHs256, payload_until(kNowS - 30)), secret, kNow));
  CHECK_FALSE(claims_from_jwt(signed_token(kHs256, payload_until(kNowS - 31)), secret, kNow));
}

}  // namespace slotwire::tests
