#pragma once
// Makes bookings expensive for scripts: a signed challenge that is not stored, and a proof of work for one Idempotency-Key
// (shared/proof_of_work.h). A proof therefore pays for one booking, however often it is sent. Stores nothing. Any thread.
#include <chrono>
#include <string>
#include <string_view>

#include "proxy/secrets/secret_string.h"
#include "shared/calendar.h"
#include "shared/result.h"

namespace slotwire::booking {

// Longer than filling in a form takes. After it expires, the visitor's page fetches and solves another challenge.
inline constexpr std::chrono::hours kChallengeLifetime{2};
class BookingProof {
 public:
  // bits: 0 requires no proof; 20 takes a computer less than a second, and each further bit doubles that. `secret` must outlive
  // this object and be the same on all servers.
  BookingProof(int bits, const secrets::SecretString& secret) : bits_(bits), secret_(secret) {}

  [[nodiscard]] bool is_asked_for() const { return bits_ > 0; }

  // "v1.<expiry in unix seconds>.<bits>.<signature>". A proof is for the text "<challenge>.<Idempotency-Key>".
  [[nodiscard]] std::string challenge(Instant now) const;

  // proof: "<challenge>:<number>". Errors: forbidden, naming Booking-Proof and the reason.
  [[nodiscard]] Result<Done> check(std::string_view proof, std::string_view key, Instant now) const;

 private:
  [[nodiscard]] std::string signed_challenge(std::int64_t ends_s, int bits) const;

  int bits_;
  const secrets::SecretString& secret_;
};

}  // namespace slotwire::booking
