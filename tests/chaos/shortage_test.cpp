// What a machine can run short of while the proxy runs: room on the disk, the disk itself, descriptors, memory, and a clock that
// is right.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <fstream>
#include <future>
#include <random>
#include <signal.h>
#include <sys/resource.h>

#include "tests/chaos/disk.h"
#include "tests/chaos/stage.h"

namespace slotwire::chaos {
namespace {

using namespace e2e;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr char kOtherToken[] = "eyJvdGhlcg.eyJvdGhlci1tYXJrZXItdG9rZW4tdG9vLw.b3RoZXItc2lnbmF0dXJl";
constexpr char kAssistants[] = "/api/web/calendly/assistants";

// What was acknowledged before a shortage, and has to be there during it and after it.
class Acknowledged {
 public:
  Acknowledged(Stage& stage, Tally& tally, std::string where) : stage_(stage), tally_(tally), where_(std::move(where)) {
    stage_.simulator.set("account",
                         {{"requests_a_minute", 1'000'000}, {"tokens", {{{"token", kToken}}, {{"token", kOtherToken}}}}});
    print_ = status().at("tokenFingerprint");
    const Json slots = stage_.ask().data().at("slots");
    const Instant before = stage_.clock.now();
    wish_ = wish_for(slots.at(slots.size() / 2).at("start"));
    booked_ = book(*stage_.proxy, wish_, "acknowledged", stage_.admin());
    tally_.holds(booked_.status == 201, [&] { return where_ + ": no booking before: " + shortened(booked_); });
    const Reply opened = set_assistants(true);
    tally_.holds(opened.status == 200, [&] { return where_ + ": assistants before: " + shortened(opened); });
    stage_.note_truth(before);
  }

  [[nodiscard]] Reply set_assistants(bool is_open) const {
    return stage_.proxy->http().post(kAssistants, Json{{"eventType", "30min"}, {"open", is_open}}.dump(), stage_.admin());
  }

  // Reading needs no room.
  void judge(const std::string& when) const {
    const std::string where = where_ + ", " + when;
    const Json now = status();
    tally_.holds(now.is_object() && now.value("connected", false) && now.value("tokenFingerprint", "") == print_,
                 [&] { return where + ": the connection: " + now.dump(); });
    const int sent = stage_.simulator.calls("invitees");
    const Reply again = book(*stage_.proxy, wish_, "acknowledged", stage_.admin());
    tally_.holds(again.status == 201 && again.body == booked_.body,
                 [&] { return where + ": the booking's answer: " + shortened(again); });
    tally_.holds(stage_.simulator.calls("invitees") == sent, where + ": the booking was sent again");
    const Json assistants = stage_.proxy->http().get(kAssistants, stage_.admin()).data();
    const bool is_open = assistants.is_object() && std::ranges::any_of(assistants.at("eventTypes"), [](const Json& type) {
                           return type.at("uri").get<std::string>().ends_with(kThirtyMinutes) && type.at("open") == true;
                         });
    tally_.holds(is_open, [&] { return where + ": what assistants see: " + assistants.dump(); });
  }

  // Nothing may be acknowledged that cannot be kept, and nothing be sent to Calendly that is not written down.
  void judge_refusals(const std::string& when) const {
    const std::string where = where_ + ", " + when;
    const auto refused = [&](const char* what, const Reply& reply) {
      stage_.keep_answer(reply);
      tally_.holds(reply.status == 503 || reply.status == 500, [&] { return where + ": " + what + ": " + shortened(reply); });
      tally_.holds(reply.error_code() == "storage_failed", [&] { return where + ": " + what + " says " + shortened(reply); });
    };
    refused("another token",
            stage_.proxy->http().post("/api/web/calendly/token", Json{{"accessToken", kOtherToken}}.dump(), stage_.admin()));
    refused("assistants", set_assistants(false));
    const int sent = stage_.simulator.calls("invitees");
    const Json slots = stage_.ask().data().at("slots");
    refused("a booking", book(*stage_.proxy, wish_for(slots.at(0).at("start")), "refused", stage_.admin()));
    tally_.holds(stage_.simulator.calls("invitees") == sent, where + ": a booking was sent that is not written down");
  }

  void judge_visitors(const std::string& when) const {
    const Instant asked_at = stage_.clock.now();
    const Reply reply = stage_.ask();
    stage_.keep_answer(reply);
    tally_.holds(stage_.judge_slots(tally_, where_ + ", " + when, reply, asked_at),
                 [&] { return where_ + ", " + when + ": visitors: " + shortened(reply); });
    const Reply alive = stage_.proxy->http().get("/healthz");
    tally_.holds(alive.status == 200, [&] { return where_ + ", " + when + ": healthz: " + shortened(alive); });
  }

