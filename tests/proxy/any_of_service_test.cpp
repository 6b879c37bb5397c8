// Several event types as one, with time and Calendly controlled by the test.
#include "proxy/slots/any_of_service.h"

#include <nlohmann/json.hpp>

#include "proxy/slots/next_query.h"
#include "tests/proxy/slot_world.h"

namespace slotwire::tests {
using namespace slots;
using Json = nlohmann::json;

namespace {

// The usual account with a second event type, and an inactive third.
calendly::Exchange two_types(const calendly::UpstreamRequest& request) {
  if (!request.target.starts_with("/event_types?")) return usual_answer(request);
  return upstream(200, R"({"collection":[
    {"uri":"https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA","name":"Sales","slug":"30min","active":true,"duration":30,
     "scheduling_url":"https://calendly.com/ada/30min","kind":"solo","secret":false},
    {"uri":"https://api.calendly.com/event_types/BBBBBBBBBBBBBBBB","name":"Support","slug":"support","active":true,"duration":30,
     "scheduling_url":"https://calendly.com/ada/support","kind":"solo","secret":false},
    {"uri":"https://api.calendly.com/event_types/CCCCCCCCCCCCCCCC","name":"Off","slug":"off","active":false,"duration":30,
     "scheduling_url":"https://calendly.com/ada/off","kind":"solo","secret":false}],
    "pagination":{"count":3,"next_page":null,"next_page_token":null}})");
}

// The type Support is inactive.
calendly::Exchange without_support(const calendly::UpstreamRequest& request) {
  return request.target.starts_with("/event_types?") ? usual_answer(request) : two_types(request);
}

struct AnyOfWorld : World {
  AnyOfWorld() {
    wire.answer(two_types);
    REQUIRE(connection->sync("r0", calendly::Urgency::visitor));
    wire.log.clear();
  }
  SlotReply ask(const std::string& first, const std::string& last, const std::string& names = "30min,support") {
    std::optional<Result<SlotReply>> told;
    const DayRange days{day(first), day(last) + std::chrono::days(1)};
    any_of.find(any_of.named_in(names, Turn::fair).value(), {"", {Instant(days.begin), Instant(days.end)}, days, "UTC", "r1"},
                [&](Result<SlotReply> reply) { told = std::move(reply); });
    settle();
    REQUIRE(told);
    REQUIRE(*told);
    return told->value();
  }
  Json next(NextQuery query = {}) {
    std::optional<Result<SlotReply>> told;
    if (!query.zone) query.zone = std::make_shared<ZoneOffsets>();
    any_of.next(any_of.named_in("30min,support", Turn::fair).value(), query,
                [&](Result<SlotReply> reply) { told = std::move(reply); });
    settle();
    REQUIRE(told);
    REQUIRE(*told);
    return Json::parse(told->value().answer->json)["data"];
  }
  AnyOfService any_of{*slots, *connection, clock, SlotServiceSettings{}};
};

}  // namespace

TEST_CASE("AnyOfService: a union is made once for as long as its parts are told, and anew when one of them changes",
          "[proxy][slots][any_of]") {
  AnyOfWorld world;
  const SlotReply cold = world.ask("2026-02-01", "2026-02-07");
  CHECK(cold.from == AnsweredFrom::upstream);
  CHECK(world.window_calls() == 2);
  const SlotReply warm = world.ask("2026-02-01", "2026-02-07");
  CHECK(warm.from == AnsweredFrom::cache);
  CHECK(world.ask("2026-02-01", "2026-02-07").answer == warm.answer);
  CHECK(warm.answer->etag == cold.answer->etag);
  CHECK(warm.answer->fresh_until == cold.answer->fresh_until);
  REQUIRE(world.slots->expire_days({day("2026-02-03"), day("2026-02-04")}));
  world.settle();
  const SlotReply after = world.ask("2026-02-01", "2026-02-07");
  CHECK(after.answer != warm.answer);
  CHECK(world.ask("2026-02-01", "2026-02-07").from == AnsweredFrom::cache);
}

TEST_CASE("AnyOfService: an old copy of one makes the union old, and names whose it is", "[proxy][slots][any_of]") {
  AnyOfWorld world;
  (void)world.ask("2026-02-01", "2026-02-07");
  world.clock.pass(std::chrono::minutes(10));
  world.wire.answer([](const calendly::UpstreamRequest& request) {
    return request.target.find("BBBB") != std::string::npos ? broken(request) : two_types(request);
  });
  const SlotReply reply = world.ask("2026-02-01", "2026-02-07");
  CHECK(reply.from == AnsweredFrom::stale);
  CHECK(reply.answer->is_stale);
  CHECK(reply.answer->fresh_until <= world.clock.now());
  const Json data = Json::parse(reply.answer->json)["data"];
  CHECK(data["stale"] == true);
  CHECK(data["complete"] == true);
  for (const Json& window : data["windows"]) {
    const bool is_support = window["eventTypeUri"] == "https://api.calendly.com/event_types/BBBBBBBBBBBBBBBB";
    CHECK((window["source"] == "stale") == is_support);
  }
}

TEST_CASE("AnyOfService: what is free next is looked for a window at a time, no further than it must", "[proxy][slots][next]") {
  AnyOfWorld world;
  NextQuery query;
  query.after = instant("2026-02-01T00:00:00Z");
  query.count = 10;  // one a day
  const Json ten = world.next(query);
  CHECK(ten["slots"].size() == 10);
  CHECK(ten["lookedUntil"] == "2026-02-14T23:59:59Z");
  CHECK(world.window_calls() == 4);
  CHECK(world.next(query)["cached"] == true);
  query.count = 11;
  CHECK(world.next(query)["slots"].size() == 11);
  CHECK(world.window_calls() == 4);
  // Nothing begins in the evening: all 31 days are searched, the first fourteen from memory.
  query.part = PartOfDay::evening;
  const Json none = world.next(query);
  CHECK(none["slots"].empty());
  CHECK(none["complete"] == true);
  CHECK(none["lookedUntil"] == "2026-03-03T23:59:59Z");
  CHECK(world.window_calls() == 10);
}

