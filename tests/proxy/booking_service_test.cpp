// Bookings with time, Calendly and the store in hand: what is sent, what is looked up, and what becomes of the key.
#include <catch_amalgamated.hpp>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "proxy/booking/booking_service.h"
#include "tests/proxy/ground.h"

namespace slotwire::proxy {
namespace {

using Json = nlohmann::json;
using std::chrono::seconds;

constexpr const char* kBookedAnswer = R"json({"resource":{"uri":"https://api.calendly.com/scheduled_events/E1/invitees/I1",
  "event":"https://api.calendly.com/scheduled_events/E1","email":"grace@example.com","status":"active",
  "cancel_url":"https://calendly.com/cancellations/I1","reschedule_url":"javascript:alert(1)",
  "created_at":"2026-01-05T10:00:01.000000Z"}})json";

// An account with one event type, a Calendly that can be told what to say to a booking, and a list of bookings that exist.
struct World : Ground {
  World() {
    wire.answer([this](const UpstreamRequest& request) -> Exchange {
      if (request.target == "/invitees") {
        sent.push_back(Json::parse(request.json_body));
        return bookings(request);
      }
      if (request.target.starts_with("/scheduled_events?")) return events(request);
      if (request.target.starts_with("/scheduled_events/") && request.method == "GET") return upstream(200, invitees);
      return usual_answer(request);
    });
    open_connection();
    slots = std::make_unique<SlotService>(
        SlotService::Parts{*connection, calendly, *store, alone, workers, workers, clock, log, [] { return 0.0; }}, SlotServiceSettings{});
    connection->on_change([this] { slots->account_changed(); });
    REQUIRE(connection->set_token(SecretString("eyJ.good.token"), "test", ""));
    service = server("one");
  }

  std::unique_ptr<BookingService> server(const std::string& owner) {
    return std::make_unique<BookingService>(BookingService::Parts{
        *connection, *slots, calendly, *store, box, workers, zones, clock, log,
        [this](std::string_view) -> std::optional<seconds> {
          if (places_left == 0) return seconds(360);
          --places_left;
          return std::nullopt;
        },
        owner});
  }

  static BookingRequest wish(const std::string& key = "k") {
    BookingRequest request;
    request.wish.event_type = "30min";
    request.wish.start = instant("2026-01-06T14:00:00Z");
    request.wish.name = "Grace Hopper";
    request.wish.email = "Grace@Example.com";
    request.wish.timezone = "Europe/Berlin";
    request.key = key;
    request.client = "203.0.113.7";
    request.request_id = "r1";
    return request;
  }

  BookingAnswer book(BookingRequest request = wish()) { return wait_for(*service, std::move(request)); }
  BookingAnswer wait_for(BookingService& by, BookingRequest request) {
    std::optional<BookingAnswer> came;
    by.book(std::move(request), [&](BookingAnswer answer) { came = std::move(answer); });
    pass_until([&] { return came.has_value(); });
    REQUIRE(came);
    return *came;
  }
  template <class Condition>
  void pass_until(Condition holds) {
    for (int i = 0; i < 600 && !holds(); ++i) {
      workers.run();
      if (!holds()) clock.pass(std::chrono::milliseconds(100));
    }
  }

  static std::string code_of(const BookingAnswer& answer) {
    return answer.error ? std::string(name_from_code(answer.error->code)) : "booked";
  }

  // How Calendly lists one invitee of one event.
  void list(const std::string& email, const std::string& created_at, const std::string& status = "active",
            const std::string& type = std::string(kTypeUri), const std::string& start = "2026-01-06T14:00:00.000000Z") {
    events = [type, start](const UpstreamRequest&) -> Exchange {
      return upstream(200, R"({"collection":[{"uri":"https://api.calendly.com/scheduled_events/E1","name":"x","status":"active",
        "start_time":")" + start + R"(","end_time":"2026-01-06T14:30:00.000000Z","event_type":")" + type + R"("}],"pagination":{}})");
    };
    invitees = R"({"collection":[{"uri":"https://api.calendly.com/scheduled_events/E1/invitees/I1",
      "event":"https://api.calendly.com/scheduled_events/E1","email":")" + email + R"(","status":")" + status +
               R"(","cancel_url":"https://calendly.com/cancellations/I1","created_at":")" + created_at + R"("}],"pagination":{}})";
  }

  TableTransport::Answer bookings = [](const UpstreamRequest&) -> Exchange { return upstream(201, kBookedAnswer); };
  TableTransport::Answer events = [](const UpstreamRequest&) -> Exchange { return upstream(200, R"({"collection":[]})"); };
  std::string invitees = R"({"collection":[]})";
  std::vector<Json> sent;
  int places_left = 100;
  HandWorkers workers{clock};
  Zones zones;
  std::unique_ptr<SlotService> slots;
  std::unique_ptr<BookingService> service;
};

