#include <algorithm>
#include <catch_amalgamated.hpp>
#include <future>
#include <set>
#include <signal.h>
#include <thread>

#include "tests/e2e/booking.h"
#include "tests/e2e/installation.h"

using namespace slotwire;
using namespace slotwire::e2e;
using servers::NginxServer;
using servers::PostgresServer;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

constexpr char kTimes[] = "event_type_available_times";

Reply slots_through(const Http& http, const std::string& event_type, int first, int last) {
  return http.get("/api/app/calendly/slots/" + event_type + "?start_date=" + day_text(first) + "&end_date=" + day_text(last));
}

// How this server shows one start to a visitor.
enum class Seen { free, shown_as_stale, gone, no_answer };
Seen seen(const Proxy& proxy, const std::string& start) {
  const Reply reply = proxy.slots("30min", start.substr(0, 10), start.substr(0, 10));
  if (reply.status != 200) return Seen::no_answer;
  const Json data = reply.data();
  const bool is_there = std::ranges::any_of(data.at("slots"), [&](const Json& slot) { return slot.at("start") == start; });
  if (!is_there) return Seen::gone;
  return data.at("stale") == true ? Seen::shown_as_stale : Seen::free;
}

milliseconds since(steady_clock::time_point began) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - began);
}

Json purge_on(const Proxy& proxy) {
  const Reply reply = proxy.admin_post("/api/web/calendly/cache/purge", Json::object());
  return {{"status", reply.status}, {"code", reply.error_code()}};
}

}  // namespace

TEST_CASE("several servers: a cold stampede on all three costs as many calls as one server", "[e2e][servers]") {
  Installation all;
  NginxServer nginx({all.at(0).http().port(), all.at(1).http().port(), all.at(2).http().port()});
  const Http front(nginx.port());
  all.simulator.add_fault({{"endpoint", kTimes}, {"kind", "latency"}, {"ms", 500}});
  std::vector<std::future<Reply>> visitors;
  for (int visitor = 0; visitor < 60; ++visitor) {
    visitors.push_back(std::async(std::launch::async, [&] { return slots_through(front, "30min", 1, 30); }));
  }
  std::set<std::string> different;
  for (auto& visitor : visitors) {
    const Reply reply = visitor.get();
    INFO(reply.body.substr(0, 300));
    REQUIRE(reply.status == 200);
    CHECK(reply.data().at("complete") == true);
    CHECK(reply.data().at("stale") == false);
    different.insert(reply.data().at("slots").dump());
  }
  CHECK(different.size() == 1);
  CHECK(all.simulator.calls(kTimes) == 5);
  for (const auto& proxy : all.proxies) CHECK(proxy->output().find("GET /api/app/calendly/slots/30min 200") != std::string::npos);

  // As in "slots: a crowd with overlapping ranges never asks twice for a day", whose limit is for one server: two windows for the
  // first visitor, and at most one more for each of the others in the worst order.
  all.simulator.reset_counters();
  visitors.clear();
  for (int first = 1; first <= 8; ++first) {
    visitors.push_back(
        std::async(std::launch::async, [&front, first] { return slots_through(front, "60min", first, first + 13); }));
  }
  for (auto& visitor : visitors) CHECK(visitor.get().status == 200);
  CHECK(all.simulator.calls(kTimes) <= 9);
}

TEST_CASE("several servers: what one server fetched the others know, without a call", "[e2e][servers]") {
  Installation all;
  const Json first = all.at(0).slots("30min", day_text(1), day_text(14)).data();
  all.simulator.reset_counters();
  for (int i = 1; i < 3; ++i) {
    const Json data = all.at(i).slots("30min", day_text(1), day_text(14)).data();
    CHECK(data.at("slots") == first.at("slots"));
    CHECK(data.at("cached") == true);
    CHECK(data.at("windows").size() == first.at("windows").size());
  }
  CHECK(all.simulator.calls(kTimes) == 0);
}