// A day was treated as an instant, and only later times were returned: a time at midnight was missing from its own day.
TEST_CASE("AnyOfService: what is free after a day begins with the day's first moment, after an instant behind it",
          "[proxy][slots][next]") {
  AnyOfWorld world;
  const time::Zones zones;
  const auto first_after = [&](const std::string& after) {
    const Result<NextQuery> query = asked_next({"1", after, std::nullopt, "Australia/Brisbane"}, zones, world.clock.now());
    REQUIRE(query);
    return world.next(*query)["slots"][0]["start"].get<std::string>();
  };
  CHECK(first_after("2026-02-02") == "2026-02-01T14:00:00Z");  // midnight in Brisbane
  CHECK(first_after("2026-02-01T14:00:00Z") == "2026-02-02T14:00:00Z");
  CHECK(first_after("2026-02-01T13:59:59Z") == "2026-02-01T14:00:00Z");
}

// If a list contained a link, only the link was answered: the whole text was tried as one link, ignoring what was before its
// scheme. The omission of the others was not reported.
TEST_CASE("AnyOfService: a list with links names all that it names, and a link's own commas stay with it",
          "[proxy][slots][any_of]") {
  const std::string sales = "https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA";
  const std::string support = "https://api.calendly.com/event_types/BBBBBBBBBBBBBBBB";
  const std::string link = "https://calendly.com/ada/support";
  struct Row {
    std::string text;
    std::vector<std::string> names;
    bool is_list = true;
  };
  const Row row =
      GENERATE_COPY(Row{"nope," + link, {"nope", support}}, Row{"30min," + link + "?a1=x,y", {sales, support}},
                    Row{link + "?a1=x,y,30min", {support, sales}}, Row{link + "?a1=x, 30min,y", {support, sales, "y"}},
                    Row{link + "?a1=x,AAAAAAAAAAAAAAAA", {support, sales}}, Row{link + "?a1=x,off", {support, "off"}},
                    Row{link + "?a1=x,https://calendly.com/ada/nope", {support, "https://calendly.com/ada/nope"}},
                    Row{link + "#x,nope", {support, "nope"}}, Row{link + "?a1=x#y,nope", {support, "nope"}},
                    Row{link + ",nope", {support, "nope"}}, Row{link + "?a1=x,y", {link + "?a1=x,y"}, false},
                    Row{link + "?name=Lovelace, Ada&a1=30min,or more", {link + "?name=Lovelace, Ada&a1=30min,or more"}, false},
                    Row{link + "?guests=a@b.c,d@e.f," + link + "?a1=x,y", {support}}, Row{"30min,30min,", {sales}});
  INFO(row.text);
  AnyOfWorld world;
  const Result<Named> named = world.any_of.named_in(row.text, Turn::fair);
  REQUIRE(named);
  CHECK(named->names == row.names);
  CHECK(named->is_list == row.is_list);
}

// One inactive event type disabled all the others.
TEST_CASE("AnyOfService: an event type that is gone is named, and the others' times are told", "[proxy][slots][any_of]") {
  AnyOfWorld world;
  const Json both = Json::parse(world.ask("2026-02-01", "2026-02-07").answer->json)["data"];
  CHECK(both["missing"].empty());
  world.wire.answer(without_support);
  REQUIRE(world.connection->sync("r0", calendly::Urgency::visitor));
  const SlotReply reply = world.ask("2026-02-01", "2026-02-07");
  CHECK_FALSE(reply.answer->is_complete);
  CHECK(reply.answer->fresh_until <= world.clock.now());
  const Json data = Json::parse(reply.answer->json)["data"];
  CHECK(data["slots"].size() == 7);
  CHECK(data["eventTypes"].size() == 1);
  CHECK(data["complete"] == false);
  CHECK(data["missing"] == Json::parse(R"([{"eventType":"support","error":"event_type_not_found"}])"));
  // The search for the next free time covers the same range as without it.
  NextQuery query;
  query.after = instant("2026-02-01T00:00:00Z");
  query.count = 10;
  const Json next = world.next(query);
  CHECK(next["slots"].size() == 10);
  CHECK(next["complete"] == false);
  CHECK(next["missing"] == data["missing"]);
}

TEST_CASE("SlotService: known_until goes as far as fresh days do, and no further", "[proxy][slots][next]") {
  AnyOfWorld world;
  CHECK(world.slots->known_until("30min", day("2026-02-01")) == day("2026-02-01"));
  (void)world.ask("2026-02-01", "2026-02-07", "30min");
  CHECK(world.slots->known_until("30min", day("2026-02-01")) == day("2026-02-08"));
  CHECK(world.slots->known_until("30min", day("2026-02-05")) == day("2026-02-08"));
  CHECK(world.slots->known_until("support", day("2026-02-01")) == day("2026-02-01"));
  CHECK(world.slots->known_until("nobody", day("2026-02-01")) == day("2026-02-01"));
  world.clock.pass(std::chrono::minutes(10));
  CHECK(world.slots->known_until("30min", day("2026-02-01")) == day("2026-02-01"));
}

}  // namespace slotwire::tests
