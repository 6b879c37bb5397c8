// Several event types as one, and the next free times: number of calls, content, and refusals.
#include <catch_amalgamated.hpp>
#include <future>
#include <map>
#include <set>

#include "tests/e2e/command.h"
#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

constexpr char kTimes[] = "event_type_available_times";
constexpr char kThree[] = "30min,uchiawase,taarif";  // each takes half an hour
const std::map<std::string, std::string> kUuids = {
    {"30min", kThirtyMinutes}, {"uchiawase", "EEEEEEEEEEEEEEEE"}, {"taarif", "FFFFFFFFFFFFFFFF"}};

std::string uri(const std::string& uuid) { return "https://api.calendly.com/event_types/" + uuid; }

Reply ask(const Proxy& proxy, const std::string& types, const std::string& query) {
  return proxy.http().get("/api/app/calendly/slots/" + types + "?" + query);
}
std::string month() { return "start_date=" + day_text(1) + "&end_date=" + day_text(30); }

Reply next(const Proxy& proxy, const std::string& types, const std::string& query = "") {
  return proxy.http().get("/api/app/calendly/next/" + types + "?" + query);
}

// For each start: all event types that have it, by URI, with their links.
std::map<std::string, std::map<std::string, std::string>> offers_in(const Json& data) {
  std::map<std::string, std::map<std::string, std::string>> offers;
  for (const Json& slot : data.at("slots")) {
    auto& offer = offers[slot.at("start")];
    offer[slot.at("eventTypeUri")] = slot.at("schedulingUrl");
    for (const Json& other : slot.at("alternatives")) offer[other.at("eventTypeUri")] = other.at("schedulingUrl");
  }
  return offers;
}

}  // namespace

TEST_CASE("any of: three types over thirty days cost fifteen calls cold and none warm", "[e2e][any_of]") {
  Stack stack;
  const Reply cold = ask(*stack.proxy, kThree, month());
  INFO(cold.body.substr(0, 600));
  REQUIRE(cold.status == 200);
  CHECK(stack.simulator.calls(kTimes) == 15);
  const Reply warm = ask(*stack.proxy, kThree, month());
  CHECK(stack.simulator.calls(kTimes) == 15);
  CHECK(cold.data()["cached"] == false);
  CHECK(warm.data()["cached"] == true);
  CHECK(warm.data()["complete"] == true);
  CHECK(warm.data()["slots"] == cold.data()["slots"]);
  CHECK(warm.header("cache-status").value_or("").find("hit") != std::string::npos);
  // Cells fetched for the union also serve each type alone, and vice versa.
  for (const auto& [slug, uuid] : kUuids) CHECK(stack.proxy->slots(slug, day_text(1), day_text(30)).data()["cached"] == true);
  CHECK(stack.simulator.calls(kTimes) == 15);
  CHECK(stack.proxy->slots("60min", day_text(1), day_text(30)).status == 200);
  CHECK(ask(*stack.proxy, "30min,60min", month()).data()["cached"] == true);
  CHECK(stack.simulator.calls(kTimes) == 20);
}

