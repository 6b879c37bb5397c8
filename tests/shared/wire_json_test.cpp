#include "shared/wire_json.h"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "shared/json_members.h"
#include "shared/wire_packed.h"

using namespace slotwire;
using std::chrono::minutes;

namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string golden(const std::string& name) { return bytes_of(GOLDEN_DIR "/" + name); }

}  // namespace

TEST_CASE("slots_from_calendly: what is available, with unknown fields passed over", "[shared][wire]") {
  const auto slots = slots_from_calendly(golden("calendly-available-times.json"));
  REQUIRE(slots);
  REQUIRE(slots->size() == 3);
  CHECK(text_from_instant((*slots)[2].start) == "2026-01-06T14:30:00Z");
  CHECK((*slots)[1].invitees_remaining == 3);
  CHECK(text_from_instant((*slots)[0].start) == "2020-01-08T00:00:00Z");
}

TEST_CASE("slots_from_calendly: each start with the style in which it was listed", "[shared][wire]") {
  for (const std::string text : {"2026-12-01T20:00:00Z", "2026-12-01T20:00:00.000000Z", "2026-12-01T22:00:00.000+02:00"}) {
    INFO(text);
    const auto slots = slots_from_calendly(R"({"collection":[{"start_time":")" + text + R"("}]})");
    REQUIRE(slots);
    CHECK(text_from_instant(slots->front().start) == "2026-12-01T20:00:00Z");
    CHECK(text_in_style(slots->front().start, slots->front().listed_in) == text);
  }
  CHECK(slots_from_calendly(R"({"collection":[{"start_time":"2026-12-01t20:00:00z"}]})").value().front().listed_in ==
        TimeStyle());
}

// Calendly lists in order, but a list in another order was sorted by insertion: 40,000 entries in reverse order kept a worker
// busy for seconds.
TEST_CASE("slots_from_calendly: ascending, in whatever order they are listed", "[shared][wire]") {
  const auto slots = slots_from_calendly(R"({"collection":[
      {"start_time":"2026-12-03T20:00:00Z"},
      {"start_time":"2026-12-01T20:00:00Z","invitees_remaining":2},
      {"start_time":"2026-12-02T20:00:00Z"},
      {"start_time":"2026-12-01T20:00:00Z","invitees_remaining":1}]})");
  REQUIRE(slots);
  REQUIRE(slots->size() == 4);
  CHECK(std::is_sorted(slots->begin(), slots->end(), [](const Slot& a, const Slot& b) { return a.start < b.start; }));
  CHECK(slots->front().invitees_remaining == 2);
}

TEST_CASE("slots_from_calendly: an answer that cannot be read is a failure, never an empty list", "[shared][wire]") {
  const auto* text =
      GENERATE("", "<html>502</html>", "null", "[]", "{}", R"({"collection":null})", R"({"collection":{}})",
               R"({"collection":[{"status":"available"}]})", R"({"collection":[{"status":"available","start_time":5}]})",
               R"({"collection":[{"start_time":"2026-01-06T14:00:00Z")", "{\"collection\":[\"\xFF\"]}",
               R"({"collection":[null]})", R"({"title":"Unauthenticated","message":"The access token is invalid"})");
  INFO(text);
  const auto slots = slots_from_calendly(text);
  REQUIRE_FALSE(slots);
  CHECK(slots.error().code == ErrorCode::calendly_unavailable);
}

TEST_CASE("slots_from_calendly: every truncation of a good answer is a failure", "[shared][wire]") {
  const std::string whole = golden("calendly-available-times.json");
  const std::size_t end = whole.rfind('}');
  for (std::size_t length = 0; length <= end; ++length)
    CHECK_FALSE(slots_from_calendly(std::string_view(whole).substr(0, length)));
  CHECK(slots_from_calendly(whole));
}