  void judge_writes(const std::string& when) const {
    Reply last;
    const bool works = heals([&] { return (last = set_assistants(true)).status == 200; }, seconds(20));
    tally_.holds(works, [&] { return where_ + ", " + when + ": no write works: " + shortened(last); });
    const Instant before = stage_.clock.now();
    const Json slots = stage_.ask().data().at("slots");
    const Reply booked = book(*stage_.proxy, wish_for(slots.at(slots.size() - 1).at("start")),
                              "after-" + std::to_string(seed()) + when.substr(0, 4), stage_.admin());
    tally_.holds(booked.status == 201, [&] { return where_ + ", " + when + ": a booking: " + shortened(booked); });
    stage_.note_truth(before);
  }

 private:
  [[nodiscard]] Json status() const {
    return stage_.proxy->http().get("/api/web/calendly/connection/status", stage_.admin()).data();
  }

  Stage& stage_;
  Tally& tally_;
  std::string where_;
  std::string print_;
  Json wish_;
  Reply booked_;
};

// nullptr, and a row that says so, when this user or this machine has none.
std::unique_ptr<Disk> disk_for(const std::string& what, Disk::Kind kind) {
  try {
    return std::make_unique<Disk>(kind);
  } catch (const std::exception& mistake) {
    report_not_run(what, mistake.what());
    return nullptr;
  }
}

long status_number(pid_t pid, const std::string& name) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stol(line.substr(name.size() + 1));
  }
  return 0;
}

int descriptors_of(pid_t pid) {
  const std::filesystem::directory_iterator all("/proc/" + std::to_string(pid) + "/fd");
  return static_cast<int>(std::distance(begin(all), end(all)));
}

std::string month_request(const Stage& stage, const std::string& type = "60min") {
  return "GET /api/app/calendly/slots/" + type + "?start_date=" + stage.day(0) + "&end_date=" + stage.day(27) +
         " HTTP/1.1\r\nHost: a\r\n\r\n";
}

}  // namespace

TEST_CASE("chaos: a full disk", "[chaos][shortage][disk]") {
  const std::string what = "disk full (tmpfs of 6 MiB), kill -9, room again";
  Tally tally(what);
  for (int round = 0; round < 6; ++round) {
    const std::unique_ptr<Disk> disk = disk_for(what, Disk::Kind::memory);
    if (!disk) return;
    const bool is_killed = round % 2 == 1;
    Stage stage({.settings = {}, .folder = disk->path()});
    const Acknowledged before(stage, tally, "full disk, round " + std::to_string(round));
    // More than one file may have to grow, at one place or another.
    for (int i = 0; i < round * 3; ++i) (void)before.set_assistants(true);
    disk->fill();
    before.judge_refusals("full");
    before.judge("full");
    before.judge_visitors("full");
    if (is_killed) {
      stage.end_proxy(Stage::End::killed);
      try {
        stage.start_proxy();
        before.judge("full, started anew");
      } catch (const std::runtime_error& mistake) {
        // It may end, if it says why.
        const std::string said = mistake.what();
        tally.holds(said.find("database") != std::string::npos || said.find("disk") != std::string::npos,
                    [&] { return "full disk: it ends without a reason: " + said; });
      }
    }
    disk->make_room();
    if (!stage.proxy) stage.start_proxy();
    before.judge_writes("room again");
    before.judge("room again");
    before.judge_visitors("room again");
    stage.judge_secrecy(tally, "full disk");
    tally.did();
  }
  tally.report();
}

TEST_CASE("chaos: a disk that breaks down, is read-only, and comes back", "[chaos][shortage][disk]") {
  const std::string what = "disk breaks down (ext4 aborted while in use), read-only at a start, comes back";
  Tally tally(what);
  for (int round = 0; round < 3; ++round) {
    const std::unique_ptr<Disk> disk = disk_for(what, Disk::Kind::file);
    if (!disk) return;
    Stage stage({.settings = {}, .folder = disk->path()});
    const Acknowledged before(stage, tally, "broken disk, round " + std::to_string(round));
    disk->break_down();
    before.judge_refusals("broken");
    before.judge("broken");
    before.judge_visitors("broken");
    stage.end_proxy(round == 1 ? Stage::End::killed : Stage::End::by_itself);
    disk->unmount();

    disk->mount(true);
    try {
      stage.start_proxy();
      before.judge("read-only from the start");
      before.judge_visitors("read-only from the start");
      stage.end_proxy(Stage::End::by_itself);
    } catch (const std::runtime_error& mistake) {
      const std::string said = mistake.what();
      tally.holds(said.find("database") != std::string::npos,
                  [&] { return "read-only disk: it ends without a reason: " + said; });
    }
    disk->unmount();

    disk->mount();
    stage.start_proxy();
    before.judge("back");
    before.judge_writes("back");
    before.judge_visitors("back");
    stage.judge_secrecy(tally, "broken disk");
    stage.end_proxy(Stage::End::by_itself);
    tally.did();
  }
  tally.report();
}

