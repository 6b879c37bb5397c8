#include <algorithm>
#include <catch_amalgamated.hpp>
#include <fstream>
#include <future>
#include <signal.h>

#include "tests/e2e/booking.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

// Books at the simulator directly, as if Calendly had processed the first request late.
void book_behind_its_back(const Simulator& simulator, const Json& wish, const std::string& event_type_uuid) {
  const Json order = {{"event_type", "https://api.calendly.com/event_types/" + event_type_uuid},
                      {"start_time", wish.at("start").get<std::string>().substr(0, 19) + ".000000Z"},
                      {"invitee", wish.at("invitee")}};
  const Reply reply = simulator.http().post("/invitees", order.dump(), bearer(kToken));
  if (reply.status != 201) throw std::runtime_error("booking at the simulator failed: " + reply.body);
}

std::size_t events_at(const Simulator& simulator) {
  return simulator.http()
      .get("/scheduled_events?user=https://api.calendly.com/users/USERAAAAAAAAAAAA&count=100", bearer(kToken))
      .json()
      .at("collection")
      .size();
}

}  // namespace

TEST_CASE("booking trouble: an answer that is lost is looked up, and the visitor hears nothing of it",
          "[e2e][booking][trouble]") {
  Stack stack;
  const std::vector<std::pair<const char*, Json>> troubles = {
      {"cut before the answer", {{"kind", "close"}, {"after", true}}},
      {"cut in the answer", {{"kind", "cut"}}},
      {"half an answer", {{"kind", "truncated_json"}}},
      {"a page of the edge", {{"kind", "error"}, {"status", 502}, {"body", "html"}, {"after", true}}},
      {"a passing fault", {{"kind", "error"}, {"status", 500}, {"after", true}}},
  };
  std::size_t n = 0;
  for (const auto& [name, trouble] : troubles) {
    INFO(name);
    const std::string start = free_start(*stack.proxy, n * 3);
    Json fault = trouble;
    fault["endpoint"] = "invitees";
    stack.simulator.add_fault(fault);
    const std::string key = "k" + std::to_string(n++);
    const Reply reply = book(*stack.proxy, wish_for(start), key);
    INFO(reply.body);
    CHECK(reply.status == 201);
    CHECK(reply.data().at("start") == start);
    CHECK(reply.data().at("cancelUrl").get<std::string>().find("/cancellations/") != std::string::npos);
    CHECK(book(*stack.proxy, wish_for(start), key).body == reply.body);
    CHECK(stack.simulator.calls("invitees") == static_cast<int>(n));
    CHECK(events_at(stack.simulator) == n);
    CHECK_FALSE(is_free(*stack.proxy, start));
    stack.simulator.clear_faults();
  }
}

TEST_CASE("booking trouble: Calendly that books and never answers is looked up after ten seconds", "[e2e][booking][trouble]") {
  Stack stack;
  const std::string start = free_start(*stack.proxy);
  stack.simulator.add_fault({{"endpoint", "invitees"}, {"kind", "hang"}, {"after", true}});
  const auto began = std::chrono::steady_clock::now();
  const Reply reply = book(*stack.proxy, wish_for(start), "k");
  INFO(reply.body);
  CHECK(reply.status == 201);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(20));
  CHECK(stack.simulator.calls("invitees") == 1);
}

