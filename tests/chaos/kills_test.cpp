// kill -9 at random moments while everything that is kept is being written: what was acknowledged is there, nothing is half
// there, and no booking is made twice.
//   SLOTWIRE_CHAOS_KILLS=n   so many on each kind of database instead of 200
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cmath>
#include <future>
#include <map>
#include <optional>
#include <random>
#include <signal.h>
#include <sqlite3.h>

#include "tests/chaos/stage.h"
#include "tests/conformance/servers.h"
#include "tests/e2e/command.h"

namespace slotwire::chaos {
namespace {

using namespace e2e;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr char kOtherToken[] = "eyJvdGhlcg.eyJvdGhlci1tYXJrZXItdG9rZW4tdG9vLw.b3RoZXItc2lnbmF0dXJl";
constexpr int kDeliveredDay = 30;
constexpr char kAssistants[] = "/api/web/calendly/assistants";

// What was last acknowledged of something that has one value, and what may have become of it without a word.
template <class Value>
struct Kept {
  std::optional<Value> acknowledged;
  std::optional<Value> under_way;  // was sent, and nobody answered

  void begin(Value value) { under_way = std::move(value); }
  void end(bool was_done, bool was_refused) {
    if (was_done) acknowledged = under_way;
    if (was_done || was_refused) under_way.reset();
  }
  [[nodiscard]] bool may_be(const Value& value) const { return value == acknowledged || value == under_way; }
};

struct Booking {
  std::string key;
  Json wish;
  Instant start;
  Reply told;  // status 0: nobody answered
};

struct ListedJwt {
  std::string text;
  std::string id;
  bool is_revoked = false;      // and acknowledged
  bool may_be_revoked = false;  // was asked for
};

struct DatabaseOfALife {
  // Empty: SQLite, in the stage's own folder.
  std::unique_ptr<servers::PostgresServer> server;
  std::string url;
};

// One database from its first write on, through many kills.
class Life {
 public:
  Life(Tally& tally, std::string name, unsigned seed, bool is_on_postgres)
      : tally_(tally), name_(std::move(name)), chance_(seed), port_(free_port()) {
    Environment settings = {{"PORT", std::to_string(port_)}, {"CALENDLY_MCP", "on"}, {"CALENDLY_TRUSTED_PROXIES", "127.0.0.1"}};
    if (is_on_postgres) {
      database_.server = std::make_unique<servers::PostgresServer>();
      database_.url = database_.server->new_database();
      settings["CALENDLY_DATABASE_URL"] = database_.url;
    }
    // A PostgreSQL that has just begun may not answer in time while everything else begins, too.
    for (int attempt = 1; !stage_; ++attempt) {
      try {
        stage_ = std::make_unique<Stage>(Stage::Options{.settings = settings});
      } catch (const std::exception&) {
        if (!is_on_postgres || attempt == 5) throw;
      }
    }
    const Simulator& simulator = stage_->simulator;
    simulator.set("account", {{"requests_a_minute", 1'000'000}, {"tokens", {{{"token", kToken}}, {{"token", kOtherToken}}}}});
    for (const char* token : {kOtherToken, kToken}) {
      if (connect(token).status != 200) throw std::runtime_error("a token was refused");
      prints_[token] = status().at("tokenFingerprint");
    }
    token_.acknowledged = kToken;
    open_.acknowledged = false;
    const Reply subscribed = post("/api/web/calendly/webhook", {{"publicUrl", "http://127.0.0.1:" + std::to_string(port_)}});
    if (subscribed.status != 200) throw std::runtime_error("no subscription: " + subscribed.body);
  }

  void live_through(int kills) {
    for (int kill = 0; kill < kills; ++kill) {
      try {
        one_kill(kill);
      } catch (const std::exception& mistake) {
        tally_.holds(false, where() + "ended: " + mistake.what());
        return;
      }
      tally_.did();
    }
    stage_->judge_secrecy(tally_, name_);
  }

