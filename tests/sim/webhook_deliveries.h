#pragma once
// Webhooks for real: tells subscribers what was booked and canceled, signed, again and again until they say 2xx. Tests read
// the log, and send what Calendly would never send.
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "proxy/time/workers.h"
#include "tests/sim/booking_ledger.h"

namespace slotwire::sim {

// Safe from any thread.
class WebhookDeliveries {
 public:
  WebhookDeliveries();

  // To every one of the subscriptions that wants this event ("invitee.created"). Does not wait.
  void announce(const std::vector<WebhookSubscription>& webhooks, const std::string& event, Json payload);
  // One delivery now, outside the queue. `how`: valid, forged (another key), unsigned, changed (the body after signing),
  // or replayed (the last that was sent to this subscription, byte for byte); `age_s` makes it look that old. Returns what
  // the subscriber answered: {"status", "body"}.
  [[nodiscard]] Json send_now(const WebhookSubscription& webhook, const std::string& event, Json payload, const std::string& how,
                              std::chrono::seconds age);
  // Every attempt: url, event, status (0: no answer), attempt, body.
  [[nodiscard]] Json log() const;
  // Forgets what was sent and what waits.
  void clear();

 private:
  struct Waiting {
    WebhookSubscription webhook;
    std::string event;
    std::string body;
    std::uint64_t round;
    int attempt = 1;
  };
  struct Sent {
    std::string signature;
    std::string body;
  };
  struct Heard {
    int status = 0;
    std::string body;
  };

  void deliver(Waiting waiting);
  [[nodiscard]] Heard post(const WebhookSubscription& webhook, const Sent& sent);

  mutable std::mutex mutex_;
  std::map<std::string, Sent> last_sent_;  // by subscription
  std::deque<Json> log_;
  std::uint64_t round_ = 0;     // grows when all is forgotten
  time::WorkerThreads thread_;  // one, so that deliveries come in order; last, so that it ends before what its tasks use
};

}  // namespace slotwire::sim
