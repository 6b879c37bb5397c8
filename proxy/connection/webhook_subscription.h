#pragma once
// The webhook by which Calendly reports bookings and cancellations: subscribes for the connected account, keeps the signing key
// sealed, and ends the subscription. Deliveries are handled by live/webhook_intake.
#include <mutex>
#include <string>
#include <string_view>

#include "proxy/calendly/client.h"
#include "proxy/connection/connection.h"
#include "proxy/log/log.h"
#include "proxy/secrets/sealed_box.h"
#include "proxy/time/clock.h"

namespace slotwire::connection {

inline constexpr std::string_view kWebhookPath = "/api/webhooks/calendly";

// The address to which Calendly is to deliver, from this proxy's public address ("https://slots.example.com", plus a path if it
// runs under one). `takes_http`: upstream is a simulator on this machine, which may use plain http and local addresses. Errors:
// bad_input naming publicUrl, with the reason, for an address that Calendly cannot reach safely.
[[nodiscard]] Result<std::string> callback_from_public_url(std::string_view public_url, bool takes_http);

class WebhookSubscription {
 public:
  struct Parts {  // all borrowed; must outlive this
    Connection& connection;
    calendly::CalendlyClient& calendly;
    const secrets::SealedBox& box;
    const time::Clock& clock;
    log::Log& log;
    const secrets::SecretString& fixed_key;  // from the configuration; empty: each subscription gets a new key
    bool takes_http = false;
  };
  explicit WebhookSubscription(Parts parts) : parts_(parts) {}

  // Any thread. Calls that return Result<Done> block for Calendly and the disk, one at a time.

  // Replaces an earlier subscription of ours, or one for the same address by a program that lost its key. After a failure no
  // subscription that we know of is left at Calendly. Errors: bad_input naming publicUrl, not_connected in any mode but pat,
  // insufficient_scope naming webhooks:write, storage_failed, or Calendly's failure.
  [[nodiscard]] Result<Done> subscribe(std::string_view public_url, std::string_view by, std::string_view request_id);
  // Extends a subscription that covers only bookings to changes of event types, if Calendly allows it. The new subscription is
  // made before the old one is ended, so a refusal or a lost answer leaves a working one. For callers that read event types
  // anyway: failures are only logged.
  void extend(std::string_view request_id);
  // Ends the subscription at Calendly first, then here. Errors: not_found when there is none, and as above; nothing has changed
  // then.
  [[nodiscard]] Result<Done> unsubscribe(std::string_view request_id);
  // To be called after the connection was changed. If the account `before` had a subscription and the current one has none, tells
  // Calendly with the old token to stop delivering. False when that failed; deliveries then find no key here and are refused,
  // until Calendly gives up.
  [[nodiscard]] bool end_if_dropped(const Account& before, std::string_view request_id);

  // The key that signs deliveries. Errors: not_found when there is no subscription and no configured key, token_unreadable.
  [[nodiscard]] Result<secrets::SecretString> signing_key() const;
  // The state that Calendly reports: "active", "disabled", or "unknown" when it lists no such subscription. Errors: not_found
  // when there is no subscription, and as above.
  [[nodiscard]] Result<std::string> state_at_calendly();

 private:
  [[nodiscard]] calendly::Called<std::string> create(const Account& account, const std::string& callback,
                                                     const secrets::SecretString& key, calendly::WebhookEvents events);
  // Including changes of event types if Calendly allows that, otherwise only bookings.
  struct Made {
    std::string uri;
    bool tells_of_types;
  };
  [[nodiscard]] calendly::Called<Made> create_best(const Account& account, const std::string& callback,
                                                   const secrets::SecretString& key);
  [[nodiscard]] calendly::Called<Done> delete_at(const Account& account, const std::string& callback);
  [[nodiscard]] calendly::Called<std::vector<calendly::ListedWebhook>> listed(const Account& account);

  Parts parts_;
  std::mutex changes_;
};

}  // namespace slotwire::connection