 private:
  [[nodiscard]] std::string where() const { return name_ + ", kill " + std::to_string(kill_) + " after " + moment_ + ": "; }
  // Each round's writers, and who judges them, are other clients: an admin has sixty calls a minute.
  [[nodiscard]] Fields admin(const std::string& role = "admin") const {
    Fields fields = stage_->admin(role);
    fields.emplace("X-Forwarded-For", client_);
    return fields;
  }
  [[nodiscard]] Reply post(const std::string& target, const Json& body, const std::string& role = "admin") const {
    return stage_->proxy->http().post(target, body.dump(), admin(role));
  }
  [[nodiscard]] Reply connect(const std::string& token) const {
    return post("/api/web/calendly/token", {{"accessToken", token}});
  }
  [[nodiscard]] Json status() const { return stage_->proxy->http().get("/api/web/calendly/connection/status", admin()).data(); }
  [[nodiscard]] std::int64_t version() const {
    const Json data = stage_->proxy->http().get("/api/app/calendly/changes").data();
    return data.is_object() ? data.at("version").get<std::int64_t>() : -1;
  }
  // Of a day on which nobody books, so that it is told from what the simulator delivers of bookings.
  [[nodiscard]] std::string deliver(const char* how) const {
    const std::string start = stage_->day(kDeliveredDay) + "T12:00:00.000000Z";
    const Json wish = {{"how", how}, {"start_time", start}, {"end_time", start}};
    return stage_->simulator.http().post("/__sim/deliver", wish.dump()).json().at("status").dump();
  }
  [[nodiscard]] bool has_counted_since(std::int64_t before) const {
    if (version() == before) return false;
    const Json data = stage_->proxy->http().get("/api/app/calendly/changes?since=" + std::to_string(before)).data();
    if (!data.is_object() || !data.at("days").is_array()) return true;  // everything changed
    const std::string day = stage_->day(kDeliveredDay);
    return std::ranges::any_of(data["days"], [&](const Json& days) { return days.at("start") <= day && days.at("end") >= day; });
  }

  void make_jwts() {
    if (std::ranges::count_if(jwts_, [](const ListedJwt& jwt) { return !jwt.may_be_revoked; }) > 0) return;
    Environment settings = proxy_settings(stage_->folder(), port_, stage_->simulator.address());
    settings.merge(stage_->clock.settings());
    if (!database_.url.empty()) settings["CALENDLY_DATABASE_URL"] = database_.url;
    for (int i = 0; i < 6; ++i) {
      const std::string subject = "kill-" + std::to_string(++subjects_);
      const Run made = run_proxy({"admin-jwt", "--sub", subject, "--role", "reader", "--ttl", "60d"}, settings);
      const std::size_t begin = made.output.find("eyJ");
      if (begin == std::string::npos) throw std::runtime_error("no JWT: " + made.output);
      jwts_.push_back({.text = made.output.substr(begin, made.output.find_first_of(" \n", begin) - begin), .id = {}});
      const Json list = stage_->proxy->http().get("/api/web/calendly/jwts", admin()).data();
      for (const Json& listed : list.at("jwts")) {
        if (listed.at("sub") == subject) jwts_.back().id = listed.at("id");
      }
      if (jwts_.back().id.empty()) throw std::runtime_error("a JWT that is on no list");
    }
  }

  // ---- What is written until somebody dies. Each has one thread. ----

  void set_tokens(const std::atomic<bool>& is_over) {
    for (int i = 0; !is_over; ++i) {
      const char* token = i % 2 == 0 ? kOtherToken : kToken;
      token_.begin(token);
      const Reply reply = connect(token);
      token_.end(reply.status == 200, reply.status == 429);
      if (reply.status != 200) return;
    }
  }
  void switch_assistants(const std::atomic<bool>& is_over) {
    while (!is_over) {
      const bool wanted = !open_.acknowledged.value_or(false);
      open_.begin(wanted);
      const Reply reply = post(kAssistants, {{"eventType", "30min"}, {"open", wanted}});
      open_.end(reply.status == 200, reply.status == 429);
      if (reply.status != 200) return;
    }
  }
  void take_deliveries(const std::atomic<bool>& is_over) {
    while (!is_over) {
      has_delivered_ = true;
      is_delivery_acknowledged_ = false;
      is_delivery_acknowledged_ = deliver("valid") == "200";
      if (!is_delivery_acknowledged_) return;
      if (const std::int64_t heard = version(); heard >= 0) version_ = std::max(version_, heard);
    }
  }
  void book_some(const std::atomic<bool>& is_over, const std::vector<Instant>& starts) {
    for (const Instant start : starts) {
      if (is_over) return;
      Booking booking{
          .key = name_ + "-" + std::to_string(++keys_), .wish = wish_for(text_from_instant(start)), .start = start, .told = {}};
      booking.told = book(*stage_->proxy, booking.wish, booking.key, admin());
      bookings_.push_back(booking);
      if (booking.told.status == 0) return;
    }
  }
  void revoke_one(const std::atomic<bool>& is_over) {
    for (ListedJwt& jwt : jwts_) {
      if (is_over || jwt.may_be_revoked) continue;
      jwt.may_be_revoked = true;
      jwt.is_revoked = stage_->proxy->http().send("DELETE", "/api/web/calendly/jwts/" + jwt.id, admin()).status == 200;
      return;
    }
  }

  // ---- ----

