// Subscribing for the account, with a simulated Calendly; and deliveries whose days could not be stored at first.
#include <array>
#include <catch_amalgamated.hpp>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "proxy/live/webhook_intake.h"
#include "proxy/slots/slot_service.h"
#include "tests/proxy/service_fixture.h"

namespace slotwire::tests {
using namespace calendly;
using namespace connection;
namespace {

constexpr std::string_view kUrl = "https://slots.example.com";
constexpr std::string_view kCallback = "https://slots.example.com/api/webhooks/calendly";

struct World : ServiceFixture {
  World() {
    wire.answer([this](const UpstreamRequest& request) -> Exchange {
      if (!request.target.starts_with("/webhook_subscriptions")) return usual_answer(request);
      if (request.method == "POST" && request.body != "{}") sent.push_back(nlohmann::json::parse(request.body));
      if (request.method == "POST" && request.body == "{}") return upstream(400, "{}");  // the check of scopes
      return webhooks(request);
    });
    open_connection();
    REQUIRE(connection->set_token(secrets::SecretString("eyJ.good.token"), "test", ""));
    wire.log.clear();
  }
  [[nodiscard]] const std::optional<store::Webhook>& kept() { return (account = connection->account())->record.webhook; }

  secrets::SecretString no_key;
  std::vector<nlohmann::json> sent;
  TableTransport::Answer webhooks = [](const UpstreamRequest&) -> Exchange {
    return upstream(201, R"({"resource":{"uri":"https://api.calendly.com/webhook_subscriptions/NEW"}})");
  };
  std::shared_ptr<const Account> account;
};

}  // namespace

TEST_CASE("callback_from_public_url: what Calendly can reach, and what it cannot", "[proxy][live]") {
  for (const char* url :
       {"https://slots.example.com", "https://slots.example.com/", "https://slots.example.com/api/webhooks/calendly"}) {
    CHECK(callback_from_public_url(url, false).value() == kCallback);
  }
  CHECK(callback_from_public_url("https://example.com:8443/slots/", false).value() ==
        "https://example.com:8443/slots/api/webhooks/calendly");
  CHECK(callback_from_public_url("https://[2001:db8::1]", false));
  for (const char* url : {"",
                          "slots.example.com",
                          "http://slots.example.com",
                          "ftp://slots.example.com",
                          "https://",
                          "https:///x",
                          "https://user@example.com",
                          "https://example.com/?a=b",
                          "https://example.com/#a",
                          "https://exa mple.com",
                          "https://example.com:",
                          "https://example.com:1a",
                          "https://localhost",
                          "https://localhost:3000",
                          "https://a.localhost",
                          "https://printer.local",
                          "https://db.internal",
                          "https://intranet",
                          "https://127.0.0.1",
                          "https://10.1.2.3",
                          "https://172.20.0.1",
                          "https://192.168.1.1",
                          "https://169.254.169.254",
                          "https://[::1]",
                          "https://[fe80::1]",
                          "https://[fd00::1]"}) {
    INFO(url);
    const auto refused = callback_from_public_url(url, false);
    REQUIRE(!refused);
    REQUIRE(refused.error().details.size() == 1);
    CHECK(refused.error().details[0].field == "publicUrl");
  }
  CHECK(callback_from_public_url("http://127.0.0.1:3000", true));
  CHECK_FALSE(callback_from_public_url("ftp://127.0.0.1:3000", true));
}

TEST_CASE("WebhookSubscription: the key that Calendly gets is the one that opens here", "[proxy][live]") {
  World world;
  WebhookSubscription webhook({*world.connection, world.calendly, world.box, world.clock, world.log, world.no_key});
  CHECK(webhook.signing_key().error().code == ErrorCode::not_found);
  REQUIRE(webhook.subscribe(kUrl, "tester", ""));
  REQUIRE(world.sent.size() == 1);
  CHECK(world.sent[0]["url"] == kCallback);
  CHECK(webhook.signing_key().value().reveal() == world.sent[0]["signing_key"].get<std::string>());
  REQUIRE(world.kept());
  CHECK(world.kept()->created_by == "tester");
  CHECK(world.kept()->sealed_key.find(world.sent[0]["signing_key"].get<std::string>()) == std::string::npos);
}

TEST_CASE("WebhookSubscription: lost on the way, it is asked for once more, and found to be there", "[proxy][live]") {
  World world;
  int posts = 0;
  world.webhooks = [&](const UpstreamRequest& request) -> Exchange {
    if (request.method == "DELETE") return upstream(204, "");
    if (request.method == "GET") {
      return upstream(
          200,
          R"({"collection":[{"uri":"https://api.calendly.com/webhook_subscriptions/OTHER","callback_url":"https://other.example.com","state":"active"},)"
          R"({"uri":"https://api.calendly.com/webhook_subscriptions/OLD","callback_url":"https://slots.example.com/api/webhooks/calendly","state":"active"}],"pagination":{}})");
    }
    switch (++posts) {
      case 1:
        return TransportFailure::cut_off;
      case 2:
        return upstream(409, R"({"title":"Already Exists"})");
      default:
        return upstream(201, R"({"resource":{"uri":"https://api.calendly.com/webhook_subscriptions/NEW"}})");
    }
  };
  WebhookSubscription webhook({*world.connection, world.calendly, world.box, world.clock, world.log, world.no_key});
  REQUIRE(webhook.subscribe(kUrl, "tester", ""));
  CHECK(posts == 3);
  CHECK(world.wire.calls_to("/webhook_subscriptions/OLD") == 1);
  CHECK(world.wire.calls_to("/webhook_subscriptions/OTHER") == 0);
  CHECK(world.kept()->uri == "https://api.calendly.com/webhook_subscriptions/NEW");
  CHECK(webhook.signing_key().value().reveal() == world.sent.back()["signing_key"].get<std::string>());
}

TEST_CASE("WebhookSubscription: when Calendly cannot end it, it stays here too", "[proxy][live]") {
  World world;
  WebhookSubscription webhook({*world.connection, world.calendly, world.box, world.clock, world.log, world.no_key});
  REQUIRE(webhook.subscribe(kUrl, "tester", ""));
  world.webhooks = [](const UpstreamRequest&) -> Exchange { return upstream(503, "<html>"); };
  CHECK_FALSE(webhook.unsubscribe(""));
  CHECK(world.kept());
  world.webhooks = [](const UpstreamRequest&) -> Exchange { return upstream(404, "{}"); };
  CHECK(webhook.unsubscribe(""));
  CHECK_FALSE(world.kept());
}

// One of two servers had recorded a delivery and died before it recorded the days. Calendly delivered it again to the other one,
// which ignored it as a repetition.
TEST_CASE("WebhookIntake: a delivery and its days are noted together, once", "[proxy][live]") {
  World world;
  const secrets::SecretString key("a-key-from-the-configuration-32-bytes");
  const WebhookSubscription webhook({*world.connection, world.calendly, world.box, world.clock, world.log, key});
  const std::int64_t before = world.store->last_change().value();
  int spread = 0;
  live::WebhookIntake intake({webhook, *world.store, world.clock, world.log, [&]() -> Result<Done> {
                                ++spread;
                                return Error{ErrorCode::storage_failed, "the log cannot be read just now"};
                              }});
  const std::string body =
      R"({"event":"invitee.created","payload":{"scheduled_event":{"start_time":"2026-01-07T14:00:00.000000Z","end_time":"2026-01-07T14:30:00.000000Z"}}})";
  const std::string time = std::to_string(std::chrono::floor<std::chrono::seconds>(world.clock.now()).time_since_epoch().count());
  const std::string text = time + "." + body;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.reveal().data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest.data(), &size);
  std::string signature = "t=" + time + ",v1=";
  for (unsigned int i = 0; i < size; ++i) {
    signature += "0123456789abcdef"[digest[i] >> 4];
    signature += "0123456789abcdef"[digest[i] & 15];
  }
  // A recorded delivery counts, whether or not it could be processed at once.
  CHECK(intake.take(signature, body, "").value() == live::WebhookIntake::Outcome::taken);
  CHECK(intake.take(signature, body, "").value() == live::WebhookIntake::Outcome::repeated);
  const std::vector<store::Change> changes = world.store->changes_since(before).value();
  REQUIRE(changes.size() == 1);
  CHECK(changes.front().days == DayRange{day("2026-01-06"), day("2026-01-09")});
  CHECK(spread == 1);
  CHECK(intake.last_taken() == world.clock.now());
  CHECK(intake.counts().taken == 1);
  CHECK(intake.counts().repeated == 1);
}

TEST_CASE("days_changed_by: a booking's own days and one on each side", "[proxy][live]") {
  CHECK(slots::days_changed_by({instant("2026-01-07T14:00:00Z"), instant("2026-01-07T14:30:00Z")}) ==
        DayRange{day("2026-01-06"), day("2026-01-09")});
  CHECK(slots::days_changed_by({instant("2026-01-07T23:30:00Z"), instant("2026-01-08T00:30:00Z")}) ==
        DayRange{day("2026-01-06"), day("2026-01-10")});
}

}  // namespace slotwire::tests
