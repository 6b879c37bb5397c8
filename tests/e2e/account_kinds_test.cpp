// The whole product against accounts of every kind: each setting of the simulator that reproduces a difference of the live
// service between accounts or years. Connect, free times, a booking, the same time again, reads and a cancellation through
// /calendly/v2.
#include <catch_amalgamated.hpp>

#include "tests/e2e/booking.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

struct Kind {
  const char* name;
  Json account;  // settings of the simulator
};

std::vector<Kind> all_kinds() {
  return {{"as usual", Json::object()},
          {"odd event types", {{"odd_event_types", true}}},
          {"errors without codes", {{"names_error_codes", false}}},
          {"errors as messages alone", {{"names_error_codes", false}, {"error_text", "message"}}},
          {"errors in details", {{"error_text", "details"}}},
          {"next_page alone", {{"lists_page_tokens", false}, {"event_types", 130}}},
          {"times without decimals", {{"plain_times", true}}},
          {"starts as they are listed", {{"books_only_listed_text", true}}},
          {"starts as they are listed, without decimals", {{"books_only_listed_text", true}, {"plain_times", true}}},
          {"no reasons for a cancellation", {{"refuses_cancel_reasons", true}}},
          {"no webhooks in the plan", {{"plan_gates", {"webhook_subscriptions", "webhook_list"}}}},
          {"no links in the plan, scopes unnamed", {{"plan_gates", {"scheduling_links"}}, {"names_required_scopes", false}}},
          {"a month at once", {{"longest_range_days", 31}}},
          {"no slot at the range's end", {{"shows_end_edge", false}}}};
}

Reply api(const Stack& stack, const std::string& method, const std::string& target, const Json& body = nullptr) {
  Fields fields = bearer(jwt_for("admin"));
  if (!body.is_null()) fields.emplace("Content-Type", "application/json");
  return stack.proxy->http().send(method, "/calendly/v2" + target, fields, body.is_null() ? "" : body.dump());
}

}  // namespace

TEST_CASE("kinds of accounts: connect, times, booking, reads and cancellation work with each", "[e2e][kinds]") {
  const Kind kind = GENERATE(from_range(all_kinds()));
  INFO(kind.name);
  Stack stack({.connected = false});
  stack.simulator.set("account", kind.account);
  const Reply connected = stack.proxy->connect(kToken);
  INFO(connected.body);
  REQUIRE(connected.status == 200);
  if (kind.account.contains("event_types")) CHECK(connected.data().at("eventTypes").size() == 130);

  const Reply slots = stack.proxy->slots("30min", day_text(1), day_text(30));
  REQUIRE(slots.status == 200);
  CHECK(slots.data().at("complete") == true);
  const auto listed =
      stack.simulator.listed(kThirtyMinutes, {Instant(today() + std::chrono::days(1)), Instant(today() + std::chrono::days(31))});
  CHECK(slots.data().at("slots").size() == listed.size());

  const std::string start = free_start(*stack.proxy);
  const Reply booked = book(*stack.proxy, wish_for(start), "key-1");
  INFO(booked.body);
  REQUIRE(booked.status == 201);
  CHECK_FALSE(is_free(*stack.proxy, start));
  const Reply taken = book(*stack.proxy, wish_for(start), "key-2");
  CHECK(taken.status == 409);
  CHECK(taken.error_code() == "slot_taken");

  const std::string user = "https://api.calendly.com/users/USERAAAAAAAAAAAA";
  const std::string event =
      booked.data().at("eventUri").get<std::string>().substr(std::string("https://api.calendly.com").size());
  for (const std::string& target :
       {std::string("/users/me"), "/event_types?count=5&user=" + encoded(user), "/event_types/" + std::string(kThirtyMinutes),
        "/scheduled_events?user=" + encoded(user), event, event + "/invitees"}) {
    INFO(target);
    const Reply direct = stack.simulator.http().get(target, bearer(kToken));
    CHECK(direct.status == 200);
    CHECK(api(stack, "GET", target).body == direct.body);
  }

  Reply canceled = api(stack, "POST", event + "/cancellation", {{"reason", "ill"}});
  if (kind.account.contains("refuses_cancel_reasons")) {
    // Reported with the field, in Calendly's own words.
    CHECK(canceled.status == 400);
    CHECK(canceled.body.find("reason") != std::string::npos);
    CHECK_FALSE(is_free(*stack.proxy, start));
    canceled = api(stack, "POST", event + "/cancellation", Json::object());
  }
  INFO(canceled.body);
  CHECK(canceled.status == 201);
  const std::string day = start.substr(0, 10);
  const Reply times = api(stack, "GET",
                          "/event_type_available_times?event_type=https://api.calendly.com/event_types/" +
                              std::string(kThirtyMinutes) + "&start_time=" + start +
                              "&end_time=" + text_from_instant(instant_from_text(start).value() + std::chrono::hours(1)));
  CHECK(times.status == 200);
  CHECK(instant_from_text(times.json().at("collection").at(0).at("start_time").get<std::string>()).value() ==
        instant_from_text(start).value());
}

TEST_CASE("kinds of accounts: what a plan does not include is told as that, and the rest works", "[e2e][kinds]") {
  // The message "needs the scope webhooks:write" made admins create a token that did not help.
  Stack stack({.connected = false});
  stack.simulator.set("account", {{"plan_gates", {"webhook_subscriptions", "webhook_list"}}});
  REQUIRE(stack.proxy->connect(kToken).status == 200);
  const Json scopes = stack.proxy->status().at("scopes");
  CHECK(scopes.at("beyondPlan") == Json({"webhooks:write"}));
  CHECK(scopes.at("missing") == Json::array());
  const Reply refused = stack.proxy->admin_post("/api/web/calendly/webhook", {{"publicUrl", "https://slots.example.com"}});
  CHECK(refused.status == 400);
  CHECK(refused.error_code() == "insufficient_scope");
  CHECK(refused.json().at("error").at("details").at(0) ==
        Json{{"field", "account"}, {"message", "needs a Calendly plan that includes webhooks"}});
  // The API passes on Calendly's text.
  CHECK(api(stack, "GET", "/webhook_subscriptions").body.find("Please upgrade your Calendly account") != std::string::npos);
  CHECK(stack.proxy->slots("30min", day_text(1), day_text(7)).status == 200);
  // Kept after a restart.
  stack.restart_proxy();
  CHECK(stack.proxy->status().at("scopes").at("beyondPlan") == Json({"webhooks:write"}));
}

TEST_CASE("kinds of accounts: a refusal that is but a message is told by its field", "[e2e][kinds]") {
  Stack stack;
  stack.simulator.set("account", {{"names_error_codes", false}});
  struct Row {
    const char* message;
    const char* field;
  };
  int tries = 0;
  for (const Row& row :
       {Row{"Required Questions and Answers cannot be blank.", "answers"}, Row{"Email is invalid", "invitee.email"},
        Row{"The location was not accepted", "location.location"}, Row{"Invalid time zone", "invitee.timezone"}}) {
    INFO(row.message);
    stack.simulator.clear_faults();
    stack.simulator.add_fault({{"endpoint", "invitees"}, {"kind", "error"}, {"status", 400}, {"message", row.message}});
    const Reply refused = book(*stack.proxy, wish_for(free_start(*stack.proxy)), "key-" + std::to_string(++tries));
    CHECK(refused.status == 400);
    CHECK(fields_in_error(refused) == std::vector<std::string>{row.field});
  }
}
