// Reading through /calendly/v2: a client of Calendly's API that changes only its base URL.
#include <catch_amalgamated.hpp>
#include <future>
#include <set>

#include "tests/e2e/stack.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

constexpr char kApi[] = "/calendly/v2";
constexpr char kTimes[] = "event_type_available_times";
constexpr char kTypeUri[] = "https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA";
constexpr char kUserUri[] = "https://api.calendly.com/users/USERAAAAAAAAAAAA";

Reply read(const Stack& stack, const std::string& target, const std::string& role = "reader") {
  return stack.proxy->http().get(kApi + target, bearer(jwt_for(role)));
}

std::string times_target(const std::string& start, const std::string& end, const std::string& type = kTypeUri) {
  return std::string("/") + kTimes + "?event_type=" + encoded(type) + "&start_time=" + encoded(start) +
         "&end_time=" + encoded(end);
}

std::string at_midnight(int days_from_today) { return day_text(days_from_today) + "T00:00:00.000000Z"; }

void check_shape(const Reply& reply, int status, const std::string& title) {
  INFO(reply.body);
  CHECK(reply.status == status);
  const Json body = reply.json();
  REQUIRE(body.is_object());
  CHECK(body.value("title", "") == title);
  CHECK_FALSE(body.value("message", "").empty());
  CHECK_FALSE(body.contains("success"));
}

}  // namespace

TEST_CASE("dropin: bodies come byte for byte, with Calendly's own headers", "[e2e][dropin]") {
  const std::string target =
      GENERATE(as<std::string>{}, "/users/me", "/users/USERAAAAAAAAAAAA", std::string("/event_types?count=3&user=") + kUserUri,
               "/event_types/AAAAAAAAAAAAAAAA", std::string("/user_availability_schedules?user=") + kUserUri,
               "/event_types/NOSUCH", std::string("/event_types?count=500&user=") + kUserUri, "/event_types",
               std::string("/scheduled_events?status=active&user=") + kUserUri, "/scheduled_events/NOSUCH",
               "/webhook_subscriptions", "/no_such_thing");
  INFO(target);
  Stack stack;
  const Reply direct = stack.simulator.http().get(target, bearer(kToken));
  for (int time = 0; time < 2; ++time) {
    const Reply reply = read(stack, target, "admin");
    CHECK(reply.status == direct.status);
    CHECK(reply.body == direct.body);
    CHECK(reply.header("content-type") == direct.header("content-type"));
    CHECK(reply.header("content-length") == direct.header("content-length"));
    if (direct.header("x-ratelimit-limit")) {
      CHECK(reply.header("x-ratelimit-limit") == direct.header("x-ratelimit-limit"));
      CHECK(reply.header("x-ratelimit-remaining").has_value());
      CHECK(reply.header("x-ratelimit-reset").has_value());
    }
    CHECK_FALSE(reply.header("set-cookie").has_value());
    CHECK_FALSE(reply.header("access-control-allow-origin").has_value());
    const Reply head = stack.proxy->http().send("HEAD", kApi + target, bearer(jwt_for("admin")));
    CHECK(head.status == direct.status);
    CHECK(head.body.empty());
    CHECK(head.header("content-length") == direct.header("content-length"));
  }
}

