#include "tests/chaos/stage.h"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <signal.h>
#include <stdexcept>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>

namespace slotwire::chaos {
namespace {

using namespace e2e;

// A window is a day-long or longer call: it may have been on its way for as long as the proxy waits.
constexpr std::chrono::seconds kUnderWay{12};
// Lives are jittered by a tenth.
constexpr std::chrono::seconds kLongestLife{331};

InstantRange range_of_days(const std::string& first, const std::string& last) {
  const Instant begin = instant_from_text(first + "T00:00:00Z").value();
  return {begin, instant_from_text(last + "T00:00:00Z").value() + std::chrono::days(1)};
}

std::set<Instant> starts_in(const std::set<Instant>& starts, InstantRange range) {
  return {starts.lower_bound(range.begin), starts.lower_bound(range.end)};
}

}  // namespace

SharedClock::SharedClock(const std::filesystem::path& file) : file_(file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0 || ::ftruncate(descriptor, sizeof(std::int64_t)) != 0) throw std::runtime_error("no file for the clock");
  void* mapped = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  ::close(descriptor);
  if (mapped == MAP_FAILED) throw std::runtime_error("the clock's file cannot be mapped");
  shift_ = static_cast<std::atomic<std::int64_t>*>(mapped);
}

SharedClock::~SharedClock() { ::munmap(shift_, sizeof(std::int64_t)); }

Environment SharedClock::settings() const {
  return {{"LD_PRELOAD", program_path("shifted_clock.so")}, {"SHIFTED_CLOCK_FILE", file_.string()}};
}

void Truth::note(const Simulator& simulator, InstantRange range, Instant since, Instant now) {
  std::set<Instant> starts;
  for (const Json& slot : simulator.listed(kThirtyMinutes, range)) {
    starts.insert(instant_from_text(slot.at("start_time").get<std::string>()).value());
  }
  if (!versions_.empty()) {
    if (versions_.back().starts == starts) return;
    versions_.back().to = now;
  }
  versions_.push_back({.from = since, .to = {}, .starts = std::move(starts)});
}

bool Truth::was(const std::set<Instant>& starts, InstantRange range, Instant from, Instant to) const {
  const std::set<Instant> told = starts_in(starts, range);
  return std::ranges::any_of(versions_, [&](const Version& version) {
    return version.from <= to && (!version.to || *version.to >= from) && starts_in(version.starts, range) == told;
  });
}

Stage::Stage(Options options)
    : clock(temporary.path() / "clock"),
      simulator({}, 0, clock.settings()),
      settings_(std::move(options.settings)),
      database_folder_(options.folder.empty() ? temporary.path() : options.folder) {
  settings_.merge(clock.settings());
  settings_.emplace("CALENDLY_RATE_LIMIT", "0");
  start_proxy();
  const Reply reply = proxy->connect(kToken);
  if (reply.status != 200) throw std::runtime_error("connecting failed: " + reply.body);
  note_truth();
}

std::string Stage::day(int n) const { return text_from_day(today_ + std::chrono::days(kFirstDay + n)); }

InstantRange Stage::range() const { return range_of_days(day(0), day(kDays - 1)); }

Reply Stage::ask(int first, int count) const { return proxy->slots("30min", day(first), day(first + count - 1)); }

Fields Stage::admin(const std::string& role) const { return bearer(jwt_for(role, std::chrono::hours(24 * 365))); }

void Stage::note_truth(std::optional<Instant> since) {
  const Instant now = clock.now();
  truth.note(simulator, range(), since.value_or(now), clock.now());
}

void Stage::begin_anew() {
  today_ = utc_day_of(clock.now());
  truth = Truth();
  // However a clock was set in between.
  note_truth(Instant{});
}

Instant Stage::take_one(std::size_t n) {
  const std::set<Instant> free = truth.newest();
  const Instant start = *std::next(free.begin(), static_cast<std::ptrdiff_t>(n % free.size()));
  const Instant before = clock.now();
  simulator.set("take", {{"event_type", kThirtyMinutes}, {"start_time", text_from_instant(start)}});
  note_truth(before);
  return start;
}

std::size_t Stage::bookings_at(Instant start) const {
  const std::string from = text_from_instant(start - std::chrono::hours(1));
  const std::string to = text_from_instant(start + std::chrono::hours(1));
  const Json events =
      simulator.http()
          .get("/scheduled_events?user=https://api.calendly.com/users/USERAAAAAAAAAAAA&count=100&min_start_time=" + from +
                   "&max_start_time=" + to,
               bearer(kToken))
          .json()
          .at("collection");
  return static_cast<std::size_t>(std::ranges::count_if(
      events, [&](const Json& event) { return instant_from_text(event.at("start_time").get<std::string>()).value() == start; }));
}

void Stage::end_proxy(End how) {
  if (how == End::killed) {
    proxy->process().signal(SIGKILL);
    (void)proxy->process().wait_for_end();
  } else {
    (void)proxy->stop();
  }
  logs_ += proxy->output();
  proxy.reset();
}

void Stage::start_proxy() {
  for (int tries = 0;; ++tries) {
    try {
      proxy = std::make_unique<Proxy>(database_folder_, simulator.address(), settings_);
      return;
    } catch (const std::runtime_error& mistake) {
      // A free port was somebody else's by the time it was taken: many of us look for one at once.
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      if (tries == 100 || std::string(mistake.what()).find("in use") == std::string::npos) throw;
    }
  }
}