  void one_kill(int kill) {
    kill_ = kill;
    client_ = "10.1." + std::to_string(kill / 250) + "." + std::to_string(kill % 250 + 1);
    // Calendly takes so many bookings an hour and a day.
    stage_->clock.set(stage_->clock.shift() + minutes(30));
    began_ = stage_->clock.now();
    make_jwts();
    std::vector<Instant> starts;
    const Reply listed = stage_->ask();
    for (const Json& slot : listed.data().is_object() ? listed.data().at("slots") : Json::array()) {
      starts.push_back(instant_from_text(slot.at("start").get<std::string>()).value());
    }
    std::ranges::shuffle(starts, chance_);
    if (starts.size() > 2) starts.resize(2);  // an account books a hundred times a day

    // Between a kill and the next everything may happen once more: moments lie close together at first.
    const double wait_ms = 4.0 * std::pow(60.0, std::uniform_real_distribution<double>(0, 1)(chance_));
    const int who = database_.server ? static_cast<int>(chance_() % 3) : 0;  // 0: proxy; 1: PostgreSQL; 2: both
    moment_ = std::to_string(static_cast<int>(wait_ms)) + " ms" + (who == 1 ? " of PostgreSQL" : who == 2 ? " of both" : "");
    std::atomic<bool> is_over{false};
    std::vector<std::future<void>> writers;
    const auto begin = [&](auto write) { writers.push_back(std::async(std::launch::async, write)); };
    begin([&] { set_tokens(is_over); });
    begin([&] { switch_assistants(is_over); });
    begin([&] { take_deliveries(is_over); });
    begin([&] { book_some(is_over, starts); });
    begin([&] { revoke_one(is_over); });
    // The moment is what is drawn; nothing is waited for.
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(wait_ms));
    if (who != 0) database_.server->crash();
    if (who != 1) stage_->proxy->process().signal(SIGKILL);
    is_over = true;
    if (who != 0) database_.server->start();
    for (std::future<void>& writer : writers) writer.get();
    if (who != 1) {
      stage_->end_proxy(Stage::End::killed);
      if (!database_.server) judge_file();
      stage_->start_proxy();
    } else {
      client_.replace(3, 1, "3");
      const bool is_back = heals(
          [&] {
            return post(kAssistants, {{"eventType", "60min"}, {"open", true}}).status == 200;
          },
          std::chrono::seconds(20));
      tally_.holds(is_back, [&] { return where() + "no write works although PostgreSQL is back"; });
    }
    judge();
  }

  // A copy, so that the proxy itself has to mend what the kill left.
  void judge_file() {
    const TemporaryFolder copy;
    for (const char* suffix : {"", "-wal"}) {
      const auto file = stage_->folder() / (std::string("slotwire.db") + suffix);
      if (std::filesystem::exists(file)) std::filesystem::copy_file(file, copy.path() / file.filename());
    }
    sqlite3* database = nullptr;
    std::string said;
    const bool is_open = sqlite3_open((copy.path() / "slotwire.db").c_str(), &database) == SQLITE_OK;
    const auto take = [](void* text, int, char** values, char**) {
      static_cast<std::string*>(text)->append(values[0] ? values[0] : "");
      return 0;
    };
    if (is_open) (void)sqlite3_exec(database, "PRAGMA integrity_check", take, &said, nullptr);
    sqlite3_close(database);
    tally_.holds(said == "ok", [&] { return where() + "the database's file: " + said; });
  }

  void judge() {
    client_.replace(3, 1, "2");
    const Http& http = stage_->proxy->http();
    const Json now = status();
    if (tally_.holds(now.is_object() && now.value("connected", false) && !now.contains("problem"),
                     [&] { return where() + "no connection: " + now.dump(); })) {
      const std::string print = now.at("tokenFingerprint");
      const bool is_known = (token_.acknowledged && prints_.at(*token_.acknowledged) == print) ||
                            (token_.under_way && prints_.at(*token_.under_way) == print);
      tally_.holds(is_known, [&] { return where() + "another token than was acknowledged"; });
      tally_.holds(now.at("webhook").value("subscribed", false), [&] { return where() + "no subscription: " + now.dump(); });
      for (const auto& [token, each] : prints_) {
        if (each == print) token_ = {.acknowledged = token, .under_way = {}};
      }
    }
    bool is_open = false;
    const Json assistants = http.get(kAssistants, admin()).data();
    for (const Json& type : assistants.at("eventTypes")) {
      if (type.at("uri").get<std::string>().ends_with(kThirtyMinutes)) is_open = type.at("open");
    }
    tally_.holds(open_.may_be(is_open), [&] { return where() + "assistants see other types than was acknowledged"; });
    open_ = {.acknowledged = is_open, .under_way = {}};

    const std::int64_t before = version();
    tally_.holds(before >= version_, [&] {
      return where() + "the changes go back: " + std::to_string(before) + " after " + std::to_string(version_);
    });
    judge_deliveries(before);
    for (const ListedJwt& jwt : jwts_) {
      const int answer = http.get("/calendly/v2/users/me", bearer(jwt.text)).status;
      tally_.holds(!jwt.is_revoked || answer == 401, [&] { return where() + "a revoked JWT opens: " + std::to_string(answer); });
      tally_.holds(jwt.may_be_revoked || answer == 200,
                   [&] { return where() + "a JWT that nobody revoked: " + std::to_string(answer); });
    }
    std::erase_if(jwts_, [](const ListedJwt& jwt) { return jwt.may_be_revoked; });
    judge_bookings();
    stage_->note_truth(began_);
    const Instant asked_at = stage_->clock.now();
    const Reply reply = stage_->ask();
    tally_.holds(stage_->judge_slots(tally_, where(), reply, asked_at),
                 [&] { return where() + "slots are not whole and fresh: " + shortened(reply); });
  }

