#include "proxy/connection/webhook_subscription.h"

#include <algorithm>
#include <array>
#include <utility>

#include "proxy/net/addresses.h"
#include "proxy/secrets/webhook_signature.h"
#include "proxy/text/url.h"

namespace slotwire::connection {

using calendly::Called;
using calendly::CallFailure;
using calendly::ListedWebhook;
using calendly::Urgency;

namespace {

constexpr int kMostPages = 20;
constexpr std::size_t kLongestUrl = 500;
// Calendly accepts one subscription per address, so the one that includes event types uses another address of the same path.
constexpr std::string_view kWithTypes = "?with=event-types";

// Calendly may refuse what the account, its plan or a user's scope does not allow, with varying wording.
bool is_refusal(const CallFailure& failure) {
  return failure.status >= 400 && failure.status < 500 && failure.status != 401 && failure.status != 408 &&
         failure.status != 409 && failure.status != 429;
}

Error not_subscribed() { return {ErrorCode::not_found, "Calendly is not asked to tell of bookings: nothing is subscribed."}; }

Error wrong_url(std::string what) { return bad_input("publicUrl", std::move(what)); }

Result<Done> check_connected(const Account& account) {
  if (account.record.mode != ConnectionMode::pat) return Error{ErrorCode::not_connected, "No Calendly account is connected."};
  if (!account.token) return account.problem.value_or(Error{ErrorCode::token_unreadable, "The stored token cannot be opened."});
  return Done{};
}

// Rewords Calendly's refusals for the admin who subscribes.
Error for_admin(const CallFailure& failure) {
  if (calendly::is_plan_gate(failure.refusal)) {
    return {ErrorCode::insufficient_scope,
            "Calendly does not let this account subscribe to bookings.",
            {{"account", "needs a Calendly plan that includes webhooks"}}};
  }
  if (failure.error.code == ErrorCode::insufficient_scope && failure.error.details.empty()) {
    Error error = failure.error;
    error.detail = "Calendly lets this token subscribe to nothing.";
    error.details.push_back({"accessToken", "needs the scope webhooks:write"});
    return error;
  }
  if (failure.status == 400) return wrong_url("was not accepted by Calendly");
  if (failure.status == 409) {
    return {ErrorCode::calendly_unavailable,
            "Calendly says that this address is subscribed already, and does not list it for this user."};
  }
  return failure.error;
}

bool is_reachable_host(std::string_view host) {
  const auto ends_in = [&](std::string_view end) { return host == end.substr(1) || host.ends_with(end); };
  for (const std::string_view end : {".localhost", ".local", ".internal", ".lan", ".home.arpa"}) {
    if (ends_in(end)) return false;
  }
  const auto address = net::address_from_text(host);
  if (!address) return host.find('.') != std::string_view::npos;
  constexpr std::array<std::string_view, 10> kPrivate = {"0.0.0.0/8",      "10.0.0.0/8",    "100.64.0.0/10",  "127.0.0.0/8",
                                                         "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "::/127",
                                                         "fc00::/7",       "fe80::/10"};
  return std::none_of(kPrivate.begin(), kPrivate.end(), [&](std::string_view range) {
    const Result<net::AddressRange> parsed = net::address_range_from_text(range);
    return parsed && parsed->contains(*address);
  });
}

}  // namespace

Result<std::string> callback_from_public_url(std::string_view public_url, bool takes_http) {
  std::string url(public_url);
  while (url.ends_with('/')) url.pop_back();
  if (url.ends_with(kWebhookPath)) url.resize(url.size() - kWebhookPath.size());
  if (url.empty() || url.size() > kLongestUrl) return wrong_url("must be the address visitors reach this proxy at");
  const bool is_https = url.starts_with("https://");
  if (!is_https && !(takes_http && url.starts_with("http://"))) {
    return wrong_url("must begin with https://: Calendly delivers over the internet, and only encrypted");
  }
  const auto is_wrong = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f || c == '?' || c == '#' || c == '@' ||
           c == '\\' || c == '"' || c == '<' || c == '>';
  };
  if (std::any_of(url.begin(), url.end(), is_wrong))
    return wrong_url("must be an address alone, without user, query or fragment");
  const std::optional<text::Url> parts = text::url_from_text(url);
  if (!parts || parts->host.empty()) return wrong_url("must name a host");
  if (!takes_http && !is_reachable_host(parts->host)) {
    return wrong_url("must be reachable from the internet, which " + std::string(parts->host) + " is not");
  }
  return url + std::string(kWebhookPath);
}

