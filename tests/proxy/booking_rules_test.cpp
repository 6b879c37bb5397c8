// Checks of a booking: from Calendly's form to the errors of a request, and the body that is sent if there are none.
#include "proxy/booking/booking_rules.h"

#include <catch_amalgamated.hpp>
#include <nlohmann/json.hpp>

#include "proxy/booking/booking_answers.h"
#include "proxy/booking/booking_limits.h"
#include "tests/proxy/fakes.h"

namespace slotwire::tests {
using namespace booking;
using namespace calendly;
namespace {

using Json = nlohmann::json;

constexpr const char* kPage = R"({"collection":[{"uri":"https://api.calendly.com/event_types/A","custom_questions":[
  {"name":"Topic","type":"single_select","position":3,"enabled":true,"required":true,"answer_choices":["Design","Code"],"include_other":false},
  {"name":"Notes","type":"text","position":0,"enabled":true,"required":false,"answer_choices":[],"include_other":false},
  {"name":"Gone","type":"text","position":1,"enabled":false,"required":true,"answer_choices":null,"include_other":null},
  {"name":"Languages","type":"multi_select","position":4,"enabled":true,"required":false,"answer_choices":["C++","Rust"],"include_other":true},
  {"name":"Phone","type":"phone_number","position":2,"enabled":true,"required":false,"answer_choices":[],"include_other":false},
  {"name":"Of next year","type":"drawing","position":9,"enabled":true,"required":false}],
  "locations":[{"kind":"physical","location":"12 Example Street","additional_info":"ring twice"},
  {"kind":"outbound_call"},{"kind":"ask_invitee"},{"kind":"inbound_call","phone_number":"+1 888-555-0100"},
  {"kind":"custom","location":"https://meet.example.com/own-room"}]},
  {"uri":"https://api.calendly.com/event_types/B","custom_questions":null,"locations":null},
  {"uri":"https://api.calendly.com/event_types/C","locations":[{"kind":"zoom_conference"}]}]})";

BookingForm form_named(const std::string& letter) {
  return booking_forms_from_calendly(kPage).at("https://api.calendly.com/event_types/" + letter);
}

BookingWish good_wish() {
  BookingWish wish;
  wish.event_type = "a";
  wish.start = instant("2026-01-06T14:00:00Z");
  wish.name = "Grace Hopper";
  wish.email = "grace@example.com";
  wish.timezone = "Europe/Berlin";
  wish.answers = {{3, "", "Code"}};
  wish.place = BookingWish::Place{"physical", ""};
  return wish;
}

std::string fields_of(const std::vector<ErrorDetail>& problems) {
  std::string fields;
  for (const ErrorDetail& problem : problems) fields += (fields.empty() ? "" : " ") + problem.field;
  return fields;
}

const Instant kNow = instant("2026-01-05T10:00:00Z");

}  // namespace

TEST_CASE("booking_forms_from_calendly: enabled questions by position, places with what they ask", "[proxy][booking]") {
  const BookingForm form = form_named("A");
  REQUIRE(form.questions.size() == 5);
  CHECK(form.questions[0].name == "Notes");
  CHECK(form.questions[1].kind == QuestionKind::phone_number);
  CHECK(form.questions[2] == BookingQuestion{"Topic", QuestionKind::single_select, 3, true, {"Design", "Code"}, false});
  CHECK(form.questions[3].takes_other);
  CHECK(form.questions[4].kind == QuestionKind::text);  // a kind that does not exist yet
  REQUIRE(form.places.size() == 5);
  CHECK(form.places[0] == BookingPlace{"physical", "12 Example Street", PlaceAsks::nothing});
  CHECK(form.places[1].asks == PlaceAsks::phone);
  CHECK(form.places[2].asks == PlaceAsks::text);
  CHECK(form.places[3].text.empty());  // the host's number is shown only after booking
  CHECK_FALSE(is_fit_to_show(form.places[4]));
  CHECK(is_fit_to_show(form.places[0]));
  CHECK(form_named("B") == BookingForm{});
}

TEST_CASE("form_from_text: gives back what was kept, and nothing for anything else", "[proxy][booking]") {
  for (const char* letter : {"A", "B", "C"}) {
    const BookingForm form = form_named(letter);
    const std::optional<BookingForm> kept = form_from_text(text_from_form(form));
    REQUIRE(kept);
    CHECK(*kept == form);
  }
  for (const char* text : {"", "{}", "[]", "null", "{\"questions\":[]}"}) CHECK_FALSE(form_from_text(text));
  CHECK(booking_forms_from_calendly("<html>").empty());
}

