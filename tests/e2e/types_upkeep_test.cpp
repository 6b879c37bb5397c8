// Event types that change at Calendly, and how visitors see the changes without a sync by an admin.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <future>
#include <set>

#include "tests/e2e/booking.h"
#include "tests/e2e/installation.h"
#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;
using std::chrono::milliseconds;
using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

namespace {

constexpr char kTypes[] = "event_types";
// Short, so that event types expire during a test.
const Environment kShort = {{"CALENDLY_SLOTS_CACHE_TTL", "2"}};
// Nothing expires during a test.
const Environment kLong = {{"CALENDLY_SLOTS_CACHE_TTL", "600"}};

void edit(const Simulator& simulator, const Json& type, bool silently = false) {
  simulator.set("account", {{"edit_event_types", Json::array({type})}, {"silently", silently}});
}

std::set<std::string> listed_names(const Proxy& proxy) {
  std::set<std::string> names;
  const Json data = proxy.http().get("/api/app/calendly/event-types").data();
  for (const Json& type : data.at("eventTypes")) names.insert(type.at("name"));
  return names;
}

std::string name_of_slots(const Proxy& proxy, const std::string& type = "30min") {
  return proxy.slots(type, day_text(1), day_text(3)).data().at("eventTypeName").get<std::string>();
}

Reply changes(const Proxy& proxy, std::optional<std::int64_t> since = std::nullopt) {
  return proxy.http().get("/api/app/calendly/changes" + (since ? "?since=" + std::to_string(*since) : std::string()));
}

std::int64_t version(const Proxy& proxy) { return changes(proxy).data()["version"].get<std::int64_t>(); }

// An open widget: returns the first change that it is notified of.
std::future<Reply> next_change(const Proxy& proxy) {
  const std::int64_t since = version(proxy);
  return std::async(std::launch::async, [&proxy, since] {
    Reply reply = changes(proxy, since);
    for (std::int64_t known = since; reply.status == 200 && reply.data()["days"].empty();) {
      known = reply.data()["version"].get<std::int64_t>();
      reply = changes(proxy, known);
    }
    return reply;
  });
}

Reply subscribe(const Proxy& proxy) {
  return proxy.admin_post("/api/web/calendly/webhook",
                          {{"publicUrl", "http://127.0.0.1:" + std::to_string(proxy.http().port())}});
}

Json subscription(const Simulator& simulator) {
  const Json all =
      simulator.http()
          .get(
              "/webhook_subscriptions?organization=https://api.calendly.com/organizations/ORGAAAAAAAAAAAAA&scope=user"
              "&user=https://api.calendly.com/users/USERAAAAAAAAAAAA",
              bearer(kToken))
          .json();
  REQUIRE(all.at("collection").size() == 1);
  return all["collection"][0];
}

bool tells_of_types(const Json& subscription) {
  const Json& events = subscription.at("events");
  return std::ranges::find(events, Json("event_type.updated")) != events.end();
}

}  // namespace

// A renamed event type was not shown until an admin synced.
TEST_CASE("types: a rename at Calendly is seen within the time that free times may be old, without a sync", "[e2e][types]") {
  Stack stack({.proxy_settings = kShort});
  REQUIRE(name_of_slots(*stack.proxy) == "30 Minute Meeting");
  edit(stack.simulator, {{"uuid", kThirtyMinutes}, {"name", "Half an Hour"}});
  const auto edited = SteadyClock::now();
  CHECK(eventually([&] { return name_of_slots(*stack.proxy) == "Half an Hour"; }));
  CHECK(listed_names(*stack.proxy).contains("Half an Hour"));
  // Two seconds, the call, and a margin for a busy machine.
  CHECK(SteadyClock::now() - edited < seconds(5));
}

