#include "tests/e2e/booking.h"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <future>

#include "shared/time_style.h"
#include "tests/e2e/jwt_text.h"

using namespace slotwire;
using namespace slotwire::e2e;

namespace {

Json request_to(const Simulator& simulator, const std::string& endpoint) {
  for (const Json& request : simulator.look("requests")) {
    if (request.at("endpoint") == endpoint) return Json::parse(request.at("body").get<std::string>());
  }
  return {};
}

}  // namespace

TEST_CASE("booking: the form tells what an event type asks, and nothing that belongs to whoever has booked", "[e2e][booking]") {
  Stack stack;
  const Reply reply = stack.proxy->http().get(std::string("/api/app/calendly/booking-form/") + kInterview, {{"Origin", kSite}});
  REQUIRE(reply.status == 200);
  const Json form = reply.data();
  CHECK(form.at("canBook") == true);
  CHECK(form.at("eventTypeName") == "Interview");
  CHECK(form.at("duration") == 30);
  REQUIRE(form.at("questions").size() == 4);
  CHECK(form["questions"][2] == Json{{"name", "Topic"},
                                     {"type", "single_select"},
                                     {"position", 3},
                                     {"required", true},
                                     {"options", {"Design", "Code"}},
                                     {"includeOther", true}});
  REQUIRE(form.at("locations").size() == 6);
  CHECK(form["locations"][1] == Json{{"kind", "physical"}, {"text", "34 Sample Road"}, {"asks", "none"}});
  CHECK(form["locations"][2]["asks"] == "phone");
  CHECK(form["locations"][3]["asks"] == "text");
  CHECK(reply.body.find("555-0100") == std::string::npos);
  CHECK(reply.body.find("hosts-own-room") == std::string::npos);
  CHECK(reply.body.find("No longer asked") == std::string::npos);
  CHECK(stack.proxy->http().get("/api/app/calendly/booking-form/nonsense").status == 404);
  CHECK(stack.simulator.look("counters").at("total") == 0);
}

TEST_CASE("booking: a slot is booked, and everybody sees it gone", "[e2e][booking]") {
  Stack stack;
  const std::string start = free_start(*stack.proxy, 3);
  Json wish = wish_for(start);
  // The same instant in another form: Calendly must get its own form.
  wish["start"] = start.substr(0, 19) + ".000+00:00";
  const Reply reply = book(*stack.proxy, wish, "a-key");
  INFO(reply.body);
  REQUIRE(reply.status == 201);
  const Json booked = reply.data();
  CHECK(booked.at("start") == start);
  CHECK(instant_from_text(booked.at("end").get<std::string>()).value() ==
        instant_from_text(start).value() + std::chrono::minutes(30));
  CHECK(booked.at("status") == "active");
  CHECK(booked.at("eventUri").get<std::string>().find("/scheduled_events/") != std::string::npos);
  CHECK(booked.at("inviteeUri").get<std::string>().find("/invitees/") != std::string::npos);
  CHECK(booked.at("cancelUrl").get<std::string>().find("/cancellations/") != std::string::npos);
  CHECK(booked.at("rescheduleUrl").get<std::string>().find("/reschedulings/") != std::string::npos);
  CHECK(reply.header("cache-control") == "no-store");
  CHECK(request_to(stack.simulator, "invitees").at("start_time") == start.substr(0, 19) + ".000000Z");
  CHECK_FALSE(is_free(*stack.proxy, start));
  CHECK(stack.simulator.calls("invitees") == 1);
  const std::string log = stack.proxy->output();
  CHECK(log.find("[booking] booked AAAAAAAAAAAAAAAA at " + start) != std::string::npos);
  CHECK(log.find("grace@example.com") == std::string::npos);
  CHECK(log.find("Hopper") == std::string::npos);
}

