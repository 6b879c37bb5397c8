#include "tests/sim/webhook_deliveries.h"

#include <algorithm>
#include <array>
#include <httplib.h>
#include <iostream>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace slotwire::sim {
namespace {

using std::chrono::milliseconds;

constexpr int kMostAttempts = 10;
constexpr std::size_t kLogged = 500;

// Calendly retries for a day; tests have less time.
milliseconds wait_before(int attempt) { return milliseconds(250) * (1 << std::min(attempt - 1, 6)); }

Instant wall_now() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

std::string signature_of(const std::string& key, const std::string& body, std::chrono::seconds age) {
  const std::string time = std::to_string(std::chrono::floor<std::chrono::seconds>(wall_now() - age).time_since_epoch().count());
  const std::string text = time + "." + body;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       digest.data(), &size);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[digest[i] >> 4];
    hex += "0123456789abcdef"[digest[i] & 15];
  }
  return "t=" + time + ",v1=" + hex;
}

std::string body_of(const WebhookSubscription& webhook, const std::string& event, Json payload) {
  return Json{{"event", event},
              {"created_at", calendly_text_from_instant(wall_now())},
              {"created_by", webhook.creator_uri},
              {"payload", std::move(payload)}}
      .dump();
}

}  // namespace

WebhookDeliveries::WebhookDeliveries()
    : thread_(1, [](std::string_view what) { std::cerr << "a delivery failed: " << what << std::endl; }) {}

void WebhookDeliveries::announce(const std::vector<WebhookSubscription>& webhooks, const std::string& event, Json payload) {
  const std::lock_guard lock(mutex_);
  for (const WebhookSubscription& webhook : webhooks) {
    if (std::ranges::find(webhook.events, event) == webhook.events.end()) continue;
    thread_.post([this, waiting = Waiting{webhook, event, body_of(webhook, event, payload), round_}] { deliver(waiting); });
  }
}

Json WebhookDeliveries::send_now(const WebhookSubscription& webhook, const std::string& event, Json payload,
                                 const std::string& how, std::chrono::seconds age) {
  Sent sent;
  sent.body = body_of(webhook, event, std::move(payload));
  sent.signature = signature_of(how == "forged" ? webhook.signing_key + "x" : webhook.signing_key, sent.body, age);
  if (how == "unsigned") sent.signature.clear();
  if (how == "changed") sent.body.replace(sent.body.find("invitee"), 7, "Invitee");
  if (how == "replayed") {
    const std::lock_guard lock(mutex_);
    const auto last = last_sent_.find(webhook.uuid);
    if (last == last_sent_.end()) return {{"status", 0}, {"body", "nothing was sent yet"}};
    sent = last->second;
  }
  const Received received = post(webhook, sent);
  return {{"status", received.status}, {"body", received.body}};
}

Json WebhookDeliveries::log() const {
  const std::lock_guard lock(mutex_);
  return Json(log_);
}

void WebhookDeliveries::clear() {
  const std::lock_guard lock(mutex_);
  ++round_;
  last_sent_.clear();
  log_.clear();
}

void WebhookDeliveries::deliver(Waiting waiting) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting.round != round_) return;
  }
  const Received received = post(waiting.webhook, {signature_of(waiting.webhook.signing_key, waiting.body, {}), waiting.body});
  {
    const std::lock_guard lock(mutex_);
    log_.push_back({{"url", waiting.webhook.url},
                    {"event", waiting.event},
                    {"status", received.status},
                    {"attempt", waiting.attempt},
                    {"body", Json::parse(waiting.body)}});
    if (log_.size() > kLogged) log_.pop_front();
  }
  if (received.status >= 200 && received.status < 300) return;
  if (++waiting.attempt > kMostAttempts) return;
  const milliseconds wait = wait_before(waiting.attempt);
  thread_.post_after(wait, [this, waiting = std::move(waiting)] { deliver(waiting); });
}

WebhookDeliveries::Received WebhookDeliveries::post(const WebhookSubscription& webhook, const Sent& sent) {
  const std::size_t host = webhook.url.find("://") + 3;
  const std::size_t path = std::min(webhook.url.find('/', host), webhook.url.size());
  httplib::Client client(webhook.url.substr(0, path));
  client.set_connection_timeout(std::chrono::seconds(2));
  client.set_read_timeout(std::chrono::seconds(5));
  httplib::Headers headers;
  if (!sent.signature.empty()) headers.emplace("Calendly-Webhook-Signature", sent.signature);
  {
    const std::lock_guard lock(mutex_);
    last_sent_[webhook.uuid] = sent;
  }
  const std::string target = path < webhook.url.size() ? webhook.url.substr(path) : "/";
  const httplib::Result result = client.Post(target, headers, sent.body, "application/json");
  return result ? Received{result->status, result->body} : Received{};
}

}  // namespace slotwire::sim
