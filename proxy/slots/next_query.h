#pragma once
// What is asked of the next free times: from query parameters to a query. Pure.
#include <optional>
#include <string>

#include "proxy/slots/any_of_service.h"
#include "proxy/time/zones.h"

namespace slotwire::slots {

struct NextParameters {
  std::optional<std::string> count, after, part, timezone;
};

// `count` 1..50 (default 1); `after` a day in `timezone`, its first moment included, or an instant, from now on when it is past
// or not given; `part` morning, afternoon or evening there. Errors: bad_input naming count or part, invalid_date_range naming
// after or timezone.
[[nodiscard]] Result<NextQuery> asked_next(const NextParameters& given, const time::Zones& zones, Instant now);

// "fair" unless it is given. Errors: bad_input naming any_of.
[[nodiscard]] Result<Turn> asked_turn(const std::optional<std::string>& any_of);

}  // namespace slotwire::slots