TEST_CASE("any of: the union holds exactly what each lists, with each one's own link", "[e2e][any_of]") {
  Stack stack;
  std::map<std::string, std::map<std::string, std::string>> expected;
  for (const auto& [slug, uuid] : kUuids) {
    const Json data = stack.proxy->slots(slug, day_text(1), day_text(30)).data();
    for (const Json& slot : data["slots"]) expected[slot["start"]][uri(uuid)] = slot["schedulingUrl"];
  }
  const Json fair = ask(*stack.proxy, kThree, month()).data();
  const Json other_way = ask(*stack.proxy, "taarif,30min,uchiawase", month()).data();
  const Json ordered = ask(*stack.proxy, kThree, month() + "&any_of=order").data();
  CHECK(offers_in(fair) == expected);
  CHECK(offers_in(ordered) == expected);
  CHECK(fair["anyOf"] == "fair");
  CHECK(ordered["anyOf"] == "order");
  CHECK(fair["duration"] == 30);
  REQUIRE(fair["eventTypes"].size() == 3);
  CHECK(fair["eventTypes"][0]["slug"] == "30min");
  std::map<std::string, std::string> chosen;
  std::map<std::string, int> turns;
  for (const Json& slot : fair["slots"]) {
    chosen[slot["start"]] = slot["eventTypeUri"];
    if (slot["alternatives"].size() == 2) ++turns[slot["eventTypeUri"]];
  }
  for (const Json& slot : other_way["slots"]) CHECK(chosen[slot["start"]] == slot["eventTypeUri"]);
  if (turns.size() > 0) CHECK(turns.size() == 3);
  for (const Json& slot : ordered["slots"]) {
    for (const Json& other : slot["alternatives"]) {
      const auto place = [&](const Json& of) { return of == uri(kThirtyMinutes) ? 0 : of == uri("EEEEEEEEEEEEEEEE") ? 1 : 2; };
      CHECK(place(slot["eventTypeUri"]) < place(other["eventTypeUri"]));
    }
  }
}

TEST_CASE("any of: a stampede on a cold union costs as many calls as one visitor", "[e2e][any_of]") {
  Stack stack;
  stack.simulator.add_fault({{"endpoint", kTimes}, {"kind", "latency"}, {"ms", 300}});
  std::vector<std::future<Reply>> visitors;
  for (int i = 0; i < 20; ++i)
    visitors.push_back(std::async(std::launch::async, [&] { return ask(*stack.proxy, kThree, month()); }));
  std::set<std::string> bodies;
  for (auto& visitor : visitors) bodies.insert(visitor.get().data()["slots"].dump());
  CHECK(bodies.size() == 1);
  CHECK(stack.simulator.calls(kTimes) == 15);
}

TEST_CASE("any of: names with encoded commas, spaces, links and repeats are the event types they name", "[e2e][any_of]") {
  Stack stack;
  const std::string address = stack.simulator.address() + "/acme/30min";
  const std::string link = address + "?guests=a@b.c%2Cd@e.f";
  const std::vector<std::string> same = {"30min,60min",
                                         "30min%2C60min",
                                         "30min,%2060min,",
                                         "AAAAAAAAAAAAAAAA,60min,30min,60min",
                                         encoded(link + ",60min"),
                                         encoded(uri(kThirtyMinutes) + "," + uri("BBBBBBBBBBBBBBBB"))};
  const Json first = ask(*stack.proxy, same.front(), month()).data();
  REQUIRE(first["eventTypes"].size() == 2);
  for (const std::string& names : same) {
    INFO(names);
    const Reply reply = ask(*stack.proxy, names, month());
    CHECK(reply.status == 200);
    CHECK(reply.data()["slots"] == first["slots"]);
    CHECK(reply.data()["eventTypes"].size() == 2);
  }
  CHECK(stack.simulator.calls(kTimes) == 10);
  // A list with one element is a list; a link with commas in its query is one name.
  const Json one = ask(*stack.proxy, "30min,30min", month()).data();
  REQUIRE(one["eventTypes"].size() == 1);
  const Json alone = ask(*stack.proxy, encoded(address + "?guests=a@b.c,d@e.f"), month()).data();
  CHECK(alone["eventTypeUri"] == uri(kThirtyMinutes));
  CHECK(one["slots"].size() == alone["slots"].size());
}

TEST_CASE("any of: other lengths have their own ends, and no length is said of all", "[e2e][any_of]") {
  Stack stack;
  const Json data = ask(*stack.proxy, "coffee,60min", month()).data();
  CHECK(data["duration"].is_null());
  std::set<std::int64_t> lengths;
  const auto note = [&](const Json& slot) {
    const auto length = std::chrono::duration_cast<std::chrono::minutes>(
        instant_from_text(slot["end"].get<std::string>()).value() - instant_from_text(slot["start"].get<std::string>()).value());
    CHECK(length.count() == (slot["eventTypeUri"] == uri("BBBBBBBBBBBBBBBB") ? 60 : 15));
    lengths.insert(length.count());
  };
  for (const Json& slot : data["slots"]) {
    note(slot);
    for (const Json& other : slot["alternatives"]) note(other);
  }
  CHECK(lengths == std::set<std::int64_t>{15, 60});
}

