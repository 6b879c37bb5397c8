// What is sent, what is refused before sending, and the state of the key afterwards.
#include <stdexcept>

#include "tests/proxy/booking_world.h"

namespace slotwire::tests {
using namespace booking;
using namespace calendly;
namespace {

using Json = nlohmann::json;
using std::chrono::seconds;

}  // namespace

TEST_CASE("BookingService: one booking is one call, and its answer is the key's", "[proxy][booking]") {
  BookingWorld world;
  const BookingAnswer booked = world.book();
  REQUIRE_FALSE(booked.error);
  const Json data = Json::parse(booked.data);
  CHECK(data["start"] == "2026-01-06T14:00:00Z");
  CHECK(data["end"] == "2026-01-06T14:30:00Z");
  CHECK(data["cancelUrl"] == "https://calendly.com/cancellations/I1");
  CHECK(data["rescheduleUrl"] == "");  // a text that is not a web address is not returned as a link
  CHECK(world.book().data == booked.data);
  CHECK(world.wait_for(*world.server("another"), BookingWorld::wish()).data == booked.data);
  CHECK(world.sent.size() == 1);
  BookingRequest other = BookingWorld::wish();
  other.wish.name = "Grace M. Hopper";
  CHECK(BookingWorld::code_of(world.book(other)) == "idempotency_conflict");
  CHECK(world.service->count_of(BookingService::Outcome::booked) == 1);
  CHECK(world.lines.str().find("Grace") == std::string::npos);
  // Keys are forgotten after a week.
  world.clock.pass(std::chrono::days(8));
  world.service->drop_old_keys();
  BookingRequest later = BookingWorld::wish();
  later.wish.start = instant("2026-01-20T14:00:00Z");
  CHECK_FALSE(world.book(later).error);
  CHECK(world.sent.size() == 2);
}

TEST_CASE("BookingService: the stored answer stands when the form, the account or the time has gone on", "[proxy][booking]") {
  BookingWorld world;
  const BookingAnswer booked = world.book();
  REQUIRE_FALSE(booked.error);
  world.clock.pass(std::chrono::days(2));  // the start is in the past
  CHECK(world.book().data == booked.data);
  CHECK(BookingWorld::code_of(world.book(BookingWorld::wish("new"))) == "bad_input");
  REQUIRE(world.connection->disconnect());
  CHECK(world.book().data == booked.data);
  CHECK(BookingWorld::code_of(world.book(BookingWorld::wish("new"))) == "not_connected");
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
      {"taken",
       [] {
         return refusal(
             400,
             R"({"title":"Invalid Argument","message":"m","details":[{"parameter":"start_time","message":"x","code":"already_filled"}]})");
       },
       "slot_taken", 1},
      {"400", [] { return refusal(400); }, "bad_input", 2},
      {"401", [] { return refusal(401); }, "token_rejected", 2},
      {"404", [] { return refusal(404); }, "event_type_not_found", 2},
      {"424", [] { return refusal(424); }, "calendar_error", 2},
      {"not reached", []() -> Exchange { return TransportFailure::unreachable; }, "calendly_unavailable", 2},
      {"a certificate that is not Calendly's", []() -> Exchange { return TransportFailure::certificate_refused; },
       "calendly_unavailable", 2},
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
    BookingWorld world;
    world.bookings = [&](const UpstreamRequest&) { return row.answer(); };
    CHECK(BookingWorld::code_of(world.book()) == row.code);
    CHECK(BookingWorld::code_of(world.book()) == row.code);
    CHECK(world.sent.size() == row.sent_after_asking_again);
  }
}

TEST_CASE("BookingService: a 400 names our fields, and nothing of Calendly's words", "[proxy][booking]") {
  BookingWorld world;
  world.bookings = [](const UpstreamRequest&) -> Exchange {
    return refusal(
        400,
        R"({"title":"Invalid Argument","message":"grace@example.com is odd","details":[{"parameter":"invitee.email","message":"grace@example.com"}]})");
  };
  const BookingAnswer told = world.book();
  REQUIRE(told.error);
  REQUIRE(told.error->details.size() == 1);
  CHECK(told.error->details[0].field == "invitee.email");
  CHECK(told.error->detail.find("grace") == std::string::npos);
  CHECK(told.error->details[0].message.find("grace") == std::string::npos);
}