TEST_CASE("several servers: a purge and a change of token on one are seen by all within a second", "[e2e][servers]") {
  Installation all;
  const std::string start = free_start(all.at(0), 5);
  for (const auto& proxy : all.proxies) REQUIRE(seen(*proxy, start) == Seen::free);
  all.simulator.set("take", {{"event_type", "30min"}, {"start_time", start}});
  REQUIRE(purge_on(all.at(0)).at("status") == 200);
  const auto purged = steady_clock::now();
  for (const auto& proxy : all.proxies) CHECK(eventually([&] { return seen(*proxy, start) == Seen::gone; }));
  CHECK(since(purged) < seconds(1));

  constexpr char kOther[] = "eyJlMmU.eyJvdGhlci1hY2NvdW50Ijoib3RoZXIifQ.b3RoZXItdG9rZW4tc2lnbmF0dXJlLW9mLWUyZQ";
  all.simulator.set("account", {{"tokens", {{{"token", kToken}}, {{"token", kOther}}}}});
  const std::string before = all.at(0).status().at("tokenFingerprint");
  REQUIRE(all.at(1).connect(kOther).status == 200);
  const auto changed = steady_clock::now();
  const std::string after = all.at(1).status().at("tokenFingerprint");
  CHECK(after != before);
  for (const auto& proxy : all.proxies) CHECK(eventually([&] { return proxy->status().at("tokenFingerprint") == after; }));
  CHECK(since(changed) < seconds(1));

  REQUIRE(all.at(2).admin_post("/api/web/calendly/connection/disconnect", Json::object(), "super_admin").status == 200);
  const auto disconnected = steady_clock::now();
  for (const auto& proxy : all.proxies) {
    CHECK(eventually([&] { return proxy->slots("30min", day_text(1), day_text(2)).error_code() == "not_connected"; }));
  }
  CHECK(since(disconnected) < seconds(1));
}

TEST_CASE("several servers: a booking on one takes the time away on all within a second", "[e2e][servers]") {
  Installation all;
  const std::string start = free_start(all.at(0), 3);
  for (const auto& proxy : all.proxies) REQUIRE(seen(*proxy, start) == Seen::free);
  REQUIRE(book(all.at(1), wish_for(start), "one").status == 201);
  const auto booked = steady_clock::now();
  for (const auto& proxy : all.proxies) CHECK(eventually([&] { return seen(*proxy, start) == Seen::gone; }));
  CHECK(since(booked) < seconds(1));
}

TEST_CASE("several servers: one key on all servers at once makes one booking", "[e2e][servers]") {
  Installation all;
  const Json wish = wish_for(free_start(all.at(0), 2));
  all.simulator.add_fault({{"endpoint", "invitees"}, {"kind", "latency"}, {"ms", 300}});
  std::vector<std::future<Reply>> replies;
  for (int i = 0; i < 6; ++i) {
    replies.push_back(std::async(std::launch::async, [&all, &wish, i] { return book(all.at(i % 3), wish, "the-key"); }));
  }
  std::set<std::string> bookings;
  for (auto& each : replies) {
    const Reply reply = each.get();
    INFO(reply.body);
    CHECK(reply.status == 201);
    bookings.insert(reply.data().value("inviteeUri", ""));
  }
  CHECK(bookings.size() == 1);
  CHECK(all.simulator.calls("invitees") == 1);
}

