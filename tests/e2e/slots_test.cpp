#include <atomic>
#include <catch_amalgamated.hpp>
#include <future>
#include <set>

#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

// What is compared: start, end and link of each slot.
using Seen = std::vector<std::array<std::string, 3>>;

Seen seen_in(const Json& data) {
  Seen seen;
  for (const Json& slot : data.at("slots")) {
    seen.push_back(
        {slot.at("start").get<std::string>(), slot.at("end").get<std::string>(), slot.at("schedulingUrl").get<std::string>()});
  }
  return seen;
}

Seen expected_from(const std::vector<Json>& listed, std::chrono::minutes duration) {
  Seen seen;
  for (const Json& slot : listed) {
    const Instant start = instant_from_text(slot["start_time"].get<std::string>()).value();
    seen.push_back({text_from_instant(start), text_from_instant(start + duration), slot["scheduling_url"].get<std::string>()});
  }
  return seen;
}

InstantRange utc_days(int first, int last) { return {today() + std::chrono::days(first), today() + std::chrono::days(last + 1)}; }

}  // namespace

TEST_CASE("slots: thirty days hold exactly what Calendly lists", "[e2e][slots]") {
  Stack stack;
  const Reply reply = stack.proxy->slots("30min", day_text(1), day_text(30));
  INFO(reply.body.substr(0, 500));
  REQUIRE(reply.status == 200);
  const Json data = reply.data();
  const Seen expected = expected_from(stack.simulator.listed(kThirtyMinutes, utc_days(1, 30)), std::chrono::minutes(30));
  REQUIRE(expected.size() > 50);
  CHECK(seen_in(data) == expected);
  CHECK(data["eventTypeUri"] == "https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA");
  CHECK(data["eventTypeName"] == "30 Minute Meeting");
  CHECK(data["duration"] == 30);
  CHECK(data["timezone"] == "UTC");
  CHECK(data["startDate"] == day_text(1));
  CHECK(data["endDate"] == day_text(30));
  CHECK(data["cached"] == false);
  CHECK(data["stale"] == false);
  CHECK(data["complete"] == true);
  for (const Json& slot : data["slots"]) CHECK(slot["status"] == "available");
}

TEST_CASE("slots: thirty cold days cost five calls of seven days, all at once; warm ones cost none", "[e2e][slots]") {
  Stack stack;
  stack.simulator.add_fault({{"endpoint", "event_type_available_times"}, {"kind", "latency"}, {"ms", 300}});
  const Json cold = stack.proxy->slots("30min", day_text(1), day_text(30)).data();
  REQUIRE(cold["complete"] == true);
  CHECK(stack.simulator.calls("event_type_available_times") == 5);
  CHECK(stack.simulator.most_in_flight("event_type_available_times") == 5);
  const Json counters = stack.simulator.look("counters");
  REQUIRE(!counters["windows"].empty());
  for (const Json& window : counters["windows"]) {
    const Instant start = instant_from_text(window["start_time"].get<std::string>()).value();
    const Instant end = instant_from_text(window["end_time"].get<std::string>()).value();
    CHECK(end - start == std::chrono::days(7));
  }

  const Json warm = stack.proxy->slots("30min", day_text(1), day_text(30)).data();
  CHECK(warm["cached"] == true);
  CHECK(warm["slots"] == cold["slots"]);
  CHECK(warm["fetchedAt"] == cold["fetchedAt"]);
  CHECK(stack.simulator.calls("event_type_available_times") == 5);
}

TEST_CASE("slots: a range costs the fewest windows", "[e2e][slots]") {
  struct Row {
    int days;
    int calls;
  };
  const Row row = GENERATE(values<Row>({{1, 1}, {7, 1}, {8, 2}, {14, 2}, {15, 3}}));
  INFO(row.days << " days");
  Stack stack;
  REQUIRE(stack.proxy->slots("30min", day_text(1), day_text(row.days)).status == 200);
  CHECK(stack.simulator.calls("event_type_available_times") == row.calls);
}

