// JWTs: what we did not sign is refused; what was signed, however odd, is judged by what it says and throws nothing.
#include <array>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string>

#include "proxy/secrets/jwt.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;
using secrets::SecretString;

std::string base64url(std::string_view bytes) {
  constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t there = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) group = group << 8U | (k < there ? static_cast<std::uint8_t>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k <= there; ++k) out += kLetters[group >> (18 - 6 * k) & 63U];
  }
  return out;
}

std::string signed_token(std::string_view signed_part, std::string_view secret) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(signed_part.data()),
       signed_part.size(), digest.data(), &size);
  return std::string(signed_part) + "." + base64url({reinterpret_cast<const char*>(digest.data()), size});
}

const Instant kNow{Day{std::chrono::days{20'454}}};

// What may be believed of claims that were taken.
void hold_believed(const secrets::Claims& claims, std::string_view payload) {
  const auto said = nlohmann::json::parse(payload, nullptr, false);
  holds(said.is_object(), "claims are an object");
  holds(said.at("sub") == claims.subject && said.at("role") == secrets::name_from_role(claims.role), "they are what was said");
  holds(claims.expires + secrets::kJwtLeeway + std::chrono::seconds(1) > kNow, "and not over");
  if (claims.link) holds(said.at("jti") == claims.link->id, "a link has its id");

  const SecretString secret("a secret of at least thirty-two bytes, for tests");
  const auto again = secrets::claims_from_jwt(secrets::jwt_from_claims(claims, secret), secret, kNow);
  holds(again && again->subject == claims.subject && again->role == claims.role && again->expires == claims.expires &&
            again->id == claims.id && again->link.has_value() == claims.link.has_value(),
        "what is signed anew is the same");
}

}  // namespace

FUZZ_TARGET(jwt) {
  static const SecretString secret("a secret of at least thirty-two bytes, for tests");
  const auto strange = secrets::claims_from_authorization(bytes, secret, kNow);
  holds(!strange, "what nobody signed is refused");
  holds(strange.error().code == ErrorCode::unauthorized, "as not signed in");
  holds(strange.error().detail.find("secret of") == std::string::npos, "without a word of the secret");

  // The same bytes with a right signature: as they are, and as a payload below a head of ours or their own.
  const std::string as_it_is = signed_token(bytes, secret.reveal());
  (void)secrets::claims_from_jwt(as_it_is, secret, kNow);
  fuzz::Input input(bytes);
  const std::string head(input.line());
  const std::string payload(input.rest());
  for (const std::string& each : {std::string(R"({"alg":"HS256","typ":"JWT"})"), head}) {
    const std::string token = signed_token(base64url(each) + "." + base64url(payload), secret.reveal());
    const auto claims = secrets::claims_from_authorization("Bearer " + token, secret, kNow);
    if (!claims) continue;
    holds(nlohmann::json::parse(each).at("alg") == "HS256", "one algorithm, and no other");
    hold_believed(*claims, payload);
  }
}