TEST_CASE("several servers: one that dies while it fetches is not waited for past the visitors' deadline", "[e2e][servers]") {
  Installation all;
  all.simulator.add_fault({{"endpoint", kTimes}, {"kind", "hang"}, {"times", 1}});
  auto lost = std::async(std::launch::async, [&] { return all.at(0).slots("30min", day_text(1), day_text(5)); });
  REQUIRE(eventually([&] { return all.simulator.in_flight(kTimes) == 1; }));
  const auto asked = steady_clock::now();
  std::vector<std::future<Reply>> visitors;
  for (int i = 1; i < 3; ++i) {
    visitors.push_back(std::async(std::launch::async, [&all, i] { return all.at(i).slots("30min", day_text(1), day_text(5)); }));
  }
  all.at(0).process().signal(SIGKILL);
  CHECK(lost.get().status == 0);
  for (auto& visitor : visitors) {
    const Reply reply = visitor.get();
    INFO(reply.body.substr(0, 300));
    CHECK(reply.status == 200);
    CHECK(reply.data().value("complete", false));
  }
  CHECK(since(asked) < seconds(10));
  CHECK(all.simulator.calls(kTimes) == 2);  // the one that hangs, and one for both other servers
  all.proxies[0] = all.new_proxy(0);
  CHECK(all.at(0).slots("30min", day_text(1), day_text(5)).data().at("cached") == true);
}

TEST_CASE("several servers: Redis forgets, goes and comes back, and visitors notice nothing", "[e2e][servers]") {
  Installation all;
  REQUIRE(all.all_are("connected"));
  const auto shown = [&](int first, int last) {
    std::vector<std::future<Reply>> replies;
    for (const auto& proxy : all.proxies) {
      replies.push_back(
          std::async(std::launch::async, [&, first, last] { return proxy->slots("30min", day_text(first), day_text(last)); }));
    }
    std::set<std::string> different;
    for (auto& each : replies) {
      const Reply reply = each.get();
      INFO(reply.body.substr(0, 300));
      CHECK(reply.status == 200);
      CHECK(reply.data().value("complete", false));
      CHECK_FALSE(reply.data().value("stale", true));
      different.insert(reply.data().at("slots").dump());
    }
    return different.size();
  };
  CHECK(shown(1, 7) == 1);
  all.redis.stop();
  CHECK(shown(1, 7) == 1);
  CHECK(shown(8, 14) == 1);
  CHECK(all.all_are("cut_off"));
  for (const auto& proxy : all.proxies) {
    const Reply ready = proxy->http().get("/readyz");
    CHECK(ready.status == 200);
    CHECK(ready.data().value("clusterMessage", "").find("alone") != std::string::npos);
    const Json status = proxy->status();
    CHECK(status.at("database") == "PostgreSQL");
    CHECK(status.at("cluster") == "cut_off");
    CHECK(instant_from_text(status.at("cutOffSince").get<std::string>()).value() > now() - std::chrono::minutes(5));
    CHECK_FALSE(status.contains("databaseMessage"));
  }
  // A change reaches all servers without it.
  const std::string start = free_start(all.at(0), 1);
  REQUIRE(book(all.at(0), wish_for(start), "without-redis").status == 201);
  for (const auto& proxy : all.proxies) CHECK(eventually([&] { return seen(*proxy, start) == Seen::gone; }));
  all.redis.start();  // empty
  CHECK(all.all_are("connected"));
  all.simulator.reset_counters();
  all.simulator.add_fault({{"endpoint", kTimes}, {"kind", "latency"}, {"ms", 300}});
  CHECK(shown(40, 46) == 1);
  CHECK(all.simulator.calls(kTimes) == 1);
}

