// The text processing of /calendly/v2: paths, our own URIs, and available times whose bytes must not change.
#include <catch_amalgamated.hpp>

#include "proxy/dropin/endpoints.h"
#include "proxy/dropin/own_uris.h"
#include "proxy/dropin/question.h"
#include "proxy/dropin/times_json.h"
#include "tests/proxy/fakes.h"

namespace slotwire::tests {
using namespace dropin;

TEST_CASE("upstream_path: only what can be a path of Calendly's", "[proxy][dropin]") {
  struct Row {
    const char* raw;
    const char* path;  // nullptr: refused
  };
  const auto row = GENERATE(values<Row>({
      {"/users/me", "/users/me"},
      {"//users//me/", "/users/me"},
      {"event_types/0a1b-2c3d_4E", "/event_types/0a1b-2c3d_4E"},
      {"", nullptr},
      {"/", nullptr},
      {"/users/../admin", nullptr},
      {"/users/.", nullptr},
      {"/%2e%2e/users", nullptr},
      {"/users/me%00", nullptr},
      {"/users/me%2Fx", nullptr},
      {"/@evil.example/users", nullptr},
      {"/https://evil.example/", nullptr},
      {"/users\\me", nullptr},
      {"/users/me;x", nullptr},
      {"/users/m\xc3\xa9", nullptr},
      {":8080/users", nullptr},
  }));
  INFO(row.raw);
  const auto path = upstream_path(row.raw);
  CHECK(path.has_value() == (row.path != nullptr));
  if (path && row.path) CHECK(*path == row.path);
}

TEST_CASE("upstream_path: a path without end is refused", "[proxy][dropin]") {
  CHECK_FALSE(upstream_path("/users/" + std::string(600, 'a')));
}

TEST_CASE("is_personal: all that is not known to be harmless", "[proxy][dropin]") {
  constexpr std::string_view kUser = "https://api.calendly.com/users/U";
  for (const char* path :
       {"/users/me", "/users/U", "/event_types", "/event_types/A", "/event_type_available_times", "/user_busy_times",
        "/user_availability_schedules", "/user_availability_schedules/S", "/event_type_availability_schedules"}) {
    INFO(path);
    CHECK_FALSE(is_personal(path, kUser));
  }
  for (const char* path : {"/users/OTHER",
                           "/users",
                           "/users/me/x",
                           "/scheduled_events",
                           "/scheduled_events/E",
                           "/scheduled_events/E/invitees",
                           "/invitees",
                           "/invitees/I",
                           "/invitee_no_shows/N",
                           "/organization_memberships",
                           "/organizations/O",
                           "/routing_forms",
                           "/routing_form_submissions",
                           "/webhook_subscriptions",
                           "/activity_log_entries",
                           "/data_compliance/deletion/invitees",
                           "/locations",
                           "/groups",
                           "/event_types/A/invitees",
                           "/event_typesx",
                           "/event_type_available_times/x",
                           "/something_new"}) {
    INFO(path);
    CHECK(is_personal(path, kUser));
  }
  CHECK(is_personal("/users/U", ""));
}

TEST_CASE("touched_by_write: what a write may have changed", "[proxy][dropin]") {
  CHECK(touched_by_write("/scheduling_links") == Touched::nothing);
  CHECK(touched_by_write("/webhook_subscriptions/H") == Touched::nothing);
  CHECK(touched_by_write("/invitees") == Touched::times);
  CHECK(touched_by_write("/scheduled_events/E/cancellation") == Touched::times);
  CHECK(touched_by_write("/event_types/A") == Touched::everything);
  CHECK(touched_by_write("/invitees_of_next_year") == Touched::everything);
}

TEST_CASE("canonical_uri: URIs of ours become Calendly's, others stay", "[proxy][dropin]") {
  struct Row {
    const char* text;
    const char* mapped;  // nullptr: not ours
  };
  const auto row = GENERATE(values<Row>({
      {"https://slots.example.com/calendly/v2/event_types/A", "https://api.calendly.com/event_types/A"},
      {"http://slots.example.com/calendly/v2/event_types/A", "https://api.calendly.com/event_types/A"},
      {"HTTPS://Slots.Example.COM:443/calendly/v2/users/U", "https://api.calendly.com/users/U"},
      {"http://127.0.0.1:3000/calendly/v2/event_types?count=1&page_token=x",
       "https://api.calendly.com/event_types?count=1&page_token=x"},
      {"https://slots.example.com/behind/a/prefix/calendly/v2/users/U", "https://api.calendly.com/users/U"},
      {"https://api.calendly.com/event_types/A", nullptr},
      {"https://other.example.com/calendly/v2/event_types/A", nullptr},
      {"https://slots.example.com.evil.example/calendly/v2/event_types/A", nullptr},
      {"https://evil.example/?x=https://slots.example.com/calendly/v2/event_types/A", nullptr},
      {"https://slots.example.com/hook?to=/calendly/v2/x", nullptr},
      {"ftp://slots.example.com/calendly/v2/users/U", nullptr},
      {"https://slots.example.com", nullptr},
      {"https://slots.example.com/calendly/v2", nullptr},
      {"", nullptr},
      {"Ada", nullptr},
      {"https://api.slots.example.com/event_types/A", "https://api.calendly.com/event_types/A"},
      {"https://API.slots.example.com:8443/users/U?x=1", "https://api.calendly.com/users/U?x=1"},
      {"https://api.slots.example.com/calendly/v2/users/U", "https://api.calendly.com/users/U"},
      {"https://api.slots.example.com/", nullptr},
      {"https://api.slots.example.com", nullptr},
      {"https://slots.example.com/event_types/A", nullptr},
      {"https://one.port.example:8443/users/U", "https://api.calendly.com/users/U"},
      {"https://one.port.example:9443/users/U", nullptr},
  }));
  INFO(row.text);
  const auto mapped = canonical_uri(row.text, {.hosts = {"slots.example.com", "127.0.0.1:3000"},
                                               .api_hosts = {"api.slots.example.com", "one.port.example:8443"}});
  CHECK(mapped.has_value() == (row.mapped != nullptr));
  if (mapped && row.mapped) CHECK(*mapped == row.mapped);
}

TEST_CASE("with_canonical_uris: maps strings that are URIs of ours, and keeps every other byte", "[proxy][dropin]") {
  const OwnNames own{.hosts = {"slots.example.com"}, .api_hosts = {}};
  const std::string untouched =
      "{ \"a\" : 1.50, \"b\":[true,null ,\"https:\\/\\/api.calendly.com\\/x\"],\n "
      "\"caf\\u00e9\":\"\\\"https://slots.example.com/calendly/v2/x\" }";
  CHECK(with_canonical_uris(untouched, own).value() == untouched);
  CHECK(with_canonical_uris(R"({"owner":"https://slots.example.com/calendly/v2/event_types/A" , "n":1})", own).value() ==
        R"({"owner":"https://api.calendly.com/event_types/A" , "n":1})");
  // With slashes escaped, as PHP writes it.
  CHECK(with_canonical_uris(R"(["https:\/\/slots.example.com\/calendly\/v2\/users\/U"])", own).value() ==
        R"(["https://api.calendly.com/users/U"])");
  for (const char* broken : {"", "{", "{\"a\":\"}", "owner=https://slots.example.com/calendly/v2/x", "{\"a\":\"\xff\"}"}) {
    INFO(broken);
    CHECK_FALSE(with_canonical_uris(broken, own));
  }
}

TEST_CASE("with_canonical_uris_in_form: maps values that are URIs of ours, and keeps every other byte", "[proxy][dropin]") {
  const OwnNames own{.hosts = {"slots.example.com"}, .api_hosts = {}};
  const std::string untouched =
      "&events[]=invitee.created&events%5B%5D=a+b%20c&&x&y=&owner=https%3A%2F%2Fapi.calendly.com%2Fusers%2FU";
  CHECK(with_canonical_uris_in_form(untouched, own).value() == untouched);
  CHECK(with_canonical_uris_in_form(
            "a=1&owner=https://slots.example.com/calendly/v2/event_types/A&b=https%3A%2F%2Fslots.example.com"
            "%2Fcalendly%2Fv2%2Fusers%2FU&c=+",
            own)
            .value() ==
        "a=1&owner=https%3A%2F%2Fapi.calendly.com%2Fevent_types%2FA&b=https%3A%2F%2Fapi.calendly.com%2Fusers%2FU&c=+");
  CHECK_FALSE(with_canonical_uris_in_form("a=%zz", own));
}

TEST_CASE("with_own_uris: what begins with Calendly's origin begins with ours, and every other byte stays", "[proxy][dropin]") {
  constexpr std::string_view kOwn = "https://slots.example.com/calendly/v2";
  CHECK(
      with_own_uris(
          R"({ "uri":"https:\/\/api.calendly.com\/users\/U", "next_page" : "https://api.calendly.com/event_types?a=1"})", kOwn) ==
      R"({ "uri":"https://slots.example.com/calendly/v2/users/U", "next_page" : "https://slots.example.com/calendly/v2/event_types?a=1"})");
  for (const char* same :
       {R"({"a":"https://api.calendly.com","b":"see https://api.calendly.com/x","c":"https://api.calendly.com.evil.example/"})",
        "<html>https://api.calendly.com/x</html>", "", R"({"a":1.50})"}) {
    CHECK(with_own_uris(same, kOwn) == same);
  }
}

TEST_CASE("start_time_in: of a body in JSON, or a form", "[proxy][dropin]") {
  constexpr char kForm[] = "application/x-www-form-urlencoded; charset=utf-8";
  const Instant start = instant("2026-01-06T14:00:00Z");
  CHECK(start_time_in(R"({"start_time":"2026-01-06T14:00:00.000000Z"})", "application/json") == start);
  CHECK(start_time_in("a=b&start_time=2026-01-06T14%3A00%3A00Z", kForm) == start);
  CHECK_FALSE(start_time_in("a=b&start_time=soon", kForm));
  CHECK_FALSE(start_time_in("a=b", kForm));
}

TEST_CASE("times_from_calendly: every entry's own bytes, wherever they stand", "[proxy][dropin]") {
  const std::string json =
      "{ \"pagination\" : {\"collection\":[1]}, \"co\\u006clection\" :\n[ "
      "{\"start_time\":\"2026-01-06T14:00:00.000000Z\",\"x\":\"]},\\\"{\"} ,\t"
      "{\"a\":[{\"start_time\":\"no\"}],\"start_time\":\"2026-01-06T14:30:00.000000Z\" } ] , \"z\":-1.5e3}";
  const auto times = times_from_calendly(json);
  REQUIRE(times);
  REQUIRE(times->size() == 2);
  CHECK(json.substr((*times)[0].at, (*times)[0].size) == "{\"start_time\":\"2026-01-06T14:00:00.000000Z\",\"x\":\"]},\\\"{\"}");
  CHECK(json.substr((*times)[1].at, (*times)[1].size) ==
        "{\"a\":[{\"start_time\":\"no\"}],\"start_time\":\"2026-01-06T14:30:00.000000Z\" }");
  CHECK((*times)[1].start == instant("2026-01-06T14:30:00Z"));
  CHECK(times_from_calendly(R"({"collection":[]})").value().empty());
  for (const char* broken :
       {"", "[]", "{}", R"({"collection":{}})", R"({"collection":[1]})", R"({"collection":[{"start_time":5}]})",
        R"({"collection":[{"start_time":"soon"}]})", "<html>", R"({"collection":[{"start_time")",
        "\xef\xbb\xbf{\"collection\":[{\"start_time\":\"2026-01-06T14:00:00Z\"}]}"}) {
    INFO(broken);
    CHECK_FALSE(times_from_calendly(broken));
  }
}

namespace {

std::string entry(const std::string& start, const std::string& more = "") {
  return R"({"start_time":")" + start + '"' + more + '}';
}

SharedAnswer part(const std::vector<std::string>& entries) {
  auto answer = std::make_shared<ApiAnswer>();
  for (const std::string& each : entries) answer->body += (answer->body.empty() ? R"({"collection":[)" : ", ") + each;
  if (entries.empty()) answer->body = R"({"collection":[)";
  answer->body += "]}";
  answer->times = times_from_calendly(answer->body).value();
  return answer;
}

}  // namespace

TEST_CASE("merged_times: entries byte for byte, both edges, each start once, order kept", "[proxy][dropin]") {
  const std::string before = entry("2026-01-06T13:59:59.999999Z");
  const std::string first = entry("2026-01-06T14:00:00.000000Z", R"(,"new_field":[ 1,2 ])");
  const std::string edge = entry("2026-01-13T00:00:00.000000Z");
  const std::string edge_again = entry("2026-01-13T00:00:00.000000Z", R"(,"from":"the next window")");
  const std::string last = entry("2026-01-14T09:00:00.000000Z");
  const std::string after = entry("2026-01-14T09:00:00.000001Z");
  const Instant from = instant("2026-01-06T14:00:00Z");
  const Instant to = instant("2026-01-14T09:00:00Z");
  CHECK(merged_times({part({before, first, edge}), part({}), part({edge_again, last, after})}, from, to) ==
        R"({"collection":[)" + first + ',' + edge + ',' + last + "]}");
  CHECK(merged_times({}, from, to) == R"({"collection":[]})");
  CHECK(merged_times({part({before}), part({after})}, from, to) == R"({"collection":[]})");
}

TEST_CASE("Question: a key says all that it was made from", "[proxy][dropin]") {
  const auto question = GENERATE(values<Question>({
      {Question::Kind::times, "/event_type_available_times?event_type=https%3A%2F%2Fapi.calendly.com%2Fevent_types%2FA"},
      {Question::Kind::times, "/event_type_available_times"},
      {Question::Kind::whole, "/users/me"},
      {Question::Kind::personal, "/scheduled_events?count=1", 17},
  }));
  INFO(question.target);
  CHECK(question_from_key(key_from_question(question)) == question);
  const InstantRange range{instant("2026-01-06T00:00:00Z"), instant("2026-01-13T00:00:00Z")};
  const std::string target = question.target_for(range);
  CHECK(target.starts_with(question.target));
  CHECK(target.ends_with("start_time=2026-01-06T00%3A00%3A00.000000Z&end_time=2026-01-13T00%3A00%3A00.000000Z"));
  CHECK(std::count(target.begin(), target.end(), '?') == 1);
}

}  // namespace slotwire::tests