// Whatever form Calendly listed, a booking wrote its start with six decimals. Some live accounts list "20:00:00Z", and an account
// that accepts only the listed text would have refused every booking.
TEST_CASE("booking: a start goes back in the very text in which the slot came", "[e2e][booking]") {
  const std::string like = GENERATE("2026-12-01T20:00:00Z", "2026-12-01T20:00:00.000Z", "2026-12-01T22:00:00.000000+02:00",
                                    "2026-12-01T20:00:00.000000Z");
  INFO(like);
  Stack stack;
  stack.simulator.set("account", {{"times_like", like}, {"books_only_listed_text", true}});
  const std::string first = free_start(*stack.proxy, 3);
  const std::string later = free_start(*stack.proxy, 90);
  const Reply booked = book(*stack.proxy, wish_for(first), "a-key");
  INFO(booked.body);
  CHECK(booked.status == 201);
  // The restarted program gets no request for slots first: it must know the text from its disk.
  stack.restart_proxy();
  stack.simulator.reset_counters();
  const Reply of_disk = book(*stack.proxy, wish_for(later), "another-key");
  INFO(of_disk.body);
  CHECK(of_disk.status == 201);
  CHECK(text_in_style(instant_from_text(later).value(), style_of(like).value()) ==
        request_to(stack.simulator, "invitees").at("start_time"));
}

TEST_CASE("booking: answers, place and tracking reach Calendly as it wants them", "[e2e][booking]") {
  Stack stack;
  Json wish = wish_for(free_start(*stack.proxy, 0, kInterview), kInterview);
  wish["answers"] = Json::array({{{"position", 1}, {"answer", "+49 30 123456"}},
                                 {{"question", "Topic"}, {"answer", "Testing"}},
                                 {{"position", 4}, {"answer", {"C++", "Rust"}}}});
  wish["location"] = {{"kind", "physical"}, {"location", "34 Sample Road"}};
  wish["tracking"] = {{"utmSource", "newsletter"}, {"utmTerm", nullptr}};
  const Reply reply = book(*stack.proxy, wish, "k");
  INFO(reply.body);
  REQUIRE(reply.status == 201);
  const Json sent = request_to(stack.simulator, "invitees");
  CHECK(sent.at("location") == wish["location"]);
  CHECK(sent.at("questions_and_answers") ==
        Json::array({{{"question", "Number for the day itself"}, {"answer", "+49 30 123456"}, {"position", 1}},
                     {{"question", "Topic"}, {"answer", "Testing"}, {"position", 3}},
                     {{"question", "Languages"}, {"answer", "C++\nRust"}, {"position", 4}}}));
  CHECK(sent.at("tracking").size() == 6);
  CHECK(sent.at("tracking").at("utm_source") == "newsletter");
  CHECK(sent.at("tracking").at("utm_term").is_null());
}

TEST_CASE("booking: guests are invited with it, where there may be any, and stay nowhere", "[e2e][booking]") {
  Stack stack;
  const auto most = [&](const std::string& type) {
    return stack.proxy->http().get("/api/app/calendly/booking-form/" + type, {{"Origin", kSite}}).data().at("maxGuests");
  };
  CHECK(most("30min") == 10);
  CHECK(most("workshop") == 0);
  Json wish = wish_for(free_start(*stack.proxy));
  wish["guests"] = {"guestmarker@example.com", "ada@example.com"};
  REQUIRE(book(*stack.proxy, wish, "k").status == 201);
  CHECK(request_to(stack.simulator, "invitees").at("event_guests") == wish["guests"]);
  CHECK(book(*stack.proxy, wish, "k").status == 201);
  wish["guests"].erase(1);
  CHECK(book(*stack.proxy, wish, "k").error_code() == "idempotency_conflict");
  CHECK(stack.simulator.calls("invitees") == 1);
  using Fields = std::vector<std::string>;
  wish["guests"] = Json::array({"a@example.com", "grace@example.com", 7, "A@example.com"});
  CHECK(fields_in_error(book(*stack.proxy, wish, "k2")) == Fields{"guests.1", "guests.2", "guests.3"});
  wish["guests"] = std::vector<std::string>(60, "a@example.com");
  CHECK(fields_in_error(book(*stack.proxy, wish, "k2")) == Fields{"guests"});
  wish["guests"] = "a@example.com";
  CHECK(fields_in_error(book(*stack.proxy, wish, "k2")) == Fields{"guests"});
  Json group = wish_for(free_start(*stack.proxy, 0, "workshop"), "workshop");
  group["guests"] = {"ada@example.com"};
  CHECK(fields_in_error(book(*stack.proxy, group, "k3")) == Fields{"guests"});
  CHECK(stack.simulator.calls("invitees") == 1);
  REQUIRE(stack.proxy->stop() == 0);
  CHECK(stack.proxy->output().find("guestmarker") == std::string::npos);
}