  void judge_deliveries(std::int64_t before) {
    if (!std::exchange(has_delivered_, false)) return;
    const std::string first = deliver("replayed");
    tally_.holds(first == "200", [&] { return where() + "a delivery again: " + first; });
    tally_.holds(!is_delivery_acknowledged_ || !has_counted_since(before),
                 [&] { return where() + "a delivery that was acknowledged counted twice"; });
    const std::int64_t after = version();
    tally_.holds(deliver("replayed") == "200" && !has_counted_since(after),
                 [&] { return where() + "one delivery counted twice"; });
    is_delivery_acknowledged_ = true;
    version_ = std::max(version_, after);
  }

  void judge_bookings() {
    // Those of this round, and one from before.
    std::vector<Booking> asked = std::exchange(bookings_, {});
    if (!older_.empty()) asked.push_back(older_.at(chance_() % older_.size()));
    for (const Booking& booking : asked) {
      const int sent_before = stage_->simulator.calls("invitees");
      const Reply again = book(*stage_->proxy, booking.wish, booking.key, admin());
      const int sent = stage_->simulator.calls("invitees") - sent_before;
      const std::string what = booking.key + ", told " + shortened(booking.told) + ", then " + shortened(again);
      if (booking.told.status == 201) {
        tally_.holds(again.status == 201 && again.body == booking.told.body,
                     [&] { return where() + "another answer to the same key: " + what; });
        tally_.holds(sent == 0, [&] { return where() + "an acknowledged booking was sent again: " + what; });
      }
      const std::size_t count = stage_->bookings_at(booking.start);
      tally_.holds(count <= 1, [&] { return where() + "booked twice: " + what; });
      tally_.holds(again.status != 201 || count == 1, [&] { return where() + "a booking that there is not: " + what; });
      tally_.holds(again.status == 201 || again.status == 409 || (again.status == 504 && booking.told.status != 201) ||
                       (again.status == 503 && again.error_code() == "booking_limit" && booking.told.status != 201),
                   [&] { return where() + "a booking that nobody can finish: " + what; });
      if (again.status == 201) {
        Booking kept = booking;
        kept.told = again;
        older_.push_back(kept);
      }
    }
  }

  Tally& tally_;
  std::string name_;
  std::mt19937 chance_;
  int port_;
  DatabaseOfALife database_;
  std::unique_ptr<Stage> stage_;
  std::map<std::string, std::string> prints_;  // fingerprints by token
  Kept<std::string> token_;
  Kept<bool> open_;
  std::int64_t version_ = 0;
  bool has_delivered_ = false;  // in this round: what was signed in the one before is too old by now
  bool is_delivery_acknowledged_ = false;
  std::vector<Booking> bookings_;
  std::vector<Booking> older_;
  int keys_ = 0;
  std::vector<ListedJwt> jwts_;
  int subjects_ = 0;
  int kill_ = 0;
  std::string client_ = "10.1.250.1";
  Instant began_{};  // the round
  std::string moment_;
};

void kill_often(const std::string& what, bool is_on_postgres) {
  constexpr int kLives = 4;
  const int kills = static_cast<int>(number_in_environment("SLOTWIRE_CHAOS_KILLS", 200));
  std::mt19937 chance(seed());
  std::array<unsigned, kLives> seeds{};
  std::ranges::generate(seeds, std::ref(chance));
  Tally tally(what);
  side_by_side(tally, kLives, kLives, [&](std::size_t n) {
    Life life(tally, "life-" + std::to_string(n), seeds.at(n), is_on_postgres);
    life.live_through((kills + kLives - 1) / kLives);
  });
  tally.report();
}

}  // namespace

TEST_CASE("chaos: killed at any moment while writing, with SQLite", "[chaos][kills][sqlite]") {
  kill_often("kill -9 of the proxy while it writes, SQLite", false);
}

TEST_CASE("chaos: it or PostgreSQL killed at any moment while writing", "[chaos][kills][postgres]") {
  kill_often("kill -9 of the proxy, of PostgreSQL or of both while they write", true);
}

}  // namespace slotwire::chaos
