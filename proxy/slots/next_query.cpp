#include "proxy/slots/next_query.h"

#include <charconv>

#include "proxy/slots/range_query.h"

namespace slotwire::slots {
namespace {

constexpr std::size_t kMostTimes = 50;

}  // namespace

Result<NextQuery> asked_next(const NextParameters& given, const time::Zones& zones, Instant now) {
  NextQuery query;
  query.timezone = given.timezone.value_or("UTC");
  const auto zone = zones.find(query.timezone);
  if (!zone) return zone.error();
  query.zone = *zone;
  if (given.count) {
    const char* end = given.count->data() + given.count->size();
    const auto [rest, failure] = std::from_chars(given.count->data(), end, query.count);
    if (failure != std::errc() || rest != end || query.count < 1 || query.count > kMostTimes)
      return bad_input("count", "must be a number from 1 to " + std::to_string(kMostTimes));
  }
  if (given.part) {
    query.part = part_from_name(*given.part);
    if (!query.part) return bad_input("part", "must be morning, afternoon or evening");
  }
  if (given.after) {
    const Result<Instant> after = asked_instant(*given.after, "after", *query.zone, now);
    if (!after) return after.error();
    query.after = *after;
    query.includes_after = day_from_text(*given.after).has_value();
  }
  return query;
}

Result<Turn> asked_turn(const std::optional<std::string>& any_of) {
  const std::optional<Turn> turn = turn_from_name(any_of.value_or("fair"));
  if (!turn) return bad_input("any_of", "must be fair or order");
  return *turn;
}

}  // namespace slotwire::slots