TEST_CASE("any of: what is not known, too much or unreadable is refused and named", "[e2e][any_of]") {
  Stack stack;
  const Reply unknown = ask(*stack.proxy, "nobody,no-one", month());
  CHECK(unknown.status == 404);
  CHECK(unknown.error_code() == "event_type_not_found");
  CHECK(unknown.json()["message"].get<std::string>().find("nobody, no-one") != std::string::npos);
  CHECK(unknown.json()["error"]["details"][0]["message"] == "nobody is not known");
  const Reply alone = ask(*stack.proxy, "30min;60min", month());
  CHECK(alone.status == 404);
  CHECK(alone.json()["message"] == "There is no such event type: 30min;60min");
  CHECK(alone.json()["error"]["details"][0]["message"] == "30min;60min is not known");
  std::string many = "30min";
  for (int i = 0; i < 10; ++i) many += ",type" + std::to_string(i);
  CHECK(ask(*stack.proxy, many, month()).status == 400);
  CHECK(ask(*stack.proxy, many, month()).json()["error"]["details"][0]["field"] == "eventType");
  CHECK(ask(*stack.proxy, kThree, month() + "&any_of=whoever").json()["error"]["details"][0]["field"] == "any_of");
  CHECK(ask(*stack.proxy, ",", month()).status == 404);
}

// One inactive event type disabled the whole union: 404, and no times of the others.
TEST_CASE("any of: one that is not known, or no longer, is named beside the others' times", "[e2e][any_of]") {
  Stack stack;
  const std::string week = "start_date=" + day_text(1) + "&end_date=" + day_text(7);
  REQUIRE(ask(*stack.proxy, "30min,60min", week).data()["missing"].empty());
  const Json off = {{"uuid", "BBBBBBBBBBBBBBBB"}, {"active", false}};
  stack.simulator.set("account", {{"edit_event_types", Json::array({off})}, {"silently", true}});
  REQUIRE(stack.proxy->admin_post("/api/web/calendly/event-types/sync", Json::object()).status == 200);
  const Reply part = ask(*stack.proxy, "30min,60min,no<one", week);
  REQUIRE(part.status == 200);
  CHECK(part.data()["slots"].size() == stack.proxy->slots("30min", day_text(1), day_text(7)).data()["slots"].size());
  CHECK(part.data()["complete"] == false);
  CHECK(part.data()["eventTypes"].size() == 1);
  const Json missing = {{{"eventType", "60min"}, {"error", "event_type_not_found"}},
                        {{"eventType", "no<one"}, {"error", "event_type_not_found"}}};
  CHECK(part.data()["missing"] == missing);
  CHECK(part.header("cache-control").value_or("").find("max-age=0") != std::string::npos);
  CHECK(next(*stack.proxy, "60min,30min").data()["missing"] == Json{missing[0]});
}

// If a list contained a link, only the link was answered; the others were silently left out.
TEST_CASE("any of: a link in a list leaves the others what they are, and is a link only as a whole", "[e2e][any_of]") {
  Stack stack;
  const std::string link = stack.simulator.address() + "/acme/60min";
  const std::string week = "start_date=" + day_text(1) + "&end_date=" + day_text(7);
  const Json both = ask(*stack.proxy, encoded("30min," + link + "?a1=x,y"), week).data();
  CHECK(both["eventTypes"].size() == 2);
  CHECK(both["missing"].empty());
  CHECK(ask(*stack.proxy, encoded(link + "?a1=x,y,30min"), week).data()["slots"] == both["slots"]);
  CHECK(ask(*stack.proxy, encoded("nope," + link), week).data()["missing"][0]["eventType"] == "nope");
  CHECK(ask(*stack.proxy, encoded(link + "#x,nope"), week).data()["missing"][0]["eventType"] == "nope");
  CHECK(ask(*stack.proxy, encoded(link + "?a1=x,nope"), week).data()["eventTypeUri"] == uri("BBBBBBBBBBBBBBBB"));
  CHECK(ask(*stack.proxy, encoded("x" + link), week).status == 404);
}