TEST_CASE("slots: an overlapping range asks only for the days that are missing", "[e2e][slots]") {
  Stack stack;
  REQUIRE(stack.proxy->slots("30min", day_text(1), day_text(14)).status == 200);
  REQUIRE(stack.simulator.calls("event_type_available_times") == 2);
  const Json data = stack.proxy->slots("30min", day_text(8), day_text(21)).data();
  CHECK(stack.simulator.calls("event_type_available_times") == 3);
  CHECK(seen_in(data) == expected_from(stack.simulator.listed(kThirtyMinutes, utc_days(8, 21)), std::chrono::minutes(30)));
  CHECK(data["cached"] == false);
  bool from_cache = false;
  bool from_upstream = false;
  for (const Json& window : data["windows"]) {
    from_cache |= window["source"] == "cache";
    from_upstream |= window["source"] == "upstream";
  }
  CHECK(from_cache);
  CHECK(from_upstream);
}

TEST_CASE("slots: a crowd that asks for the same cold month costs as much as one", "[e2e][slots]") {
  Stack stack;
  stack.simulator.add_fault({{"endpoint", "event_type_available_times"}, {"kind", "latency"}, {"ms", 500}});
  std::vector<std::future<Reply>> visitors;
  for (int visitor = 0; visitor < 60; ++visitor) {
    visitors.push_back(std::async(std::launch::async, [&] { return stack.proxy->slots("30min", day_text(1), day_text(30)); }));
  }
  std::set<std::string> different;
  for (auto& visitor : visitors) {
    const Reply reply = visitor.get();
    REQUIRE(reply.status == 200);
    different.insert(reply.data().at("slots").dump());
  }
  CHECK(different.size() == 1);
  CHECK(stack.simulator.calls("event_type_available_times") == 5);
}

TEST_CASE("slots: a crowd with overlapping ranges never asks twice for a day", "[e2e][slots]") {
  Stack stack;
  stack.simulator.add_fault({{"endpoint", "event_type_available_times"}, {"kind", "latency"}, {"ms", 300}});
  std::vector<std::future<Reply>> visitors;
  for (int first = 1; first <= 8; ++first) {
    visitors.push_back(std::async(
        std::launch::async, [&stack, first] { return stack.proxy->slots("30min", day_text(first), day_text(first + 13)); }));
  }
  for (auto& visitor : visitors) CHECK(visitor.get().status == 200);
  std::vector<InstantRange> asked;
  const Json counters = stack.simulator.look("counters");
  REQUIRE(!counters["windows"].empty());
  for (const Json& window : counters["windows"]) {
    asked.push_back({instant_from_text(window["start_time"].get<std::string>()).value(),
                     instant_from_text(window["end_time"].get<std::string>()).value()});
  }
  // The windows of each visitor start where the others' windows end. A window may extend over days that a later one has
  // requested, but a day that a visitor waits for is requested once: two windows for the first visitor, and at most one more for
  // each of the others, if they come in reverse order.
  CHECK(asked.size() <= 9);
}

TEST_CASE("slots: windows that share an instant show its slot once", "[e2e][slots]") {
  // A host in Tokyo starts at 09:00, which is midnight UTC: the end of one window and the start of the next.
  Stack stack({.simulator_arguments = {"--timezone", "Asia/Tokyo"}});
  const Json data = stack.proxy->slots("30min", day_text(1), day_text(28)).data();
  const Seen seen = seen_in(data);
  bool at_midnight = false;
  for (std::size_t at = 1; at < seen.size(); ++at) {
    CHECK(seen[at - 1][0] < seen[at][0]);
    at_midnight |= seen[at][0].ends_with("T00:00:00Z");
  }
  CHECK(at_midnight);
  CHECK(seen == expected_from(stack.simulator.listed(kThirtyMinutes, utc_days(1, 28)), std::chrono::minutes(30)));
}

TEST_CASE("slots: an event type answers by uri, uuid and slug; a secret one by uri and uuid only", "[e2e][slots]") {
  Stack stack;
  for (const char* name : {"https://api.calendly.com/event_types/BBBBBBBBBBBBBBBB", "BBBBBBBBBBBBBBBB", "60min"}) {
    INFO(name);
    const Reply reply = stack.proxy->slots(name, day_text(1), day_text(3));
    CHECK(reply.status == 200);
    CHECK(reply.data()["duration"] == 60);
  }
  CHECK(stack.proxy->slots("CCCCCCCCCCCCCCCC", day_text(1), day_text(3)).status == 200);
  CHECK(stack.proxy->slots("https://api.calendly.com/event_types/CCCCCCCCCCCCCCCC", day_text(1), day_text(3)).status == 200);
  const Reply by_slug = stack.proxy->slots("secret", day_text(1), day_text(3));
  CHECK(by_slug.status == 404);
  CHECK(by_slug.error_code() == "event_type_not_found");
}

