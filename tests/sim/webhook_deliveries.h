#pragma once
// Delivers webhooks over HTTP: notifies subscribers of bookings and cancellations, signed, and retries until they answer 2xx.
// Tests can read the log, and send deliveries that Calendly would never send.
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "proxy/time/workers.h"
#include "tests/sim/booking_ledger.h"

namespace slotwire::sim {

// Thread-safe.
class WebhookDeliveries {
 public:
  WebhookDeliveries();

  // Queues a delivery for each subscription to this event ("invitee.created"). Does not wait.
  void announce(const std::vector<WebhookSubscription>& webhooks, const std::string& event, Json payload);
  // Sends one delivery now, outside the queue. `how`: valid, forged (signed with another key), unsigned, changed (the body after
  // signing), or replayed (the last delivery to this subscription, byte for byte); `age_s` backdates it. Returns the subscriber's
  // answer: {"status", "body"}.
  [[nodiscard]] Json send_now(const WebhookSubscription& webhook, const std::string& event, Json payload, const std::string& how,
                              std::chrono::seconds age);
  // Every attempt: url, event, status (0: no answer), attempt, body.
  [[nodiscard]] Json log() const;
  // Forgets the log and all queued deliveries.
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
  struct Received {
    int status = 0;
    std::string body;
  };

  void deliver(Waiting waiting);
  [[nodiscard]] Received post(const WebhookSubscription& webhook, const Sent& sent);

  mutable std::mutex mutex_;
  std::map<std::string, Sent> last_sent_;  // by subscription
  std::deque<Json> log_;
  std::uint64_t round_ = 0;     // incremented by clear()
  time::WorkerThreads thread_;  // one, so that deliveries are in order; last, so that it stops before the members its tasks use
};

}  // namespace slotwire::sim