TEST_CASE("BookingService: within one server all who ask with one key wait for the first; another wish does not",
          "[proxy][booking]") {
  BookingWorld world;
  std::vector<BookingAnswer> answers;
  for (int i = 0; i < 5; ++i)
    world.service->book(BookingWorld::wish(), [&](BookingAnswer answer) { answers.push_back(std::move(answer)); });
  BookingRequest other = BookingWorld::wish();
  other.wish.email = "ada@example.com";
  std::optional<BookingAnswer> conflict;
  world.service->book(other, [&](BookingAnswer answer) { conflict = std::move(answer); });
  REQUIRE(conflict);
  CHECK(BookingWorld::code_of(*conflict) == "idempotency_conflict");
  world.pass_until([&] { return answers.size() == 5; });
  for (const BookingAnswer& answer : answers) CHECK(answer.data == answers.front().data);
  CHECK(world.sent.size() == 1);
  CHECK(world.service->count_of(BookingService::Outcome::repeated) == 4);
}

// An exception in the callback caused a second answer to the attempt, which also ended the next attempt with the same key.
TEST_CASE("BookingService: an attempt that is answered twice does not forget the next one of its key", "[proxy][booking]") {
  BookingWorld world;
  std::optional<BookingAnswer> again;
  world.service->book(BookingWorld::wish(), [&](BookingAnswer) {
    world.service->book(BookingWorld::wish(), [&](BookingAnswer answer) { again = std::move(answer); });
    throw std::runtime_error("nobody listens");
  });
  CHECK_THROWS_AS(world.workers.run(), std::runtime_error);
  REQUIRE_FALSE(again);
  BookingRequest other = BookingWorld::wish();
  other.wish.email = "ada@example.com";
  std::optional<BookingAnswer> conflict;
  world.service->book(other, [&](BookingAnswer answer) { conflict = std::move(answer); });
  REQUIRE(conflict);  // at once: the next attempt is still known here
  CHECK(BookingWorld::code_of(*conflict) == "idempotency_conflict");
  world.pass_until([&] { return again.has_value(); });
  REQUIRE(again);
  CHECK(BookingWorld::code_of(*again) == "booked");
  CHECK(world.sent.size() == 1);
}

TEST_CASE("BookingService: one 403 closed booking for every event type for ten minutes", "[proxy][booking]") {
  const bool names_scope = GENERATE(false, true);
  INFO(names_scope);
  BookingWorld world;
  world.wire.answer([&world](const UpstreamRequest& request) -> Exchange {
    if (request.target == "/invitees") return world.bookings(request);
    if (!request.target.starts_with("/event_types?")) return usual_answer(request);
    std::string types;
    for (const char* slug : {"30min", "60min", "paid", "poll"}) {
      const std::string name(slug);
      types += (types.empty() ? "" : ",") +
               (R"({"uri":"https://api.calendly.com/event_types/)" + name + R"(","name":"n","slug":")" + name +
                R"(","duration":30,"scheduling_url":"https://calendly.com/ada/)" + name + R"(","is_paid":)" +
                (name == "paid" ? "true" : "false") + R"(,"booking_method":")" + (name == "poll" ? "poll" : "instant") + "\"}");
    }
    return upstream(200, R"({"collection":[)" + types + "]}");
  });
  REQUIRE(world.connection->sync(""));
  world.bookings = [&](const UpstreamRequest&) -> Exchange {
    return refusal(403, names_scope
                            ? R"({"title":"Permission Denied","message":"no","required_scopes":["scheduled_events:write"]})"
                            : R"({"title":"Permission Denied","message":"Please upgrade your Calendly account"})");
  };
  CHECK(BookingWorld::code_of(world.book()) == "booking_not_available");
  const auto reason = [&](const char* type) {
    const Json form = Json::parse(world.service->form(type, true).value());
    return form["canBook"] == true ? std::string("none") : form["reason"].get<std::string>();
  };
  CHECK(reason("30min") == (names_scope ? "account" : "event_type"));
  CHECK(reason("60min") == (names_scope ? "account" : "none"));
  // Types that only Calendly's page can book are never sent.
  for (const char* elsewhere : {"paid", "poll"}) {
    INFO(elsewhere);
    CHECK(reason(elsewhere) == "event_type");
    BookingRequest request = BookingWorld::wish(elsewhere);
    request.wish.event_type = elsewhere;
    const BookingAnswer refused = world.book(request);
    CHECK(BookingWorld::code_of(refused) == "booking_not_available");
    CHECK(Json::parse(refused.data)["schedulingUrl"].get<std::string>().find(std::string("/ada/") + elsewhere) !=
          std::string::npos);
  }
}