TEST_CASE("slots: a group event tells how many places are left", "[e2e][slots]") {
  Stack stack;
  const Json slots = stack.proxy->slots("workshop", day_text(1), day_text(21)).data().at("slots");
  std::set<int> places;
  for (const Json& slot : slots) places.insert(slot.at("inviteesRemaining").get<int>());
  CHECK(places.size() > 1);
  CHECK(*places.begin() >= 1);
  CHECK(*places.rbegin() <= 6);
}

TEST_CASE("slots: a fully booked event type is a complete empty answer", "[e2e][slots]") {
  Stack stack;
  const Json data = stack.proxy->slots("full", day_text(1), day_text(7)).data();
  CHECK(data.at("slots").empty());
  CHECK(data.at("complete") == true);
}

TEST_CASE("slots: strangers' event types are not asked for, and one sync a minute looks for new ones", "[e2e][slots]") {
  Stack stack;
  for (int number = 0; number < 20; ++number) {
    const Reply reply = stack.proxy->slots("STRANGER" + std::to_string(number), day_text(1), day_text(3));
    CHECK(reply.status == 404);
    CHECK(reply.error_code() == "event_type_not_found");
  }
  CHECK(stack.simulator.calls("event_types") <= 1);
  CHECK(stack.simulator.calls("event_type_available_times") == 0);
}

TEST_CASE("slots: an account whose windows may only be a week is read in weeks after one complaint", "[e2e][slots]") {
  const char* place = GENERATE("message", "details");
  INFO("the text sits in " << place);
  Stack stack({.proxy_settings = {{"CALENDLY_WINDOW_DAYS", "31"}}});
  stack.simulator.set("account", {{"error_text", place}});
  const Json data = stack.proxy->slots("30min", day_text(1), day_text(30)).data();
  CHECK(data.at("complete") == true);
  CHECK(seen_in(data) == expected_from(stack.simulator.listed(kThirtyMinutes, utc_days(1, 30)), std::chrono::minutes(30)));
  stack.simulator.reset_counters();
  REQUIRE(stack.proxy->slots("60min", day_text(1), day_text(14)).status == 200);
  CHECK(stack.simulator.calls("event_type_available_times") == 2);  // remembered: no second attempt with 31 days
}

TEST_CASE("slots: an account that may ask for 31 days is asked so", "[e2e][slots]") {
  Stack stack({.simulator_arguments = {"--window-days", "31"}, .proxy_settings = {{"CALENDLY_WINDOW_DAYS", "31"}}});
  REQUIRE(stack.proxy->slots("30min", day_text(1), day_text(30)).data().at("complete") == true);
  CHECK(stack.simulator.calls("event_type_available_times") == 1);
}

TEST_CASE("slots: an unchanged answer is 304 by its ETag, a changed one is not", "[e2e][slots]") {
  Stack stack;
  const Reply first = stack.proxy->slots("30min", day_text(1), day_text(7));
  const auto tag = first.header("etag");
  REQUIRE(tag.has_value());
  CHECK(tag->starts_with("W/\""));
  const std::string target = "/api/app/calendly/slots/30min?start_date=" + day_text(1) + "&end_date=" + day_text(7);
  const Reply again = stack.proxy->http().get(target, {{"If-None-Match", *tag}});
  CHECK(again.status == 304);
  CHECK(again.body.empty());

  const std::string taken = first.data()["slots"][0]["start"];
  stack.simulator.set("take", {{"event_type", "30min"}, {"start_time", taken}});
  REQUIRE(stack.proxy->admin_post("/api/web/calendly/cache/purge", Json::object()).status == 200);
  const Reply changed = stack.proxy->http().get(target, {{"If-None-Match", *tag}});
  CHECK(changed.status == 200);
  CHECK(changed.data()["slots"][0]["start"] != taken);
}
