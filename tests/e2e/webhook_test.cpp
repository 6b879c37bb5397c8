// From a booking at Calendly to a waiting widget: subscription, delivery, signature check, duplicate check, notification, and
// unsubscribing.
#include <catch_amalgamated.hpp>
#include <fstream>
#include <future>
#include <sys/resource.h>

#include "tests/e2e/stack.h"

namespace slotwire::e2e {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

constexpr char kCall[] = "/api/web/calendly/webhook";
constexpr char kCallback[] = "/api/webhooks/calendly";

std::string public_url(const Proxy& proxy) { return "http://127.0.0.1:" + std::to_string(proxy.http().port()); }

Reply subscribe(const Proxy& proxy) { return proxy.admin_post(kCall, {{"publicUrl", public_url(proxy)}}); }

Reply changes(const Proxy& proxy, std::optional<std::int64_t> since = std::nullopt) {
  return proxy.http().get("/api/app/calendly/changes" + (since ? "?since=" + std::to_string(*since) : std::string()));
}

std::int64_t version(const Proxy& proxy) { return changes(proxy).data()["version"].get<std::int64_t>(); }

std::vector<std::string> starts_of(const Reply& reply) {
  std::vector<std::string> starts;
  const Json data = reply.data();
  for (const Json& slot : data.at("slots")) starts.push_back(slot["start"].get<std::string>());
  return starts;
}

bool holds(const std::vector<std::string>& starts, const std::string& start) {
  return std::find(starts.begin(), starts.end(), start) != starts.end();
}

// Books on Calendly's own page.
Json book(const Simulator& simulator, const std::string& start) {
  const Reply reply = simulator.http().post("/__pages/book", Json{{"event_type", kThirtyMinutes},
                                                                  {"start_time", start},
                                                                  {"name", "Grace Guestmarker"},
                                                                  {"email", "guestmarker@example.com"}}
                                                                 .dump());
  INFO(reply.body);
  REQUIRE(reply.status == 201);
  return reply.json();
}

int waiting_at(const Simulator& simulator, const std::string& what, const std::string& value) {
  int count = 0;
  const Json log = simulator.look("deliveries");
  for (const Json& entry : log) count += entry.at(what).dump() == value ? 1 : 0;
  return count;
}

Json deliver(const Simulator& simulator, const Json& wish) { return simulator.http().post("/__sim/deliver", wish.dump()).json(); }

std::string command(const Stack& stack, const std::vector<std::string>& arguments, int expected = 0) {
  Process process(program_path("slotwire"), arguments,
                  proxy_settings(stack.folder.path(), stack.proxy->http().port(), stack.simulator.address()));
  const auto status = process.wait_for_end();
  INFO(process.output());
  CHECK(status == expected);
  return process.output();
}

// A proxy with a subscription, and a month of free times in its cache.
struct LiveStack : Stack {
  explicit LiveStack(const StackOptions& options = {}) : Stack(options) {
    const Reply reply = subscribe(*proxy);
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    // All changes by connecting and subscribing have been processed once this one has.
    REQUIRE(proxy->admin_post("/api/web/calendly/cache/purge", Json::object()).status == 200);
    REQUIRE(month().status == 200);
    simulator.reset_counters();
  }
  [[nodiscard]] Reply month() const { return proxy->slots("30min", day_text(0), day_text(27)); }
  [[nodiscard]] Reply month_of_any() const {
    return proxy->http().get("/api/app/calendly/slots/30min,60min?start_date=" + day_text(0) + "&end_date=" + day_text(27));
  }
  // A start in the middle of the month.
  [[nodiscard]] std::string some_start() const {
    const std::vector<std::string> starts = starts_of(month());
    REQUIRE(starts.size() > 20);
    return starts.at(starts.size() / 2);
  }
};

}  // namespace