TEST_CASE("dropin: who may read what", "[e2e][dropin]") {
  Stack stack;
  const std::string shared = "/users/me";
  const std::string personal = std::string("/scheduled_events?user=") + kUserUri;
  check_shape(stack.proxy->http().get(kApi + shared), 401, "Unauthenticated");
  check_shape(stack.proxy->http().get(kApi + shared, bearer(kToken)), 401, "Unauthenticated");
  check_shape(stack.proxy->http().get(kApi + shared, bearer(jwt_for("reader", std::chrono::seconds(-60)))), 401,
              "Unauthenticated");
  CHECK(stack.proxy->http().get(kApi + shared).header("www-authenticate") == "Bearer");
  check_shape(stack.proxy->http().get(kApi + shared, bearer(jwt_for("visitor"))), 403, "Permission Denied");
  for (const char* role : {"reader", "admin", "super_admin"}) {
    INFO(role);
    const bool may_all = std::string(role) != "reader";
    CHECK(read(stack, shared, role).status == 200);
    CHECK(read(stack, personal, role).status == (may_all ? 200 : 403));
    CHECK(read(stack, "/scheduled_events/NOSUCH/invitees", role).status == (may_all ? 404 : 403));
    CHECK(read(stack, "/something/new", role).status == (may_all ? 404 : 403));
    const Reply written = stack.proxy->http().post(std::string(kApi) + "/scheduling_links", "{}", bearer(jwt_for(role)));
    CHECK(written.status == (may_all ? 400 : 403));
  }
  CHECK(stack.simulator.calls("scheduled_events") == 2);
  CHECK(stack.simulator.calls("scheduling_links") == 2);
  // The role reader may not use the admin page's calls.
  CHECK(stack.proxy->admin_get("/api/web/calendly/connection/status", "reader").status == 403);
  // Personal data is requested each time and must not be cached.
  CHECK(read(stack, personal, "admin").header("cache-control") == "no-store");
  CHECK(stack.simulator.calls("scheduled_events") == 3);
  // Calendly accepts only its own token, so it has received no other. The log contains neither kind.
  const std::string logged = stack.proxy->output();
  CHECK(logged.find("GET /users/me") != std::string::npos);
  CHECK(logged.find(kToken) == std::string::npos);
  const std::string jwt = jwt_for("reader");
  CHECK(logged.find(jwt.substr(0, jwt.find('.'))) == std::string::npos);
}

TEST_CASE("dropin: what is no path of Calendly's never leaves the proxy", "[e2e][dropin]") {
  Stack stack;
  for (const char* path : {"", "/", "/../__sim/account", "/users/%2e%2e/%2e%2e/__sim/account", "/users/..%2fme",
                           "/http://127.0.0.1:9/x", "/@127.0.0.1:9", "/users/me%0d%0aHost:%20x", "/users/me;/x", "/%00"}) {
    INFO(path);
    const Reply reply = stack.proxy->http().get(std::string(kApi) + path, bearer(jwt_for("admin")));
    CHECK((reply.status == 404 || reply.status == 400));
  }
  CHECK(stack.simulator.look("counters").at("total") == 0);
  check_shape(stack.proxy->http().get(std::string(kApi) + "/../x", bearer(jwt_for("admin"))), 404, "Resource Not Found");
  check_shape(stack.proxy->http().send("PROPFIND", std::string(kApi) + "/users/me", bearer(jwt_for("admin"))), 405,
              "Method Not Allowed");
  check_shape(read(stack, "/event_types?user=%zz"), 400, "Invalid Argument");
  CHECK(stack.proxy->http().send("OPTIONS", std::string(kApi) + "/users/me").header("allow").value_or("").find("PATCH") !=
        std::string::npos);
}

TEST_CASE("dropin: equal questions cost one call, however they are spelled", "[e2e][dropin]") {
  Stack stack;
  stack.simulator.add_fault({{"kind", "latency"}, {"ms", 300}, {"endpoint", "event_types"}});
  const std::string own =
      "http://127.0.0.1:" + std::to_string(stack.proxy->http().port()) + "/calendly/v2/users/USERAAAAAAAAAAAA";
  const std::vector<std::string> spellings = {
      std::string("/event_types?user=") + kUserUri + "&count=50", std::string("/event_types?count=50&user=") + encoded(kUserUri),
      "/event_types?count=%35%30&user=" + encoded(own), "//event_types/?user=" + own + "&&count=50"};
  std::vector<std::future<Reply>> crowd;
  for (int each = 0; each < 40; ++each) {
    crowd.push_back(std::async(std::launch::async,
                               [&, each] { return read(stack, spellings[static_cast<std::size_t>(each) % spellings.size()]); }));
  }
  std::set<std::string> bodies;
  for (auto& reply : crowd) bodies.insert(reply.get().body);
  CHECK(bodies.size() == 1);
  CHECK(bodies.begin()->find("30 Minute Meeting") != std::string::npos);
  CHECK(stack.simulator.calls("event_types") == 1);
  const Reply warm = read(stack, spellings.front());
  CHECK(warm.header("age").has_value());
  CHECK(warm.header("cache-status").value_or("").find("hit") != std::string::npos);
  CHECK(warm.header("x-ratelimit-remaining").has_value());
  CHECK(stack.simulator.calls("event_types") == 1);
}