TEST_CASE("booking trouble: what nobody can tell is said, and asking again only looks, until it turns up",
          "[e2e][booking][trouble]") {
  Stack stack;
  // A group event: other visitors can book the same time.
  constexpr char kWorkshop[] = "3f2b7c1e-9d4a-4c7f-8a55-0e6d1b2c3d4e";
  const Json slots = stack.proxy->slots("workshop", day_text(1), day_text(21)).data().at("slots");
  const auto roomy = std::ranges::find_if(slots, [](const Json& slot) { return slot.at("inviteesRemaining") >= 3; });
  REQUIRE(roomy != slots.end());
  const Json wish = wish_for(roomy->at("start").get<std::string>(), "workshop");
  stack.simulator.add_fault({{"endpoint", "invitees"}, {"kind", "close"}});
  const Reply unknown = book(*stack.proxy, wish, "k");
  INFO(unknown.body);
  CHECK(unknown.status == 504);
  CHECK(unknown.error_code() == "booking_unknown");
  CHECK(unknown.json().at("message").get<std::string>().find("mail") != std::string::npos);
  CHECK(unknown.json().at("message").get<std::string>().find("Idempotency-Key") != std::string::npos);
  stack.simulator.clear_faults();

  // Another person's booking of that time is not mistaken for it.
  Json other = wish;
  other["invitee"]["email"] = "ada@example.com";
  book_behind_its_back(stack.simulator, other, kWorkshop);
  CHECK(book(*stack.proxy, wish, "k").status == 504);
  CHECK(stack.simulator.calls("invitees") == 2);  // one from the proxy, one from the test

  // It is not sent again either if Calendly cannot be asked, or if a restarted program continues with it.
  stack.restart_proxy();
  book_behind_its_back(stack.simulator, wish, kWorkshop);
  stack.simulator.add_fault({{"endpoint", "scheduled_events"}, {"kind", "error"}, {"status", 503}});
  CHECK(book(*stack.proxy, wish, "k").error_code() == "booking_unknown");
  stack.simulator.clear_faults();
  const Reply found = book(*stack.proxy, wish, "k");
  INFO(found.body);
  CHECK(found.status == 201);
  CHECK(stack.simulator.calls("invitees") == 3);
  CHECK(book(*stack.proxy, wish, "k").body == found.body);
}

// The proxy is killed after sending and before receiving the answer: the restarted one must neither book twice nor give up.
TEST_CASE("booking trouble: killed between sending and hearing, it books once all the same", "[e2e][booking][trouble]") {
  Stack stack;
  const std::string start = free_start(*stack.proxy);
  stack.simulator.add_fault({{"endpoint", "invitees"}, {"kind", "hang"}, {"after", true}});
  auto lost = std::async(std::launch::async, [&] { return book(*stack.proxy, wish_for(start), "k"); });
  REQUIRE(eventually([&] { return stack.simulator.in_flight("invitees") == 1 && events_at(stack.simulator) == 1; }));
  stack.proxy->process().signal(SIGKILL);
  CHECK(lost.get().status == 0);
  stack.simulator.clear_faults();
  stack.restart_proxy();
  std::vector<std::future<Reply>> replies;
  for (int i = 0; i < 5; ++i) {
    replies.push_back(std::async(std::launch::async, [&] { return book(*stack.proxy, wish_for(start), "k"); }));
  }
  for (auto& each : replies) {
    const Reply reply = each.get();
    INFO(reply.body);
    CHECK(reply.status == 201);
    CHECK(reply.data().at("start") == start);
  }
  CHECK(stack.simulator.calls("invitees") == 1);
  CHECK(events_at(stack.simulator) == 1);
}

TEST_CASE("booking trouble: what certainly was not booked leaves its key free", "[e2e][booking][trouble]") {
  Stack stack;
  const std::string start = free_start(*stack.proxy);
  struct Row {
    const char* name;
    Json fault;
    int status;
    const char* code;
  };
  const std::vector<Row> rows = {
      {"a refusal of the wish", {{"kind", "error"}, {"status", 400}}, 400, "bad_input"},
      {"the type is gone", {{"kind", "error"}, {"status", 404}}, 404, "event_type_not_found"},
      {"the host's calendar is broken", {{"kind", "error"}, {"status", 424}}, 503, "calendar_error"},
  };
  int calls = 0;
  for (const Row& row : rows) {
    INFO(row.name);
    Json fault = row.fault;
    fault["endpoint"] = "invitees";
    fault["times"] = 1;
    stack.simulator.add_fault(fault);
    const Reply reply = book(*stack.proxy, wish_for(start), "k");
    INFO(reply.body);
    CHECK(reply.status == row.status);
    CHECK(reply.error_code() == row.code);
    CHECK(stack.simulator.calls("invitees") == ++calls);
    CHECK(stack.simulator.calls("scheduled_events") == 0);
  }
  // Another booking may use the key now: nothing was booked with it.
  CHECK(book(*stack.proxy, wish_for(free_start(*stack.proxy, 2)), "k").status == 201);
}