TEST_CASE("types: another length changes every end, in answers that were ready too", "[e2e][types]") {
  Stack stack({.proxy_settings = kShort});
  const auto first_slot = [&] {
    const Json data = stack.proxy->slots("30min", day_text(1), day_text(5)).data();
    return data.at("slots").at(0);
  };
  const auto length_of = [](const Json& slot) {
    return instant_from_text(slot.at("end").get<std::string>()).value() -
           instant_from_text(slot.at("start").get<std::string>()).value();
  };
  REQUIRE(length_of(first_slot()) == std::chrono::minutes(30));
  edit(stack.simulator, {{"uuid", kThirtyMinutes}, {"duration", 45}});
  CHECK(eventually([&] { return length_of(first_slot()) == std::chrono::minutes(45); }));
  const Json data = stack.proxy->slots("30min", day_text(1), day_text(5)).data();
  for (const Json& slot : data.at("slots")) CHECK(length_of(slot) == std::chrono::minutes(45));
}

TEST_CASE("types: one that is deactivated is event_type_not_found, and open widgets hear of it", "[e2e][types]") {
  Stack stack({.proxy_settings = kShort});
  REQUIRE(stack.proxy->slots("30min", day_text(1), day_text(2)).status == 200);
  std::future<Reply> change = next_change(*stack.proxy);
  edit(stack.simulator, {{"uuid", kThirtyMinutes}, {"active", false}});
  CHECK(eventually([&] {
    const Reply reply = stack.proxy->slots("30min", day_text(1), day_text(2));
    return reply.status == 404 && reply.error_code() == "event_type_not_found";
  }));
  REQUIRE(change.wait_for(seconds(5)) == std::future_status::ready);
  CHECK(change.get().data()["days"].size() == 1);
  CHECK(stack.proxy->slots("60min", day_text(1), day_text(2)).status == 200);
}

TEST_CASE("types: what is as it was costs nobody anything but the call", "[e2e][types]") {
  Stack stack({.proxy_settings = kShort});
  REQUIRE(stack.proxy->slots("30min", day_text(1), day_text(2)).status == 200);
  const std::int64_t before = version(*stack.proxy);
  const std::string synced = stack.proxy->status().at("lastSyncedAt");
  stack.simulator.reset_counters();
  REQUIRE(eventually([&] {
    (void)stack.proxy->slots("30min", day_text(1), day_text(2));
    return stack.simulator.calls(kTypes) >= 2;
  }));
  CHECK(eventually([&] { return stack.proxy->status().at("lastSyncedAt") > synced; }));
  CHECK(version(*stack.proxy) == before);
  CHECK(stack.proxy->status().at("eventTypesAre") == "fresh");
}

TEST_CASE("types: with webhooks a change is seen within two seconds, however long types may be old", "[e2e][types]") {
  Stack stack({.proxy_settings = kLong});
  REQUIRE(subscribe(*stack.proxy).status == 200);
  REQUIRE(tells_of_types(subscription(stack.simulator)));
  CHECK(stack.proxy->status()["webhook"]["tellsOfEventTypes"] == true);
  REQUIRE(name_of_slots(*stack.proxy) == "30 Minute Meeting");
  std::future<Reply> change = next_change(*stack.proxy);
  stack.simulator.reset_counters();
  const auto edited = SteadyClock::now();
  edit(stack.simulator, {{"uuid", kThirtyMinutes}, {"name", "Told at Once"}});
  REQUIRE(eventually([&] { return name_of_slots(*stack.proxy) == "Told at Once"; }));
  CHECK(SteadyClock::now() - edited < seconds(2));
  REQUIRE(change.wait_for(seconds(2)) == std::future_status::ready);
  CHECK(change.get().data()["days"].size() == 1);
  CHECK(stack.simulator.calls(kTypes) == 1);

  stack.simulator.set("account", {{"delete_event_types", {kThirtyMinutes}}});
  CHECK(eventually([&] { return stack.proxy->slots("30min", day_text(1), day_text(2)).status == 404; }));
}