TEST_CASE("dropin: pages are followed by their tokens, and next_page stays as it is", "[e2e][dropin]") {
  Stack stack({.simulator_arguments = {"--event-types", "45"}});
  std::set<std::string> uris;
  std::string token;
  int pages = 0;
  do {
    const Reply reply =
        read(stack, std::string("/event_types?count=20&user=") + kUserUri + (token.empty() ? "" : "&page_token=" + token));
    REQUIRE(reply.status == 200);
    const Json body = reply.json();
    for (const Json& type : body["collection"]) uris.insert(type["uri"].get<std::string>());
    const Json& next = body["pagination"]["next_page"];
    if (next.is_string()) CHECK(next.get<std::string>().starts_with("https://api.calendly.com/event_types?"));
    token = body["pagination"]["next_page_token"].is_string() ? body["pagination"]["next_page_token"].get<std::string>() : "";
    ++pages;
  } while (!token.empty() && pages < 10);
  CHECK(pages == 3);
  CHECK(uris.size() == 45);
}

TEST_CASE("dropin: any range of available times, each entry byte for byte and once", "[e2e][dropin]") {
  struct Row {
    const char* name;
    int begin_day, end_day;
    const char* simulator_window;
    int calls;
  };
  const auto row = GENERATE(values<Row>({
      {"one day", 1, 2, "7", 1},
      {"a week", 1, 8, "7", 1},
      {"eight days", 1, 9, "7", 2},
      {"a month", 1, 31, "7", 5},
      {"92 days", 1, 93, "7", 14},
      {"from the beginning of today, which is past", 0, 14, "7", 2},
      {"from three weeks ago", -21, 10, "7", 2},
  }));
  INFO(row.name);
  Stack stack({.simulator_arguments = {"--window-days", row.simulator_window}});
  const Reply reply = read(stack, times_target(at_midnight(row.begin_day), at_midnight(row.end_day)));
  REQUIRE(reply.status == 200);
  CHECK(stack.simulator.calls(kTimes) == row.calls);
  const Instant begin = Instant(today() + std::chrono::days(row.begin_day));
  const Instant end = Instant(today() + std::chrono::days(row.end_day));
  std::string expected = R"({"collection":[)";
  for (const Json& slot : stack.simulator.listed("AAAAAAAAAAAAAAAA", {begin, end})) {
    if (!expected.ends_with('[')) expected += ',';
    expected += slot.dump();
  }
  CHECK(reply.body == expected + "]}");
  CHECK(reply.header("content-type") == "application/json");
  stack.simulator.reset_counters();
  // A second later, as from clients whose range begins "now": the same windows.
  const Instant later = std::max(begin, now()) + std::chrono::seconds(61);
  CHECK(read(stack, times_target(text_from_instant(later), at_midnight(row.end_day))).status == 200);
  CHECK(stack.simulator.calls(kTimes) == 0);
}

