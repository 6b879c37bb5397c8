// Every fault of Calendly x what is cached x how the proxy was restarted, each with programs of its own.
// All 765 take a quarter of an hour on two cores. So each fault meets each state of the cache in one of the three restarts,
// another one by seed, such that it also meets each restart; and SLOTWIRE_CHAOS_EVERY_CELL=1 (make chaos-long) runs all.
//   SLOTWIRE_CHAOS_ONLY=text    only the cells whose name ("hang / stale / killed") contains it
//   SLOTWIRE_CHAOS_THREADS=n    so many at once instead of 40: most of their time is waiting
#include <algorithm>
#include <arpa/inet.h>
#include <catch_amalgamated.hpp>
#include <future>
#include <random>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/chaos/stage.h"

namespace slotwire::chaos {
namespace {

using namespace e2e;
using std::chrono::minutes;
using std::chrono::seconds;

struct Fault {
  std::string name;
  Json document;             // for POST /__sim/faults; text: done to the simulator's process
  bool is_harmless = false;  // visitors get everything all the same, if late
};

std::vector<Fault> all_faults() {
  std::vector<Fault> faults = {
      {"late by 1.5 s", {{"kind", "latency"}, {"ms", 1'500}, {"jitter_ms", 300}}, true},
      {"hang", {{"kind", "hang"}}},
      {"hang for 3 s, then close", {{"kind", "hang"}, {"ms", 3'000}}},
      {"close", {{"kind", "close"}}},
      {"close after taking effect", {{"kind", "close"}, {"after", true}}},
      {"cut", {{"kind", "cut"}}},
      {"truncated JSON", {{"kind", "truncated_json"}}},
      {"drip", {{"kind", "drip"}, {"ms", 400}, {"piece", 40}}},
      {"oversized", {{"kind", "oversized"}, {"bytes", 20 << 20}}},
      {"redirect", {{"kind", "redirect"}}},
      {"insufficient scope", {{"kind", "insufficient_scope"}}},
      {"wrong content type", {{"kind", "wrong_content_type"}}, true},
      {"HTML with 200", {{"kind", "not_json"}}},
      {"nothing with 200", {{"kind", "not_json"}, {"text", ""}}},
      {"null with 200", {{"kind", "not_json"}, {"text", "null"}}},
      {"{} with 200", {{"kind", "not_json"}, {"text", "{}"}}},
      {"collection null", {{"kind", "not_json"}, {"text", "{\"collection\":null}"}}},
      {"collection of numbers", {{"kind", "not_json"}, {"text", "{\"collection\":[1,2],\"resource\":3}"}}},
      {"slots without a start", {{"kind", "not_json"}, {"text", "{\"collection\":[{\"status\":\"available\"}]}"}}},
      {"nested too deep", {{"kind", "not_json"}, {"text", std::string(100'000, '[')}}},
      {"taken under way", {{"kind", "slot_taken"}, {"endpoint", "invitees"}}, true},
      {"429 for 2 s", {{"kind", "error"}, {"status", 429}, {"body", "empty_object"}, {"retry_after", 2}, {"reset", 2}}},
      {"429 for 20 s", {{"kind", "error"}, {"status", 429}, {"retry_after", 20}, {"reset", 20}, {"times", 3}}},
      {"rate headers that are none",
       {{"kind", "odd_headers"},
        {"headers",
         {{"X-RateLimit-Limit", "many"}, {"X-RateLimit-Remaining", "-5"}, {"X-RateLimit-Reset", "99999999999999999999"}}}},
       true},
      {"Retry-After that is a date", {{"kind", "error"}, {"status", 503}, {"retry_after", "Fri, 01 Jan 2100 00:00:00 GMT"}}},
      {"nobody answers", "paused"},
      {"nobody is there", "stopped"},
  };
  for (const int status : {400, 401, 403, 404, 409, 424, 500, 502, 503, 504}) {
    for (const char* body : {"json", "html", "none"}) {
      // What is said in JSON stands for what the API itself says, the rest for what stands before it.
      if (status < 500 && std::string(body) == "none") continue;
      faults.push_back({std::to_string(status) + " " + body, {{"kind", "error"}, {"status", status}, {"body", body}}});
    }
  }
  return faults;
}

const std::vector<std::string> kCaches = {"cold", "fresh", "stale", "partly known", "on disk only"};
const std::vector<std::string> kRestarts = {"no restart", "restarted", "killed"};

struct Cell {
  const Fault& fault;
  const std::string& cache;
  const std::string& restart;
  [[nodiscard]] std::string name() const { return fault.name + " / " + cache + " / " + restart; }
};

// Nobody listens here, and nobody else's simulator gets the port meanwhile: with the same token it would be taken for this one.
class KeptPort {
 public:
  explicit KeptPort(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(socket_);
      throw std::runtime_error("the port cannot be kept");
    }
  }
  ~KeptPort() { ::close(socket_); }
  KeptPort(const KeptPort&) = delete;
  KeptPort& operator=(const KeptPort&) = delete;

 private:
  int socket_;
};

void fill(Stage& stage, Tally& tally, const Cell& cell) {
  if (cell.cache == "cold") return;
  const Reply reply = cell.cache == "partly known" ? stage.ask(0, 7) : stage.ask();
  tally.holds(stage.judge_slots(tally, cell.name() + " (before)", reply, stage.clock.now()),
              [&] { return cell.name() + ": not whole before any fault: " + shortened(reply); });
  if (cell.cache == "stale") stage.clock.set(minutes(20));
  if (cell.cache != "on disk only") return;
  stage.end_proxy(Stage::End::by_itself);
  stage.clock.set(minutes(20));
  stage.start_proxy();
}

// What Calendly's own clients are told must not look empty either.
void judge_passed_on(Tally& tally, const std::string& where, const Reply& reply) {
  if (reply.status != 200) {
    tally.holds(reply.status >= 400, [&] { return where + ": the API answered " + shortened(reply); });
    return;
  }
  const Json whole = reply.json();
  tally.holds(whole.is_object() && whole.contains("collection") && whole["collection"].is_array() && !whole["collection"].empty(),
              [&] { return where + ": the API has no free times: " + shortened(reply); });
}

void ask_around(Stage& stage, Tally& tally, const std::string& where) {
  const Http& http = stage.proxy->http();
  const auto well_formed = [&](const char* what, const Reply& reply) {
    stage.keep_answer(reply);
    const Json whole = reply.json();
    return tally.holds(whole.is_object() && whole.contains("success") && reply.status != 500,
                       [&] { return where + ": " + what + ": " + shortened(reply); });
  };
  const auto asked_at = stage.clock.now();
  std::vector<std::future<Reply>> visitors;
  for (int i = 0; i < 3; ++i) {
    visitors.push_back(std::async(std::launch::async, [&stage, i] { return i == 2 ? stage.ask(5, 4) : stage.ask(); }));
  }
  std::future<Reply> passed_on = std::async(std::launch::async, [&] {
    return http.get("/calendly/v2/event_type_available_times?event_type=https://api.calendly.com/event_types/" +
                        std::string(kThirtyMinutes) + "&start_time=" + stage.day(0) + "T00:00:00Z&end_time=" + stage.day(9) +
                        "T00:00:00Z",
                    stage.admin());
  });
  // While they wait.
  const Reply alive = http.get("/healthz");
  if (well_formed("healthz", alive)) tally.holds(alive.status == 200, [&] { return where + ": healthz " + shortened(alive); });
  (void)well_formed("readyz", http.get("/readyz"));
  const Reply types = http.get("/api/app/calendly/event-types");
  if (well_formed("event types", types) && types.status == 200) {
    tally.holds(types.data().is_object() && !types.data().at("eventTypes").empty(),
                [&] { return where + ": no event types: " + shortened(types); });
  }
  for (std::future<Reply>& visitor : visitors) {
    const Reply reply = visitor.get();
    stage.keep_answer(reply);
    (void)stage.judge_slots(tally, where, reply, asked_at);
  }
  const Reply passed = passed_on.get();
  stage.keep_answer(passed);
  judge_passed_on(tally, where, passed);
  const Reply next = http.get("/api/app/calendly/next/30min");
  if (well_formed("next", next) && next.status == 200) {
    tally.holds(next.data().is_object() && !next.data().at("slots").empty(),
                [&] { return where + ": nothing free next: " + shortened(next); });
  }
  (void)well_formed("status", http.get("/api/web/calendly/connection/status", stage.admin()));
}

void run(Tally& tally, const Cell& cell, unsigned seed) {
  const std::string where = cell.name();
  std::mt19937 chance(seed);
  auto stage_pointer = std::make_unique<Stage>();
  Stage& stage = *stage_pointer;
  fill(stage, tally, cell);
  // What is cached is no longer what is there, so that an answer shows from when it is.
  (void)stage.take_one(chance());
  const Instant wanted = *std::next(stage.truth.newest().begin(), static_cast<std::ptrdiff_t>(3 + chance() % 10));

  stage.simulator.reset_counters();
  stage.may_be_gone = cell.fault.name.starts_with("404");
  const Instant broke_at = stage.clock.now();
  std::unique_ptr<KeptPort> kept;
  const bool is_gone = cell.fault.document.is_string();
  if (cell.fault.document == "paused") {
    stage.simulator.pause();
  } else if (is_gone) {
    const int port = stage.simulator.http().port();
    stage.simulator.stop();
    kept = std::make_unique<KeptPort>(port);
  } else {
    Json fault = cell.fault.document;
    fault.emplace("endpoint", "*");
    stage.simulator.add_fault(fault);
  }
  int rounds = 1;
  if (cell.restart == "restarted") stage.restart(Stage::End::by_itself);
  if (cell.restart == "killed") {
    // In the middle of whatever it does for a visitor.
    RawConnection visitor(stage.proxy->http().port());
    (void)visitor.send("GET /api/app/calendly/slots/30min?start_date=" + stage.day(0) + "&end_date=" + stage.day(13) +
                       " HTTP/1.1\r\nHost: a\r\n\r\n");
    std::this_thread::sleep_for(std::chrono::milliseconds(chance() % 40));
    stage.restart(Stage::End::killed);
    ++rounds;
  }
  ask_around(stage, tally, where);

  // A booking in the middle of it: whatever the visitor is told, the time is not booked twice.
  const std::string key = "chaos-" + std::to_string(seed);
  const Json wish = wish_for(text_from_instant(wanted));
  const Reply booked = book(*stage.proxy, wish, key);
  stage.keep_answer(booked);
  tally.holds(booked.json().is_object() && booked.status != 500 && booked.status != 0,
              [&] { return where + ": a booking: " + shortened(booked); });

  if (!is_gone) {
    // An ask is two windows of at most four attempts each, whoever joins it; one by the week, one for Calendly's clients, one for
    // what comes next and the look before a booking may each ask anew.
    constexpr int kMostOfAnAsk = 2 * 4;
    const int calls = stage.simulator.calls("event_type_available_times");
    tally.holds(calls <= rounds * 5 * kMostOfAnAsk,
                [&] { return where + ": " + std::to_string(calls) + " calls for free times"; });
  }

  if (cell.fault.document == "paused") {
    stage.simulator.go_on();
  } else if (is_gone) {
    kept.reset();
    stage.simulator.start();  // with everything free again
  } else {
    stage.simulator.clear_faults();
  }
  // What was fetched meanwhile is nobody's fault; from now on everything is to be asked anew.
  // A call that is on its way now is dated by when it was sent.
  const Instant healed_since = stage.clock.now() + minutes(19);
  stage.clock.set(stage.clock.shift() + minutes(20));
  stage.note_truth(broke_at);
  Reply last;
  const bool is_healed = heals(
      [&] {
        const Instant asked_at = stage.clock.now();
        last = stage.ask();
        return stage.judge_slots(tally, where + " (healing)", last, asked_at) && Stage::is_newer(last, healed_since);
      },
      seconds(75));
  tally.holds(is_healed, [&] { return where + ": not healed: " + shortened(last); });
  const Reply again = book(*stage.proxy, wish, key);
  stage.keep_answer(again);
  tally.holds(again.json().is_object() && again.status != 500 && again.status != 0,
              [&] { return where + ": the same booking again: " + shortened(again); });
  tally.holds(booked.status != 201 || (again.status == 201 && again.body == booked.body),
              [&] { return where + ": told of a booking, and then otherwise: " + shortened(booked) + " " + shortened(again); });
  const std::size_t count = stage.bookings_at(wanted);
  tally.holds(count <= 1, [&] { return where + ": booked " + std::to_string(count) + " times"; });
  tally.holds(again.status != 201 || count == 1, [&] { return where + ": told of a booking that there is not"; });
  tally.holds(stage.proxy->process().is_running(), where + ": the proxy is gone");
  stage.judge_secrecy(tally, where);
  tally.did();
}

}  // namespace

TEST_CASE("chaos: every fault of Calendly x what is cached x how it was restarted", "[chaos][upstream]") {
  const std::string only = text_in_environment("SLOTWIRE_CHAOS_ONLY");
  const bool is_every_cell = !only.empty() || number_in_environment("SLOTWIRE_CHAOS_EVERY_CELL", 0) != 0;
  const std::vector<Fault> faults = all_faults();
  // Each cell's seed is drawn before any is left out, so that one alone does what it did among all.
  std::mt19937 chance(seed());
  std::vector<Cell> cells;
  std::vector<unsigned> seeds;
  std::size_t turn = seed();
  for (const Fault& fault : faults) {
    for (const std::string& cache : kCaches) {
      ++turn;
      for (const std::string& restart : kRestarts) {
        const Cell cell{fault, cache, restart};
        const auto drawn = static_cast<unsigned>(chance());
        const bool is_its_turn = is_every_cell || restart == kRestarts[turn % std::size(kRestarts)];
        if (!is_its_turn || cell.name().find(only) == std::string::npos) continue;
        cells.push_back(cell);
        seeds.push_back(drawn);
      }
    }
  }
  REQUIRE(!cells.empty());
  std::map<std::string, Tally> tallies;
  for (const Cell& cell : cells) tallies.try_emplace(cell.fault.name, "Calendly: " + cell.fault.name);
  Tally whole(is_every_cell ? "Calendly's faults: every fault x cache x restart"
                            : "Calendly's faults: every pair of fault, cache, restart");
  const auto threads = static_cast<unsigned>(number_in_environment("SLOTWIRE_CHAOS_THREADS", 40));
  side_by_side(whole, cells.size(), threads, [&](std::size_t n) {
    Tally& tally = tallies.at(cells[n].fault.name);
    try {
      run(tally, cells[n], seeds[n]);
    } catch (const std::exception& mistake) {
      tally.holds(false, cells[n].name() + ": " + mistake.what());
    }
    whole.did();
    whole.holds(true, "");
  });
  for (const auto& [name, tally] : tallies) tally.report();
  whole.report();
}

}  // namespace slotwire::chaos
