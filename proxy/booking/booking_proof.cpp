#include "proxy/booking/booking_proof.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "proxy/secrets/hmac.h"
#include "shared/proof_of_work.h"

namespace slotwire::booking {
namespace {

Error refused(std::string why) {
  return {ErrorCode::forbidden,
          "A booking needs a proof of work for its Idempotency-Key: the header Booking-Challenge says for what, the "
          "documentation how.",
          {{"Booking-Proof", std::move(why)}}};
}

// The whole text as a number; nullopt for anything else.
template <class Number>
std::optional<Number> number_from(std::string_view text) {
  Number number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Cuts the part before the next '.' off the front and returns it.
std::string_view next_part(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('.'), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

}  // namespace

std::string BookingProof::signed_challenge(std::int64_t ends_s, int bits) const {
  std::string text = "v1." + std::to_string(ends_s) + "." + std::to_string(bits);
  // The same secret signs JWTs, whose texts contain no line break, so neither can be used as the other.
  text += "." + secrets::hmac_sha256_hex(secret_, "booking challenge\n" + text).substr(0, 32);
  return text;
}

std::string BookingProof::challenge(Instant now) const {
  return signed_challenge(std::chrono::floor<std::chrono::seconds>(now + kChallengeLifetime).time_since_epoch().count(), bits_);
}

Result<Done> BookingProof::check(std::string_view proof, std::string_view key, Instant now) const {
  const std::size_t colon = proof.rfind(':');
  if (proof.empty() || colon == std::string_view::npos) return refused("is missing: <Booking-Challenge>:<number>");
  const std::string_view shown = proof.substr(0, colon);
  std::string_view rest = shown;
  next_part(rest);
  const auto ends_s = number_from<std::int64_t>(next_part(rest));
  const auto bits = number_from<int>(next_part(rest));
  // The signature proves everything that the challenge contains.
  if (!ends_s || !bits || !secrets::is_same(shown, signed_challenge(*ends_s, *bits))) {
    return refused("its challenge is none of this proxy's");
  }
  if (now >= Instant{std::chrono::seconds{*ends_s}}) return refused("its challenge has expired");
  if (*bits < bits_) return refused("its challenge is from before more was asked for");
  const auto number = number_from<std::uint32_t>(proof.substr(colon + 1));
  if (!number || !is_proof(std::string(shown) + "." + std::string(key), *number, *bits)) {
    return refused("does not solve its challenge for this Idempotency-Key");
  }
  return Done{};
}

}  // namespace slotwire::booking