TEST_CASE("is_idempotency_key: one to two hundred visible characters", "[proxy][booking]") {
  CHECK(is_idempotency_key("a"));
  CHECK(is_idempotency_key("\"8e03978e-40d5-43e8-bc93-6894a57f9324\""));
  CHECK(is_idempotency_key(std::string(200, 'x')));
  for (const std::string& key :
       {std::string(), std::string(201, 'x'), std::string("a b"), std::string("a\tb"), std::string("ä")}) {
    CHECK_FALSE(is_idempotency_key(key));
  }
}

TEST_CASE("problems_of: what is wrong whatever is asked, each field by name", "[proxy][booking]") {
  const time::Zones zones;
  CHECK(problems_of(good_wish(), zones).empty());
  BookingWish wish = good_wish();
  wish.name = " ";
  wish.email = "grace@example";
  wish.timezone = "Mars/Olympus";
  wish.tracking[0] = std::string(256, 'x');
  wish.tracking[5] = "ok";
  wish.answers = {{3, "", std::string(10'001, 'x')}};
  wish.place->text = std::string(501, 'x');
  CHECK(fields_of(problems_of(wish, zones)) ==
        "invitee.name invitee.email invitee.timezone answers.3 location.location tracking.utmCampaign");
  // The limit counts characters, not bytes.
  wish = good_wish();
  for (int i = 0; i < 255; ++i) wish.tracking[0] += "é";
  CHECK(problems_of(wish, zones).empty());
}

TEST_CASE("problems_of: addresses that can be none are refused, odd ones are not", "[proxy][booking]") {
  const time::Zones zones;
  const auto is_fine = [&](const std::string& email) {
    BookingWish wish = good_wish();
    wish.email = email;
    return problems_of(wish, zones).empty();
  };
  for (const char* email : {"a@b.de", "first.last+tag@mail.example.co.uk", "o'brien@example.org", "用户@例子.广告"}) {
    INFO(email);
    CHECK(is_fine(email));
  }
  for (const char* email : {"a", "@b.de", "a@", "a@b", "a@.de", "a@b.", "a@b..de", "a b@c.de", "a@b@c.de", "<a@b.de>",
                            "a@b.de,c@d.de", "a@b.de\r\nBcc: x@y.de"}) {
    INFO(email);
    CHECK_FALSE(is_fine(email));
  }
}

TEST_CASE("problems_of: guests are at most ten addresses, each once, none of them the invitee's", "[proxy][booking]") {
  const time::Zones zones;
  BookingWish wish = good_wish();
  for (int i = 0; i < 10; ++i) wish.guests.push_back("guest" + std::to_string(i) + "@example.com");
  CHECK(problems_of(wish, zones).empty());
  wish.guests.push_back("one.more@example.com");
  CHECK(fields_of(problems_of(wish, zones)) == "guests");
  wish.guests = {"alan@example.com", "alan", "", "GRACE@example.com", "Alan@Example.com", "a@example.com, b@example.com"};
  const std::vector<ErrorDetail> problems = problems_of(wish, zones);
  CHECK(fields_of(problems) == "guests.1 guests.2 guests.3 guests.4 guests.5");
  CHECK(problems.at(2).message == "is the invitee's own address");
  CHECK(problems.at(3).message == "is named twice");
}

TEST_CASE("problems_with_form: where everybody books a place of their own nobody brings guests", "[proxy][booking]") {
  BookingForm form = form_named("C");
  BookingWish wish = good_wish();
  wish.answers.clear();
  wish.place.reset();
  wish.guests = {"alan@example.com"};
  CHECK(problems_with_form(wish, form, kNow).empty());
  form.most_guests = 0;
  CHECK(fields_of(problems_with_form(wish, form, kNow)) == "guests");
  wish.guests.clear();
  CHECK(problems_with_form(wish, form, kNow).empty());
}

TEST_CASE("json_for_invitee: guests by Calendly's name, or not at all", "[proxy][booking]") {
  EventType type;
  BookingWish wish = good_wish();
  CHECK_FALSE(Json::parse(json_for_invitee(order_from(wish, type, form_named("A")))).contains("event_guests"));
  wish.guests = {"alan@example.com", "ada@example.com"};
  CHECK(Json::parse(json_for_invitee(order_from(wish, type, form_named("A")))).at("event_guests") == Json(wish.guests));
}

TEST_CASE("problems_with_form: questions are held to what the event type asks", "[proxy][booking]") {
  const BookingForm form = form_named("A");
  struct Row {
    const char* name;
    std::vector<BookingWish::Answer> answers;
    const char* fields;
  };
  const std::vector<Row> rows = {
      {"by position", {{3, "", "Code"}}, ""},
      {"by the question's text", {{std::nullopt, "Topic", "Design"}}, ""},
      {"by both", {{3, "Topic", "Design"}}, ""},
      {"by both, of two questions", {{3, "Notes", "Design"}}, "answers.3 answers.3"},
      {"the required one left out", {{0, "", "hello"}}, "answers.3"},
      {"the required one blank", {{3, "", "  "}}, "answers.3"},
      {"none of the options", {{3, "", "Law"}}, "answers.3"},
      {"several, one of them the visitor's own", {{3, "", "Code"}, {4, "", "C++\nZig"}}, ""},
      {"an option twice", {{3, "", "Code"}, {4, "", "C++\nC++"}}, "answers.4"},
      {"no phone number", {{3, "", "Code"}, {2, "", "call me"}}, "answers.2"},
      {"a phone number", {{3, "", "Code"}, {2, "", "+49 (30) 12.34-56"}}, ""},
      {"one that is switched off", {{3, "", "Code"}, {1, "", "x"}}, "answers.1"},
      {"one that is nobody's", {{3, "", "Code"}, {std::nullopt, "What?", "x"}}, "answers"},
      {"one twice", {{3, "", "Code"}, {std::nullopt, "Topic", "Code"}}, "answers.3"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    BookingWish wish = good_wish();
    wish.answers = row.answers;
    CHECK(fields_of(problems_with_form(wish, form, kNow)) == row.fields);
  }
}

TEST_CASE("problems_with_form: a place that is offered, with what it asks", "[proxy][booking]") {
  struct Row {
    const char* form;
    std::optional<BookingWish::Place> place;
    const char* fields;
    const char* sent;  // kind/text
  };
  using Place = BookingWish::Place;
  const std::vector<Row> rows = {
      {"A", Place{"physical", ""}, "", "physical/12 Example Street"},
      {"A", Place{"outbound_call", "+49 30 123456"}, "", "outbound_call/+49 30 123456"},
      {"A", Place{"outbound_call", ""}, "location.location", ""},
      {"A", Place{"outbound_call", "home"}, "location.location", ""},
      {"A", Place{"ask_invitee", "at the harbour"}, "", "ask_invitee/at the harbour"},
      {"A", Place{"ask_invitee", " "}, "location.location", ""},
      {"A", Place{"custom", ""}, "", "custom/https://meet.example.com/own-room"},
      {"A", Place{"zoom_conference", ""}, "location.kind", ""},
      {"A", std::nullopt, "location.kind", ""},
      {"B", std::nullopt, "", ""},
      {"B", Place{"zoom_conference", ""}, "location.kind", ""},
      {"C", std::nullopt, "", "zoom_conference/"},
  };
  for (const Row& row : rows) {
    INFO(row.form << ' ' << (row.place ? row.place->kind + "/" + row.place->text : "none"));
    BookingWish wish = good_wish();
    if (row.form[0] != 'A') wish.answers.clear();
    wish.place = row.place;
    const BookingForm form = form_named(row.form);
    CHECK(fields_of(problems_with_form(wish, form, kNow)) == row.fields);
    if (*row.fields != '\0') continue;
    const InviteeOrder order = order_from(wish, EventType{}, form);
    CHECK((order.place ? order.place->kind + "/" + order.place->text : "") == row.sent);
  }
}

TEST_CASE("problems_with_form: of two places of one kind the address chooses", "[proxy][booking]") {
  BookingForm form;
  form.places = {{"physical", "12 Example Street", PlaceAsks::nothing}, {"physical", "34 Sample Road", PlaceAsks::nothing}};
  BookingWish wish = good_wish();
  wish.answers.clear();
  wish.place = BookingWish::Place{"physical", "34 Sample Road"};
  CHECK(problems_with_form(wish, form, kNow).empty());
  CHECK(order_from(wish, EventType{}, form).place->text == "34 Sample Road");
  wish.place->text = "";
  CHECK(fields_of(problems_with_form(wish, form, kNow)) == "location.location");
}

TEST_CASE("problems_with_form: a start that has passed", "[proxy][booking]") {
  BookingWish wish = good_wish();
  wish.start = kNow;
  CHECK(fields_of(problems_with_form(wish, form_named("A"), kNow)) == "start");
}

TEST_CASE("json_for_invitee: Calendly's own text of the start, all six tracking keys or none", "[proxy][booking]") {
  BookingWish wish = good_wish();
  EventType type;
  type.uri = "https://api.calendly.com/event_types/A";
  const Json plain = Json::parse(json_for_invitee(order_from(wish, type, form_named("A"))));
  CHECK(plain["event_type"] == type.uri);
  CHECK(plain["start_time"] == "2026-01-06T14:00:00.000000Z");
  CHECK(plain["invitee"] == Json{{"name", "Grace Hopper"}, {"email", "grace@example.com"}, {"timezone", "Europe/Berlin"}});
  CHECK(plain["location"] == Json{{"kind", "physical"}, {"location", "12 Example Street"}});
  CHECK(plain["questions_and_answers"] == Json::array({{{"question", "Topic"}, {"answer", "Code"}, {"position", 3}}}));
  CHECK_FALSE(plain.contains("tracking"));
  wish.tracking[1] = "newsletter";
  const Json tracked = Json::parse(json_for_invitee(order_from(wish, type, form_named("A"))));
  CHECK(tracked["tracking"] == Json{{"utm_campaign", nullptr},
                                    {"utm_source", "newsletter"},
                                    {"utm_medium", nullptr},
                                    {"utm_content", nullptr},
                                    {"utm_term", nullptr},
                                    {"salesforce_uuid", nullptr}});
}

TEST_CASE("canonical_text: one text for one wish, another for every other", "[proxy][booking]") {
  const BookingWish wish = good_wish();
  BookingWish same = good_wish();
  same.start = instant("2026-01-06T15:00:00+01:00");
  CHECK(canonical_text(same) == canonical_text(wish));
  std::vector<BookingWish> others(8, wish);
  others[0].start = instant("2026-01-06T14:30:00Z");
  others[1].email = "Grace@example.com";
  others[2].answers[0].text = "Design";
  others[3].place.reset();
  others[4].tracking[0] = "x";
  others[5].answers[0].position.reset();
  others[6].guests = {"alan@example.com"};
  others[7].guests = {"alan@example.com", "ada@example.com"};
  CHECK(canonical_text(others[6]) != canonical_text(others[7]));
  for (const BookingWish& other : others) CHECK(canonical_text(other) != canonical_text(wish));
}

TEST_CASE("usage_from: ten a minute, fifty an hour, a hundred a day, and how long until there is room", "[proxy][booking]") {
  const auto sent = [](int count, std::chrono::seconds apart) {
    std::vector<Instant> times;
    for (int i = count; i > 0; --i) times.push_back(kNow - i * apart);
    return times;
  };
  CHECK_FALSE(usage_from({}, kNow).wait);
  CHECK_FALSE(usage_from(sent(9, std::chrono::seconds(1)), kNow).wait);
  const BookingUsage minute = usage_from(sent(10, std::chrono::seconds(2)), kNow);
  CHECK(minute.sent == std::array<int, 3>{10, 10, 10});
  CHECK(minute.wait == std::chrono::seconds(40));  // the first of the ten was 20 s ago
  const BookingUsage hour = usage_from(sent(50, std::chrono::seconds(60)), kNow);
  CHECK(hour.sent[0] == 0);
  CHECK(hour.sent[1] == 50);
  CHECK(hour.wait == std::chrono::minutes(10));
  const BookingUsage day = usage_from(sent(100, std::chrono::seconds(600)), kNow);
  CHECK(day.wait == std::chrono::hours(24) - std::chrono::seconds(60'000));
}

TEST_CASE("nearest_slots: by distance, the earlier of two, never the one that is gone", "[proxy][booking]") {
  std::vector<Slot> slots;
  for (int hour = 8; hour <= 20; ++hour) slots.push_back({instant("2026-01-06T00:00:00Z") + std::chrono::hours(hour), 1, ""});
  const std::vector<Slot> near = nearest_slots(slots, instant("2026-01-06T14:00:00Z"), 6);
  std::string hours;
  for (const Slot& slot : near) hours += text_from_instant(slot.start).substr(11, 3);
  CHECK(hours == "13:15:12:16:11:17:");
  CHECK(nearest_slots({}, kNow, 6).empty());
}

TEST_CASE("problems_from_refusal: Calendly's names become ours", "[proxy][booking]") {
  CalendlyProblem refusal;
  for (const char* name : {"invitee.email", "event.start_time", "invitee.email", "nonsense"})
    refusal.details.push_back({name, "x"});
  CHECK(fields_of(problems_from_refusal(refusal)) == "invitee.email start");
  // An error of a guest's email is not one of the invitee's.
  refusal.details = {{"event_guests.0.email", "is invalid"}};
  CHECK(fields_of(problems_from_refusal(refusal)) == "guests");
}

TEST_CASE("problems_from_refusal: a 400 that says all in one sentence named no field to the visitor", "[proxy][booking]") {
  struct Row {
    const char* body;
    const char* fields;
  };
  for (const Row& row : std::vector<Row>{
           {R"({"title":"Invalid Argument","message":"Required Questions and Answers cannot be blank."})", "answers"},
           {R"({"title":"Invalid Argument","message":"The supplied parameters are invalid.","details":[
               {"parameter":"event.location_configuration.location","message":"x","code":"invalid_location_choice"}]})",
            "location.location"},
           {R"({"message":"no","details":[{"message":"x","code":"invalid_location_choice"}]})", "location.location"},
           {R"({"message":"Time zone is not valid"})", "invitee.timezone"},
           {R"({"message":"Bad Request"})", ""},
           {"<html>", ""},
           {"", ""}}) {
    INFO(row.body);
    CHECK(fields_of(problems_from_refusal(problem_from_calendly(row.body))) == row.fields);
  }
}

TEST_CASE("is_taken: the code that says so may be missing", "[proxy][booking]") {
  CHECK(
      is_taken(problem_from_calendly(R"({"details":[{"parameter":"event.start_time","message":"x","code":"already_filled"}]})")));
  CHECK(is_taken(
      problem_from_calendly(R"({"details":[{"parameter":"event.start_time","message":"That start time has been filled"}]})")));
  CHECK(is_taken(problem_from_calendly(R"({"message":"That start time has been filled."})")));
  CHECK_FALSE(is_taken(problem_from_calendly(R"({"message":"Required Questions and Answers cannot be blank."})")));
}

// A visitor typed Grace.Hopper@Navy.mil, Calendly answered "grace.hopper@navy.mil is not allowed", and the log kept the address.
TEST_CASE("text_for_log: the visitor's data came back in other letters, and in parts", "[proxy][booking]") {
  BookingWish wish;
  wish.name = " Grace Hopper ";
  wish.email = "Grace.Hopper@Navy.mil";
  const std::string text =
      text_for_log(problem_from_calendly(
                       R"({"title":"Invalid Argument","message":"GRACE: grace.hopper@navy.mil is not allowed by navy.mil"})"),
                   wish);
  CHECK(text.find("is not allowed") != std::string::npos);
  for (const char* gone : {"race", "RACE", "opper", "navy"}) CHECK(text.find(gone) == std::string::npos);
}

TEST_CASE("text_for_log: Calendly's words, never the visitor's", "[proxy][booking]") {
  BookingWish wish;
  wish.name = "Grace Hopper";
  wish.email = "grace@example.com";
  wish.answers.push_back({1, "", "my secret project"});
  wish.guests = {"alan@example.org"};
  const std::string text = text_for_log(
      problem_from_calendly(
          R"({"title":"Invalid Argument","message":"grace@example.com of Grace Hopper with alan@example.org is wrong","details":[
        {"parameter":"invitee.email","message":"'my secret project' is too long","code":"bad"}]})"),
      wish);
  for (const char* there : {"Invalid Argument", "is wrong", "invitee.email", "is too long", "bad"}) {
    CHECK(text.find(there) != std::string::npos);
  }
  for (const char* gone : {"grace", "Grace", "Hopper", "secret", "alan"}) CHECK(text.find(gone) == std::string::npos);
  wish.email = "*";
  CHECK(text_for_log(problem_from_calendly(R"({"message":"***"})"), wish).find("***") != std::string::npos);
}

}  // namespace slotwire::tests