UpstreamAnswer refusal(int status, const std::string& body = R"({"title":"x","message":"y"})") { return upstream(status, body); }

}  // namespace

TEST_CASE("BookingService: one booking is one call, and its answer is the key's", "[proxy][booking]") {
  World world;
  const BookingAnswer booked = world.book();
  REQUIRE_FALSE(booked.error);
  const Json data = Json::parse(booked.data);
  CHECK(data["start"] == "2026-01-06T14:00:00Z");
  CHECK(data["end"] == "2026-01-06T14:30:00Z");
  CHECK(data["cancelUrl"] == "https://calendly.com/cancellations/I1");
  CHECK(data["rescheduleUrl"] == "");  // what is no web address is no link
  CHECK(world.book().data == booked.data);
  CHECK(world.wait_for(*world.server("another"), World::wish()).data == booked.data);
  CHECK(world.sent.size() == 1);
  BookingRequest other = World::wish();
  other.wish.name = "Grace M. Hopper";
  CHECK(World::code_of(world.book(other)) == "idempotency_conflict");
  CHECK(world.service->count_of(BookingService::Outcome::booked) == 1);
  CHECK(world.lines.str().find("Grace") == std::string::npos);
  // A week later nobody remembers.
  world.clock.pass(std::chrono::days(8));
  world.service->drop_old_keys();
  BookingRequest later = World::wish();
  later.wish.start = instant("2026-01-20T14:00:00Z");
  CHECK_FALSE(world.book(later).error);
  CHECK(world.sent.size() == 2);
}

TEST_CASE("BookingService: the stored answer stands when the form, the account or the time has gone on", "[proxy][booking]") {
  World world;
  const BookingAnswer booked = world.book();
  REQUIRE_FALSE(booked.error);
  world.clock.pass(std::chrono::days(2));  // the start has passed
  CHECK(world.book().data == booked.data);
  CHECK(World::code_of(world.book(World::wish("new"))) == "bad_input");
  REQUIRE(world.connection->disconnect());
  CHECK(world.book().data == booked.data);
  CHECK(World::code_of(world.book(World::wish("new"))) == "not_connected");
}

TEST_CASE("BookingService: what becomes of the key after each of Calendly's answers", "[proxy][booking]") {
  struct Row {
    const char* name;
    std::function<Exchange()> answer;
    const char* code;
    std::size_t sent_after_asking_again;  // 2: the key was free
  };
  const std::vector<Row> rows = {
      {"201", [] { return upstream(201, kBookedAnswer); }, "booked", 1},
      {"taken", [] { return refusal(400, R"({"title":"Invalid Argument","message":"m","details":[{"parameter":"start_time","message":"x","code":"already_filled"}]})"); }, "slot_taken", 1},
      {"400", [] { return refusal(400); }, "bad_input", 2},
      {"401", [] { return refusal(401); }, "token_rejected", 2},
      {"404", [] { return refusal(404); }, "event_type_not_found", 2},
      {"424", [] { return refusal(424); }, "calendar_error", 2},
      {"not reached", []() -> Exchange { return TransportFailure::unreachable; }, "calendly_unavailable", 2},
      {"a certificate that is not Calendly's", []() -> Exchange { return TransportFailure::certificate_refused; }, "calendly_unavailable", 2},
      {"timeout", []() -> Exchange { return TransportFailure::timed_out; }, "booking_unknown", 1},
      {"cut off", []() -> Exchange { return TransportFailure::cut_off; }, "booking_unknown", 1},
      {"endless", []() -> Exchange { return TransportFailure::too_large; }, "booking_unknown", 1},
      {"500", [] { return refusal(500); }, "booking_unknown", 1},
      {"503 of the edge", [] { return refusal(503, "<html>"); }, "booking_unknown", 1},
      {"a redirect", [] { return refusal(302, ""); }, "booking_unknown", 1},
      {"201 that cannot be read", [] { return upstream(201, "{"); }, "booking_unknown", 1},
      {"200 of something else", [] { return upstream(200, R"({"resource":{}})"); }, "booking_unknown", 1},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    World world;
    world.bookings = [&](const UpstreamRequest&) { return row.answer(); };
    CHECK(World::code_of(world.book()) == row.code);
    CHECK(World::code_of(world.book()) == row.code);
    CHECK(world.sent.size() == row.sent_after_asking_again);
  }
}

