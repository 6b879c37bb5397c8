// What is asked for: dates, instants and zones of a request. Whatever is taken is a range that can be fetched, and what is not is
// named.
#include <optional>
#include <string>

#include "proxy/slots/next_query.h"
#include "proxy/slots/range_query.h"
#include "proxy/time/zones.h"
#include "shared/window_plan.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace slotwire;
using fuzz::holds;

std::optional<std::string> given(std::string_view line) { return line.empty() ? std::nullopt : std::optional(std::string(line)); }

void hold_named(const Error& error, std::initializer_list<std::string_view> fields) {
  holds(!error.details.empty(), "what is wrong is named");
  for (const ErrorDetail& detail : error.details)
    holds(std::find(fields.begin(), fields.end(), detail.field) != fields.end() && !detail.message.empty(), "by its field");
}

}  // namespace

FUZZ_TARGET(ranges) {
  static const time::Zones zones;
  const Instant now{Day{std::chrono::days{20'454}}};  // 2026-01-01
  fuzz::Input input(bytes);
  const auto start = given(input.line());
  const auto end = given(input.line());
  const auto zone = given(input.line());
  const auto asked = slots::asked_range(start, end, zone, zones, now);
  if (asked) {
    const auto& [range, days, name] = *asked;
    holds(range.begin < range.end && days.begin < days.end, "a range holds something");
    // Of instants 92 times 24 hours, which touch two days more when clocks change in between.
    holds(days.length() <= std::chrono::days(94), "no more days than may be asked for");
    holds(range.begin <= now + std::chrono::days(5 * 366), "none so far ahead that nobody looks there");
    const auto found = zones.find(name);
    holds(found.has_value(), "in a zone that there is");
    // Days that a zone skipped are days of nobody's.
    holds((*found)->start_of(days.begin) <= range.begin && range.end <= (*found)->start_of(days.end), "its days hold the range");
    const auto windows = windows_covering(std::vector<Day>{days.begin}, std::chrono::days(7));
    holds(windows.has_value() && windows->size() == 1, "and can be fetched");
  } else {
    holds(asked.error().code == ErrorCode::invalid_date_range, "a range that cannot be used");
    hold_named(asked.error(), {"start_date", "end_date", "timezone"});
  }

  const slots::NextParameters parameters{given(input.line()), start, given(input.line()), zone};
  if (const auto next = slots::asked_next(parameters, zones, now)) {
    holds(next->count >= 1 && next->count <= 50 && next->zone != nullptr, "as many as may be asked for");
  } else {
    hold_named(next.error(), {"count", "part", "after", "timezone"});
  }
  if (const auto turn = slots::asked_turn(given(input.line())); !turn) hold_named(turn.error(), {"any_of"});
}
