// Calendly's answers about availability, as documented or recorded, and invalid ones.
#include "proxy/calendly/availability_json.h"

#include <catch_amalgamated.hpp>

#include "tests/why/host.h"

namespace slotwire::tests {

using namespace calendly;
using std::chrono::hours;
using std::chrono::minutes;

TEST_CASE("schedules_from_calendly: weekdays and dates, of a user and of an event type", "[why][json]") {
  const std::string rules = R"("timezone":"America/New_York","rules":[
    {"type":"wday","wday":"sunday","intervals":[]},
    {"type":"wday","wday":"monday","intervals":[{"from":"08:30","to":"12:00"},{"from":"13:00","to":"24:00"}]},
    {"type":"wday","wday":"tuesday","intervals":[{"from":"22:00","to":"00:00"},{"from":"17:00","to":"09:00"}]},
    {"type":"date","date":"2028-12-31","intervals":[{"from":"08:30","to":"09:30"}]},
    {"type":"date","date":"2026-01-06","intervals":[]},
    {"type":"something new","intervals":[]}])";
  const auto of_user = schedules_from_calendly(R"({"collection":[{"uri":"u","default":true,"name":"n",)" + rules + "}]}");
  const auto of_type =
      schedules_from_calendly(R"({"collection":[{"availability_setting":"host","availability_rule":{)" + rules + "}}]}");
  REQUIRE(of_user);
  REQUIRE(of_type);
  CHECK(of_user->at(0).is_default);
  for (const Schedule& schedule : {of_user->at(0), of_type->at(0)}) {
    CHECK(schedule.timezone == "America/New_York");
    CHECK(schedule.weekly[0].empty());
    CHECK(schedule.weekly[1] == std::vector<WallSpan>{{hours(8) + minutes(30), hours(12)}, {hours(13), hours(24)}});
    CHECK(schedule.weekly[2] == std::vector<WallSpan>{{hours(22), hours(24)}});
    CHECK(schedule.dates.at(day("2028-12-31")) == std::vector<WallSpan>{{hours(8) + minutes(30), hours(9) + minutes(30)}});
    CHECK(schedule.dates.at(day("2026-01-06")).empty());
  }
}

TEST_CASE("busy_times_from_calendly: bookings with their buffers, and other calendars", "[why][json]") {
  const auto busy = busy_times_from_calendly(R"({"collection":[
    {"type":"calendly","start_time":"2020-01-02T20:00:00.000000Z","end_time":"2020-01-02T20:30:00.000000Z",
     "buffered_start_time":"2020-01-02T19:30:00.000000Z","buffered_end_time":"2020-01-02T21:00:00.000000Z",
     "event":{"uri":"https://api.calendly.com/scheduled_events/abc"}},
    {"type":"external","start_time":"2020-01-07T20:00:00Z","end_time":"2020-01-07T20:30:00Z","buffered_start_time":null}]})");
  REQUIRE(busy);
  REQUIRE(busy->size() == 2);
  CHECK(busy->at(0).is_booking);
  CHECK(busy->at(0).buffered == InstantRange{instant("2020-01-02T19:30:00Z"), instant("2020-01-02T21:00:00Z")});
  CHECK(busy->at(0).event_uri == "https://api.calendly.com/scheduled_events/abc");
  CHECK_FALSE(busy->at(1).is_booking);
  CHECK(busy->at(1).buffered == busy->at(1).time);
}

TEST_CASE("type_settings_from_calendly: what is not said has Calendly's own defaults", "[why][json]") {
  const auto whole =
      type_settings_from_calendly(R"({"resource":{"name":"N","active":false,"duration":45,"start_time_increment":15,
    "before_buffer":10,"after_buffer":5,"kind":"group","pooling_type":"round_robin","booking_method":"poll","type":"AdhocEventType",
    "deleted_at":"2026-01-01T00:00:00Z","profile":{"type":"User","owner":"https://api.calendly.com/users/U"}}})");
  REQUIRE(whole);
  CHECK(whole->duration == minutes(45));
  CHECK(whole->increment == minutes(15));
  CHECK(whole->before_buffer == minutes(10));
  CHECK(whole->after_buffer == minutes(5));
  CHECK((!whole->is_active && whole->is_deleted && whole->is_poll && whole->is_group && whole->is_one_off &&
         whole->has_other_hosts));
  CHECK(whole->owner_uri == "https://api.calendly.com/users/U");
  const auto bare = type_settings_from_calendly(R"({"resource":{"duration":30,"start_time_increment":null,"profile":null}})");
  REQUIRE(bare);
  CHECK(bare->increment == minutes(30));
  CHECK(bare->before_buffer == minutes(0));
  CHECK((bare->is_active && !bare->is_deleted && !bare->is_group && !bare->has_other_hosts));
}

TEST_CASE("meeting_limits_from_calendly: null is no limit", "[why][json]") {
  const auto limits =
      meeting_limits_from_calendly(R"({"collection":[{"daily_limit":3,"weekly_limit":null,"monthly_limit":9999}]})");
  REQUIRE(limits);
  CHECK(limits->daily == 3);
  CHECK_FALSE(limits->weekly);
  CHECK(limits->monthly == 9999);
  CHECK(meeting_limits_from_calendly(R"({"collection":[]})"));
}

TEST_CASE("availability from Calendly: what cannot be read is an error, never half of it", "[why][json]") {
  for (const char* text : {"", "<html>", "[]", "{}", R"({"collection":{}})", R"({"resource":[]})"}) {
    INFO(text);
    CHECK_FALSE(schedules_from_calendly(text));
    CHECK_FALSE(busy_times_from_calendly(text));
    CHECK_FALSE(meeting_limits_from_calendly(text));
    CHECK_FALSE(type_settings_from_calendly(text));
  }
  CHECK_FALSE(busy_times_from_calendly(R"({"collection":[{"start_time":"2020-01-07T20:00:00Z"}]})"));
  CHECK_FALSE(type_settings_from_calendly(R"({"resource":{"duration":0}})"));
  for (const char* rule :
       {R"({"type":"wday","wday":"someday","intervals":[]})", R"({"type":"date","date":"2026-02-30","intervals":[]})",
        R"({"type":"wday","wday":"monday","intervals":[{"from":"9:00","to":"12:00"}]})",
        R"({"type":"wday","wday":"monday","intervals":[{"from":"09:00","to":"25:00"}]})"}) {
    INFO(rule);
    CHECK_FALSE(schedules_from_calendly(R"({"collection":[{"timezone":"UTC","rules":[)" + std::string(rule) + "]}]}"));
  }
}

}  // namespace slotwire::tests
