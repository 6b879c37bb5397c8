// Why a day is empty, with the real proxy: each cause is set in the simulator, and must be named first and correctly.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <functional>

#include "tests/e2e/command.h"
#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

using std::chrono::days;

constexpr char kWhy[] = "/api/web/calendly/why?";
constexpr char kSixty[] = "BBBBBBBBBBBBBBBB";
constexpr char kWorkshop[] = "3f2b7c1e-9d4a-4c7f-8a55-0e6d1b2c3d4e";
const Day kDay = today() + days(3);

std::string date_text(Day day) { return text_from_day(day); }
std::string at(Day day, const std::string& clock) { return text_from_day(day) + "T" + clock + ":00Z"; }

// A list with one time span.
Json stretch(const std::string& from, const std::string& to) { return Json::array({Json::array({from, to})}); }

Json off_on(Day day) {
  Json dates = Json::object();
  dates[date_text(day)] = Json::array();
  return dates;
}

Json every_day(const std::string& from, const std::string& to) {
  Json hours = Json::object();
  for (const char* day : {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"})
    hours[day] = stretch(from, to);
  return hours;
}

// A host without hidden reasons: nine to twelve UTC, every day.
void settle(const Simulator& simulator) {
  simulator.set("account", {{"timezone", "UTC"},
                            {"horizon_days", 1000},
                            {"host", {{"takes_by_chance", false}, {"hours", every_day("09:00", "12:00")}}}});
}

void plant(const Simulator& simulator, const Json& host) { simulator.set("account", {{"host", host}}); }
void edit(const Simulator& simulator, const std::string& uuid, Json how) {
  how["uuid"] = uuid;
  simulator.set("account", {{"edit_event_types", Json::array({how})}});
}

void book(const Simulator& simulator, const std::string& uuid, const std::string& start, int guests = 1) {
  for (int i = 0; i < guests; ++i) {
    Json order = {{"event_type", "https://api.calendly.com/event_types/" + uuid},
                  {"start_time", start},
                  {"invitee", {{"name", "Grace Hopper"}, {"email", "grace@example.org"}, {"timezone", "UTC"}}}};
    if (uuid == kSixty) order["location"] = {{"kind", "zoom_conference"}};
    const Reply reply = simulator.http().post("/invitees", order.dump(), bearer(kToken));
    INFO(reply.body);
    REQUIRE(reply.status == 201);
  }
}

Json why(const Proxy& proxy, const std::string& event_type, const std::string& date, const std::string& zone = "UTC") {
  const Reply reply =
      proxy.admin_get(kWhy + ("event_type=" + encoded(event_type) + "&date=" + date + "&timezone=" + encoded(zone)));
  INFO(reply.body);
  REQUIRE(reply.status == 200);
  return reply.data();
}

std::vector<std::string> codes(const Json& answer) {
  std::vector<std::string> found;
  for (const Json& reason : answer["reasons"]) found.push_back(reason["code"]);
  return found;
}

// The kinds of the day's parts, for example "closed busy closed", after checking that they cover the day.
std::string pieces(const Json& answer) {
  std::string kinds;
  std::string end;
  for (const Json& piece : answer["timeline"]) {
    if (!end.empty()) CHECK(piece["start"] == end);
    end = piece["end"];
    kinds += (kinds.empty() ? "" : " ") + piece["kind"].get<std::string>();
  }
  return kinds;
}

struct Planted {
  const char* name;
  std::function<void(Stack& stack)> plant;
  std::vector<std::string> wanted;  // codes; the first is the cause
  const char* certainty;
  std::string event_type = "30min";
  Day day = kDay;
  std::string timeline = "";  // empty: not checked
  std::string zone = "UTC";
};

Day next_spring_forward() {
  using namespace std::chrono;
  for (year of = year_month_day(today()).year();; ++of) {
    const Day day(of / March / Sunday[last]);
    if (day > today() + days(7)) return day;
  }
}

const std::vector<Planted> kPlanted = {
    {"outside working hours",
     [](Stack& stack) {
       plant(stack.simulator, {{"hours", Json::object()}});
     },
     {"no_hours"},
     "certain",
     "30min",
     kDay,
     "closed"},
    {"the date is off",
     [](Stack& stack) {
       plant(stack.simulator, {{"dates", off_on(kDay)}});
     },
     {"override_off"},
     "certain",
     "30min",
     kDay,
     "closed off closed"},
    {"busy all day",
     [](Stack& stack) {
       plant(stack.simulator, {{"busy", stretch(at(kDay, "00:00"), at(kDay + days(1), "00:00"))}});
     },
     {"busy"},
     "certain",
     "30min",
     kDay,
     "closed busy closed"},
    {"buffers that are too wide",
     [](Stack& stack) {
       edit(stack.simulator, kThirtyMinutes, {{"before_buffer", 180}, {"after_buffer", 180}});
       book(stack.simulator, kSixty, at(kDay, "10:00"));
     },
     {"buffers", "all_booked"},
     "certain",
     "30min",
     kDay,
     "closed buffer booked buffer closed"},
    {"a minimum notice",
     [](Stack& stack) {
       edit(stack.simulator, kThirtyMinutes, {{"notice", 3 * 24 * 60}});
     },
     {"minimum_notice"},
     "likely",
     "30min",
     today() + days(2),
     "closed open closed"},
    {"a minimum notice longer than what was asked for",
     [](Stack& stack) {
       edit(stack.simulator, kThirtyMinutes, {{"notice", 9 * 24 * 60}});
     },
     {"minimum_notice"},
     "likely"},
    {"beyond how far ahead may be booked",
     [](Stack& stack) {
       stack.simulator.set("account", {{"horizon_days", 10}});
     },
     {"booking_horizon"},
     "likely",
     "30min",
     today() + days(40),
     "closed open closed"},
    {"the limit of meetings a day",
     [](Stack& stack) {
       plant(stack.simulator, {{"limits", {{"daily", 1}}}});
       book(stack.simulator, kSixty, at(kDay, "09:00"));
     },
     {"daily_limit"},
     "certain",
     "30min",
     kDay,
     "closed booked open closed"},
    {"the limit of meetings a month",
     [](Stack& stack) {
       book(stack.simulator, kSixty, at(kDay + days(1), "09:00"));
       book(stack.simulator, kSixty, at(kDay - days(1), "09:00"));
       plant(stack.simulator, {{"limits", {{"monthly", 1}}}});
     },
     {"monthly_limit"},
     "certain"},
    {"the event type's own limit a day",
     [](Stack& stack) {
       edit(stack.simulator, kThirtyMinutes, {{"daily_limit", 1}});
       book(stack.simulator, kThirtyMinutes, at(kDay, "09:00"));
     },
     {"type_limit", "all_booked"},
     "likely"},
    {"all booked",
     [](Stack& stack) {
       plant(stack.simulator, {{"hours", every_day("09:00", "10:00")}});
       book(stack.simulator, kThirtyMinutes, at(kDay, "09:00"));
       book(stack.simulator, kThirtyMinutes, at(kDay, "09:30"));
     },
     {"all_booked"},
     "certain",
     "30min",
     kDay,
     "closed booked closed"},
    {"a group whose places are taken",
     [](Stack& stack) {
       plant(stack.simulator, {{"hours", every_day("09:00", "11:00")}});
       edit(stack.simulator, kWorkshop, {{"seats", 2}});
       book(stack.simulator, kWorkshop, at(kDay, "09:00"), 2);
     },
     {"group_full"},
     "certain",
     "workshop"},
    {"hours that are shorter than the event",
     [](Stack& stack) {
       plant(stack.simulator, {{"hours", every_day("09:00", "09:20")}});
     },
     {"hours_too_short"},
     "certain"},
    {"an event type that was switched off a moment ago",
     [](Stack& stack) {
       edit(stack.simulator, kThirtyMinutes, {{"active", false}});
     },
     {"event_type_inactive"},
     "certain"},
    {"an event type that is known to be switched off", [](Stack&) {}, {"event_type_inactive"}, "certain", "retired"},
    {"an event type that was deleted",
     [](Stack& stack) {
       stack.simulator.set("account", {{"delete_event_types", {kThirtyMinutes}}});
     },
     {"event_type_deleted"},
     "certain"},
    {"an event type that nobody has", [](Stack&) {}, {"event_type_not_found"}, "certain", "no-such-type"},
    {"a token that was revoked",
     [](Stack& stack) {
       stack.simulator.set("account", {{"tokens", Json::array({{{"token", "eyJ.another.one"}}})}});
     },
     {"token_rejected"},
     "certain",
     "30min",
     kDay,
     "unknown"},
    {"a scope that is missing",
     [](Stack& stack) {
       stack.simulator.set("account",
                           {{"tokens", Json::array({{{"token", kToken}, {"scopes", {"users:read", "event_types:read"}}}})}});
     },
     {"scope_missing"},
     "certain"},
    {"no calls left",
     [](Stack& stack) {
       stack.simulator.set("account", {{"requests_a_minute", 1}});
     },
     {"budget_spent"},
     "certain"},
    {"the host's calendar cannot be read",
     [](Stack& stack) {
       stack.simulator.set("account", {{"calendar_trouble", true}});
     },
     {"calendar_unreadable"},
     "certain"},
    {"clocks that skip the only hour",
     [](Stack& stack) {
       stack.simulator.set("account", {{"timezone", "Europe/Berlin"}});
       plant(stack.simulator, {{"hours", every_day("02:00", "03:00")}});
     },
     {"clock_change"},
     "certain",
     "30min",
     next_spring_forward(),
     "closed",
     "Europe/Berlin"},
    {"a day that is over", [](Stack&) {}, {"day_over"}, "certain", "30min", today() - days(2), "past"},
    // Two causes at once: both are named.
    {"off on the date, and busy",
     [](Stack& stack) {
       plant(stack.simulator, {{"dates", off_on(kDay)}, {"busy", stretch(at(kDay, "00:00"), at(kDay + days(1), "00:00"))}});
     },
     {"override_off", "busy"},
     "certain"},
    {"switched off, and without hours",
     [](Stack& stack) {
       edit(stack.simulator, kThirtyMinutes, {{"active", false}});
       plant(stack.simulator, {{"hours", Json::object()}});
     },
     {"event_type_inactive", "no_hours"},
     "certain"},
    {"busy in the morning, booked for the rest",
     [](Stack& stack) {
       plant(stack.simulator, {{"busy", stretch(at(kDay, "08:00"), at(kDay, "11:00"))}});
       book(stack.simulator, kSixty, at(kDay, "11:00"));
     },
     {"busy", "all_booked"},
     "certain",
     "30min",
     kDay,
     "closed busy booked closed"},
    {"the limit of meetings a day, and busy",
     [](Stack& stack) {
       book(stack.simulator, kSixty, at(kDay, "09:00"));
       plant(stack.simulator, {{"limits", {{"daily", 1}}}, {"busy", stretch(at(kDay, "08:00"), at(kDay, "12:00"))}});
     },
     {"daily_limit", "busy"},
     "certain"},
    {"the calendar cannot be read, and no hours",
     [](Stack& stack) {
       stack.simulator.set("account", {{"calendar_trouble", true}});
       plant(stack.simulator, {{"hours", Json::object()}});
     },
     {"calendar_unreadable", "no_hours"},
     "certain"},
};

}  // namespace

TEST_CASE("why: each planted cause is named first and rightly, and two at once are both named", "[e2e][why]") {
  for (const Planted& planted : kPlanted) {
    INFO(planted.name);
    Stack stack;
    settle(stack.simulator);
    planted.plant(stack);
    const Json answer = why(*stack.proxy, planted.event_type, date_text(planted.day), planted.zone);
    INFO(answer.dump(1));
    CHECK(answer["empty"] == true);
    CHECK(answer["free"].empty());
    CHECK(codes(answer) == planted.wanted);
    REQUIRE(!answer["reasons"].empty());
    const Json first = answer["reasons"][0];
    CHECK(first["certainty"] == planted.certainty);
    CHECK(!first["message"].get<std::string>().empty());
    CHECK(!first["action"].get<std::string>().empty());
    const std::string kinds = pieces(answer);
    if (!planted.timeline.empty()) CHECK(kinds == planted.timeline);
    // Times and counts, but no names.
    for (const char* personal : {"Grace", "grace", "Hopper", kToken}) CHECK(answer.dump().find(personal) == std::string::npos);
  }
}

TEST_CASE("why: a day with free times has no reasons, and costs four calls besides the one for times", "[e2e][why]") {
  Stack stack;
  settle(stack.simulator);
  const Json answer = why(*stack.proxy, "30min", date_text(kDay));
  CHECK(answer["empty"] == false);
  CHECK(answer["free"].size() == 6);
  CHECK(answer["reasons"].empty());
  CHECK(answer["unread"].empty());
  CHECK(pieces(answer) == "closed open closed");
  CHECK(answer["forVisitors"].is_null());
  const auto calls = [&](const char* endpoint) { return stack.simulator.calls(endpoint); };
  CHECK(calls("event_type_available_times") == 1);
  for (const char* endpoint : {"event_type", "event_type_availability_schedules", "user_busy_times", "user_meeting_limits"}) {
    INFO(endpoint);
    CHECK(calls(endpoint) == 1);
  }
  // There are no bookings and no limits, so bookings are not requested; and visitors' times are cached as usual.
  stack.simulator.reset_counters();
  (void)why(*stack.proxy, "30min", date_text(kDay));
  CHECK(calls("event_type_available_times") == 0);
  CHECK(calls("scheduled_events") == 0);
}

TEST_CASE("why: an owner opens the day, and the copy that hid it goes with the question", "[e2e][why]") {
  Stack stack;
  settle(stack.simulator);
  plant(stack.simulator, {{"hours", Json::object()}});
  REQUIRE(stack.proxy->slots("30min", day_text(0), day_text(6)).data()["slots"].empty());
  plant(stack.simulator, {{"hours", every_day("09:00", "12:00")}});
  REQUIRE(stack.proxy->slots("30min", date_text(kDay), date_text(kDay)).data()["slots"].empty());
  const Json answer = why(*stack.proxy, "30min", date_text(kDay));
  CHECK(answer["empty"] == false);
  CHECK(answer["copyWasBehind"] == true);
  CHECK(answer["reasons"].empty());
  CHECK(stack.proxy->slots("30min", date_text(kDay), date_text(kDay)).data()["slots"].size() == 6);
}

TEST_CASE("why: an old copy is named as such while Calendly fails, and what it tells all the same", "[e2e][why]") {
  Stack stack({.proxy_settings = {{"CALENDLY_SLOTS_CACHE_TTL", "1"}}});
  settle(stack.simulator);
  plant(stack.simulator, {{"busy", stretch(at(kDay, "00:00"), at(kDay + days(1), "00:00"))}});
  REQUIRE(stack.proxy->slots("30min", date_text(kDay), date_text(kDay)).data()["slots"].empty());
  stack.simulator.add_fault({{"endpoint", "event_type_available_times"}, {"kind", "error"}, {"status", 503}});
  Json answer;
  REQUIRE(eventually([&] { return codes(answer = why(*stack.proxy, "30min", date_text(kDay))).front() == "copy_stale"; }));
  INFO(answer.dump(1));
  const std::vector<std::string> found = codes(answer);
  CHECK(std::count(found.begin(), found.end(), "calendly_unavailable") == 1);
}

TEST_CASE("why: no copy and a Calendly that does not answer is told as that, with what could not be read", "[e2e][why]") {
  Stack stack;
  settle(stack.simulator);
  stack.simulator.add_fault({{"endpoint", "*"}, {"kind", "close"}});
  const Json answer = why(*stack.proxy, "30min", date_text(kDay));
  CHECK(codes(answer) == std::vector<std::string>{"calendly_unavailable"});
  CHECK(answer["unread"].size() >= 4);
  CHECK(pieces(answer) == "unknown");
}

TEST_CASE("why: nothing connected and public mode are reasons", "[e2e][why]") {
  Stack stack({.connected = false});
  CHECK(codes(why(*stack.proxy, "30min", date_text(kDay))) == std::vector<std::string>{"not_connected"});
  const Json wish = {{"calendlyUsername", "acme"}, {"eventTypes", {{{"name", "Call"}, {"slug", "30min"}, {"duration", 30}}}}};
  REQUIRE(stack.proxy->admin_post("/api/web/calendly/configure-public", wish).status == 200);
  CHECK(codes(why(*stack.proxy, "30min", date_text(kDay))) == std::vector<std::string>{"public_mode"});
}

TEST_CASE("why: bookings that the token may not read are missing, not guessed", "[e2e][why]") {
  Stack stack({.connected = false});
  stack.simulator.set(
      "account",
      {{"tokens", Json::array({{{"token", kToken}, {"scopes", {"users:read", "event_types:read", "availability:read"}}}})}});
  settle(stack.simulator);
  REQUIRE(stack.proxy->connect(kToken).status == 200);
  plant(stack.simulator, {{"limits", {{"daily", 1}}}, {"dates", off_on(kDay)}});
  stack.simulator.reset_counters();
  const Json answer = why(*stack.proxy, "30min", date_text(kDay));
  CHECK(codes(answer) == std::vector<std::string>{"override_off"});
  REQUIRE(answer["unread"].size() == 1);
  CHECK(answer["unread"][0]["what"] == "bookings");
  CHECK(answer["unread"][0]["code"] == "insufficient_scope");
  CHECK(stack.simulator.calls("scheduled_events") == 0);
}

TEST_CASE("why: what cannot be a question is refused by its field, and readers may not ask", "[e2e][why]") {
  Stack stack;
  const auto refused = [&](const std::string& query) {
    const Reply reply = stack.proxy->admin_get(kWhy + query);
    return std::to_string(reply.status) + " " + reply.error_code();
  };
  CHECK(refused("") == "400 bad_input");
  CHECK(refused("event_type=30min,60min") == "400 bad_input");
  CHECK(refused("event_type=30min&date=tomorrow") == "400 invalid_date_range");
  CHECK(refused("event_type=30min&date=2026-02-30") == "400 invalid_date_range");
  CHECK(refused("event_type=30min&timezone=Mars/Olympus") == "400 invalid_date_range");
  CHECK(stack.proxy->admin_get(std::string(kWhy) + "event_type=30min", "reader").status == 403);
  CHECK(stack.proxy->http().get(std::string(kWhy) + "event_type=30min").status == 401);
}

TEST_CASE("why: the command says it in the terminal, in order and with what to do", "[e2e][why]") {
  Stack stack;
  settle(stack.simulator);
  plant(stack.simulator, {{"busy", stretch(at(kDay, "00:00"), at(kDay + days(1), "00:00"))}});
  const Environment settings = proxy_settings(stack.folder.path(), 0, stack.simulator.address());
  const Run run = run_proxy({"why", "30min", date_text(kDay), "--timezone", "Europe/Berlin"}, settings);
  INFO(run.output);
  CHECK(run.status == 0);
  for (const char* part :
       {"30 Minute Meeting, ", "No free times.", "1. The host's own calendar is busy", "(busy, certain)", "marked busy"}) {
    INFO(part);
    CHECK(run.output.find(part) != std::string::npos);
  }
  // Nine to twelve UTC, in winter or in summer.
  CHECK((run.output.find("10:00 - 13:00  busy") != std::string::npos ||
         run.output.find("11:00 - 14:00  busy") != std::string::npos));
  const Run json = run_proxy({"why", "30min", date_text(kDay), "--json"}, settings);
  CHECK(Json::parse(json.output, nullptr, false)["reasons"][0]["code"] == "busy");
  CHECK(run_proxy({"why", "30min", "someday"}, settings).status == 2);
  CHECK(codes(Json::parse(run_proxy({"why", "nobodys", "--json"}, settings).output, nullptr, false)) ==
        std::vector<std::string>{"event_type_not_found"});
}
