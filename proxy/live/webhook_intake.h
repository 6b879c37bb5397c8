#pragma once
// Receives Calendly's deliveries: checks the signature, accepts each once, and turns it into days whose slots have changed.
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "proxy/connection/webhook_subscription.h"
#include "proxy/log/log.h"
#include "proxy/store/store.h"
#include "proxy/time/clock.h"

namespace slotwire::live {

class WebhookIntake {
 public:
  struct Parts {  // all borrowed; must outlive this
    const connection::WebhookSubscription& subscription;
    store::Store& store;
    const time::Clock& clock;
    log::Log& log;
    std::function<Result<Done>()> spread;  // applies the changed days, which are in the store's log, on all servers
  };
  explicit WebhookIntake(Parts parts) : parts_(std::move(parts)) {}

  enum class Outcome {
    taken,     // the booking's days, or the event types, count as changed
    repeated,  // received before
    ignored,   // about something else
  };
  // Blocks for the disk. Errors: not_found when there is no subscription, bad_signature, bad_input for a body that is not a JSON
  // object, token_unreadable; storage_failed, so that Calendly delivers it again.
  [[nodiscard]] Result<Outcome> take(std::string_view signature, std::string_view raw_body, std::string_view request_id);

  // The last delivery accepted here since the program began.
  [[nodiscard]] std::optional<Instant> last_taken() const;
  struct Counts {
    std::uint64_t taken = 0, repeated = 0, ignored = 0, refused = 0, failed = 0;
  };
  [[nodiscard]] Counts counts() const;

 private:
  [[nodiscard]] Result<Outcome> judged(std::string_view signature, std::string_view raw_body, std::string_view request_id);

  struct Changed {
    store::Change::Kind kind;
    DayRange days;
  };
  // Accepts it once; the change is written to the log together with it.
  [[nodiscard]] Result<Outcome> noted(const Changed& changed, const std::string& digest, const std::string& said,
                                      std::string_view request_id);

  Parts parts_;
  mutable std::mutex mutex_;
  std::optional<Instant> last_taken_;
  Counts counts_;
};

}  // namespace slotwire::live