TEST_CASE("any of: where one fails the others answer, and the answer says whose days are not known", "[e2e][any_of]") {
  Stack stack;
  stack.simulator.add_fault({{"endpoint", kTimes}, {"match", "FFFFFFFFFFFFFFFF"}, {"kind", "error"}, {"status", 403}});
  const std::string week = "start_date=" + day_text(1) + "&end_date=" + day_text(7);
  const Reply part = ask(*stack.proxy, "30min,taarif", week);
  REQUIRE(part.status == 200);
  const Json data = part.data();
  CHECK(data["complete"] == false);
  CHECK(data["slots"].size() == stack.proxy->slots("30min", day_text(1), day_text(7)).data()["slots"].size());
  int failed = 0;
  for (const Json& window : data["windows"]) {
    CHECK((window["source"] == "failed") == (window["eventTypeUri"] == uri("FFFFFFFFFFFFFFFF")));
    failed += window["source"] == "failed" ? 1 : 0;
  }
  CHECK(failed == 1);
  CHECK(part.header("cache-control").value_or("").find("max-age=0") != std::string::npos);
  stack.simulator.add_fault({{"endpoint", kTimes}, {"kind", "error"}, {"status", 403}});
  const Reply none = ask(*stack.proxy, "taarif,uchiawase", week);
  CHECK(none.status == 503);
  CHECK(none.data()["slots"].is_null());
}

TEST_CASE("any of: a tag, 304, and the version of changes as for one event type; old copies are marked", "[e2e][any_of]") {
  Stack stack({.proxy_settings = {{"CALENDLY_SLOTS_CACHE_TTL", "1"}}});
  const std::string week = "start_date=" + day_text(1) + "&end_date=" + day_text(7);
  const Reply first = ask(*stack.proxy, kThree, week);
  REQUIRE(first.header("etag"));
  CHECK(first.header("slots-version"));
  const Reply again = stack.proxy->http().get(std::string("/api/app/calendly/slots/") + kThree + "?" + week,
                                              {{"If-None-Match", *first.header("etag")}});
  CHECK(again.status == 304);
  stack.simulator.add_fault({{"endpoint", kTimes}, {"kind", "error"}, {"status", 503}});
  Reply stale;
  REQUIRE(eventually([&] {
    stale = ask(*stack.proxy, kThree, week);
    return stale.data()["stale"] == true;
  }));
  CHECK(stale.data()["slots"] == first.data()["slots"]);
  CHECK(stale.header("cache-status").value_or("").find("stale") != std::string::npos);
}

TEST_CASE("any of: a booked time goes from the union, or to whoever else has it", "[e2e][any_of]") {
  Stack stack;
  const std::string days = "start_date=" + day_text(1) + "&end_date=" + day_text(3);
  const Json before = ask(*stack.proxy, kThree, days).data();
  REQUIRE(!before["slots"].empty());
  const Json slot = before["slots"][0];
  const std::string chosen = slot["eventTypeUri"];
  const Reply booked = stack.simulator.http().post("/__pages/book", Json{{"event_type", chosen.substr(chosen.rfind('/') + 1)},
                                                                         {"start_time", slot["start"]},
                                                                         {"name", "Grace"},
                                                                         {"email", "grace@example.com"}}
                                                                        .dump());
  REQUIRE(booked.status == 201);
  REQUIRE(stack.proxy->admin_post("/api/web/calendly/cache/purge", Json::object()).status == 200);
  const Json after = ask(*stack.proxy, kThree, days).data();
  const auto offers = offers_in(after);
  const auto at = offers.find(slot["start"].get<std::string>());
  if (at != offers.end()) CHECK_FALSE(at->second.contains(chosen));
}

