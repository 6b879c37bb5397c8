#pragma once
// What a booking costs a script: a challenge of this proxy's, signed and not kept, and a proof of work for one Idempotency-Key
// (shared/proof_of_work.h), which therefore pays one booking, however often it is shown. Nothing is stored. Any thread.
#include <chrono>
#include <string>
#include <string_view>

#include "proxy/secrets/secret_string.h"
#include "shared/calendar.h"
#include "shared/result.h"

namespace slotwire::booking {

// Longer than anybody fills in a form; an expired challenge costs its visitor another one, and the time to solve it.
inline constexpr std::chrono::hours kChallengeLifetime{2};
class BookingProof {
 public:
  // bits: 0 asks for nothing; 20 is less than a second of a computer, and each bit more doubles it. `secret` must outlive it, and
  // be the same on all servers.
  BookingProof(int bits, const secrets::SecretString& secret) : bits_(bits), secret_(secret) {}

  [[nodiscard]] bool is_asked_for() const { return bits_ > 0; }

  // "v1.<unix seconds at which it ends>.<bits>.<signature>": a proof is for the text "<challenge>.<Idempotency-Key>".
  [[nodiscard]] std::string challenge(Instant now) const;

  // proof: "<challenge>:<number>". Errors: forbidden, naming Booking-Proof and what is wrong with it.
  [[nodiscard]] Result<Done> check(std::string_view proof, std::string_view key, Instant now) const;

 private:
  [[nodiscard]] std::string signed_challenge(std::int64_t ends_s, int bits) const;

  int bits_;
  const secrets::SecretString& secret_;
};

}  // namespace slotwire::booking