TEST_CASE("webhook: a booking at Calendly takes its time from the union of several event types, for the days that changed alone",
          "[e2e][live][any_of]") {
  LiveStack stack;
  const std::string start = stack.some_start();
  const Reply before = stack.month_of_any();
  REQUIRE(before.header("slots-version") == std::to_string(version(*stack.proxy)));
  stack.simulator.reset_counters();
  std::future<Reply> waiting = std::async(std::launch::async, [&] { return changes(*stack.proxy, version(*stack.proxy)); });
  (void)book(stack.simulator, start);
  REQUIRE(waiting.get().data()["days"].size() == 1);
  const Reply after = stack.month_of_any();
  const std::string uri = std::string("https://api.calendly.com/event_types/") + kThirtyMinutes;
  for (const Json& slot : after.data()["slots"]) {
    if (slot["start"] != start) continue;
    CHECK(slot["eventTypeUri"] != uri);
    CHECK(slot["alternatives"].empty());
  }
  CHECK(after.header("etag") != before.header("etag"));
  CHECK(std::stoll(after.header("slots-version").value_or("0")) > std::stoll(before.header("slots-version").value_or("0")));
  // Three days of each of two event types: one window each, whichever request comes first.
  CHECK(stack.simulator.calls("event_type_available_times") == 2);
}

TEST_CASE("webhook: a booking at Calendly reaches widgets that wait within two seconds, and its time is gone", "[e2e][live]") {
  LiveStack stack;
  const std::string start = stack.some_start();
  const std::int64_t before = version(*stack.proxy);
  std::vector<std::future<Reply>> waiting;
  for (int i = 0; i < 20; ++i) waiting.push_back(std::async(std::launch::async, [&] { return changes(*stack.proxy, before); }));
  CHECK(waiting.front().wait_for(milliseconds(300)) == std::future_status::timeout);

  const auto booked_at = SteadyClock::now();
  (void)book(stack.simulator, start);
  for (std::future<Reply>& each : waiting) {
    const Reply reply = each.get();
    CHECK(SteadyClock::now() - booked_at < seconds(2));
    INFO(reply.body);
    REQUIRE(reply.status == 200);
    CHECK(reply.data()["version"].get<std::int64_t>() > before);
    REQUIRE(reply.data()["days"].size() == 1);
    const Day day = utc_day_of(instant_from_text(start).value());
    CHECK(reply.data()["days"][0] ==
          Json{{"start", text_from_day(day - std::chrono::days(1))}, {"end", text_from_day(day + std::chrono::days(1))}});
    CHECK(reply.header("cache-control") == "no-store");
    CHECK(reply.header("access-control-allow-origin") == std::nullopt);
  }
  const Reply after = stack.month();
  CHECK_FALSE(holds(starts_of(after), start));
  CHECK(SteadyClock::now() - booked_at < seconds(2));
  CHECK(after.data()["stale"] == false);
  CHECK(std::stoll(after.header("slots-version").value_or("-1")) > before);
  CHECK(stack.proxy->status()["webhook"].contains("lastDeliveryAt"));
}

TEST_CASE("webhook: a canceled booking brings its time back", "[e2e][live]") {
  LiveStack stack;
  const std::string start = stack.some_start();
  const Json booked = book(stack.simulator, start);
  REQUIRE(eventually([&] { return !holds(starts_of(stack.month()), start); }));
  const std::int64_t before = version(*stack.proxy);
  const std::string invitee = booked["invitee"].get<std::string>();
  REQUIRE(
      stack.simulator.http().post("/__pages/cancel", Json{{"invitee", invitee.substr(invitee.rfind('/') + 1)}}.dump()).status ==
      201);
  CHECK(changes(*stack.proxy, before).data()["days"].size() == 1);
  CHECK(holds(starts_of(stack.month()), start));
}

TEST_CASE("webhook: fifty widgets that hear of one booking cost one call for each window that changed", "[e2e][live]") {
  LiveStack stack;
  const std::string start = stack.some_start();
  const std::int64_t before = version(*stack.proxy);
  const Day day = utc_day_of(instant_from_text(start).value());
  const std::string first = text_from_day(day - std::chrono::days(1));
  const std::string last = text_from_day(day + std::chrono::days(1));
  stack.simulator.add_fault({{"endpoint", "event_type_available_times"}, {"kind", "latency"}, {"ms", 150}});
  std::vector<std::future<Reply>> widgets;
  for (int i = 0; i < 50; ++i) {
    widgets.push_back(std::async(std::launch::async, [&] {
      (void)changes(*stack.proxy, before);
      return stack.proxy->slots("30min", first, last);
    }));
  }
  CHECK(widgets.front().wait_for(milliseconds(300)) == std::future_status::timeout);
  (void)book(stack.simulator, start);
  for (std::future<Reply>& each : widgets) CHECK_FALSE(holds(starts_of(each.get()), start));
  // Three days are in one window of the month or across two.
  const int calls = stack.simulator.calls("event_type_available_times");
  CHECK(calls >= 1);
  CHECK(calls <= 2);
}