TEST_CASE("booking trouble: Calendly that cannot be reached has been sent nothing", "[e2e][booking][trouble]") {
  Stack stack;
  const std::string start = free_start(*stack.proxy);
  const std::string address = stack.simulator.address();
  stack.simulator.stop();
  const Reply refused = book(*stack.proxy, wish_for(start), "k");
  INFO(refused.body);
  CHECK(refused.status == 503);
  CHECK(refused.error_code() == "calendly_unavailable");
  CHECK(refused.header("retry-after"));
  const Simulator again({}, std::stoi(address.substr(address.rfind(':') + 1)));
  CHECK(book(*stack.proxy, wish_for(start), "k").status == 201);
  CHECK(again.calls("invitees") == 1);
}

TEST_CASE("booking trouble: a limit that Calendly tells is kept to, and stops nothing else", "[e2e][booking][trouble][limits]") {
  Stack stack;
  const std::string start = free_start(*stack.proxy);
  stack.simulator.add_fault(
      {{"endpoint", "invitees"}, {"kind", "error"}, {"status", 429}, {"retry_after", 30}, {"reset", 3600}, {"times", 1}});
  const Reply refused = book(*stack.proxy, wish_for(start), "k");
  CHECK(refused.status == 503);
  CHECK(refused.error_code() == "booking_limit");
  CHECK(refused.data().at("schedulingUrl").get<std::string>().find("/acme/30min/") != std::string::npos);
  const Reply again = book(*stack.proxy, wish_for(start), "another");
  CHECK(again.error_code() == "booking_limit");
  const int wait_s = std::stoi(again.header("retry-after").value_or("0"));
  CHECK(wait_s > 20);
  CHECK(wait_s <= 30);
  CHECK(stack.simulator.calls("invitees") == 1);
  CHECK(stack.proxy->admin_get("/api/web/calendly/cache/stats").data().at("bookings").at("refusedForS") > 20);
  CHECK(stack.proxy->slots("60min", day_text(1), day_text(3)).data().at("complete") == true);
}

TEST_CASE("booking trouble: a token that was revoked is told to the admin", "[e2e][booking][trouble]") {
  Stack stack;
  const std::string start = free_start(*stack.proxy);
  stack.simulator.set("account", {{"tokens", Json::array({{{"token", "eyJvdGhlcg.eyJvdGhlcg.b3RoZXI"}}})}});
  const Reply reply = book(*stack.proxy, wish_for(start), "k");
  CHECK(reply.status == 503);
  CHECK(reply.error_code() == "token_rejected");
  CHECK(stack.proxy->status().at("problem").at("code") == "token_rejected");
}

TEST_CASE("booking trouble: bookings that hang leave everybody else alone, and those who ask again", "[e2e][booking][trouble]") {
  Stack stack;
  const std::string known = free_start(*stack.proxy);
  const Reply booked = book(*stack.proxy, wish_for(known), "known");
  REQUIRE(booked.status == 201);
  const Json slots = stack.proxy->slots("30min", day_text(1), day_text(21)).data().at("slots");
  stack.simulator.add_fault({{"endpoint", "invitees"}, {"kind", "hang"}});
  std::vector<std::future<Reply>> hanging;
  for (std::size_t i = 0; i < 9; ++i) {
    hanging.push_back(std::async(std::launch::async, [&stack, &slots, i] {
      return book(*stack.proxy, wish_for(slots.at(i * 2).at("start").get<std::string>()), "hanging-" + std::to_string(i));
    }));
  }
  REQUIRE(eventually([&] { return stack.simulator.in_flight("invitees") == 9; }));
  const auto began = std::chrono::steady_clock::now();
  CHECK(book(*stack.proxy, wish_for(known), "known").body == booked.body);
  CHECK(stack.proxy->http().get("/readyz").status == 200);
  CHECK(stack.proxy->status().at("bookings").at("lastMinute") == 10);
  CHECK(stack.proxy->slots("60min", day_text(1), day_text(3)).status == 200);
  CHECK(stack.proxy->http().post("/api/app/calendly/scheduling-links", R"({"eventType":"30min"})").status == 200);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(3));
  for (auto& each : hanging) CHECK(each.get().status == 504);
  CHECK(stack.simulator.calls("invitees") == 10);
}

