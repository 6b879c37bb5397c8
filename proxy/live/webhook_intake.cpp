#include "proxy/live/webhook_intake.h"

#include <algorithm>

#include "proxy/calendly/webhook_json.h"
#include "proxy/secrets/webhook_signature.h"
#include "proxy/slots/slot_service.h"

namespace slotwire::live {
namespace {

// Longer than the whole period in which a signature is valid, so that a forgotten delivery is too old to be accepted again.
constexpr std::chrono::seconds kRemembered = 3 * secrets::kSignatureAge;
constexpr std::chrono::days kDay{1};
// Further ahead than bookings are possible.
constexpr std::chrono::days kAhead{400};

}  // namespace

Result<WebhookIntake::Outcome> WebhookIntake::take(std::string_view signature, std::string_view raw_body,
                                                   std::string_view request_id) {
  Result<Outcome> outcome = judged(signature, raw_body, request_id);
  const std::lock_guard lock(mutex_);
  if (!outcome) {
    ++(outcome.error().code == ErrorCode::storage_failed ? counts_.failed : counts_.refused);
  } else {
    switch (outcome.value()) {
      case Outcome::taken:
        ++counts_.taken;
        last_taken_ = parts_.clock.now();
        break;
      case Outcome::repeated:
        ++counts_.repeated;
        break;
      case Outcome::ignored:
        ++counts_.ignored;
        break;
    }
  }
  return outcome;
}

Result<WebhookIntake::Outcome> WebhookIntake::judged(std::string_view signature, std::string_view raw_body,
                                                     std::string_view request_id) {
  const Result<secrets::SecretString> key = parts_.subscription.signing_key();
  if (!key) return key.error();
  const Instant now = parts_.clock.now();
  const Result<std::string> digest = secrets::checked_webhook_signature(signature, raw_body, *key, now);
  if (!digest) return digest.error();
  const Result<calendly::Delivery> delivery = calendly::delivery_from_json(raw_body);
  if (!delivery) return delivery.error();
  if (delivery->kind == calendly::Delivery::Kind::other) return Outcome::ignored;

  using Kind = store::Change::Kind;
  if (delivery->kind == calendly::Delivery::Kind::types)
    return noted({Kind::types, {}}, *digest, "event types are read anew", request_id);

  // A booking without a readable time may be on any day.
  const DayRange all{utc_day_of(now) - kDay, utc_day_of(now) + kAhead};
  const DayRange touched = delivery->time ? slots::days_changed_by(*delivery->time) : all;
  const DayRange days{std::max(touched.begin, all.begin), std::min(touched.end, all.end)};
  if (days.begin >= days.end) return Outcome::ignored;
  return noted({Kind::days, days}, *digest,
               std::string(delivery->kind == calendly::Delivery::Kind::booked ? "booked: " : "canceled: ") +
                   text_from_day(days.begin) + ".." + text_from_day(days.end - kDay) + " looked at anew",
               request_id);
}

Result<WebhookIntake::Outcome> WebhookIntake::noted(const Changed& changed, const std::string& digest, const std::string& said,
                                                    std::string_view request_id) {
  const Instant now = parts_.clock.now();
  const Result<bool> is_new = parts_.store.take_delivery(digest, changed.kind, changed.days, now, now - kRemembered);
  if (!is_new) return is_new.error();
  if (!*is_new) return Outcome::repeated;
  // The log already has the change: if this fails, the next read of the log applies it.
  if (const auto spread = parts_.spread(); !spread) parts_.log.warn("webhook", request_id, spread.error().detail);
  parts_.log.info("webhook", request_id, said);
  return Outcome::taken;
}

std::optional<Instant> WebhookIntake::last_taken() const {
  const std::lock_guard lock(mutex_);
  return last_taken_;
}

WebhookIntake::Counts WebhookIntake::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace slotwire::live