TEST_CASE("several servers: while PostgreSQL stands still visitors are served, changes are refused, nothing is lost",
          "[e2e][servers]") {
  PostgresServer own;
  Installation all(own);
  const std::string start = free_start(all.at(0), 4);
  REQUIRE(book(all.at(0), wish_for(start), "before").status == 201);
  const bool is_restart = GENERATE(false, true);
  INFO((is_restart ? "stopped and started" : "standing still"));
  for (const auto& proxy : all.proxies) REQUIRE(eventually([&] { return seen(*proxy, start) == Seen::gone; }));
  if (is_restart) {
    own.stop();
  } else {
    own.pause();
  }
  for (const auto& proxy : all.proxies) {
    const auto asked = steady_clock::now();
    CHECK(proxy->slots("30min", day_text(1), day_text(7)).status == 200);  // cached
    const Reply cold = proxy->slots("60min", day_text(1), day_text(7));    // not cached
    CHECK(cold.status == 200);
    CHECK(cold.data().value("complete", false));
    CHECK(since(asked) < seconds(10));
  }
  const std::string next = free_start(all.at(0), 6);
  const Reply refused = book(all.at(0), wish_for(next), "meanwhile");
  CHECK(refused.status == 503);
  CHECK(refused.error_code() == "storage_failed");
  CHECK(refused.header("retry-after").has_value());
  CHECK(purge_on(all.at(1)) == Json{{"status", 503}, {"code", "storage_failed"}});
  const Json told = all.at(1).status();
  CHECK(told.at("connected") == true);
  CHECK_FALSE(told.value("databaseMessage", "").empty());
  CHECK(all.simulator.calls("invitees") == 1);
  // Without news from the others, no server shows its copies as fresh for long.
  for (const auto& proxy : all.proxies) {
    CHECK(eventually([&] { return proxy->slots("30min", day_text(1), day_text(7)).data().value("stale", false); }));
  }
  if (is_restart) {
    own.start();
  } else {
    own.go_on();
  }
  CHECK(eventually([&] { return book(all.at(0), wish_for(next), "meanwhile").status == 201; }));
  for (const auto& proxy : all.proxies) {
    CHECK(eventually([&] { return seen(*proxy, next) == Seen::gone; }));
    CHECK(eventually([&] { return !proxy->http().get("/readyz").data().contains("problem"); }));
    CHECK(proxy->status().at("connected") == true);
    CHECK_FALSE(proxy->status().contains("databaseMessage"));
    CHECK(eventually([&] { return !proxy->slots("30min", day_text(1), day_text(7)).data().value("stale", true); }));
  }
  // The first booking's key still returns its answer.
  CHECK(book(all.at(2), wish_for(start), "before").status == 201);
  CHECK(all.simulator.calls("invitees") == 2);
}

TEST_CASE("several servers: one that is cut off from Redis, or from all, shows no time as fresh that is gone", "[e2e][servers]") {
  Installation all;
  Proxy& cut = all.at(2);
  const std::string first = free_start(all.at(0), 2);
  const std::string second = free_start(all.at(0), 9);
  REQUIRE(seen(cut, first) == Seen::free);
  REQUIRE(seen(cut, second) == Seen::free);

  all.to_redis.sever();
  REQUIRE(book(all.at(0), wish_for(first), "first").status == 201);
  const auto booked = steady_clock::now();
  CHECK(eventually([&] { return seen(cut, first) == Seen::gone; }));
  CHECK(since(booked) < seconds(3));
  CHECK(eventually([&] { return cut.http().get("/readyz").data().value("cluster", "") == "cut_off"; }));
  for (int i = 0; i < 2; ++i) CHECK(all.at(i).http().get("/readyz").data().value("cluster", "") == "connected");

  all.to_postgres.sever();
  REQUIRE(book(all.at(1), wish_for(second), "second").status == 201);
  const auto lost = steady_clock::now();
  CHECK(eventually([&] { return seen(cut, second) != Seen::free; }));
  CHECK(since(lost) < seconds(5));
  // It stays so: old copies are never fresh again before the server has read the missed changes.
  for (int look = 0; look < 200; ++look) REQUIRE(seen(cut, second) != Seen::free);
  // It serves visitors, so it is ready; a load balancer that removed such servers would remove all when the database is down.
  const Reply ready = cut.http().get("/readyz");
  CHECK(ready.status == 200);
  CHECK(ready.data().value("problem", "") == "storage_failed");

  all.to_postgres.mend();
  all.to_redis.mend();
  CHECK(eventually([&] { return seen(cut, second) == Seen::gone; }));
  CHECK(all.all_are("connected"));
  CHECK(eventually([&] { return !cut.slots("30min", day_text(1), day_text(7)).data().value("stale", true); }));
  CHECK(all.simulator.calls("invitees") == 2);
}