TEST_CASE("booking: every mistake is told at once, by field, and nothing is sent", "[e2e][booking]") {
  Stack stack;
  using Fields = std::vector<std::string>;
  const Json wrong = {{"eventType", kInterview},
                      {"start", "2020-01-06T14:00:00Z"},
                      {"invitee", {{"name", ""}, {"email", "grace"}, {"timezone", "Mars/Olympus"}}},
                      {"answers", Json::array({{{"position", 1}, {"answer", "call me"}}, {{"position", 2}, {"answer", "x"}}})},
                      {"location", {{"kind", "zoom_conference"}}},
                      {"tracking", {{"utmSource", std::string(256, 'x')}}}};
  const Reply reply = book(*stack.proxy, wrong, "");
  INFO(reply.body);
  CHECK(reply.status == 400);
  CHECK(reply.error_code() == "bad_input");
  CHECK(fields_in_error(reply) == Fields{"Idempotency-Key", "answers.1", "answers.2", "answers.3", "invitee.email",
                                         "invitee.name", "invitee.timezone", "location.kind", "start", "tracking.utmSource"});
  const Json past = wish_for("2020-01-06T14:00:00Z");
  CHECK(fields_in_error(book(*stack.proxy, past, "k1")) == Fields{"start"});
  const Json unknown = wish_for(day_text(3) + "T14:00:00Z", "nonsense");
  CHECK(book(*stack.proxy, unknown, "k1").status == 404);
  CHECK(fields_in_error(book(*stack.proxy, wish_for("soon"), "k1")) == Fields{"start"});
  for (const std::string& key : {std::string(), std::string("with space"), std::string(201, 'x')}) {
    CHECK(fields_in_error(book(*stack.proxy, wish_for(day_text(3) + "T14:00:00Z"), key)) == Fields{"Idempotency-Key"});
  }
  const Json right = wish_for(free_start(*stack.proxy));
  for (const char* second : {"k1", "k2", ""}) {
    const Reply twice = book(*stack.proxy, right, "k1", {{"idempotency-key", second}});
    CHECK(twice.status == 400);
    CHECK(fields_in_error(twice) == Fields{"Idempotency-Key"});
  }
  CHECK(stack.simulator.calls("invitees") == 0);
  // A key whose requests were refused can still be used.
  CHECK(book(*stack.proxy, wish_for(free_start(*stack.proxy)), "k1").status == 201);
}

// A program wrote "mail" for "email" in an optional field, and "utm_source" for "utmSource": both were silently dropped.
TEST_CASE("booking: what is no field of a booking is refused by its name", "[e2e][booking]") {
  Stack stack;
  Json wish = wish_for(free_start(*stack.proxy));
  wish["guest"] = Json::array({"grace@example.com"});
  wish["invitee"]["mail"] = "ada@example.com";
  wish["tracking"] = {{"utm_source", "mail"}, {"utmSource", "mail"}};
  const Reply reply = book(*stack.proxy, wish, "misspelt");
  CHECK(reply.status == 400);
  std::vector<std::string> fields = fields_in_error(reply);
  std::sort(fields.begin(), fields.end());
  CHECK(fields == std::vector<std::string>{"guest", "invitee.mail", "tracking.utm_source"});
  CHECK(reply.body.find("is no field of a booking") != std::string::npos);
  CHECK(stack.simulator.calls("invitees") == 0);
  for (const char* name : {"guest", "tracking"}) wish.erase(name);
  wish["invitee"].erase("mail");
  CHECK(book(*stack.proxy, wish, "well-spelt").status == 201);
}

