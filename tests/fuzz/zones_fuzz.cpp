// Zones: names that a visitor may send, and the rule by which a zone goes on. No name opens another file, and whatever a table
// says, its days follow each other.
#include <string>

#include "proxy/time/standing_rule.h"
#include "proxy/time/zones.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;

void hold_days(const ZoneOffsets& zone, Day first) {
  for (int i = 0; i < 3; ++i) {
    const Day day = first + std::chrono::days(i);
    const InstantRange range = zone.instants_of({day, day + std::chrono::days(1)});
    holds(range.begin <= range.end, "a day does not end before it begins");
    if (range.begin == range.end) continue;  // the zone skipped it
    holds(zone.local_day_of(range.begin) >= day, "a day begins when clocks show it, or what comes after it");
    holds(zone.local_day_of(range.begin - std::chrono::microseconds(1)) < day, "and no sooner");
    const auto time = zone.local_time_of(range.begin);
    holds(time.count() >= 0 && time < std::chrono::hours(24), "clocks show a time of day");
  }
}

}  // namespace

FUZZ_TARGET(zones) {
  static const time::Zones zones;
  fuzz::Input input(bytes);
  const std::string name(input.line());
  const std::string_view rule = input.rest();
  if (const auto zone = zones.find(name)) {
    holds(name.find("..") == name.npos && name.find("//") == name.npos && !name.starts_with('/') && !name.ends_with('/'),
          "a zone has one name");
    hold_days(**zone, Day(std::chrono::days(10'957 + static_cast<int>(input.up_to(36'000)))));
  } else {
    holds(zone.error().details.size() == 1 && zone.error().details[0].field == "timezone", "a zone that is not known is named");
  }

  const auto transitions = time::transitions_by_rule(rule, std::chrono::year(2037), std::chrono::year(2042));
  holds(transitions.empty() || transitions.size() == 10, "two changes a year, or none");
  for (std::size_t i = 1; i < transitions.size(); ++i)
    holds(transitions[i - 1].at <= transitions[i].at, "changes follow each other");
  for (const auto& change : transitions)
    holds(change.offset_after > -std::chrono::hours(26) && change.offset_after < std::chrono::hours(26), "no clock is a day off");
}