TEST_CASE("any of: without a token it is the page of the first that is named", "[e2e][any_of]") {
  Stack stack({.connected = false});
  const Json wish = {
      {"calendlyUsername", "acme"},
      {"eventTypes",
       {{{"name", "Sales"}, {"slug", "sales"}, {"duration", 30}}, {{"name", "Support"}, {"slug", "support"}, {"duration", 30}}}}};
  REQUIRE(stack.proxy->admin_post("/api/web/calendly/configure-public", wish).status == 200);
  for (const Reply& reply : {ask(*stack.proxy, "support,sales", month()), next(*stack.proxy, "support,sales")}) {
    CHECK(reply.data()["mode"] == "public");
    CHECK(reply.data()["schedulingUrl"] == "https://calendly.com/acme/support");
  }
  CHECK(ask(*stack.proxy, "support,nobody", month()).data()["schedulingUrl"] == "https://calendly.com/acme/support");
  CHECK(ask(*stack.proxy, "no-one,nobody", month()).status == 404);
}

TEST_CASE("next: the first free time of any costs one window each, and none when it is known", "[e2e][next]") {
  Stack stack;
  const Reply cold = next(*stack.proxy, kThree, "count=2");
  INFO(cold.body.substr(0, 600));
  REQUIRE(cold.status == 200);
  CHECK(stack.simulator.calls(kTimes) == 3);
  CHECK(cold.data()["slots"].size() == 2);
  CHECK(next(*stack.proxy, kThree, "count=2").data()["cached"] == true);
  CHECK(next(*stack.proxy, "taarif").data()["cached"] == true);
  CHECK(stack.simulator.calls(kTimes) == 3);
  // The result equals the list of all, and a request for that list has already fetched the data for the next.
  const Json list = ask(*stack.proxy, kThree, "start_date=" + day_text(0) + "&end_date=" + day_text(6)).data();
  CHECK(list["cached"] == true);
  CHECK(list["slots"][0] == cold.data()["slots"][0]);
  CHECK(list["slots"][1] == cold.data()["slots"][1]);
}

TEST_CASE("next: days that are known are enough, though those behind them are not", "[e2e][next]") {
  // Five days, since the first three may be the end of a Friday and a weekend.
  Stack stack({.proxy_settings = {{"CALENDLY_WINDOW_DAYS", "5"}}});
  CHECK(stack.proxy->slots("30min", day_text(0), day_text(4)).status == 200);
  const int before = stack.simulator.calls(kTimes);
  const Json data = next(*stack.proxy, "30min").data();
  REQUIRE(data["slots"].size() == 1);
  CHECK(data["cached"] == true);
  CHECK(stack.simulator.calls(kTimes) == before);
}

TEST_CASE("next: a part of the day is the visitor's, and what comes after is asked for by the last", "[e2e][next]") {
  Stack stack;
  const std::string zone = "timezone=America/New_York";
  const Json all = stack.proxy->slots("30min", day_text(0), day_text(30)).data();
  const auto offset = [](const std::string& start) {  // no test runs across a change of clocks: both are looked at
    const Instant instant = instant_from_text(start).value();
    return std::pair{(instant - std::chrono::hours(5)) - Instant(utc_day_of(instant - std::chrono::hours(5))),
                     (instant - std::chrono::hours(4)) - Instant(utc_day_of(instant - std::chrono::hours(4)))};
  };
  for (const auto& [part, from, to] :
       {std::tuple("morning", 0, 12), std::tuple("afternoon", 12, 17), std::tuple("evening", 17, 24)}) {
    INFO(part);
    const Json data = next(*stack.proxy, "30min", zone + "&count=50&part=" + std::string(part)).data();
    CHECK(data["part"] == part);
    CHECK(data["cached"] == true);
    for (const Json& slot : data["slots"]) {
      const auto [winter, summer] = offset(slot["start"]);
      const auto is_in = [&](auto local) { return local >= std::chrono::hours(from) && local < std::chrono::hours(to); };
      CHECK((is_in(winter) || is_in(summer)));
    }
  }
  const Json first = next(*stack.proxy, "30min", "count=3").data()["slots"];
  const Json second = next(*stack.proxy, "30min", "count=1&after=" + first[1]["start"].get<std::string>()).data()["slots"];
  REQUIRE(second.size() == 1);
  CHECK(second[0]["start"] == first[2]["start"]);
  CHECK(second[0]["eventTypeUri"] == uri(kThirtyMinutes));
}