TEST_CASE("types: a subscription of before is extended at a start, and one that may not be stays as it is", "[e2e][types]") {
  Stack stack({.proxy_settings = kLong});
  stack.simulator.set("account", {{"webhook_events_refused", {"event_type.updated"}}});
  REQUIRE(subscribe(*stack.proxy).status == 200);
  const Json before = subscription(stack.simulator);
  CHECK_FALSE(tells_of_types(before));
  CHECK(stack.proxy->status()["webhook"]["tellsOfEventTypes"] == false);
  const auto tells_of_a_booking = [&] {
    const std::string start = free_start(*stack.proxy, 5);
    std::future<Reply> change = next_change(*stack.proxy);
    REQUIRE(stack.simulator.http()
                .post("/__sim/deliver", Json{{"start_time", start}, {"end_time", start}}.dump())
                .json()
                .at("status") == 200);
    CHECK(change.wait_for(seconds(5)) == std::future_status::ready);
  };
  // Calendly delivers to the same port as before.
  Environment again = kLong;
  again["PORT"] = std::to_string(stack.proxy->http().port());
  stack.simulator.reset_counters();
  stack.restart_proxy(again);
  REQUIRE(eventually([&] { return stack.simulator.calls("webhook_subscriptions") == 1; }));
  REQUIRE(eventually([&] { return stack.proxy->output().find("goes on telling of bookings alone") != std::string::npos; }));
  CHECK(subscription(stack.simulator).at("uri") == before.at("uri"));
  tells_of_a_booking();

  stack.simulator.set("account", {{"webhook_events_refused", Json::array()}});
  stack.restart_proxy(again);
  REQUIRE(eventually([&] { return stack.proxy->status()["webhook"]["tellsOfEventTypes"] == true; }));
  REQUIRE(eventually([&] { return stack.simulator.calls("webhook_delete") == 1; }));
  CHECK(tells_of_types(subscription(stack.simulator)));
  tells_of_a_booking();
  edit(stack.simulator, {{"uuid", kThirtyMinutes}, {"name", "After the Start"}});
  CHECK(eventually([&] { return name_of_slots(*stack.proxy) == "After the Start"; }));
}

TEST_CASE("types: while Calendly fails, and when a page does, what is known stays", "[e2e][types]") {
  Environment unlimited = kShort;
  unlimited["CALENDLY_RATE_LIMIT"] = "0";
  Stack stack({.simulator_arguments = {"--event-types", "130"}, .proxy_settings = unlimited});
  const std::set<std::string> all = listed_names(*stack.proxy);
  REQUIRE(all.size() > 100);
  const bool is_page = GENERATE(false, true);
  INFO((is_page ? "the second page" : "all"));
  if (is_page) {
    stack.simulator.add_fault({{"endpoint", kTypes}, {"match", "page_token"}, {"kind", "error"}, {"status", 503}});
  } else {
    stack.simulator.add_fault({{"endpoint", kTypes}, {"kind", "error"}, {"status", 503}, {"body", "html"}});
  }
  edit(stack.simulator, {{"uuid", kThirtyMinutes}, {"name", "Not Heard Of"}});
  stack.simulator.reset_counters();
  // Four attempts for the failing page, and one for the page before it.
  REQUIRE(eventually(
      [&] {
        (void)listed_names(*stack.proxy);
        return stack.simulator.calls(kTypes) >= (is_page ? 5 : 4);
      },
      seconds(30)));
  REQUIRE(eventually([&] { return stack.proxy->status().contains("eventTypesProblem"); }));
  CHECK(listed_names(*stack.proxy) == all);
  CHECK(stack.proxy->slots("bulk-118", day_text(1), day_text(2)).status == 200);
  const Json status = stack.proxy->status();
  CHECK(status.at("eventTypesAre") == "old");
  CHECK(status["eventTypesProblem"]["code"] == "calendly_unavailable");
  stack.simulator.clear_faults();
  CHECK(eventually([&] { return listed_names(*stack.proxy).contains("Not Heard Of"); }, seconds(30)));
  CHECK(listed_names(*stack.proxy).size() == all.size());
  CHECK_FALSE(stack.proxy->status().contains("eventTypesProblem"));
}

TEST_CASE("types: three servers read them once for all, and all see a change", "[e2e][types][servers]") {
  Installation all;
  all.simulator.reset_counters();
  REQUIRE(subscribe(all.at(0)).status == 200);
  CHECK(all.simulator.calls(kTypes) == 0);
  edit(all.simulator, {{"uuid", kThirtyMinutes}, {"name", "Told to One"}});
  for (const auto& proxy : all.proxies) CHECK(eventually([&] { return name_of_slots(*proxy) == "Told to One"; }));
  CHECK(all.simulator.calls(kTypes) == 1);
  for (const auto& proxy : all.proxies) CHECK(proxy->status().at("eventTypesAre") == "fresh");
}