bool Stage::judge_slots(Tally& tally, const std::string& where, const Reply& reply, Instant asked_at) const {
  const auto fails = [&](const std::string& why) { return [&, why] { return where + ": " + why + ": " + shortened(reply); }; };
  const Instant now = clock.now();
  const Json whole = reply.json();
  if (!tally.holds(whole.is_object() && whole.contains("success"), fails("no envelope"))) return false;
  if (reply.status != 200) {
    tally.holds(reply.status == 503 || reply.status == 429 || (may_be_gone && reply.error_code() == "event_type_not_found"),
                fails("neither an answer nor a refusal that passes"));
    tally.holds(!reply.error_code().empty() && !whole.at("message").get<std::string>().empty(), fails("an error without words"));
    const std::string code = reply.error_code();
    const bool passes = code == "calendly_unavailable" || code == "calendly_rate_limited" || code == "calendar_error";
    tally.holds(!passes || reply.header("retry-after").has_value(), fails("nothing says when to ask again"));
    tally.holds(reply.data().is_null() || !reply.data().contains("slots"), fails("a failure that has free times"));
    return false;
  }
  const Json data = reply.data();
  std::set<Instant> starts;
  for (const Json& slot : data.at("slots")) starts.insert(instant_from_text(slot.at("start").get<std::string>()).value());
  bool any_failed = false;
  bool any_stale = false;
  bool any_known = false;
  Instant reached = range_of_days(data.at("startDate"), data.at("startDate")).begin;
  for (const Json& window : data.at("windows")) {
    const InstantRange days = range_of_days(window.at("start"), window.at("end"));
    const std::string source = window.at("source");
    const std::string name = source + " " + window.at("start").get<std::string>();
    tally.holds(days.begin == reached, fails("windows that do not touch"));
    reached = days.end;
    if (source == "failed") {
      any_failed = true;
      tally.holds(starts_in(starts, days).empty() && window.contains("error"), fails("a failed window that has free times"));
      continue;
    }
    any_known = true;
    any_stale = any_stale || source == "stale";
    const Instant fetched_at = instant_from_text(window.at("fetchedAt").get<std::string>()).value();
    tally.holds(truth.was(starts, days, fetched_at - kUnderWay, fetched_at + std::chrono::seconds(1)),
                fails("what Calendly did not have when it was asked (" + name + ")"));
    if (source == "upstream") tally.holds(fetched_at >= asked_at - kUnderWay, fails("asked just now, long ago (" + name + ")"));
    if (source == "cache") {
      tally.holds(fetched_at >= now - kLongestLife && fetched_at <= now + std::chrono::seconds(1),
                  fails("fresh beyond its life (" + name + ")"));
    }
  }
  tally.holds(reached == range_of_days(data.at("endDate"), data.at("endDate")).end, fails("days that no window covers"));
  tally.holds(data.at("complete") == !any_failed, fails("complete is not whether every window is known"));
  tally.holds(data.at("stale") == any_stale, fails("stale is not whether a window is"));
  tally.holds(any_known, fails("nothing is known, and it is no error"));
  const bool is_good = !any_failed && !any_stale;
  const std::string kept = reply.header("cache-control").value_or("");
  tally.holds(is_good || kept.find("no-store") != std::string::npos || kept.find("max-age=0") != std::string::npos,
              fails("what is old or lacks days may be kept: " + kept));
  return is_good;
}

bool Stage::is_newer(const Reply& reply, Instant since) {
  const Json windows = reply.data().at("windows");
  return std::ranges::all_of(
      windows, [&](const Json& window) { return instant_from_text(window.at("fetchedAt").get<std::string>()).value() >= since; });
}

void Stage::keep_answer(const Reply& reply) {
  answers_ += reply.body;
  for (const auto& [name, value] : reply.headers) answers_ += name + value;
}

std::string Stage::end_of_log() const {
  const std::string log = proxy ? proxy->output() : logs_;
  return "\n" + log.substr(log.size() - std::min<std::size_t>(log.size(), 600));
}

void Stage::judge_secrecy(Tally& tally, const std::string& where) const {
  const std::string token = kToken;
  const std::string middle = token.substr(token.find('.') + 1, 20);
  const auto is_in = [&](const std::string& text) { return text.find(middle) != std::string::npos; };
  tally.holds(!is_in(answers_), where + ": the token in an answer");
  tally.holds(!is_in(logs_) && (!proxy || !is_in(proxy->output())), where + ": the token in the log");
  for (const auto& file : std::filesystem::directory_iterator(database_folder_)) {
    if (!file.is_regular_file()) continue;
    std::ifstream stream(file.path(), std::ios::binary);
    tally.holds(!is_in(std::string(std::istreambuf_iterator<char>(stream), {})),
                where + ": the token in " + file.path().filename().string());
  }
}

std::string shortened(const Reply& reply) {
  Json whole = reply.json();
  const bool has_slots =
      whole.is_object() && whole.contains("data") && whole["data"].is_object() && whole["data"].contains("slots");
  if (!has_slots) return std::to_string(reply.status) + " " + reply.body.substr(0, 500);
  const Json& data = whole["data"];
  Json told = {{"slots", data["slots"].size()}};
  for (const char* name : {"cached", "stale", "complete", "fetchedAt", "windows"}) told[name] = data.value(name, Json());
  return std::to_string(reply.status) + " " + told.dump();
}

bool heals(const std::function<bool()>& holds, std::chrono::seconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  }
  return true;
}

void side_by_side(Tally& tally, std::size_t count, unsigned threads, const std::function<void(std::size_t)>& job) {
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      for (std::size_t n = next++; n < count; n = next++) {
        try {
          job(n);
        } catch (const std::exception& mistake) {
          tally.holds(false, "job " + std::to_string(n) + " ended: " + mistake.what());
        }
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
}

}  // namespace slotwire::chaos