TEST_CASE("BookingService: the log had only \"400\" of what Calendly said, and the visitor no field", "[proxy][booking]") {
  BookingWorld world;
  world.bookings = [](const UpstreamRequest&) -> Exchange {
    return refusal(400, R"({"title":"Invalid Argument","message":"Required Questions and Answers cannot be blank."})");
  };
  const BookingAnswer refused = world.book();
  CHECK(BookingWorld::code_of(refused) == "bad_input");
  REQUIRE(refused.error->details.size() == 1);
  CHECK(refused.error->details[0].field == "answers");
  CHECK(world.lines.str().find("Required Questions and Answers cannot be blank.") != std::string::npos);
  CHECK(world.lines.str().find("Grace") == std::string::npos);
  // A taken time, without the usual error code.
  world.bookings = [](const UpstreamRequest&) -> Exchange {
    return refusal(400, R"({"title":"Invalid Argument","message":"The supplied parameters are invalid.","details":[
      {"parameter":"event.start_time","message":"That start time has been filled"}]})");
  };
  CHECK(BookingWorld::code_of(world.book(BookingWorld::wish("other"))) == "slot_taken");
}

// One address sent ten starts that do not exist: they used ten of the account's bookings and forty-two calls of that minute, and
// the next visitor could neither see times nor book one.
TEST_CASE("BookingService: starts that nobody offered spent the account's bookings and its minute", "[proxy][booking][limits]") {
  BookingWorld world;
  BookingRequest made_up = BookingWorld::wish("made-up");
  made_up.wish.start = instant("2026-01-06T15:07:00Z");
  made_up.payer = {"203.0.113.7", ""};
  const BookingAnswer taken = world.book(made_up);
  CHECK(BookingWorld::code_of(taken) == "slot_taken");
  CHECK(Json::parse(taken.data).at("nearest").at(0).at("start") == "2026-01-06T14:00:00Z");
  CHECK(world.sent.empty());
  CHECK(world.wire.calls_to("/event_type_available_times") == 1);
  CHECK(world.service->usage().value().counted.sent.at(0) == 0);
  CHECK(world.places_left == 100);
  // If it is listed later, the same key can book it: nothing was sent with it.
  made_up.wish.start = instant("2026-01-06T14:00:00Z");
  CHECK_FALSE(world.book(made_up).error);
  CHECK(world.sent.size() == 1);

  int refused_for_share = 0;
  for (int week = 0; week < 30; ++week) {
    BookingRequest more = BookingWorld::wish("more-" + std::to_string(week));
    more.wish.start = instant("2026-02-01T15:07:00Z") + std::chrono::weeks(week);
    more.payer = {"203.0.113.7", ""};
    const BookingAnswer answer = world.book(more);
    REQUIRE(answer.error);
    if (answer.error->code != ErrorCode::too_many_requests) continue;
    ++refused_for_share;
    CHECK(Json::parse(answer.data).at("schedulingUrl").get<std::string>().starts_with("https://calendly.com/"));
  }
  CHECK(refused_for_share > 5);
  CHECK(world.sent.size() == 1);
}

TEST_CASE("BookingService: a start that is listed costs no look, and one that nobody can look up is sent", "[proxy][booking]") {
  BookingWorld world;
  slots::SlotQuery shown;
  shown.event_type = "30min";
  shown.range = {instant("2026-01-06T00:00:00Z"), instant("2026-01-07T00:00:00Z")};
  shown.days = utc_days_touching(shown.range);
  bool came = false;
  world.slots->find(shown, [&](const Result<slots::SlotReply>&) { came = true; });
  world.pass_until([&] { return came; });
  std::size_t calls_before_it_was_sent = 0;
  world.bookings = [&](const UpstreamRequest&) -> Exchange {
    calls_before_it_was_sent = world.wire.calls_to("/event_type_available_times");
    return upstream(201, kBookedAnswer);
  };
  CHECK_FALSE(world.book().error);
  CHECK(calls_before_it_was_sent == 1);

  BookingWorld blind;
  blind.wire.answer([&](const UpstreamRequest& request) -> Exchange {
    if (request.target == "/invitees") return upstream(201, kBookedAnswer);
    if (request.target.starts_with("/event_type_available_times")) return upstream(404, "{}");
    return usual_answer(request);
  });
  CHECK_FALSE(blind.book().error);
}