TEST_CASE("webhook: what is not Calendly's word changes nothing", "[e2e][live]") {
  LiveStack stack;
  const std::int64_t before = version(*stack.proxy);
  struct Row {
    const char* how;
    int age_s;
    int status;
  };
  for (const Row& row : {Row{"forged", 0, 401}, Row{"unsigned", 0, 401}, Row{"changed", 0, 401}, Row{"valid", 200, 401},
                         Row{"valid", -200, 401}}) {
    const Json answer = deliver(stack.simulator, {{"how", row.how}, {"age_s", row.age_s}});
    INFO(row.how << ' ' << row.age_s << ' ' << answer.dump());
    CHECK(answer["status"] == row.status);
    CHECK(Json::parse(answer["body"].get<std::string>())["error"]["code"] == "bad_signature");
  }
  // Correctly signed, but about an event that does not change availability.
  CHECK(deliver(stack.simulator, {{"event", "invitee_no_show.created"}})["status"] == 200);
  CHECK(version(*stack.proxy) == before);
  CHECK(stack.simulator.calls("event_type_available_times") == 0);
  CHECK(stack.proxy->http().post(kCallback, "{}").status == 401);
  CHECK(stack.proxy->http().post(kCallback, std::string(100'000, ' ')).status == 401);
  CHECK(stack.proxy->http().post(kCallback, std::string(1'100'000, ' ')).status == 413);
  CHECK(stack.proxy->http().get(kCallback).status == 405);
}

// If a visitor answered ten questions at length, the delivery was larger than 64 KiB: it got 413, and the booking was missed.
TEST_CASE("webhook: a delivery with ten long answers is taken", "[e2e][live]") {
  LiveStack stack;
  const std::int64_t before = version(*stack.proxy);
  Json answers = Json::array();
  for (int i = 0; i < 10; ++i) {
    std::string answer;
    while (answer.size() < 30'000) answer += "\u2603 and so on \"quoted\" ";
    answers.push_back({{"question", "What is it about?"}, {"answer", answer}, {"position", i}});
  }
  const Json answer =
      deliver(stack.simulator, {{"start_time", stack.some_start()}, {"payload", {{"questions_and_answers", answers}}}});
  INFO(answer.dump());
  CHECK(answer["status"] == 200);
  CHECK(version(*stack.proxy) > before);
}

TEST_CASE("webhook: a delivery counts once, however often it comes", "[e2e][live]") {
  LiveStack stack;
  const std::int64_t before = version(*stack.proxy);
  CHECK(deliver(stack.simulator, {{"how", "valid"}})["status"] == 200);
  const std::int64_t after = version(*stack.proxy);
  CHECK(after == before + 1);
  CHECK(deliver(stack.simulator, {{"how", "replayed"}})["status"] == 200);
  CHECK(version(*stack.proxy) == after);
  stack.restart_proxy({{"PORT", std::to_string(stack.proxy->http().port())}});
  CHECK(deliver(stack.simulator, {{"how", "replayed"}})["status"] == 200);
  CHECK(version(*stack.proxy) == after);
}

TEST_CASE("webhook: while the disk is full deliveries are refused, and come again until they are taken", "[e2e][live]") {
  LiveStack stack;
  const std::string start = stack.some_start();
  const rlimit none{0, RLIM_INFINITY};
  REQUIRE(::prlimit(stack.proxy->process().pid(), RLIMIT_FSIZE, &none, nullptr) == 0);
  (void)book(stack.simulator, start);
  REQUIRE(eventually([&] { return waiting_at(stack.simulator, "status", "503") >= 1; }));
  const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
  REQUIRE(::prlimit(stack.proxy->process().pid(), RLIMIT_FSIZE, &all, nullptr) == 0);
  REQUIRE(eventually([&] { return waiting_at(stack.simulator, "status", "200") == 1; }));
  CHECK(eventually([&] { return !holds(starts_of(stack.month()), start); }, seconds(2)));
}

TEST_CASE("webhook: the command line subscribes for a running proxy, tells how it stands, and takes it back", "[e2e][live]") {
  Stack stack;
  CHECK(command(stack, {"webhook", "status"}).find("Nothing is subscribed") != std::string::npos);
  CHECK(command(stack, {"webhook", "subscribe", public_url(*stack.proxy)}).find(kCallback) != std::string::npos);
  REQUIRE(eventually([&] { return stack.proxy->http().post(kCallback, "{}").status == 401; }, seconds(2)));
  CHECK(command(stack, {"webhook", "status"}).find("active") != std::string::npos);
  CHECK(command(stack, {"status"}).find(kCallback) != std::string::npos);
  const std::int64_t before = version(*stack.proxy);
  CHECK(deliver(stack.simulator, {{"how", "valid"}})["status"] == 200);
  CHECK(version(*stack.proxy) > before);
  (void)command(stack, {"webhook", "unsubscribe"});
  REQUIRE(eventually([&] { return stack.proxy->http().post(kCallback, "{}").status == 404; }, seconds(2)));
  CHECK(stack.simulator.calls("webhook_delete") == 1);
  (void)command(stack, {"webhook", "unsubscribe"}, 1);
  CHECK(command(stack, {"webhook", "subscribe", "ftp://slots.example.com"}, 1).find("https://") != std::string::npos);
  const std::string audit = stack.proxy->admin_get("/api/web/calendly/audit").body;
  CHECK(audit.find("webhook.subscribe") != std::string::npos);
  CHECK(audit.find("webhook.unsubscribe") != std::string::npos);
}

TEST_CASE("webhook: a subscription whose key was lost is replaced, and other people's stay", "[e2e][live]") {
  LiveStack stack;
  const Json foreign = {{"url", "https://other.example.com/hook"},
                        {"events", {"invitee.created"}},
                        {"scope", "user"},
                        {"organization", "https://api.calendly.com/organizations/ORGAAAAAAAAAAAAA"},
                        {"user", "https://api.calendly.com/users/USERAAAAAAAAAAAA"},
                        {"signing_key", "theirs"}};
  REQUIRE(stack.simulator.http().post("/webhook_subscriptions", foreign.dump(), bearer(kToken)).status == 201);
  // Another database, as after a disaster, with the same public address.
  TemporaryFolder other;
  const int port = stack.proxy->http().port();
  (void)stack.proxy->stop();
  Proxy fresh(other.path(), stack.simulator.address());
  REQUIRE(fresh.connect(kToken).status == 200);
  const Reply reply = fresh.admin_post(kCall, {{"publicUrl", "http://127.0.0.1:" + std::to_string(port)}});
  INFO(reply.body);
  CHECK(reply.status == 200);
  CHECK(reply.data()["webhook"]["subscribed"] == true);
  const Reply listed = stack.simulator.http().get(
      "/webhook_subscriptions?organization=https://api.calendly.com/organizations/ORGAAAAAAAAAAAAA&scope=user", bearer(kToken));
  CHECK(listed.json()["collection"].size() == 2);
  // Subscribing a second time replaces the subscription.
  CHECK(fresh.admin_post(kCall, {{"publicUrl", "http://127.0.0.1:" + std::to_string(port)}}).status == 200);
  CHECK(stack.simulator.http().get("/webhook_subscriptions?scope=user", bearer(kToken)).json()["collection"].size() == 2);
}

TEST_CASE("webhook: another address replaces the one before", "[e2e][live]") {
  LiveStack stack;
  CHECK(stack.proxy->admin_post(kCall, {{"publicUrl", "http://127.0.0.1:9/below/"}}).data()["webhook"]["callbackUrl"] ==
        "http://127.0.0.1:9/below/api/webhooks/calendly");
  CHECK(stack.simulator.calls("webhook_delete") == 1);
  CHECK(stack.simulator.http().get("/webhook_subscriptions?scope=user", bearer(kToken)).json()["collection"].size() == 1);
}

TEST_CASE("webhook: what stands in the way is said to the admin", "[e2e][live]") {
  Stack stack({.simulator_arguments = {}, .proxy_settings = {}, .connected = false});
  CHECK(subscribe(*stack.proxy).error_code() == "not_connected");
  stack.simulator.set("account",
                      {{"tokens", {{{"token", kToken}, {"scopes", {"users:read", "event_types:read", "availability:read"}}}}}});
  REQUIRE(stack.proxy->connect(kToken).status == 200);
  const Reply refused = subscribe(*stack.proxy);
  CHECK(refused.status == 400);
  CHECK(refused.error_code() == "insufficient_scope");
  CHECK(refused.body.find("webhooks:write") != std::string::npos);
  CHECK(stack.proxy->admin_post(kCall, Json::object()).status == 400);
  CHECK(stack.proxy->admin_post(kCall, {{"publicUrl", "slots.example.com"}}).body.find("https://") != std::string::npos);
  CHECK(stack.proxy->http().post(kCall, "{}").status == 401);
  CHECK(stack.proxy->http().send("DELETE", kCall).status == 401);
  CHECK(stack.proxy->http().send("DELETE", kCall, bearer(jwt_for("admin"))).status == 404);
  CHECK(stack.proxy->status()["webhook"] == Json{{"subscribed", false}});
}

TEST_CASE("webhook: disconnecting ends the subscription; a new token of the same user keeps it", "[e2e][live]") {
  LiveStack stack;
  REQUIRE(stack.proxy->connect(kToken).status == 200);
  CHECK(stack.proxy->status()["webhook"]["subscribed"] == true);
  CHECK(stack.simulator.calls("webhook_delete") == 0);
  CHECK(deliver(stack.simulator, {{"how", "valid"}})["status"] == 200);

  SECTION("Calendly is told") {
    const Reply reply = stack.proxy->admin_post("/api/web/calendly/connection/disconnect", Json::object(), "super_admin");
    CHECK(reply.status == 200);
    CHECK(stack.simulator.calls("webhook_delete") == 1);
    CHECK(reply.json()["message"] == "Disconnected");
  }
  SECTION("Calendly cannot be told, and the admin hears of it") {
    stack.simulator.add_fault({{"endpoint", "webhook_delete"}, {"kind", "error"}, {"status", 503}});
    const Reply reply = stack.proxy->admin_post("/api/web/calendly/connection/disconnect", Json::object(), "super_admin");
    CHECK(reply.status == 200);
    CHECK(reply.json()["message"].get<std::string>().find("could not be told") != std::string::npos);
    CHECK(deliver(stack.simulator, {{"how", "valid"}})["status"] == 404);
  }
}

TEST_CASE("webhook: the signing key is in no answer, no log line and no byte of the database", "[e2e][live][secrecy]") {
  LiveStack stack;
  stack.simulator.reset_counters();
  REQUIRE(subscribe(*stack.proxy).status == 200);
  std::string key;
  const Json requests = stack.simulator.look("requests");
  for (const Json& request : requests) {
    const Json body = Json::parse(request.at("body").get<std::string>(), nullptr, false);
    if (body.is_object() && body.contains("signing_key")) key = body["signing_key"].get<std::string>();
  }
  REQUIRE(key.size() == 64);
  (void)book(stack.simulator, stack.some_start());
  REQUIRE(eventually([&] { return waiting_at(stack.simulator, "status", "200") == 1; }));
  for (const char* call : {"connection/status", "audit", "cache/stats"}) {
    CHECK(stack.proxy->admin_get(std::string("/api/web/calendly/") + call).body.find(key) == std::string::npos);
  }
  REQUIRE(stack.proxy->stop() == 0);
  std::string bytes = stack.proxy->output();
  for (const auto& file : std::filesystem::directory_iterator(stack.folder.path())) {
    std::ifstream stream(file.path(), std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(stream), {});
  }
  CHECK(bytes.find(key) == std::string::npos);
  CHECK(bytes.find("uestmarker") == std::string::npos);
}

TEST_CASE("webhook: a key from the configuration is the one that counts, and rotation keeps the sealed one working",
          "[e2e][live]") {
  SECTION("from the configuration") {
    LiveStack stack({.simulator_arguments = {},
                     .proxy_settings = {{"CALENDLY_WEBHOOK_SIGNING_KEY", "a-signing-key-that-somebody-chose-32"}},
                     .connected = true});
    const Json request = stack.simulator.http().get("/webhook_subscriptions?scope=user", bearer(kToken)).json();
    CHECK(request["collection"].size() == 1);
    CHECK(deliver(stack.simulator, {{"how", "valid"}})["status"] == 200);
  }
  SECTION("rotated") {
    LiveStack stack;
    const std::string keys = "another-encryption-key-of-32-bytes-and-more,e2e-encryption-key-of-more-than-32-bytes";
    Environment settings = proxy_settings(stack.folder.path(), stack.proxy->http().port(), stack.simulator.address());
    settings["CALENDLY_ENCRYPTION_KEY"] = keys;
    Process rotate(program_path("slotwire"), {"token", "rotate"}, settings);
    REQUIRE(rotate.wait_for_end() == 0);
    stack.restart_proxy({{"PORT", std::to_string(stack.proxy->http().port())},
                         {"CALENDLY_ENCRYPTION_KEY", "another-encryption-key-of-32-bytes-and-more"}});
    CHECK(deliver(stack.simulator, {{"how", "valid"}})["status"] == 200);
  }
}

TEST_CASE("changes: waiting, and what it may not do", "[e2e][live]") {
  LiveStack stack;
  CHECK(changes(*stack.proxy).data()["days"].empty());
  for (const char* wrong : {"x", "-1", "1.5", "", "99999999999999999999"}) {
    CHECK(stack.proxy->http().get(std::string("/api/app/calendly/changes?since=") + wrong).status == 400);
  }
  const Reply allowed = stack.proxy->http().get("/api/app/calendly/changes", {{"Origin", "https://site.example.com"}});
  CHECK(allowed.header("access-control-allow-origin") == "*");
  const std::int64_t now_at = version(*stack.proxy);
  std::vector<std::future<Reply>> waiting;
  for (int i = 0; i < 50; ++i) waiting.push_back(std::async(std::launch::async, [&] { return changes(*stack.proxy, now_at); }));
  // The fifty-first request of an address is told to poll.
  std::int64_t told = 0;
  CHECK(eventually([&] {
    const auto asked_at = SteadyClock::now();
    auto one_more = std::async(std::launch::async, [&] { return changes(*stack.proxy, now_at); });
    if (one_more.wait_for(seconds(1)) == std::future_status::timeout) {
      waiting.push_back(std::move(one_more));
      return false;
    }
    told = one_more.get().data()["pollAfterMs"].get<std::int64_t>();
    return SteadyClock::now() - asked_at < seconds(1);
  }));
  CHECK(told == 1500);
  // A purge may have changed any day, so all waiting requests are answered; stopping the program answers them at once too.
  SECTION("a purge") {
    REQUIRE(stack.proxy->admin_post("/api/web/calendly/cache/purge", Json::object()).status == 200);
    int told_of_all_days = 0;
    for (std::future<Reply>& each : waiting) told_of_all_days += each.get().body.find("1970-01-01") == std::string::npos ? 0 : 1;
    CHECK(told_of_all_days == 50);
  }
  SECTION("the end") {
    const auto asked_at = SteadyClock::now();
    REQUIRE(stack.proxy->stop() == 0);
    CHECK(SteadyClock::now() - asked_at < seconds(5));
    for (std::future<Reply>& each : waiting) CHECK(each.get().data()["pollAfterMs"] == 1500);
  }
}

TEST_CASE("changes: widgets that leave while they wait make room at once", "[e2e][live]") {
  LiveStack stack;
  const std::string start = stack.some_start();
  const std::int64_t now_at = version(*stack.proxy);
  const auto ask = [&] { return std::async(std::launch::async, [&] { return changes(*stack.proxy, now_at); }); };
  std::future<Reply> last;
  const auto is_sent_away = [&] {
    last = ask();
    return last.wait_for(seconds(1)) == std::future_status::ready && last.get().data()["pollAfterMs"] == 1500;
  };
  std::vector<std::unique_ptr<RawConnection>> widgets;
  for (int i = 0; i < 50; ++i) {
    widgets.push_back(std::make_unique<RawConnection>(stack.proxy->http().port()));
    REQUIRE(
        widgets.back()->send("GET /api/app/calendly/changes?since=" + std::to_string(now_at) + " HTTP/1.1\r\nHost: a\r\n\r\n"));
  }
  std::vector<std::future<Reply>> patient;  // those that got a place before all fifty had arrived
  REQUIRE(eventually([&] {
    if (is_sent_away()) return true;
    patient.push_back(std::move(last));
    return false;
  }));
  const auto left_at = SteadyClock::now();
  widgets.clear();
  REQUIRE(eventually([&] { return !is_sent_away(); }));
  // Long before the waits would have ended.
  CHECK(SteadyClock::now() - left_at < seconds(15));
  (void)book(stack.simulator, start);
  CHECK(last.get().data()["days"].size() == 1);
  for (std::future<Reply>& each : patient) CHECK(each.get().status == 200);
}

}  // namespace slotwire::e2e