TEST_CASE("slots_from_calendly: an empty list is an answer", "[shared][wire]") {
  CHECK(slots_from_calendly(R"({"collection":[]})").value().empty());
}

TEST_CASE("slots_from_calendly: deep nesting is no way to take the process down", "[shared][wire]") {
  CHECK_FALSE(slots_from_calendly(std::string(200'000, '[')));
}

TEST_CASE("event_types_from_calendly: fields, defaults, and the token of the next page only", "[shared][wire]") {
  const auto page = event_types_from_calendly(golden("calendly-event-types.json"));
  REQUIRE(page);
  REQUIRE(page->types.size() == 3);
  CHECK(page->next_page_token == "sNjq4TvMDfUHEl7zHRR0k0E1PCEJWvdi");
  const EventType& first = page->types[0];
  CHECK(first.name == "30 Minute Meeting");
  CHECK(first.duration_options == std::vector<minutes>{minutes{15}, minutes{30}, minutes{45}});
  CHECK(first.description == "Talk");
  CHECK(page->types[1].secret);
  CHECK(page->types[1].duration_options.empty());
  CHECK_FALSE(page->types[2].active);
}

// Host and place were shown only on Calendly's page. Only the kind of place is public; its details are shown after booking.
TEST_CASE("event_types_from_calendly: whose it is and the kind of place, and nothing else of either", "[shared][wire]") {
  struct Row {
    const char* json;
    const char* host;
    const char* place;
  };
  const Row row = GENERATE(values<Row>({
      {R"("profile":null,"locations":null)", "", ""},
      {R"("profile":{"type":"Team","name":"Sales","owner":"https://api.calendly.com/users/U"},"locations":[])", "Sales", ""},
      {R"("profile":{"name":5},"locations":[{"kind":"physical","location":"12 Example Street"}])", "", "physical"},
      {R"("locations":[{"kind":"zoom_conference"},{"kind":"inbound_call","phone_number":"+1 888"}])", "", "several"},
      {R"("locations":["x",{"kind":null},{"kind":"custom","location":"my room"}])", "", "custom"},
  }));
  INFO(row.json);
  const auto page = event_types_from_calendly(R"({"collection":[{"uri":"x","duration":30,)" + std::string(row.json) + "}]}");
  REQUIRE(page);
  CHECK(page->types[0].host == row.host);
  CHECK(page->types[0].place == row.place);
  const std::string told = json_from_event_types(ConnectionMode::pat, page->types);
  for (const char* inner : {"Example Street", "888", "my room", "users/U"}) CHECK(told.find(inner) == std::string::npos);
}

TEST_CASE("event_types_from_calendly: one odd event type kept an account from being connected", "[shared][wire]") {
  const auto page = event_types_from_calendly(
      R"({"collection":[{"uri":"a","name":"Good","duration":30},{"uri":"b","name":"Null","duration":null},
    {"uri":"c","name":"Zero","duration":0},{"uri":"d","name":"Half","duration":30.5},{"name":"Nameless uri","duration":30},
    {"uri":"e","duration":99999999},7,{"uri":"f","name":"Float","duration":30.0},{"uri":"g","name":"Big","duration":1e300}]})");
  REQUIRE(page);
  REQUIRE(page->types.size() == 2);
  CHECK(page->types[0].name == "Good");
  CHECK(page->types[1].name == "Float");
  CHECK(page->types[1].duration == std::chrono::minutes(30));
  CHECK(page->left_out ==
        std::vector<std::string>{"Null: has no duration in whole minutes", "Zero: has no duration in whole minutes",
                                 "Half: has no duration in whole minutes", "Nameless uri: has no uri",
                                 "e: has a duration of more than 31 days", "an event type without a name: has no uri",
                                 "Big: has no duration in whole minutes"});
}

// Calendly answered 200 with a list of something else. Every entry was left out as invalid, the existing list was replaced by an
// empty one, and visitors were told that there are no event types.
TEST_CASE("event_types_from_calendly: entries of which none has a uri are a failure, not an account without event types",
          "[shared][wire]") {
  for (const char* json : {R"({"collection":[1,2]})", R"({"collection":[{"status":"available"}]})", R"({"collection":[null]})",
                           R"({"collection":[{"name":"Intro","duration":30}]})"}) {
    INFO(json);
    const auto page = event_types_from_calendly(json);
    REQUIRE_FALSE(page);
    CHECK(page.error().code == ErrorCode::calendly_unavailable);
  }
  CHECK(event_types_from_calendly(R"({"collection":[]})"));
  // A list whose only entry is invalid but has a uri is not a failure.
  CHECK(event_types_from_calendly(R"({"collection":[{"uri":"a","name":"Half","duration":30.5}]})"));
}

TEST_CASE("event_types_from_calendly: a list that tells its next page by address alone ended after the first", "[shared][wire]") {
  const auto token = [](const std::string& pagination) {
    return event_types_from_calendly(R"({"collection":[],"pagination":)" + pagination + "}").value().next_page_token;
  };
  CHECK(token(R"({"next_page":"https://api.calendly.com/event_types?count=1&page_token=a%2Fb&user=x"})") == "a/b");
  CHECK(token(R"({"next_page":"https://evil.example/?page_token=t","next_page_token":null})") == "t");
  CHECK(token(R"({"next_page":"https://api.calendly.com/x?page_token=other","next_page_token":"own"})") == "own");
  CHECK_FALSE(token(R"({"next_page":"https://api.calendly.com/event_types?count=1","next_page_token":null})"));
  CHECK_FALSE(token(R"({"next_page":"https://api.calendly.com/x?page_token=","next_page_token":null})"));
  CHECK_FALSE(token(R"({"next_page":null})"));
  CHECK_FALSE(token("null"));
}

TEST_CASE("json_from_text: what is nested too deep is no JSON, whatever stands in its strings", "[shared][wire]") {
  const auto nested = [](int depth, const std::string& inside) {
    return std::string(static_cast<std::size_t>(depth), '[') + inside + std::string(static_cast<std::size_t>(depth), ']');
  };
  CHECK_FALSE(json_from_text(nested(64, "1")).is_discarded());
  CHECK(json_from_text(nested(65, "1")).is_discarded());
  CHECK_FALSE(json_from_text(nested(60, R"("[[[[[[[[[[[[{{{{ \\" , "\"[[[[[[[[[[")")).is_discarded());
}

// An event type with a duration option of 3,000,000,000 minutes was stored, and the proxy then failed at every start, because the
// number did not fit the type that read it. A duration of 10^18 minutes overflowed the end of every slot.
TEST_CASE("event_types_from_calendly: durations that no meeting has", "[shared][wire]") {
  const auto page = event_types_from_calendly(
      R"({"collection":[{"uri":"u","duration":30,"duration_options":[15,3000000000,-5,0,44640,44641,18446744073709551615]}]})");
  REQUIRE(page);
  CHECK(page.value().types.at(0).duration_options == std::vector{std::chrono::minutes(15), std::chrono::minutes(44640)});
  CHECK(event_types_from_calendly(R"({"collection":[{"uri":"u","duration":1000000000000000000}]})").value().types.empty());
}

TEST_CASE("user_from_calendly: the resource", "[shared][wire]") {
  const auto user =
      user_from_calendly(R"({"resource":{"uri":"https://api.calendly.com/users/U","name":"Ada","timezone":"Europe/Berlin",
      "scheduling_url":"https://calendly.com/ada","current_organization":"https://api.calendly.com/organizations/O","email":"a@b.c"}})");
  REQUIRE(user);
  CHECK(user->organization_uri == "https://api.calendly.com/organizations/O");
  CHECK_FALSE(user_from_calendly(R"({"resource":{"name":"Ada"}})"));
  CHECK_FALSE(user_from_calendly("{}"));
}

TEST_CASE("problem_from_calendly: both shapes, and anything else gives empty fields", "[shared][wire]") {
  const auto full = problem_from_calendly(
      R"({"title":"Invalid Argument","message":"m","details":[{"parameter":"end_time","message":"d","code":"already_filled"}],
      "required_scopes":["availability:read"]})");
  CHECK(full.details == std::vector<ErrorDetail>{{"end_time", "d"}});
  CHECK(full.detail_codes == std::vector<std::string>{"already_filled"});
  CHECK(full.required_scopes == std::vector<std::string>{"availability:read"});
  for (const auto* text : {"", "{}", "<html>", "[1]", R"({"details":"x","message":4})"})
    CHECK(problem_from_calendly(text).message.empty());
}

TEST_CASE("is_range_complaint: in the message or in a detail, whatever the case", "[shared][wire]") {
  struct Row {
    const char* json;
    bool complains;
  };
  const auto row = GENERATE(values<Row>({
      {R"x({"message":"date range can be no greater than 1 week (7 days)"})x", true},
      {R"({"message":"x","details":[{"parameter":"end_time","message":"Date RANGE can be no greater than 31 days"}]})", true},
      {R"({"message":"start_time must be in the future"})", false},
      {"{}", false},
  }));
  CHECK(is_range_complaint(problem_from_calendly(row.json)) == row.complains);
}

TEST_CASE("slots answer: decode(encode(x)) is x, byte for byte on the golden files", "[shared][wire]") {
  const auto* name = GENERATE("slots-mixed.json", "slots-empty.json");
  const std::string text = golden(name);
  const auto answer = slots_from_json(text);
  REQUIRE(answer);
  const auto again = slots_from_json(json_from_slots(*answer));
  REQUIRE(again);
  CHECK(again->slots == answer->slots);
  CHECK(again->windows == answer->windows);
  CHECK(again->event_type_name == answer->event_type_name);
  CHECK(again->days == answer->days);
  CHECK(json_from_slots(*again) == json_from_slots(*answer));
  CHECK(again->complete == answer->complete);
}

TEST_CASE("slots answer: what the page packs means the same as the JSON it came from", "[shared][wire][packed]") {
  const std::string name = GENERATE("slots-mixed", "slots-empty");
  const auto from_json = slots_from_json(golden(name + ".json"));
  const std::string packed = bytes_of(PACKED_DIR "/" + name + ".packed");
  const auto from_packed = slots_from_packed(std::as_bytes(std::span(packed)));
  REQUIRE(from_json);
  REQUIRE(from_packed);
  REQUIRE(from_packed->types.size() == 1);
  CHECK(from_packed->types[0].uri == from_json->event_type_uri);
  CHECK(from_packed->types[0].name == from_json->event_type_name);
  CHECK(from_packed->types[0].duration == from_json->duration);
  CHECK(from_packed->event_type_name == from_json->event_type_name);
  CHECK(from_packed->host == from_json->host);
  CHECK(from_packed->place == from_json->place);
  CHECK(from_packed->description == from_json->description);
  CHECK(from_packed->duration == from_json->duration);
  CHECK(from_packed->slots == from_json->slots);
  CHECK(from_packed->windows == from_json->windows);
  CHECK(from_packed->cached == from_json->cached);
  CHECK(from_packed->stale == from_json->stale);
  CHECK(from_packed->complete == from_json->complete);
  CHECK(from_packed->fetched_at == from_json->fetched_at);
}

TEST_CASE("event types answer: decode(encode(x)) is x", "[shared][wire]") {
  auto types = event_types_from_calendly(golden("calendly-event-types.json")).value().types;
  const auto again = event_types_from_json(json_from_event_types(ConnectionMode::pat, types));
  REQUIRE(again);
  REQUIRE(again->size() == 1);
  CHECK((*again)[0] == types[0]);
}