Result<Done> WebhookSubscription::subscribe(std::string_view public_url, std::string_view by, std::string_view request_id) {
  Result<std::string> callback = callback_from_public_url(public_url, parts_.takes_http);
  if (!callback) return callback.error();
  const std::lock_guard changing(changes_);
  const std::shared_ptr<const Account> account = parts_.connection.account();
  if (const auto connected = check_connected(*account); !connected) return connected.error();

  const secrets::SecretString key = parts_.fixed_key.empty() ? secrets::fresh_signing_key() : parts_.fixed_key.clone();
  Result<std::string> sealed = parts_.box.seal(key, kWebhookKeyIdentity);
  if (!sealed) return sealed.error();

  Called<Made> created = create_best(*account, *callback, key);
  if (auto* failure = std::get_if<CallFailure>(&created); failure && failure->status == 409) {
    // The address is ours: a subscription with an older key of this proxy, or of a database that was lost.
    const Called<Done> deleted = delete_at(*account, *callback);
    if (const auto* trouble = std::get_if<CallFailure>(&deleted)) return for_admin(*trouble);
    created = create_best(*account, *callback, key);
  }
  if (const auto* failure = std::get_if<CallFailure>(&created)) {
    if (failure->error.code == ErrorCode::token_rejected) parts_.connection.note_problem(account->generation, failure->error);
    return for_admin(*failure);
  }
  const auto& [uri, tells_of_types] = std::get<Made>(created);
  const store::Webhook webhook{uri, *callback, std::move(*sealed), std::string(by), parts_.clock.now(), tells_of_types};
  if (const auto saved = parts_.connection.save_webhook(account->generation, webhook); !saved) {
    // Without its key here the subscription would be useless.
    static_cast<void>(parts_.calendly.delete_webhook(*account->token, uri, {Urgency::reserved}));
    return saved.error();
  }
  if (const auto& before = account->record.webhook; before && before->callback_url != *callback) {
    const Called<Done> deleted = parts_.calendly.delete_webhook(*account->token, before->uri, {Urgency::reserved});
    if (std::holds_alternative<CallFailure>(deleted)) {
      parts_.log.warn("webhook", request_id, "Calendly still delivers to the address before, " + before->callback_url);
    }
  }
  parts_.log.info("webhook", request_id, "subscribed: Calendly delivers to " + *callback);
  if (!tells_of_types)
    parts_.log.info("webhook", request_id, "Calendly tells of bookings alone; event types are read when they are old");
  return Done{};
}

void WebhookSubscription::extend(std::string_view request_id) {
  const std::lock_guard changing(changes_);
  const std::shared_ptr<const Account> account = parts_.connection.account();
  const std::optional<store::Webhook>& before = account->record.webhook;
  if (!before || before->tells_of_types || !check_connected(*account)) return;
  const secrets::SecretString key = parts_.fixed_key.empty() ? secrets::fresh_signing_key() : parts_.fixed_key.clone();
  Result<std::string> sealed = parts_.box.seal(key, kWebhookKeyIdentity);
  if (!sealed) return parts_.log.warn("webhook", request_id, sealed.error().detail);
  const std::string address = before->callback_url.substr(0, before->callback_url.find('?'));
  const std::string callback = before->callback_url == address ? address + std::string(kWithTypes) : address;
  const auto told = [&](const std::string& why) {
    parts_.log.info("webhook", request_id, "Calendly goes on telling of bookings alone: " + why);
  };
  Called<std::string> created = create(*account, callback, key, calendly::WebhookEvents::bookings_and_types);
  if (const auto* failure = std::get_if<CallFailure>(&created)) return told(failure->error.detail);
  const std::string uri = std::get<std::string>(std::move(created));
  const store::Webhook webhook{uri, callback, std::move(*sealed), before->created_by, before->created_at, true};
  if (const auto saved = parts_.connection.save_webhook(account->generation, webhook); !saved) {
    static_cast<void>(parts_.calendly.delete_webhook(*account->token, uri, {Urgency::reserved}));
    return told(saved.error().detail);
  }
  // If it stays, its deliveries are refused because they are signed with an older key, or accepted twice, which changes nothing.
  const Called<Done> deleted = parts_.calendly.delete_webhook(*account->token, before->uri, {Urgency::reserved});
  if (std::holds_alternative<CallFailure>(deleted))
    parts_.log.warn("webhook", request_id, "Calendly still delivers for the subscription before, too");
  parts_.log.info("webhook", request_id, "Calendly tells of event types from now on");
}

Result<Done> WebhookSubscription::unsubscribe(std::string_view request_id) {
  const std::lock_guard changing(changes_);
  const std::shared_ptr<const Account> account = parts_.connection.account();
  if (!account->record.webhook) return not_subscribed();
  if (const auto connected = check_connected(*account); !connected) return connected.error();
  const Called<Done> deleted = parts_.calendly.delete_webhook(*account->token, account->record.webhook->uri, {Urgency::reserved});
  if (const auto* failure = std::get_if<CallFailure>(&deleted)) return for_admin(*failure);
  if (const auto saved = parts_.connection.save_webhook(account->generation, std::nullopt); !saved) return saved.error();
  parts_.log.info("webhook", request_id, "unsubscribed");
  return Done{};
}