TEST_CASE("dropin: both edges of a range belong to it", "[e2e][dropin]") {
  Stack stack;
  const Json all = read(stack, times_target(at_midnight(1), at_midnight(15))).json()["collection"];
  REQUIRE(all.size() > 12);
  for (const auto& [first, last] : std::vector<std::pair<std::size_t, std::size_t>>{{0, 0}, {3, 7}, {0, all.size() - 1}}) {
    const std::string from = all[first]["start_time"].get<std::string>();
    const std::string to = all[last]["start_time"].get<std::string>();
    if (first == last) continue;  // no range
    const Json part = read(stack, times_target(from, to)).json()["collection"];
    CHECK(part == Json(std::vector<Json>(all.begin() + static_cast<long>(first), all.begin() + static_cast<long>(last) + 1)));
  }
  // Calendly's own form of midnight, and another offset.
  const Json whole_day = read(stack, times_target(at_midnight(1), day_text(2) + "T24:00:00.000000Z")).json()["collection"];
  CHECK(read(stack, times_target(day_text(1) + "T02:00:00+02:00", at_midnight(3))).json()["collection"] == whole_day);
}

TEST_CASE("dropin: an account that may ask for 31 days, and one that may not after all", "[e2e][dropin]") {
  // If 31 days are refused, the windows under way by then are added, and each is split by itself.
  const auto [allowed, least, most] = GENERATE(table<std::string, int, int>({{"31", 2, 2}, {"7", 7, 9}}));
  Stack stack({.simulator_arguments = {"--window-days", allowed}, .proxy_settings = {{"CALENDLY_WINDOW_DAYS", "31"}}});
  const Reply reply = read(stack, times_target(at_midnight(1), at_midnight(41)));
  REQUIRE(reply.status == 200);
  const int calls = stack.simulator.calls(kTimes);
  CHECK(calls >= least);
  CHECK(calls <= most);
  const InstantRange range = {Instant(today() + std::chrono::days(1)), Instant(today() + std::chrono::days(41))};
  CHECK(reply.json()["collection"] == Json(stack.simulator.listed("AAAAAAAAAAAAAAAA", range)));
  stack.simulator.reset_counters();
  CHECK(read(stack, times_target(at_midnight(1), at_midnight(41))).status == 200);
  CHECK(stack.simulator.calls(kTimes) == 0);
}

TEST_CASE("dropin: a range that cannot be answered is refused in words that clients know", "[e2e][dropin]") {
  Stack stack;
  const Reply too_long = read(stack, times_target(at_midnight(1), day_text(93) + "T00:00:01Z"));
  check_shape(too_long, 400, "Invalid Argument");
  CHECK(too_long.json()["details"][0]["parameter"] == "end_time");
  CHECK(stack.simulator.calls(kTimes) == 0);
  for (const std::string& target :
       {times_target("2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z"), times_target(at_midnight(3), at_midnight(2)),
        times_target("soon", at_midnight(2)), std::string("/event_type_available_times"),
        times_target(at_midnight(1), at_midnight(2), "https://api.calendly.com/event_types/NOSUCH"),
        times_target(at_midnight(1), at_midnight(30), "https://api.calendly.com/event_types/NOSUCH")}) {
    INFO(target);
    const Reply direct = stack.simulator.http().get(target, bearer(kToken));
    const Reply reply = read(stack, target);
    CHECK(reply.status >= 400);
    CHECK(reply.status < 500);
    // Calendly refuses a long range of an unknown type because of its length, when it gets the whole range.
    if (target.find(encoded(at_midnight(30))) == std::string::npos) {
      CHECK(reply.status == direct.status);
      CHECK(reply.body == direct.body);
    } else {
      check_shape(reply, 404, "Resource Not Found");
    }
  }
}

TEST_CASE("dropin: one window that fails fails the whole, in Calendly's own words", "[e2e][dropin]") {
  Stack stack;
  stack.simulator.add_fault({{"kind", "error"},
                             {"status", 424},
                             {"message", "The calendar is gone."},
                             {"endpoint", kTimes},
                             {"match", "start_time=" + day_text(8)}});
  const Reply reply = read(stack, times_target(at_midnight(1), at_midnight(31)));
  check_shape(reply, 424, "External Calendar Error");
  CHECK(reply.json()["message"] == "The calendar is gone.");
  stack.simulator.clear_faults();
  // Successful windows are kept: only the failed one and those not sent are requested.
  stack.simulator.reset_counters();
  CHECK(read(stack, times_target(at_midnight(1), at_midnight(31))).status == 200);
  CHECK(stack.simulator.calls(kTimes) >= 1);
  CHECK(stack.simulator.calls(kTimes) < 5);
}