TEST_CASE("BookingService: a 400 names our fields, and nothing of Calendly's words", "[proxy][booking]") {
  World world;
  world.bookings = [](const UpstreamRequest&) -> Exchange {
    return refusal(400, R"({"title":"Invalid Argument","message":"grace@example.com is odd","details":[{"parameter":"invitee.email","message":"grace@example.com"}]})");
  };
  const BookingAnswer told = world.book();
  REQUIRE(told.error);
  REQUIRE(told.error->details.size() == 1);
  CHECK(told.error->details[0].field == "invitee.email");
  CHECK(told.error->detail.find("grace") == std::string::npos);
  CHECK(told.error->details[0].message.find("grace") == std::string::npos);
}

TEST_CASE("BookingService: looking up believes only the visitor's own booking of that time, made since", "[proxy][booking]") {
  struct Row {
    const char* name;
    std::function<void(World&)> arrange;
    bool is_found;
  };
  const std::vector<Row> rows = {
      {"nothing is there", [](World&) {}, false},
      {"the booking", [](World& world) { world.list("grace@example.com", "2026-01-05T10:00:01.000000Z"); }, true},
      {"by a clock that is a minute slow", [](World& world) { world.list("GRACE@example.com", "2026-01-05T09:59:00.000000Z"); }, true},
      {"of another visitor", [](World& world) { world.list("ada@example.com", "2026-01-05T10:00:01.000000Z"); }, false},
      {"of an hour before", [](World& world) { world.list("grace@example.com", "2026-01-05T09:00:00.000000Z"); }, false},
      {"that was canceled", [](World& world) { world.list("grace@example.com", "2026-01-05T10:00:01.000000Z", "canceled"); }, false},
      {"of another event type",
       [](World& world) { world.list("grace@example.com", "2026-01-05T10:00:01.000000Z", "active", "https://api.calendly.com/event_types/B"); },
       false},
      {"of another time",
       [](World& world) {
         world.list("grace@example.com", "2026-01-05T10:00:01.000000Z", "active", std::string(kTypeUri), "2026-01-06T14:30:00.000000Z");
       },
       false},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    World world;
    world.bookings = [](const UpstreamRequest&) -> Exchange { return TransportFailure::cut_off; };
    row.arrange(world);
    CHECK(World::code_of(world.book()) == (row.is_found ? "booked" : "booking_unknown"));
    CHECK(world.sent.size() == 1);
  }
}

TEST_CASE("BookingService: the last look does without the address, whose letters' case may count", "[proxy][booking]") {
  World world;
  world.bookings = [](const UpstreamRequest&) -> Exchange { return TransportFailure::timed_out; };
  world.list("grace@example.com", "2026-01-05T10:00:02.000000Z");
  const TableTransport::Answer listed = world.events;
  int filtered = 0;
  world.events = [&](const UpstreamRequest& request) -> Exchange {
    if (request.target.find("invitee_email=Grace%40Example.com") == std::string::npos) return listed(request);
    ++filtered;
    return upstream(200, R"({"collection":[]})");
  };
  CHECK(World::code_of(world.book()) == "booked");
  CHECK(filtered == 3);
  CHECK(world.service->count_of(BookingService::Outcome::found) == 1);
}

TEST_CASE("BookingService: what was sent by a server that is gone is looked up by the next, never sent", "[proxy][booking]") {
  World world;
  // The first server claims and marks as `book` does, and dies.
  const auto dies_after_sending = [&] {
    world.bookings = [](const UpstreamRequest&) -> Exchange { throw std::runtime_error("killed"); };
    const auto gone = world.server("gone");
    std::optional<BookingAnswer> told;
    gone->book(World::wish(), [&](BookingAnswer answer) { told = std::move(answer); });
    CHECK_THROWS(world.workers.run());
    REQUIRE(told);  // whoever waited is not left waiting
    CHECK(World::code_of(*told) == "booking_unknown");
  };
  dies_after_sending();
  REQUIRE(world.sent.size() == 1);
  world.list("grace@example.com", "2026-01-05T10:00:01.000000Z");
  const Instant began = world.clock.now();
  CHECK(World::code_of(world.book()) == "booked");
  CHECK(world.sent.size() == 1);
  // Not before the other one's lease has ended: it might only have been slow.
  CHECK(world.clock.now() - began >= seconds(20));
  CHECK(world.clock.now() - began < seconds(26));
}