TEST_CASE("chaos: clocks that jump", "[chaos][shortage][clock]") {
  struct Jump {
    const char* name;
    std::chrono::seconds to;  // from the machine's own time
    bool is_shared;           // Calendly's clock too
  };
  // Hours and days, there and back, and over the turns of Berlin's and New York's clocks in the coming year.
  std::vector<Jump> jumps = {{"1 h on", hours(1), true},
                             {"back again", seconds(0), true},
                             {"3 h back", -hours(3), true},
                             {"26 h on", hours(26), true},
                             {"9 days on", hours(9 * 24), true},
                             {"2 days back", -hours(48), true},
                             {"10 min on, alone", minutes(10), false},
                             {"10 min back, alone", -minutes(10), false},
                             {"2 days on, alone", hours(48), false},
                             {"2 days back, alone", -hours(48), false},
                             {"right again", seconds(0), false}};
  const auto until = [](const std::string& instant) {
    return std::chrono::duration_cast<seconds>(instant_from_text(instant).value() - now());
  };
  const int year = static_cast<int>(std::chrono::year_month_day(today()).year()) + 1;
  for (const char* turn : {"-03-27T23:30:00Z", "-03-28T02:00:00Z", "-03-14T06:30:00Z", "-10-31T00:30:00Z", "-10-31T01:30:00Z"}) {
    jumps.push_back({turn, until(std::to_string(year) + turn), true});
  }
  jumps.push_back({"right at last", seconds(0), true});

  Tally tally("clocks jump: hours, days, over clock changes, with Calendly's or alone");
  Stage stage;
  stage.simulator.set("account", {{"requests_a_minute", 1'000'000}});
  for (int round = 0; round < 2; ++round) {
    for (const Jump& jump : jumps) {
      const std::string where = std::string("clock ") + jump.name;
      (void)stage.ask();  // something to be wrong about
      stage.clock.set(jump.to);
      stage.simulator.set("clock", {{"offset_s", jump.is_shared ? 0 : -jump.to.count()}});
      stage.begin_anew();
      Reply last;
      const bool is_good = heals(
          [&] {
            const Instant asked_at = stage.clock.now();
            last = stage.ask();
            stage.keep_answer(last);
            return stage.judge_slots(tally, where, last, asked_at);
          },
          seconds(20));
      tally.holds(is_good, [&] { return where + ": not whole and fresh: " + shortened(last); });
      const Reply types = stage.proxy->http().get("/api/app/calendly/event-types");
      tally.holds(types.status == 200 && !types.data().at("eventTypes").empty(),
                  [&] { return where + ": event types: " + shortened(types); });
      const Reply status = stage.proxy->http().get("/api/web/calendly/connection/status", stage.admin());
      tally.holds(status.status == 200 && status.data().value("connected", false),
                  [&] { return where + ": status: " + shortened(status); });
      tally.did();
    }
    stage.restart(round == 0 ? Stage::End::killed : Stage::End::by_itself);
  }
  stage.judge_secrecy(tally, "clocks");
  tally.report();
}