bool WebhookSubscription::end_if_dropped(const Account& before, std::string_view request_id) {
  if (!before.record.webhook || parts_.connection.account()->record.webhook) return true;
  // Short, so that disconnecting does not wait for a Calendly that hangs.
  constexpr std::chrono::seconds kLongestWait{4};
  const bool is_ended = before.token && !std::holds_alternative<CallFailure>(parts_.calendly.delete_webhook(
                                            *before.token, before.record.webhook->uri, {Urgency::reserved, kLongestWait}));
  if (!is_ended)
    parts_.log.warn("webhook", request_id, "Calendly could not be told to end its deliveries; they are refused from now on");
  return is_ended;
}

Result<secrets::SecretString> WebhookSubscription::signing_key() const {
  if (!parts_.fixed_key.empty()) return parts_.fixed_key.clone();
  const std::shared_ptr<const Account> account = parts_.connection.account();
  if (!account->record.webhook) return not_subscribed();
  return parts_.box.open(account->record.webhook->sealed_key, kWebhookKeyIdentity);
}

Result<std::string> WebhookSubscription::state_at_calendly() {
  const std::shared_ptr<const Account> account = parts_.connection.account();
  if (!account->record.webhook) return not_subscribed();
  if (const auto connected = check_connected(*account); !connected) return connected.error();
  const Called<std::vector<ListedWebhook>> found = listed(*account);
  if (const auto* failure = std::get_if<CallFailure>(&found)) return for_admin(*failure);
  for (const ListedWebhook& webhook : std::get<std::vector<ListedWebhook>>(found)) {
    if (webhook.uri == account->record.webhook->uri) return webhook.state;
  }
  return std::string("unknown");
}

Called<std::string> WebhookSubscription::create(const Account& account, const std::string& callback,
                                                const secrets::SecretString& key, calendly::WebhookEvents events) {
  const calendly::WebhookWish wish{callback, account.record.organization_uri, account.record.user_uri, key, events};
  Called<std::string> created = parts_.calendly.create_webhook(*account.token, wish, {Urgency::reserved});
  const auto* failure = std::get_if<CallFailure>(&created);
  // No answer at all: a kept-alive connection may just have closed. Retrying is safe: if the first request arrived, Calendly
  // answers 409.
  if (failure && failure->status == 0 && failure->is_retryable)
    created = parts_.calendly.create_webhook(*account.token, wish, {Urgency::reserved});
  return created;
}

Called<WebhookSubscription::Made> WebhookSubscription::create_best(const Account& account, const std::string& callback,
                                                                   const secrets::SecretString& key) {
  Called<std::string> created = create(account, callback, key, calendly::WebhookEvents::bookings_and_types);
  const auto* failure = std::get_if<CallFailure>(&created);
  const bool is_for_bookings = failure && is_refusal(*failure);
  if (is_for_bookings) created = create(account, callback, key, calendly::WebhookEvents::bookings);
  if (auto* last = std::get_if<CallFailure>(&created)) return std::move(*last);
  return Made{std::get<std::string>(std::move(created)), !is_for_bookings};
}

Called<Done> WebhookSubscription::delete_at(const Account& account, const std::string& callback) {
  Called<std::vector<ListedWebhook>> found = listed(account);
  if (auto* failure = std::get_if<CallFailure>(&found)) return std::move(*failure);
  for (const ListedWebhook& webhook : std::get<std::vector<ListedWebhook>>(found)) {
    if (webhook.callback_url != callback && webhook.callback_url != callback + std::string(kWithTypes)) continue;
    Called<Done> deleted = parts_.calendly.delete_webhook(*account.token, webhook.uri, {Urgency::reserved});
    if (std::holds_alternative<CallFailure>(deleted)) return deleted;
  }
  return Done{};
}

Called<std::vector<ListedWebhook>> WebhookSubscription::listed(const Account& account) {
  std::vector<ListedWebhook> all;
  std::string page_token;
  for (int page = 0; page < kMostPages; ++page) {
    Called<calendly::WebhookPage> called = parts_.calendly.webhooks(*account.token, account.record.organization_uri,
                                                                    account.record.user_uri, page_token, {Urgency::reserved});
    if (auto* failure = std::get_if<CallFailure>(&called)) return std::move(*failure);
    auto& found = std::get<calendly::WebhookPage>(called);
    std::move(found.webhooks.begin(), found.webhooks.end(), std::back_inserter(all));
    if (!found.next_page_token) break;
    page_token = *found.next_page_token;
  }
  return all;
}

}  // namespace slotwire::connection
