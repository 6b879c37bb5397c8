// JSON about webhooks: subscription requests, and deliveries.
#include "proxy/calendly/webhook_json.h"

#include <catch_amalgamated.hpp>
#include <nlohmann/json.hpp>

#include "tests/proxy/fakes.h"

namespace slotwire::tests {
using namespace calendly;

TEST_CASE("webhooks: the body that subscribes asks for this user's bookings alone", "[proxy][live]") {
  const secrets::SecretString key("the-key");
  const auto body = nlohmann::json::parse(
      json_for_webhook({"https://slots.example.com/api/webhooks/calendly", "https://api.calendly.com/organizations/O",
                        "https://api.calendly.com/users/U", key}));
  CHECK(body == nlohmann::json{{"url", "https://slots.example.com/api/webhooks/calendly"},
                               {"events", {"invitee.created", "invitee.canceled"}},
                               {"organization", "https://api.calendly.com/organizations/O"},
                               {"user", "https://api.calendly.com/users/U"},
                               {"scope", "user"},
                               {"signing_key", "the-key"}});
}

TEST_CASE("webhooks: answers about subscriptions", "[proxy][live]") {
  CHECK(webhook_uri_from_calendly(R"({"resource":{"uri":"https://api.calendly.com/webhook_subscriptions/H"}})").value() ==
        "https://api.calendly.com/webhook_subscriptions/H");
  for (const char* json : {"", "{}", "[]", R"({"resource":{"uri":""}})", R"({"resource":"uri"})"})
    CHECK_FALSE(webhook_uri_from_calendly(json));
  const auto page = webhooks_from_calendly(
      R"({"collection":[{"uri":"u1","callback_url":"https://a","state":"active"},{"uri":null}],"pagination":{"next_page_token":"more"}})");
  REQUIRE(page);
  REQUIRE(page->webhooks.size() == 2);
  CHECK(page->webhooks[0].callback_url == "https://a");
  CHECK(page->next_page_token == "more");
  CHECK_FALSE(webhooks_from_calendly("{}"));
}

TEST_CASE("webhooks: a delivery tells what happened and when the booking is", "[proxy][live]") {
  const auto text = [](const std::string& event, const std::string& times) {
    return R"({"event":")" + event + R"(","created_at":"2026-01-05T10:00:00.000000Z","payload":{"scheduled_event":)" + times +
           "}}";
  };
  const std::string times = R"({"start_time":"2026-01-06T23:30:00.000000Z","end_time":"2026-01-07T00:30:00.000000Z"})";
  const auto booked = delivery_from_json(text("invitee.created", times));
  REQUIRE(booked);
  CHECK(booked->kind == Delivery::Kind::booked);
  CHECK(booked->time == InstantRange{instant("2026-01-06T23:30:00Z"), instant("2026-01-07T00:30:00Z")});
  CHECK(delivery_from_json(text("invitee.canceled", times))->kind == Delivery::Kind::canceled);
  CHECK(delivery_from_json(text("invitee_no_show.created", times))->kind == Delivery::Kind::other);
  // A booking whose time cannot be read still counts as a booking.
  for (const char* wrong : {"{}", "null", "7", R"({"start_time":"soon","end_time":"later"})",
                            R"({"start_time":"2026-01-07T00:30:00Z","end_time":"2026-01-06T23:30:00Z"})"}) {
    INFO(wrong);
    const auto unread = delivery_from_json(text("invitee.created", wrong));
    REQUIRE(unread);
    CHECK(unread->kind == Delivery::Kind::booked);
    CHECK_FALSE(unread->time);
  }
  for (const char* wrong : {"", "[]", "7", "\xff", "{"}) CHECK_FALSE(delivery_from_json(wrong));
}

}  // namespace slotwire::tests
