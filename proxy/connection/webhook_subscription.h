#pragma once
// Calendly's word to us when somebody books or cancels: subscribes for the connected account, keeps the signing key sealed,
// and takes the subscription back. What is delivered is live/webhook_intake's.
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

// Where Calendly is to deliver, from the address visitors know this proxy by ("https://slots.example.com", with a path when it
// lives under one). `takes_http`: upstream is a simulator on this machine, which reaches plain and local addresses.
// Errors: bad_input naming publicUrl, with what is wrong, for what Calendly cannot reach safely.
[[nodiscard]] Result<std::string> callback_from_public_url(std::string_view public_url, bool takes_http);

class WebhookSubscription {
 public:
  struct Parts {  // all borrowed; must outlive this
    Connection& connection;
    calendly::CalendlyClient& calendly;
    const secrets::SealedBox& box;
    const time::Clock& clock;
    log::Log& log;
    const secrets::SecretString& fixed_key;  // of the configuration; empty: a key is made for each subscription
    bool takes_http = false;
  };
  explicit WebhookSubscription(Parts parts) : parts_(parts) {}

  // All calls: any thread; those that return Result<Done> block for Calendly and the disk, one at a time.

  // Replaces what was subscribed before, here or, for the same address, by a program that lost its key. On failure nothing is
  // left behind at Calendly that we know of. Errors: bad_input naming publicUrl, not_connected in any mode but pat,
  // insufficient_scope naming webhooks:write, storage_failed, or why Calendly did not answer.
  [[nodiscard]] Result<Done> subscribe(std::string_view public_url, std::string_view by, std::string_view request_id);
  // Has a subscription that tells of bookings alone tell of event types as well, where Calendly allows it. The new one is made
  // before the old one is ended, so a refusal, or an answer that is lost, leaves what works as it is. For who reads event types
  // anyway: failures are only logged.
  void extend(std::string_view request_id);
  // At Calendly first, then here. Errors: not_found when nothing is subscribed, and as above; then all stays as it was.
  [[nodiscard]] Result<Done> unsubscribe(std::string_view request_id);
  // To be called when the connection was changed: when the account `before` was subscribed and the one of now is not, asks
  // Calendly, with the old token, to deliver no more. False when it could not be told; its deliveries then find no key here
  // and are refused, until it gives up.
  [[nodiscard]] bool end_if_dropped(const Account& before, std::string_view request_id);

  // What deliveries are signed with. Errors: not_found when nothing is subscribed and no key is configured, token_unreadable.
  [[nodiscard]] Result<secrets::SecretString> signing_key() const;
  // Calendly's own word on it: "active", "disabled", or "unknown" when it lists no such subscription.
  // Errors: not_found when nothing is subscribed, and as above.
  [[nodiscard]] Result<std::string> state_at_calendly();

 private:
  [[nodiscard]] calendly::Called<std::string> create(const Account& account, const std::string& callback,
                                                     const secrets::SecretString& key, calendly::WebhookEvents events);
  // With event types where Calendly allows that, else for bookings alone.
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