// A caller who may not book could test names and links: "no such event type" for one, "not from here" for the other.
TEST_CASE("booking: who may not book hears the same of every event type that is not listed", "[e2e][booking][auth]") {
  for (const char* origins : {"*", "*,https://www.example.com"}) {
    Stack stack({.proxy_settings = {{"CALENDLY_ALLOWED_ORIGINS", origins}}});
    const auto answer = [&](const std::string& body) {
      Json reply = Json::parse(
          stack.proxy->http().post(kBookings, body, {{"Idempotency-Key", "k"}, {"Origin", "https://evil.example"}}).body);
      return reply.dump();
    };
    const std::string nothing = answer("{}");
    CHECK(nothing.find("event_type_not_found") == std::string::npos);
    for (const char* type : {"nothing", "secret", "https://calendly.com/acme/secret", "https://calendly.com/acme/nothing"}) {
      INFO(type);
      CHECK(answer(Json{{"eventType", type}}.dump()) == nothing);
    }
  }
}

TEST_CASE("booking: bodies, methods and types are refused as for every call", "[e2e][booking]") {
  Stack stack;
  const Http& http = stack.proxy->http();
  CHECK(http.post(kBookings, "{", {{"Idempotency-Key", "k"}, {"Origin", kSite}}).status == 400);
  CHECK(http.post(kBookings, "[]", {{"Idempotency-Key", "k"}, {"Origin", kSite}}).status == 400);
  CHECK(http.post(kBookings, "{}", {{"Idempotency-Key", "k"}, {"Origin", kSite}}, "text/plain").status == 415);
  CHECK(http.post(kBookings, std::string(70'000, 'x'), {{"Idempotency-Key", "k"}, {"Origin", kSite}}).status == 413);
  const Reply read = http.get(kBookings);
  CHECK(read.status == 405);
  CHECK(read.header("allow").value_or("").find("POST") != std::string::npos);
  for (const char* body :
       {R"({"invitee":7})", R"({"answers":{}})", R"({"answers":[7]})", R"({"location":"here"})", R"({"tracking":[]})",
        R"({"answers":[{"position":-1,"answer":"x"}]})", R"({"answers":[{"position":1,"answer":{"a":1}}]})"}) {
    INFO(body);
    const Reply reply = http.post(kBookings, body, {{"Idempotency-Key", "k"}, {"Origin", kSite}});
    CHECK(reply.status == 400);
    CHECK(fields_in_error(reply).size() >= 5);
  }
}

TEST_CASE("booking: the same key gives the same answer, after a restart and from another server; another wish does not",
          "[e2e][booking]") {
  Stack stack;
  const std::string start = free_start(*stack.proxy);
  const Reply first = book(*stack.proxy, wish_for(start), "once");
  REQUIRE(first.status == 201);
  CHECK(book(*stack.proxy, wish_for(start), "once").body == first.body);
  Json rewritten = wish_for(start);
  rewritten["start"] = start.substr(0, 19) + ".000000Z";
  CHECK(book(*stack.proxy, rewritten, "once").body == first.body);

  Json other = wish_for(start);
  other["invitee"]["email"] = "ada@example.com";
  const Reply conflict = book(*stack.proxy, other, "once");
  CHECK(conflict.status == 409);
  CHECK(conflict.error_code() == "idempotency_conflict");

  stack.restart_proxy();
  CHECK(book(*stack.proxy, wish_for(start), "once").body == first.body);
  const Proxy second(stack.folder.path(), stack.simulator.address());
  CHECK(book(second, wish_for(start), "once").body == first.body);
  CHECK(book(second, other, "once").error_code() == "idempotency_conflict");
  CHECK(stack.simulator.calls("invitees") == 1);
}

TEST_CASE("booking: fifty at once with one key are one booking", "[e2e][booking]") {
  Stack stack;
  const std::string start = free_start(*stack.proxy);
  stack.simulator.add_fault({{"endpoint", "invitees"}, {"kind", "latency"}, {"ms", 300}});
  std::vector<std::future<Reply>> replies;
  for (int i = 0; i < 50; ++i) {
    replies.push_back(std::async(std::launch::async, [&] { return book(*stack.proxy, wish_for(start), "once"); }));
  }
  const Reply first = replies.front().get();
  CHECK(first.status == 201);
  for (std::size_t i = 1; i < replies.size(); ++i) CHECK(replies[i].get().body == first.body);
  CHECK(stack.simulator.calls("invitees") == 1);
}

TEST_CASE("booking: two proxies on one database, asked at once with one key, book once", "[e2e][booking]") {
  Stack stack;
  const Proxy second(stack.folder.path(), stack.simulator.address());
  stack.simulator.add_fault({{"endpoint", "invitees"}, {"kind", "latency"}, {"ms", 300}});
  for (int round = 0; round < 3; ++round) {
    const std::string start = free_start(*stack.proxy, static_cast<std::size_t>(round) * 4);
    const std::string key = "round-" + std::to_string(round);
    std::vector<std::future<Reply>> replies;
    for (int i = 0; i < 10; ++i) {
      const Proxy& proxy = i % 2 == 0 ? *stack.proxy : second;
      replies.push_back(std::async(std::launch::async, [&proxy, start, key] { return book(proxy, wish_for(start), key); }));
    }
    const Reply first = replies.front().get();
    INFO(first.body);
    CHECK(first.status == 201);
    for (std::size_t i = 1; i < replies.size(); ++i) CHECK(replies[i].get().body == first.body);
    CHECK(stack.simulator.calls("invitees") == round + 1);
  }
}

TEST_CASE("booking: a time that is taken comes back with the nearest ones, and leaves everybody's view", "[e2e][booking]") {
  Stack stack;
  const std::string start = free_start(*stack.proxy, 6);
  stack.simulator.set("take", {{"event_type", "30min"}, {"start_time", start}});
  CHECK(is_free(*stack.proxy, start));  // as far as the cache knows
  const Reply reply = book(*stack.proxy, wish_for(start), "k");
  INFO(reply.body);
  CHECK(reply.status == 409);
  CHECK(reply.error_code() == "slot_taken");
  const Json nearest = reply.data().at("nearest");
  REQUIRE(nearest.size() == 6);
  const Instant wanted = instant_from_text(start).value();
  const auto distance = [&](const Json& slot) {
    const Instant at = instant_from_text(slot.at("start").get<std::string>()).value();
    return at < wanted ? wanted - at : at - wanted;
  };
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    CHECK(distance(nearest[i]) > Instant::duration(0));
    if (i > 0) CHECK(distance(nearest[i - 1]) <= distance(nearest[i]));
    CHECK(is_free(*stack.proxy, nearest[i].at("start").get<std::string>()));
    CHECK(nearest[i].at("schedulingUrl").get<std::string>().starts_with("http"));
  }
  CHECK_FALSE(is_free(*stack.proxy, start));
  // One of the offered times can be booked with a new key; the old key stays refused.
  CHECK(book(*stack.proxy, wish_for(nearest[0].at("start").get<std::string>()), "k2").status == 201);
  CHECK(book(*stack.proxy, wish_for(start), "k").body == reply.body);
  CHECK(stack.simulator.calls("invitees") == 2);
}

TEST_CASE("booking: whatever was no browser booked by default, and so did an Origin that equals the Host",
          "[e2e][booking][cors]") {
  const std::string listed = GENERATE("*", "https://www.example.com", "*,https://www.example.com");
  INFO(listed);
  const bool is_any_named = listed != "*";
  Stack stack({.proxy_settings = {{"CALENDLY_ALLOWED_ORIGINS", listed}}});
  const std::string start = free_start(*stack.proxy);
  const auto code_from = [&](const Fields& headers) {
    Fields all = headers;
    all.emplace("Idempotency-Key", "k");
    const Reply reply = stack.proxy->http().post(kBookings, wish_for(start).dump(), all);
    INFO(reply.body);
    if (reply.status == 201) return std::string("booked");
    CHECK(reply.status == (is_any_named ? 403 : 409));
    CHECK(reply.data().at("schedulingUrl").get<std::string>().find("/acme/30min/") != std::string::npos);
    return reply.error_code();
  };
  const std::string own = "http://127.0.0.1:" + std::to_string(stack.proxy->http().port());
  const std::string refused = is_any_named ? "forbidden" : "booking_not_available";
  for (const std::string& origin : {std::string("https://www.example.com.evil.example"), std::string("https://evil.example"),
                                    std::string("null"), own, std::string("http://127.0.0.1:1"), std::string()}) {
    INFO(origin);
    CHECK(code_from({{"Origin", origin}}) == refused);
  }
  CHECK(code_from({}) == refused);
  CHECK(stack.simulator.calls("invitees") == 0);
  const auto form_for = [&](const std::string& origin) {
    return stack.proxy->http().get("/api/app/calendly/booking-form/30min", {{"Origin", origin}});
  };
  CHECK(form_for("https://evil.example").data().at("canBook") == false);
  CHECK(form_for("https://evil.example").data().at("reason") == "origin");
  CHECK(form_for("https://www.example.com").data().at("canBook") == is_any_named);
  CHECK(form_for("https://www.example.com").header("vary").value_or("").find("Origin") != std::string::npos);
  CHECK(stack.proxy->http().get("/api/app/calendly/booking-form/30min").data().at("canBook") == false);
  // The account's own server, and an allowed page.
  CHECK(code_from(bearer(jwt_for("admin"))) == "booked");
  if (is_any_named) CHECK(code_from({{"Origin", "https://www.example.com"}}) == "booked");
  const Reply preflight = stack.proxy->http().send("OPTIONS", kBookings,
                                                   {{"Origin", "https://www.example.com"},
                                                    {"Access-Control-Request-Method", "POST"},
                                                    {"Access-Control-Request-Headers", "content-type,idempotency-key"}});
  CHECK(preflight.status == 204);
  CHECK(preflight.header("access-control-allow-headers").value_or("").find("Idempotency-Key") != std::string::npos);
  CHECK(preflight.header("access-control-allow-headers").value_or("").find("Content-Type") != std::string::npos);
  CHECK(preflight.header("access-control-allow-methods").value_or("").find("POST") != std::string::npos);
}

TEST_CASE("booking: a program without Origin books where a setting says so in so many words", "[e2e][booking][cors]") {
  Stack stack({.proxy_settings = {{"CALENDLY_BOOKING_WITHOUT_ORIGIN", "allow"}}});
  const Json wish = wish_for(free_start(*stack.proxy));
  CHECK(stack.proxy->http().post(kBookings, wish.dump(), {{"Idempotency-Key", "k"}, {"Origin", "https://evil.example"}}).status ==
        403);
  CHECK(stack.proxy->http().post(kBookings, wish.dump(), {{"Idempotency-Key", "k"}}).status == 201);
}

// A program whose JWT was revoked or had the role reader was told to allow its origin.
TEST_CASE("booking: a program hears what is wrong with its token, and nothing of origins", "[e2e][booking][auth]") {
  Stack stack;
  const std::string wish = wish_for(free_start(*stack.proxy)).dump();
  const auto ask = [&](const std::string& token) {
    return stack.proxy->http().post(kBookings, wish, {{"Idempotency-Key", "k"}, {"Authorization", "Bearer " + token}});
  };
  const Reply nonsense = ask("nonsense");
  CHECK(nonsense.status == 401);
  CHECK(nonsense.error_code() == "unauthorized");
  const Reply reader = ask(jwt_for("reader"));
  CHECK(reader.status == 403);
  CHECK(reader.body.find("rigin") == std::string::npos);
  CHECK(ask(jwt_for("admin")).status == 201);
}

TEST_CASE("booking: where it is not possible, the booking page's address is given", "[e2e][booking]") {
  Stack stack;
  const std::string start = free_start(*stack.proxy);
  const auto refusal = [&](const std::string& key) {
    const Reply reply = book(*stack.proxy, wish_for(start), key);
    INFO(reply.body);
    CHECK(reply.status == 409);
    CHECK(reply.error_code() == "booking_not_available");
    CHECK(reply.data().at("schedulingUrl").get<std::string>().find("/acme/30min") != std::string::npos);
  };
  const auto reason = [&] { return stack.proxy->http().get("/api/app/calendly/booking-form/30min", {{"Origin", kSite}}).data(); };

  SECTION("an account whose plan has no bookings: found out once, remembered for a while") {
    stack.simulator.set("account", {{"may_book", false}});
    refusal("a");
    CHECK(reason().at("reason") == "event_type");
    CHECK(reason().at("canBook") == false);
    refusal("b");
    CHECK(stack.simulator.calls("invitees") == 1);
    // A new token may have the permission.
    stack.simulator.set("account", {{"may_book", true}});
    REQUIRE(stack.proxy->connect(kToken).status == 200);
    CHECK(book(*stack.proxy, wish_for(start), "a").status == 201);
  }
  SECTION("a token without the scope: known before anybody tries") {
    stack.simulator.set(
        "account",
        {{"tokens",
          Json::array({{{"token", kToken},
                        {"scopes", {"users:read", "event_types:read", "availability:read", "scheduled_events:read"}}}})}});
    REQUIRE(stack.proxy->connect(kToken).status == 200);
    CHECK(reason().at("reason") == "scope");
    refusal("a");
    CHECK(stack.simulator.calls("invitees") == 0);
  }
  SECTION("public mode") {
    REQUIRE(stack.proxy
                ->admin_post("/api/web/calendly/configure-public",
                             {{"calendlyUsername", "acme"},
                              {"eventTypes", Json::array({{{"name", "Half an hour"}, {"slug", "30min"}, {"duration", 30}}})}})
                .status == 200);
    CHECK(reason().at("reason") == "public");
    refusal("a");
  }
  SECTION("nothing connected") {
    REQUIRE(stack.proxy->admin_post("/api/web/calendly/connection/disconnect", Json::object(), "super_admin").status == 200);
    CHECK(book(*stack.proxy, wish_for(start), "a").error_code() == "not_connected");
    CHECK(stack.proxy->http().get("/api/app/calendly/booking-form/30min").error_code() == "not_connected");
  }
}

TEST_CASE("booking: Calendly's ten a minute are kept to, whichever server is asked", "[e2e][booking][limits]") {
  Stack stack({.proxy_settings = {{"CALENDLY_TRUSTED_PROXIES", "127.0.0.1"}}});
  const Proxy second(stack.folder.path(), stack.simulator.address(), {{"CALENDLY_TRUSTED_PROXIES", "127.0.0.1"}});
  const Json slots = stack.proxy->slots("30min", day_text(1), day_text(21)).data().at("slots");
  REQUIRE(slots.size() > 30);
  std::vector<std::future<Reply>> replies;
  for (std::size_t i = 0; i < 13; ++i) {
    const Proxy& proxy = i % 2 == 0 ? *stack.proxy : second;
    const std::string start = slots[i * 2].at("start").get<std::string>();
    replies.push_back(std::async(std::launch::async, [&proxy, start, i] {
      return book(proxy, wish_for(start), "k" + std::to_string(i), {{"X-Forwarded-For", "203.0.113." + std::to_string(i)}});
    }));
    replies.back().wait();
  }
  int booked = 0;
  for (auto& each : replies) {
    const Reply reply = each.get();
    INFO(reply.body);
    if (reply.status == 201) {
      ++booked;
      continue;
    }
    CHECK(reply.status == 503);
    CHECK(reply.error_code() == "booking_limit");
    CHECK(reply.data().at("schedulingUrl").get<std::string>().find("/acme/30min/") != std::string::npos);
    const int wait_s = std::stoi(reply.header("retry-after").value_or("0"));
    CHECK(wait_s > 0);
    CHECK(wait_s <= 60);
  }
  CHECK(booked == 10);
  CHECK(stack.simulator.calls("invitees") == 10);
  const Json shown = stack.proxy->admin_get("/api/web/calendly/cache/stats").data().at("bookings");
  CHECK(shown.at("lastMinute") == 10);
  CHECK(shown.at("lastHour") == 10);
  CHECK(shown.at("lastDay") == 10);
  CHECK(shown.at("limits") == Json{{"minute", 10}, {"hour", 50}, {"day", 100}});
  CHECK(stack.proxy->status().at("bookings") == shown);
}
