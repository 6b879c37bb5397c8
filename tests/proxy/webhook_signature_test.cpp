// Webhook deliveries are accepted only with a signature of the right key, of a recent time, for exactly these bytes.
#include "proxy/secrets/webhook_signature.h"

#include <array>
#include <catch_amalgamated.hpp>
#include <limits>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "tests/proxy/fakes.h"

namespace slotwire::tests {
using namespace secrets;
namespace {

const Instant kNow = instant("2026-01-05T10:00:00Z");
constexpr std::string_view kKeyText = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const std::string kBody = R"({"event":"invitee.created","payload":{"scheduled_event":{}}})";

std::string seconds_text(Instant at) {
  return std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

std::string signature_of(const std::string& time, const std::string& body, std::string_view key = kKeyText) {
  const std::string text = time + "." + body;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       digest.data(), &size);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[digest[i] >> 4];
    hex += "0123456789abcdef"[digest[i] & 15];
  }
  return hex;
}

std::string header_of(Instant at, const std::string& body = kBody) {
  return "t=" + seconds_text(at) + ",v1=" + signature_of(seconds_text(at), body);
}

Result<std::string> checked(std::string_view header, std::string_view body = kBody) {
  return checked_webhook_signature(header, body, SecretString(kKeyText), kNow);
}

}  // namespace

TEST_CASE("webhook signature: HMAC-SHA256 over time, dot and body", "[proxy][live][secrets]") {
  // Computed by another program: printf '1767607200.{}' | openssl dgst -sha256 -hmac key
  const auto accepted = checked_webhook_signature(
      "t=1767607200,v1=523fa5f1e14d55d5de8ad41ff12c7722a613508c37bb52bba59d6bf96145a362", "{}", SecretString("key"), kNow);
  CHECK(accepted);
}

TEST_CASE("webhook signature: what Calendly sends is accepted, and its replay has the same name", "[proxy][live][secrets]") {
  const auto first = checked(header_of(kNow));
  REQUIRE(first);
  CHECK(first->size() == 64);
  CHECK(*checked(header_of(kNow)) == *first);
  CHECK(*checked(header_of(kNow - std::chrono::seconds(1))) != *first);
}

TEST_CASE("webhook signature: one of several signatures is enough, in any order and spacing", "[proxy][live][secrets]") {
  const std::string time = seconds_text(kNow);
  const std::string good = signature_of(time, kBody);
  const std::string other = signature_of(time, kBody, "another key");
  for (const std::string& header :
       {"t=" + time + ",v1=" + other + ",v1=" + good, "v1=" + good + ", t=" + time, "t=" + time + ",v0=xyz,v1=" + good}) {
    INFO(header);
    REQUIRE(checked(header));
    CHECK(*checked(header) == good);
  }
}

TEST_CASE("webhook signature: 180 seconds either way, and not one more", "[proxy][live][secrets]") {
  using std::chrono::seconds;
  CHECK(checked(header_of(kNow - seconds(180))));
  CHECK(checked(header_of(kNow + seconds(180))));
  for (const seconds age : {seconds(181), seconds(-181), seconds(86'400)}) {
    const auto refused = checked(header_of(kNow - age));
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::bad_signature);
  }
  for (const std::string& time :
       {std::to_string(std::numeric_limits<std::int64_t>::min()), std::to_string(std::numeric_limits<std::int64_t>::max())}) {
    CHECK_FALSE(checked("t=" + time + ",v1=" + signature_of(time, kBody)));
  }
}

TEST_CASE("webhook signature: no changed character of header or body passes", "[proxy][live][secrets]") {
  const std::string header = header_of(kNow);
  for (std::size_t i = 0; i < header.size(); ++i) {
    std::string changed = header;
    changed[i] = changed[i] == '1' ? '2' : '1';
    INFO(changed);
    CHECK_FALSE(checked(changed));
  }
  for (std::size_t i = 0; i < kBody.size(); ++i) {
    std::string changed = kBody;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_FALSE(checked(header, changed));
  }
  CHECK_FALSE(checked(header, kBody + "\n"));
}

TEST_CASE("webhook signature: nonsense is refused, never an error of ours", "[proxy][live][secrets]") {
  const std::string time = seconds_text(kNow);
  const std::string good = signature_of(time, kBody);
  for (const std::string& header :
       {std::string(), std::string("t="), "t=" + time, "v1=" + good, "t=,v1=" + good, "t=now,v1=" + good,
        "t=" + time + "x,v1=" + good, "t=" + time + ",v1=", "t=" + time + ",v1=" + good.substr(1),
        "t=" + time + ",v1=" + good + "0", std::string(",,,,"), std::string(5000, 'v'), "t=99999999999999999999,v1=" + good}) {
    INFO(header);
    const auto refused = checked(header);
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::bad_signature);
  }
  CHECK_FALSE(checked_webhook_signature(header_of(kNow), kBody, SecretString(), kNow));
}

TEST_CASE("webhook signature: a header of a thousand signatures is not compared all day", "[proxy][live][secrets]") {
  std::string header = "t=" + seconds_text(kNow);
  for (int i = 0; i < 20; ++i) header += ",v1=" + std::string(64, 'a');
  header += ",v1=" + signature_of(seconds_text(kNow), kBody);
  CHECK_FALSE(checked(header));
}

TEST_CASE("webhook signature: keys are made of 32 random bytes", "[proxy][live][secrets]") {
  const SecretString one = fresh_signing_key();
  const SecretString other = fresh_signing_key();
  CHECK(one.size() == 64);
  CHECK(one.reveal() != other.reveal());
  CHECK(one.reveal().find_first_not_of("0123456789abcdef") == std::string_view::npos);
}

}  // namespace slotwire::tests
