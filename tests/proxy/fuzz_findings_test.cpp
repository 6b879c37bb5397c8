// Faults in the proxy's parsers that the fuzz targets (tests/fuzz) found, or that were found while writing them. Each test says
// what happened.
#include <catch_amalgamated.hpp>

#include "proxy/booking/wish_json.h"
#include "proxy/calendly/scheduled_events_json.h"
#include "proxy/cluster/redis_texts.h"
#include "proxy/mcp/tools.h"
#include "proxy/net/addresses.h"
#include "proxy/pages/language.h"
#include "proxy/store/column_text.h"
#include "proxy/time/standing_rule.h"

namespace slotwire::tests {

// Target `addresses`: text after a zero byte was ignored, so that "192.0.2.1\0anything" was an address.
TEST_CASE("address_from_text: a zero byte ends no address", "[proxy][fuzz]") {
  using namespace std::string_view_literals;
  for (const std::string_view text : {"192.0.2.1\0"sv, "192.0.2.1\0.3"sv, "[::1\0]"sv, "::1\0"sv})
    CHECK_FALSE(net::address_from_text(text));
  CHECK_FALSE(net::address_range_from_text("10.0.0.0\0/8"sv));
}

// Target `calendly_lists`: counts were truncated to 16 bits, so that 65,536 places became none.
TEST_CASE("scheduled_events_from_calendly: a count is told as it is, or not at all", "[proxy][fuzz]") {
  const auto counted = [](const std::string& limit) {
    const auto page = calendly::scheduled_events_from_calendly(
        R"({"collection":[{"uri":"u","start_time":"2026-01-06T14:00:00Z","end_time":"2026-01-06T14:30:00Z","invitees_counter":{"limit":)" +
        limit + "}}]}");
    REQUIRE(page);
    return page->events.at(0).invitees_limit;
  };
  CHECK(counted("65536") == 65'536);
  CHECK(counted("0") == 0);
  for (const auto* none : {"-1", "1.5", "18446744073709551615", "1e300", "null", "\"5\""}) CHECK_FALSE(counted(none));
}

// Target `booking_wish`: of a field whose name is empty it was said that "" is no field of a booking, with nothing for the field.
// The tools of assistants did the same.
TEST_CASE("wish_from_json: a field without a name is named all the same", "[proxy][fuzz]") {
  const auto read = booking::wish_from_json(R"({"":1,"invitee":{"":1}})");
  REQUIRE(read);
  CHECK(read->problems.at(0) == ErrorDetail{R"("")", "is no field of a booking"});
  for (const ErrorDetail& problem : read->problems) CHECK_FALSE(problem.field.empty());
  const auto asked = mcp::asked_from({"1", "cancel", R"({"":1})"});
  REQUIRE_FALSE(asked);
  for (const ErrorDetail& problem : asked.error().details) CHECK_FALSE(problem.field.empty());
}

// Target `mcp_messages`: for an answer without data an assistant got null, where an object was promised.
TEST_CASE("result_from_times: what is told is an object, whatever the answer was", "[proxy][fuzz]") {
  for (const auto* answer : {"", "null", "{}", R"({"data":null})", R"({"data":[1]})"})
    CHECK(
        mcp::result_from_times(answer, {}, {.event_types = {"a"}, .from = {}, .to = {}, .part = {}}, ZoneOffsets()).structured ==
        "{}");
}

// Found while writing target `negotiation`: a weight was anything that strtod accepts, and "q=nan" was converted to an int, which
// C++ does not define.
TEST_CASE("language_for: a weight is a number as HTTP has it, and anything else is no wish", "[proxy][fuzz]") {
  const auto* accepted = GENERATE("de;q=nan", "de;q=inf", "de;q=0x1", "de;q=1e3", "de;q=-1", "de;q=", "de;q=0.1234", "de; x=1");
  INFO(accepted);
  CHECK(pages::language_for("", accepted, "fr").tag == "fr");
  CHECK(pages::language_for("", std::string(accepted) + ", it;q=0.1", "fr").tag == "it");
  CHECK(pages::language_for("", "de ; q=0.5 , it;q=0.4", "fr").tag == "de");
}

// Found while writing target `stored_texts`: a damaged copy could contain times that cannot be written as text, and a negative
// number of places.
TEST_CASE("slots_from_text: times that cannot be written, and places that are owed, are no copy", "[proxy][fuzz]") {
  const auto* text = GENERATE("9223372036854775807 1 u\n", "-1 1 u\n", "253402300800000000 1 u\n", "1767708000000000 -1 u\n",
                              "1767708000000000 -2147483648 u\n");
  INFO(text);
  CHECK_FALSE(store::slots_from_text(text));
  CHECK(store::slots_from_text("253402300799999999 1000000 u\n"));
}

TEST_CASE("minutes_from_text: whole numbers of minutes that a meeting may have", "[proxy][fuzz]") {
  using std::chrono::minutes;
  CHECK(store::minutes_from_text("15,30x,0,-5,9223372036854775807,44640,44641,,45") ==
        std::vector{minutes(15), minutes(44640), minutes(45)});
}

// Found while writing target `zones`, and then by a seed of it: any number of hours was multiplied until it overflowed.
TEST_CASE("transitions_by_rule: hours that no clock has are no rule", "[proxy][fuzz]") {
  using std::chrono::year;
  const auto* rule = GENERATE("AAA2147483647BBB,M3.5.0/2147483647,M10.5.0", "AAA26BBB,M3.5.0,M10.5.0",
                              "AAA1:60BBB,M3.5.0,M10.5.0", "AAA1BBB,M3.5.0/168,M10.5.0", "AAA1BBB-26,M3.5.0,M10.5.0");
  INFO(rule);
  CHECK(time::transitions_by_rule(rule, year(2037), year(2040)).empty());
  CHECK(time::transitions_by_rule("IST-2IDT,M3.4.4/50,M10.5.0", year(2037), year(2040)).size() == 6);
}

namespace {

cluster::RedisValue number(std::int64_t value) { return {cluster::RedisValue::Kind::number, value, {}, {}}; }
cluster::RedisValue text(std::string value) { return {cluster::RedisValue::Kind::text, 0, std::move(value), {}}; }
cluster::RedisValue list(std::vector<cluster::RedisValue> values) {
  return {cluster::RedisValue::Kind::list, 0, {}, std::move(values)};
}

}  // namespace

// Found while writing target `stored_texts`: numbers that another program had written into Redis were truncated to 32 bits, so
// that the day 4294987750 was the day 20454.
TEST_CASE("claimed_from: days and times that are none are as if nothing were there", "[proxy][fuzz]") {
  const Instant now{Day{std::chrono::days{20'454}}};
  constexpr std::int64_t kNow = 1'767'225'600'000;
  const auto cell = [](const std::string& head) { return text(head + "\n1767254400000000 1 u\n"); };
  const auto known = [&](cluster::RedisValue day, cluster::RedisValue value) {
    return list({number(kNow), list({std::move(day), std::move(value)}), list({}), list({}), list({})});
  };
  const std::string head = "1767225590000 1767225800000 7 20450 20457";
  const auto claimed = cluster::claimed_from(known(number(20'454), cell(head)), now);
  REQUIRE(claimed);
  REQUIRE(claimed->known.size() == 1);
  CHECK(claimed->known[0].cell.fetched_at == now - std::chrono::seconds(10));
  CHECK(claimed->known[0].fresh_for == std::chrono::seconds(200));

  CHECK_FALSE(cluster::claimed_from(known(number(4'294'987'750), cell(head)), now));
  CHECK_FALSE(cluster::claimed_from(known(number(20'454), cell("1 9223372036854775807 7 20450 20457")), now));
  CHECK_FALSE(cluster::claimed_from(known(number(20'454), cell("1767225590000 1767225800000 7 4294987746 4294987753")), now));
  CHECK_FALSE(cluster::claimed_from(list({number(INT64_MIN), list({}), list({}), list({}), list({})}), now));
  CHECK_FALSE(cluster::claimed_from(list({number(kNow), list({}), list({}), list({number(9), number(9)}), list({})}), now));
  CHECK_FALSE(cluster::claimed_from(list({number(kNow), list({}), list({}), list({}), list({number(-1)})}), now));
  CHECK_FALSE(cluster::message_from_text("settled you account 4294987750 4294987753 uri", "me"));
}

}  // namespace slotwire::tests
