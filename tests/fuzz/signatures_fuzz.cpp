// Calendly's signature on a delivery, and the proof of work on a booking: only what was made with our key is believed, for its
// time.
#include <string>

#include "proxy/booking/booking_proof.h"
#include "proxy/secrets/hmac.h"
#include "proxy/secrets/webhook_signature.h"
#include "shared/proof_of_work.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;
using secrets::SecretString;

const Instant kNow{Day{std::chrono::days{20'454}}};

void hold_signatures(std::string_view bytes, fuzz::Input input) {
  static const SecretString key("a signing key of at least thirty-two bytes");
  const std::string_view header = input.line();
  const auto strange = secrets::checked_webhook_signature(header, input.rest(), key, kNow);
  holds(!strange && strange.error().code == ErrorCode::bad_signature, "what Calendly did not sign is refused");

  const std::string time(std::to_string(20'454LL * 86'400 + static_cast<int>(input.up_to(800)) - 400));
  const std::string body(input.rest());
  const std::string signature = secrets::hmac_sha256_hex(key, time + "." + body);
  const auto right = secrets::checked_webhook_signature("t=" + time + ",v1=" + signature, body, key, kNow);
  const long long age = std::abs(std::stoll(time) - 20'454LL * 86'400);
  holds(right.has_value() == (age <= secrets::kSignatureAge.count()),
        "what Calendly signed just now is believed, and nothing older");
  if (right) holds(*right == signature, "a delivery and its replay are one");
  // A header of a stranger's around it moves neither the time nor the signature.
  const auto mixed = secrets::checked_webhook_signature(std::string(header) + ",t=" + time + ",v1=" + signature, body, key, kNow);
  if (mixed) holds(right.has_value(), "no header makes an old delivery young");
  if (!body.empty()) {
    holds(!secrets::checked_webhook_signature("t=" + time + ",v1=" + signature, body.substr(1), key, kNow), "no other body");
  }
  (void)bytes;
}

void hold_proofs(std::string_view bytes) {
  static const SecretString secret("a secret of at least thirty-two bytes, for tests");
  constexpr int kBits = 3;
  static const booking::BookingProof proof(kBits, secret);
  holds(!proof.check(bytes, "key", kNow), "no work of a stranger's is done");

  const std::string challenge = proof.challenge(kNow);
  const std::string text = challenge + "." + std::string(bytes);
  const auto number = proof_among(text, kBits, 0, 10'000);
  holds(number.has_value() && is_proof(text, *number, kBits), "work can be done");
  const std::string shown = challenge + ":" + std::to_string(*number);
  holds(proof.check(shown, bytes, kNow).has_value(), "and is taken");
  holds(!proof.check(shown, bytes, kNow + booking::kChallengeLifetime), "for its two hours");
  // What stands before or behind it makes another one of it.
  if (!bytes.empty()) {
    holds(!proof.check(std::string(bytes) + shown, bytes, kNow), "no word may be put before a challenge");
    holds(!proof.check(shown + std::string(bytes), bytes, kNow) ||
              std::string_view("0123456789").find(bytes[0]) != std::string_view::npos,
          "nor behind its number");
  }
}

}  // namespace

FUZZ_TARGET(signatures) {
  hold_signatures(bytes, fuzz::Input(bytes));
  hold_proofs(bytes);
}
