#include "shared/answers.h"

#include <catch_amalgamated.hpp>

#include "shared/json_text.h"

using namespace slotwire;
using std::chrono::days;
using std::chrono::minutes;

namespace {

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

EventType type(const char* name, bool active, bool secret) {
  EventType made;
  made.uri = std::string("https://api.calendly.com/event_types/") + name;
  made.name = name;
  made.duration = minutes{30};
  made.active = active;
  made.secret = secret;
  return made;
}

}  // namespace

TEST_CASE("append_json_string: any bytes come out as valid JSON", "[shared][json]") {
  struct Row {
    std::string_view text;
    std::string_view json;
  };
  using namespace std::string_view_literals;
  const auto row = GENERATE(values<Row>({
      {"", "\"\""},
      {"30 Minute Meeting", "\"30 Minute Meeting\""},
      {"a\"b\\c", "\"a\\\"b\\\\c\""},
      {"line\nbreak\ttab\0end"sv, "\"line\\nbreak\\u0009tab\\u0000end\""},
      {"</script><b>&", "\"\\u003c/script\\u003e\\u003cb\\u003e\\u0026\""},
      {"日本語 🙂 é", "\"日本語 🙂 é\""},
      {"\xE2\x80\xA8", "\"\\u2028\""},
      {"bad \xC3( \xFF \xED\xA0\x80", "\"bad \xEF\xBF\xBD( \xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"cut \xF0\x9F\x99", "\"cut \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"overlong \xC0\xAF", "\"overlong \xEF\xBF\xBD\xEF\xBF\xBD\""},
  }));
  CHECK(json_string(row.text) == row.json);
}

TEST_CASE("json_from_slots: the contract's own example", "[shared][answers]") {
  SlotsAnswer answer;
  answer.event_type_uri = "https://api.calendly.com/event_types/ZZZ";
  answer.event_type_name = "30 Minute Meeting";
  answer.duration = minutes{30};
  answer.host = "Ada";
  answer.place = "physical";
  answer.description = "Talk";
  answer.days = {day_from_text("2026-01-05").value(), day_from_text("2026-02-06").value()};
  answer.slots = {{instant_from_text("2026-01-06T14:00:00Z").value(), 1, "https://calendly.com/..."}};
  answer.fetched_at = instant_from_text("2026-01-05T10:00:00Z").value();
  answer.windows = {{{day_from_text("2026-01-05").value(), day_from_text("2026-01-12").value()},
                     WindowSource::upstream,
                     answer.fetched_at,
                     {}}};
  CHECK(
      json_from_slots(answer) ==
      R"({"success":true,"message":"Available slots retrieved","data":{"eventTypeUri":"https://api.calendly.com/event_types/ZZZ",)"
      R"("eventTypeName":"30 Minute Meeting","duration":30,"profileName":"Ada","locationKind":"physical","description":"Talk","timezone":"UTC",)"
      R"("startDate":"2026-01-05","endDate":"2026-02-05",)"
      R"("slots":[{"start":"2026-01-06T14:00:00Z","end":"2026-01-06T14:30:00Z","status":"available","inviteesRemaining":1,)"
      R"("schedulingUrl":"https://calendly.com/..."}],"cached":false,"stale":false,"complete":true,"fetchedAt":"2026-01-05T10:00:00Z",)"
      R"("windows":[{"start":"2026-01-05","end":"2026-01-11","source":"upstream","fetchedAt":"2026-01-05T10:00:00Z"}]}})");
}

TEST_CASE("json_from_event_types: secret and inactive types are never listed", "[shared][answers]") {
  const std::string json = json_from_event_types(
      ConnectionMode::pat, {type("shown", true, false), type("hidden", true, true), type("off", false, false)});
  CHECK(json.find("\"shown\"") != std::string::npos);
  CHECK(json.find("hidden") == std::string::npos);
  CHECK(json.find("\"off\"") == std::string::npos);
}

TEST_CASE("json_from_error: code, words and the field", "[shared][answers]") {
  CHECK(json_from_error(bad_input("start_date", "not a date")) ==
        R"({"success":false,"message":"start_date: not a date","data":{},"error":{"code":"bad_input",)"
        R"("details":[{"field":"start_date","message":"not a date"}]}})");
}