TEST_CASE("BookingService: an account's own server is not held to a visitor's share", "[proxy][booking]") {
  BookingWorld world;
  world.places_left = 0;
  CHECK(BookingWorld::code_of(world.book()) == "too_many_requests");
  BookingRequest request = BookingWorld::wish("own");
  request.is_admin = true;
  CHECK(BookingWorld::code_of(world.book(request)) == "booked");
}

TEST_CASE("BookingService: an account that may not book is left alone for ten minutes", "[proxy][booking]") {
  BookingWorld world;
  world.bookings = [](const UpstreamRequest&) -> Exchange {
    return refusal(403, R"({"title":"Permission Denied","message":"no"})");
  };
  const BookingAnswer refused = world.book();
  CHECK(BookingWorld::code_of(refused) == "booking_not_available");
  CHECK(Json::parse(refused.data)["schedulingUrl"] ==
        "https://calendly.com/ada/30min/2026-01-06T14:00:00Z?month=2026-01&date=2026-01-06");
  CHECK(Json::parse(world.service->form("30min", true).value())["reason"] == "event_type");
  world.bookings = [](const UpstreamRequest&) -> Exchange { return upstream(201, kBookedAnswer); };
  CHECK(BookingWorld::code_of(world.book()) == "booking_not_available");
  CHECK(world.sent.size() == 1);
  world.clock.pass(std::chrono::minutes(10));
  CHECK(Json::parse(world.service->form("30min", true).value())["canBook"] == true);
  CHECK(BookingWorld::code_of(world.book()) == "booked");
}

TEST_CASE("BookingService: a 429 is remembered for as long as it says, or for a minute", "[proxy][booking]") {
  BookingWorld world;
  std::optional<seconds> asked = seconds(45);
  world.bookings = [&](const UpstreamRequest&) -> Exchange {
    UpstreamAnswer answer = refusal(429, "{}");
    answer.retry_after = asked;
    return answer;
  };
  const BookingAnswer refused = world.book();
  CHECK(BookingWorld::code_of(refused) == "booking_limit");
  CHECK(refused.error->retry_after == seconds(45));
  world.clock.pass(seconds(30));
  CHECK(world.book(BookingWorld::wish("another")).error->retry_after == seconds(15));
  CHECK(world.service->usage().value().refused_for == seconds(15));
  CHECK(world.sent.size() == 1);
  world.clock.pass(seconds(15));
  asked.reset();
  CHECK(world.book().error->retry_after == seconds(60));
  CHECK(world.sent.size() == 2);
  // Slots still work: that limit applies to bookings only.
  CHECK(world.calendly.counts().rate_remaining == std::nullopt);
}

TEST_CASE("BookingService: ten a minute, fifty an hour, counted over all servers", "[proxy][booking][limits]") {
  BookingWorld world;
  const auto other = world.server("other");
  int n = 0;
  const auto one_more = [&] {
    ++n;
    return BookingWorld::code_of(
        world.wait_for(n % 2 == 0 ? *world.service : *other, BookingWorld::wish("key-" + std::to_string(n))));
  };
  for (int i = 0; i < 10; ++i) CHECK(one_more() == "booked");
  CHECK(one_more() == "booking_limit");
  for (int minute = 1; minute < 5; ++minute) {
    world.clock.pass(seconds(61));
    for (int i = 0; i < 10; ++i) CHECK(one_more() == "booked");
  }
  world.clock.pass(seconds(61));
  const BookingAnswer refused = world.book(BookingWorld::wish("last"));
  CHECK(BookingWorld::code_of(refused) == "booking_limit");
  CHECK(*refused.error->retry_after > std::chrono::minutes(50));
  CHECK(world.sent.size() == 50);
}