TEST_CASE("chaos: descriptors that are used up", "[chaos][shortage][descriptors]") {
  Tally tally("no descriptors left (RLIMIT_NOFILE), and some again");
  Stage stage;
  const Acknowledged before(stage, tally, "descriptors");
  const pid_t pid = stage.proxy->process().pid();
  rlimit usual{};
  REQUIRE(::prlimit(pid, RLIMIT_NOFILE, nullptr, &usual) == 0);
  const int at_first = descriptors_of(pid);
  std::mt19937 chance(seed());
  for (int round = 0; round < 10; ++round) {
    const std::string where = "descriptors, round " + std::to_string(round);
    const rlimit few{static_cast<rlim_t>(descriptors_of(pid)) + chance() % 12, usual.rlim_max};
    REQUIRE(::prlimit(pid, RLIMIT_NOFILE, &few, nullptr) == 0);
    std::vector<std::unique_ptr<RawConnection>> visitors;
    for (int i = 0; i < 30; ++i) {
      visitors.push_back(std::make_unique<RawConnection>(stage.proxy->http().port()));
      (void)visitors.back()->send(month_request(stage, i % 2 == 0 ? "60min" : "coffee"));
    }
    stage.clock.set(stage.clock.shift() + minutes(20));  // so that Calendly has to be asked
    // Whoever got in is answered, rightly.
    const std::string told = visitors.front()->read_to_end(seconds(1));
    tally.holds(told.find("\"slots\":[]") == std::string::npos && told.find(" 500 ") == std::string::npos,
                [&] { return where + ": " + told.substr(0, 400); });
    REQUIRE(::prlimit(pid, RLIMIT_NOFILE, &usual, nullptr) == 0);
    visitors.clear();
    const bool is_healed = heals(
        [&] {
          const Instant asked_at = stage.clock.now();
          return stage.judge_slots(tally, where, stage.ask(), asked_at);
        },
        seconds(20));
    tally.holds(is_healed, where + ": not healed");
    tally.did();
  }
  before.judge("afterwards");
  before.judge_writes("afterwards");
  int at_last = 0;
  // What is kept for later: connections to Calendly.
  constexpr int kKept = 20;
  const bool is_flat = heals([&] { return (at_last = descriptors_of(pid)) <= at_first + kKept; }, seconds(20));
  tally.holds(is_flat,
              [&] { return "descriptors: " + std::to_string(at_first) + " at first, " + std::to_string(at_last) + " at last"; });
  tally.holds(stage.proxy->process().is_running(), "descriptors: the proxy is gone");
  tally.report();
}

TEST_CASE("chaos: memory that is capped", "[chaos][shortage][memory]") {
  Tally tally("memory capped (RLIMIT_AS) under large requests");
  std::mt19937 chance(seed());
  std::uint64_t ends = 0;
  for (int round = 0; round < 6; ++round) {
    const std::string where = "memory, round " + std::to_string(round);
    Stage stage({.settings = {{"CALENDLY_MAX_CONNECTIONS_PER_CLIENT", "1000"}}, .folder = {}});
    const Acknowledged before(stage, tally, where);
    const pid_t pid = stage.proxy->process().pid();
    const auto room = static_cast<rlim_t>(chance() % 12) << 20;
    const rlimit cap{static_cast<rlim_t>(status_number(pid, "VmSize")) * 1024 + room, RLIM_INFINITY};
    REQUIRE(::prlimit(pid, RLIMIT_AS, &cap, nullptr) == 0);
    const std::string large =
        "POST /api/app/calendly/bookings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n" +
        std::string(59'000, 'x');
    std::vector<std::unique_ptr<RawConnection>> visitors;
    for (int i = 0; i < 250; ++i) {
      try {
        visitors.push_back(std::make_unique<RawConnection>(stage.proxy->http().port()));
        (void)visitors.back()->send(i % 5 == 0 ? month_request(stage, i % 2 == 0 ? "60min" : "coffee") : large);
      } catch (const std::runtime_error&) {
        break;  // nobody is there any more
      }
    }
    for (int i = 0; i < 5 && stage.proxy->process().is_running(); ++i) {
      const Reply reply = stage.ask();
      if (reply.status == 0 || reply.status == 500) continue;  // honest: no memory
      (void)stage.judge_slots(tally, where, reply, stage.clock.now());
    }
    visitors.clear();
    if (stage.proxy->process().is_running()) {
      const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
      REQUIRE(::prlimit(pid, RLIMIT_AS, &none, nullptr) == 0);
    } else {
      // As whoever watches over it would.
      ++ends;
      stage.end_proxy(Stage::End::killed);
      stage.start_proxy();
    }
    Reply last;
    const bool is_healed = heals(
        [&] {
          // It may end a moment later than it was looked at.
          if (!stage.proxy->process().is_running()) {
            ++ends;
            stage.restart(Stage::End::killed);
          }
          const Instant asked_at = stage.clock.now();
          last = stage.ask();
          return last.status != 0 && stage.judge_slots(tally, where + " (after)", last, asked_at);
        },
        seconds(30));
    if (!tally.holds(is_healed, [&] { return where + ": not healed: " + shortened(last) + stage.end_of_log(); })) continue;
    before.judge("afterwards");
    before.judge_writes("afterwards");
    stage.judge_secrecy(tally, where);
    tally.did();
  }
  UNSCOPED_INFO("the program ended in " << ends << " of the rounds");
  tally.report();
}

}  // namespace slotwire::chaos
