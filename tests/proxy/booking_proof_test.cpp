#include "proxy/booking/booking_proof.h"

#include <catch_amalgamated.hpp>

#include "shared/proof_of_work.h"

using namespace slotwire;
using namespace slotwire::booking;
using namespace std::chrono_literals;

namespace {

const Instant kNow = Instant{1'800'000'000s};
const secrets::SecretString kSecret("0123456789abcdef0123456789abcdef");

std::string solved(const std::string& challenge, const std::string& key, int bits) {
  return challenge + ":" + std::to_string(proof_among(challenge + "." + key, bits, 0, 10'000'000).value());
}

}  // namespace

TEST_CASE("BookingProof: a challenge is good for its two hours, on every server with the secret, and for no longer",
          "[proxy][booking]") {
  const BookingProof proof(12, kSecret);
  const std::string shown = solved(proof.challenge(kNow), "key", 12);
  const secrets::SecretString same = kSecret.clone();
  CHECK(BookingProof(12, same).check(shown, "key", kNow));
  CHECK(proof.check(shown, "key", kNow + kChallengeLifetime - 1s));
  CHECK_FALSE(proof.check(shown, "key", kNow + kChallengeLifetime));
  CHECK_FALSE(proof.check(shown, "another", kNow));
  CHECK_FALSE(proof.check(shown, "", kNow));
  const secrets::SecretString other("another secret of thirty-two bytes");
  CHECK_FALSE(BookingProof(12, other).check(shown, "key", kNow));
}

TEST_CASE("BookingProof: no letter of a challenge can be changed, not even so that it means the same", "[proxy][booking]") {
  const BookingProof proof(12, kSecret);
  const std::string challenge = proof.challenge(kNow);
  for (std::size_t i = 0; i < challenge.size(); ++i) {
    for (const char other : {'0', '1', '9', 'A', '.', ' '}) {
      std::string changed = challenge;
      if (changed[i] == other) continue;
      changed[i] = other;
      const auto number = proof_among(changed + ".key", 12, 0, 1'000'000);
      CHECK_FALSE(proof.check(changed + ":" + std::to_string(number.value()), "key", kNow));
    }
  }
  const std::string longer = "v1.0" + challenge.substr(3);
  CHECK_FALSE(proof.check(solved(longer, "key", 12), "key", kNow));
}

TEST_CASE("BookingProof: when more is asked for, what was cheaper is not enough", "[proxy][booking]") {
  const std::string cheap = solved(BookingProof(12, kSecret).challenge(kNow), "key", 12);
  CHECK_FALSE(BookingProof(13, kSecret).check(cheap, "key", kNow));
  CHECK_FALSE(BookingProof(0, kSecret).is_asked_for());
}
