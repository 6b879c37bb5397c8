#pragma once
// Reads the query parameters of "what is free next". Pure.
#include <optional>
#include <string>

#include "proxy/slots/any_of_service.h"
#include "proxy/time/zones.h"

namespace slotwire::slots {

struct NextParameters {
  std::optional<std::string> count, after, part, timezone;
};

// `count` 1..50 (default 1). `after`: a day in `timezone`, including its first moment, or an instant; absent or in the past means
// from now on. `part`: morning, afternoon or evening in `timezone`. Errors: bad_input naming count or part, invalid_date_range
// naming after or timezone.
[[nodiscard]] Result<NextQuery> asked_next(const NextParameters& given, const time::Zones& zones, Instant now);

// Defaults to "fair". Errors: bad_input naming any_of.
[[nodiscard]] Result<Turn> asked_turn(const std::optional<std::string>& any_of);

}  // namespace slotwire::slots