TEST_CASE("BookingService: whoever asks while another server is at it gets that server's answer", "[proxy][booking]") {
  World world;
  const auto other = world.server("other");
  std::optional<BookingAnswer> first;
  std::optional<BookingAnswer> second;
  world.bookings = [&](const UpstreamRequest&) -> Exchange {
    // Under way: the same wish arrives here, finds it claimed, and waits.
    world.service->book(World::wish(), [&](BookingAnswer answer) { second = std::move(answer); });
    world.workers.run_one();
    CHECK_FALSE(second);
    return upstream(201, kBookedAnswer);
  };
  other->book(World::wish(), [&](BookingAnswer answer) { first = std::move(answer); });
  world.pass_until([&] { return first && second; });
  REQUIRE(first);
  REQUIRE(second);
  CHECK(second->data == first->data);
  CHECK(world.sent.size() == 1);
}

TEST_CASE("BookingService: within one server all who ask with one key wait for the first; another wish does not", "[proxy][booking]") {
  World world;
  std::vector<BookingAnswer> answers;
  for (int i = 0; i < 5; ++i) world.service->book(World::wish(), [&](BookingAnswer answer) { answers.push_back(std::move(answer)); });
  BookingRequest other = World::wish();
  other.wish.email = "ada@example.com";
  std::optional<BookingAnswer> conflict;
  world.service->book(other, [&](BookingAnswer answer) { conflict = std::move(answer); });
  REQUIRE(conflict);
  CHECK(World::code_of(*conflict) == "idempotency_conflict");
  world.pass_until([&] { return answers.size() == 5; });
  for (const BookingAnswer& answer : answers) CHECK(answer.data == answers.front().data);
  CHECK(world.sent.size() == 1);
  CHECK(world.service->count_of(BookingService::Outcome::repeated) == 4);
}

// Whoever was told threw, the attempt was answered a second time, and with it went whoever had come by the same key since.
TEST_CASE("BookingService: an attempt that is answered twice does not forget the next one of its key", "[proxy][booking]") {
  World world;
  std::optional<BookingAnswer> again;
  world.service->book(World::wish(), [&](BookingAnswer) {
    world.service->book(World::wish(), [&](BookingAnswer answer) { again = std::move(answer); });
    throw std::runtime_error("nobody listens");
  });
  CHECK_THROWS_AS(world.workers.run(), std::runtime_error);
  REQUIRE_FALSE(again);
  BookingRequest other = World::wish();
  other.wish.email = "ada@example.com";
  std::optional<BookingAnswer> conflict;
  world.service->book(other, [&](BookingAnswer answer) { conflict = std::move(answer); });
  REQUIRE(conflict);  // at once: the next one is still known here
  CHECK(World::code_of(*conflict) == "idempotency_conflict");
  world.pass_until([&] { return again.has_value(); });
  REQUIRE(again);
  CHECK(World::code_of(*again) == "booked");
  CHECK(world.sent.size() == 1);
}

TEST_CASE("BookingService: an account that may not book is left alone for ten minutes", "[proxy][booking]") {
  World world;
  world.bookings = [](const UpstreamRequest&) -> Exchange { return refusal(403, R"({"title":"Permission Denied","message":"no"})"); };
  const BookingAnswer refused = world.book();
  CHECK(World::code_of(refused) == "booking_not_available");
  CHECK(Json::parse(refused.data)["schedulingUrl"] ==
        "https://calendly.com/ada/30min/2026-01-06T14:00:00Z?month=2026-01&date=2026-01-06");
  CHECK(Json::parse(world.service->form("30min", true).value())["reason"] == "account");
  world.bookings = [](const UpstreamRequest&) -> Exchange { return upstream(201, kBookedAnswer); };
  CHECK(World::code_of(world.book()) == "booking_not_available");
  CHECK(world.sent.size() == 1);
  world.clock.pass(std::chrono::minutes(10));
  CHECK(Json::parse(world.service->form("30min", true).value())["canBook"] == true);
  CHECK(World::code_of(world.book()) == "booked");
}