TEST_CASE("dropin: an old copy is served while Calendly fails, and says so", "[e2e][dropin]") {
  // Two seconds: a lifetime of one could end within the second, and ages are whole seconds.
  Stack stack({.proxy_settings = {{"CALENDLY_SLOTS_CACHE_TTL", "2"}}});
  const std::string types = std::string("/event_types?user=") + kUserUri;
  const std::string times = times_target(at_midnight(1), at_midnight(20));
  const Reply fresh_types = read(stack, types);
  const Reply fresh_times = read(stack, times);
  REQUIRE(fresh_types.status == 200);
  REQUIRE(fresh_times.status == 200);
  stack.simulator.add_fault({{"kind", "error"}, {"status", 503}, {"body", "html"}});
  for (const auto& [target, fresh] : {std::pair(types, fresh_types), std::pair(times, fresh_times)}) {
    INFO(target);
    Reply reply;
    CHECK(eventually([&] {
      reply = read(stack, target);
      return reply.header("warning").has_value();
    }));
    CHECK(reply.status == 200);
    CHECK(reply.body == fresh.body);
    CHECK(reply.header("warning").value_or("").starts_with("110"));
    CHECK(std::stoi(reply.header("age").value_or("0")) >= 1);
    CHECK(reply.header("cache-status").value_or("").find("ttl=-") != std::string::npos);
  }
  stack.simulator.clear_faults();
  CHECK(eventually([&] { return !read(stack, types).header("warning").has_value(); }));
}

TEST_CASE("dropin: without a copy, trouble is Calendly's own answer, or one like it", "[e2e][dropin]") {
  Stack stack;
  stack.simulator.add_fault(
      {{"kind", "error"}, {"status", 429}, {"retry_after", 40}, {"body", "empty_object"}, {"endpoint", "event_type"}});
  const Reply limited = read(stack, "/event_types/AAAAAAAAAAAAAAAA");
  CHECK(limited.status == 429);
  CHECK(limited.body == "{}");
  CHECK(limited.header("retry-after") == "40");
  // The account's limit is used up: nothing is sent, and clients get Calendly's answer for that.
  const Reply held = read(stack, "/users/me");
  check_shape(held, 429, "Too Many Requests");
  CHECK(held.header("retry-after").has_value());
  CHECK(held.header("x-ratelimit-remaining") == "0");
  CHECK(stack.simulator.calls("users_me") == 0);

  Stack gone;
  gone.simulator.stop();
  const Reply unreachable = read(gone, "/users/me");
  check_shape(unreachable, 503, "Service Unavailable");
  CHECK(unreachable.header("retry-after").has_value());

  Stack none({.connected = false});
  check_shape(read(none, "/users/me"), 503, "Service Unavailable");
}

TEST_CASE("dropin: a client over its limit hears it as Calendly would say it", "[e2e][dropin]") {
  // At an API host the visitors' limit applied, with an answer in the visitors' format.
  const bool is_at_host = GENERATE(false, true);
  Stack stack({.proxy_settings = {{"CALENDLY_RATE_LIMIT", "3/1h"}, {"CALENDLY_API_HOSTS", "api.slots.example.com"}}});
  const auto me = [&] {
    Fields fields = bearer(jwt_for("reader"));
    if (is_at_host) fields.emplace("Host", "api.slots.example.com");
    return stack.proxy->http().get(is_at_host ? "/users/me" : "/calendly/v2/users/me", fields);
  };
  for (int each = 0; each < 3; ++each) CHECK(me().status == 200);
  const Reply reply = me();
  check_shape(reply, 429, "Too Many Requests");
  CHECK(reply.header("retry-after").has_value());
  CHECK(reply.header("x-ratelimit-reset") == reply.header("retry-after"));
}