TEST_CASE("next: nothing free within 31 days is said with how far was looked, in the fewest windows", "[e2e][next]") {
  Stack stack;
  const Reply reply = next(*stack.proxy, "full");
  REQUIRE(reply.status == 200);
  CHECK(reply.data()["slots"].empty());
  CHECK(reply.data()["complete"] == true);
  CHECK(reply.data()["lookedUntil"] == day_text(30) + "T23:59:59Z");
  CHECK(stack.simulator.calls(kTimes) == 5);
}

TEST_CASE("next: a failure is never told as nothing free, and no more is asked behind it", "[e2e][next]") {
  Stack stack;
  stack.simulator.add_fault({{"endpoint", kTimes}, {"kind", "error"}, {"status", 403}});
  CHECK(next(*stack.proxy, "30min").status == 503);
  CHECK(stack.simulator.calls(kTimes) == 1);
  stack.simulator.clear_faults();
  // The first week is cached and full; the fetch of the following days fails.
  CHECK(stack.proxy->slots("full", day_text(0), day_text(6)).status == 200);
  stack.simulator.reset_counters();
  stack.simulator.add_fault({{"endpoint", kTimes}, {"kind", "error"}, {"status", 403}});
  const Reply reply = next(*stack.proxy, "full");
  CHECK(reply.status == 200);
  CHECK(reply.data()["complete"] == false);
  CHECK(reply.data()["slots"].empty());
  CHECK(reply.data()["windows"].back()["source"] == "failed");
  CHECK(stack.simulator.calls(kTimes) == 1);
}

TEST_CASE("next: what cannot be read is refused, and the field is named", "[e2e][next]") {
  Stack stack;
  const std::vector<std::pair<std::string, std::string>> rows = {{"count=0", "count"},
                                                                 {"count=51", "count"},
                                                                 {"count=many", "count"},
                                                                 {"part=night", "part"},
                                                                 {"after=tomorrow", "after"},
                                                                 {"after=2099-01-01", "after"},
                                                                 {"timezone=Mars/Base", "timezone"},
                                                                 {"any_of=all", "any_of"}};
  for (const auto& [query, field] : rows) {
    INFO(query);
    const Reply reply = next(*stack.proxy, "30min", query);
    CHECK(reply.status == 400);
    CHECK(reply.json()["error"]["details"][0]["field"] == field);
  }
  CHECK(stack.simulator.calls(kTimes) == 0);
  CHECK(next(*stack.proxy, "no-one,nobody").status == 404);
}

// `slotwire slots 30min,60min` said "eventType is not known", without naming one or mentioning lists.
TEST_CASE("any of: the command for free times takes one event type, and says so and which it does not know", "[e2e][any_of]") {
  Stack stack;
  const Environment settings = proxy_settings(stack.folder.path(), 0, stack.simulator.address());
  const Run list = run_proxy({"slots", "30min,60min"}, settings);
  CHECK(list.status == 1);
  CHECK(list.output.find("must name one event type at a time") != std::string::npos);
  CHECK(run_proxy({"slots", "30min,60min", "--mail", "text"}, settings).output == list.output);
  const Run unknown = run_proxy({"slots", "30min;\x1b[31m"}, settings);
  CHECK(unknown.status == 1);
  CHECK(unknown.output.find("There is no such event type: 30min;?[31m") != std::string::npos);
  CHECK(run_proxy({"slots", "30min"}, settings).status == 0);
}