TEST_CASE("BookingService: a 429 is remembered for as long as it says, or for a minute", "[proxy][booking]") {
  World world;
  std::optional<seconds> asked = seconds(45);
  world.bookings = [&](const UpstreamRequest&) -> Exchange {
    UpstreamAnswer answer = refusal(429, "{}");
    answer.retry_after = asked;
    return answer;
  };
  const BookingAnswer refused = world.book();
  CHECK(World::code_of(refused) == "booking_limit");
  CHECK(refused.error->retry_after == seconds(45));
  world.clock.pass(seconds(30));
  CHECK(world.book(World::wish("another")).error->retry_after == seconds(15));
  CHECK(world.service->usage().value().refused_for == seconds(15));
  CHECK(world.sent.size() == 1);
  world.clock.pass(seconds(15));
  asked.reset();
  CHECK(world.book().error->retry_after == seconds(60));
  CHECK(world.sent.size() == 2);
  // Slots go on all the while: that limit is the bookings' own.
  CHECK(world.calendly.counts().rate_remaining == std::nullopt);
}

TEST_CASE("BookingService: ten a minute, fifty an hour, counted over all servers", "[proxy][booking][limits]") {
  World world;
  const auto other = world.server("other");
  int n = 0;
  const auto one_more = [&] {
    ++n;
    return World::code_of(world.wait_for(n % 2 == 0 ? *world.service : *other, World::wish("key-" + std::to_string(n))));
  };
  for (int i = 0; i < 10; ++i) CHECK(one_more() == "booked");
  CHECK(one_more() == "booking_limit");
  for (int minute = 1; minute < 5; ++minute) {
    world.clock.pass(seconds(61));
    for (int i = 0; i < 10; ++i) CHECK(one_more() == "booked");
  }
  world.clock.pass(seconds(61));
  const BookingAnswer refused = world.book(World::wish("last"));
  CHECK(World::code_of(refused) == "booking_limit");
  CHECK(*refused.error->retry_after > std::chrono::minutes(50));
  CHECK(world.sent.size() == 50);
}

TEST_CASE("BookingService: a client's own share is taken only for what is sent", "[proxy][booking][limits]") {
  World world;
  world.places_left = 1;
  BookingRequest late = World::wish("late");
  late.wish.start = world.clock.now();
  CHECK(World::code_of(world.book(late)) == "bad_input");
  CHECK(World::code_of(world.book()) == "booked");
  CHECK(World::code_of(world.book()) == "booked");  // asking again
  const BookingAnswer refused = world.book(World::wish("another"));
  CHECK(World::code_of(refused) == "too_many_requests");
  CHECK(refused.error->retry_after == seconds(360));
  world.places_left = 1;
  CHECK(World::code_of(world.book(World::wish("another"))) == "booked");
}

TEST_CASE("BookingService: an answer sealed by a key that is gone is looked up", "[proxy][booking]") {
  World world;
  REQUIRE_FALSE(world.book().error);
  world.list("grace@example.com", "2026-01-05T10:00:01.000000Z");
  std::vector<SecretString> other_keys;
  other_keys.emplace_back("another key of at least thirty-two bytes, for tests");
  const SealedBox other_box(other_keys);
  BookingService later({*world.connection, *world.slots, world.calendly, *world.store, other_box, world.workers, world.zones,
                              world.clock, world.log, [](std::string_view) { return std::nullopt; }, "later"});
  CHECK(World::code_of(world.wait_for(later, World::wish())) == "booked");
  CHECK(world.sent.size() == 1);
}

TEST_CASE("BookingService: an old queue is answered, not sent", "[proxy][booking]") {
  World world;
  std::optional<BookingAnswer> came;
  world.service->book(World::wish(), [&](BookingAnswer answer) { came = std::move(answer); });
  world.clock.pass(seconds(9));
  world.workers.run();
  REQUIRE(came);
  CHECK(World::code_of(*came) == "calendly_unavailable");
  CHECK(world.sent.empty());
  CHECK_FALSE(world.book().error);
}

TEST_CASE("BookingService: a form that was never read keeps bookings on the booking page", "[proxy][booking]") {
  World world;
  ConnectionRecord old = *world.store->connection().value();
  old.forms.clear();  // as a version without bookings has left it
  old.last_synced_at = *old.last_synced_at + seconds(1);
  REQUIRE(world.store->save_connection(old));
  world.connection->take_up_changes();
  CHECK(Json::parse(world.service->form("30min", true).value())["canBook"] == false);
  CHECK(World::code_of(world.book()) == "booking_not_available");
  CHECK(world.sent.empty());
  world.service->read_missing_forms();
  CHECK(Json::parse(world.service->form("30min", true).value())["canBook"] == true);
  CHECK_FALSE(world.book().error);
}

}  // namespace slotwire::proxy