TEST_CASE("BookingService: a client's own share is taken only for what is sent", "[proxy][booking][limits]") {
  BookingWorld world;
  world.places_left = 1;
  BookingRequest late = BookingWorld::wish("late");
  late.wish.start = world.clock.now();
  CHECK(BookingWorld::code_of(world.book(late)) == "bad_input");
  CHECK(BookingWorld::code_of(world.book()) == "booked");
  CHECK(BookingWorld::code_of(world.book()) == "booked");  // asking again
  const BookingAnswer refused = world.book(BookingWorld::wish("another"));
  CHECK(BookingWorld::code_of(refused) == "too_many_requests");
  CHECK(refused.error->retry_after == seconds(360));
  CHECK(refused.data.find("schedulingUrl") != std::string::npos);
  world.places_left = 1;
  CHECK(BookingWorld::code_of(world.book(BookingWorld::wish("another"))) == "booked");
}

// Other visitors had used up the account's calls of the minute: a booking got 503 although it is one call, without a hint where
// else to book.
TEST_CASE(
    "BookingService: visitors' calls leave some for bookings, and who is refused for want of calls is told the booking page",
    "[proxy][booking][limits]") {
  BookingWorld world;
  int left = 5;
  world.wire.answer([&](const UpstreamRequest& request) -> Exchange {
    if (request.target == "/invitees") return upstream(201, kBookedAnswer);
    UpstreamAnswer answer = std::get<UpstreamAnswer>(usual_answer(request));
    answer.rate_limit = 50;
    answer.rate_remaining = left;
    answer.rate_reset = std::chrono::seconds(60);
    return answer;
  });
  REQUIRE(world.connection->sync(""));  // reports that few calls are left
  const auto refused = world.calendly.user(secrets::SecretString("eyJ.good.token"), {});
  REQUIRE(std::holds_alternative<CallFailure>(refused));
  CHECK(std::get<CallFailure>(refused).error.code == ErrorCode::calendly_rate_limited);
  CHECK(BookingWorld::code_of(world.book()) == "booked");
  left = 0;
  REQUIRE(world.connection->sync(""));
  const BookingAnswer answer = world.book(BookingWorld::wish("k2"));
  CHECK(BookingWorld::code_of(answer) == "calendly_rate_limited");
  CHECK(answer.error->retry_after.has_value());
  CHECK(nlohmann::json::parse(answer.data).at("schedulingUrl").get<std::string>().starts_with("https://calendly.com/"));
}

TEST_CASE("BookingService: an old queue is answered, not sent", "[proxy][booking]") {
  BookingWorld world;
  std::optional<BookingAnswer> came;
  world.service->book(BookingWorld::wish(), [&](BookingAnswer answer) { came = std::move(answer); });
  world.clock.pass(seconds(9));
  world.workers.run();
  REQUIRE(came);
  CHECK(BookingWorld::code_of(*came) == "calendly_unavailable");
  CHECK(world.sent.empty());
  CHECK_FALSE(world.book().error);
}

TEST_CASE("BookingService: a form that was never read keeps bookings on the booking page", "[proxy][booking]") {
  BookingWorld world;
  store::ConnectionRecord old = *world.store->connection().value();
  old.forms.clear();  // as saved by a version without bookings
  REQUIRE(world.store->save_connection(old));
  world.connection->apply_changes();
  CHECK(Json::parse(world.service->form("30min", true).value())["canBook"] == false);
  CHECK(BookingWorld::code_of(world.book()) == "booking_not_available");
  CHECK(world.sent.empty());
  world.service->read_missing_forms();
  CHECK(Json::parse(world.service->form("30min", true).value())["canBook"] == true);
  CHECK_FALSE(world.book().error);
}

// After an update pages used UTC until the token was set again.
TEST_CASE("BookingService: a host's zone that an older version did not keep is read at the start", "[proxy][booking]") {
  BookingWorld world;
  store::ConnectionRecord old = *world.store->connection().value();
  old.timezone.clear();
  REQUIRE(world.store->save_connection(old));
  world.connection->apply_changes();
  REQUIRE(world.connection->account()->record.timezone.empty());
  world.service->read_missing_forms();
  CHECK(world.connection->account()->record.timezone == "UTC");
  CHECK(world.store->connection().value()->timezone == "UTC");
}

}  // namespace slotwire::tests