TEST_CASE("booking trouble: a visitor who leaves while it is sent is booked all the same, once", "[e2e][booking][trouble]") {
  Stack stack;
  const Json wish = wish_for(free_start(*stack.proxy));
  stack.simulator.add_fault({{"endpoint", "invitees"}, {"kind", "latency"}, {"ms", 500}, {"times", 1}});
  {
    RawConnection visitor(stack.proxy->http().port());
    const std::string body = wish.dump();
    REQUIRE(visitor.send("POST " + std::string(kBookings) +
                         " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nIdempotency-Key: gone\r\nOrigin: " + kSite +
                         "\r\n" + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
    REQUIRE(eventually([&] { return stack.simulator.in_flight("invitees") == 1; }));
  }
  CHECK(book(*stack.proxy, wish, "gone").status == 201);
  CHECK(stack.simulator.calls("invitees") == 1);
  CHECK(events_at(stack.simulator) == 1);
}

TEST_CASE("booking trouble: no name and no address is in any log line, metric or byte of the database",
          "[e2e][booking][secrecy]") {
  const std::string log_format = GENERATE("text", "json");
  const int metrics_port = free_port();
  Stack stack({.proxy_settings = {{"LOG_FORMAT", log_format}, {"METRICS_PORT", std::to_string(metrics_port)}}});
  Json wish = wish_for(free_start(*stack.proxy, 0, kInterview), kInterview);
  wish["invitee"] = {{"name", "Marker Murasaki"}, {"email", "marker-mail@example.com"}, {"timezone", "Asia/Tokyo"}};
  wish["answers"] =
      Json::array({{{"position", 1}, {"answer", "+81 3 5550 1234"}}, {{"position", 3}, {"answer", "marker-topic"}}});
  wish["location"] = {{"kind", "ask_invitee"}, {"location", "marker-place"}};
  wish["tracking"] = {{"utmSource", "marker-source"}};
  const std::string key = "marker-key-0123456789";
  for (const Json& fault :
       {Json{{"kind", "error"}, {"status", 400}, {"message", "marker-mail@example.com is wrong"}, {"times", 1}},
        Json{{"kind", "close"}, {"times", 1}}}) {
    Json on_bookings = fault;
    on_bookings["endpoint"] = "invitees";
    stack.simulator.add_fault(on_bookings);
  }
  std::string answers = book(*stack.proxy, wish, key).body;
  answers += book(*stack.proxy, wish, key).body;
  REQUIRE(book(*stack.proxy, wish, "another-marker-key").status == 201);
  Json wrong = wish;
  wrong["invitee"]["email"] = "marker-mail@";
  answers += book(*stack.proxy, wrong, key).body;
  const std::string metrics = Http(metrics_port).get("/metrics").body;
  CHECK(metrics.find("slotwire_bookings_total{outcome=\"booked\"} 1") != std::string::npos);
  CHECK(metrics.find("slotwire_bookings_total{outcome=\"unknown\"} 1") != std::string::npos);
  REQUIRE(stack.proxy->stop() == 0);
  std::vector<std::pair<std::string, std::string>> texts = {
      {"log", stack.proxy->output()}, {"metrics", metrics}, {"answers", answers}};
  for (const auto& file : std::filesystem::directory_iterator(stack.folder.path())) {
    std::ifstream stream(file.path(), std::ios::binary);
    texts.emplace_back(file.path().filename(), std::string(std::istreambuf_iterator<char>(stream), {}));
  }
  REQUIRE(texts.size() >= 4);
  for (const auto& [name, text] : texts) {
    INFO(name);
    for (const char* marker :
         {"Murasaki", "marker-mail", "5550 1234", "marker-topic", "marker-place", "marker-source", "marker-key"}) {
      INFO(marker);
      CHECK(text.find(marker) == std::string::npos);
    }
  }
}
