#pragma once
// Free times for a page or a mail: grouped by the days of a zone, as text, each with its booking link. Pure; any thread.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "proxy/pages/language.h"
#include "proxy/pages/page_address.h"
#include "shared/answers.h"
#include "shared/zone_offsets.h"

namespace slotwire::pages {

struct FreeTime {
  std::string clock;    // "2:00 PM"
  std::string instant;  // RFC 3339
  std::string url;      // its booking link, with the same day and zone
  int places = 1;
};

struct FreeDay {
  Day day;
  std::vector<FreeTime> times;  // not empty
};

struct Times {
  std::string zone;  // IANA name
  DayRange days;
  std::vector<FreeDay> free;  // only days that have times, ascending
  bool is_complete = true;    // false: some of the days are unknown
  // Age of the oldest part, if it is a copy because Calendly did not answer.
  std::optional<std::chrono::seconds> age = {};
};

// The answer's times by days of its time zone; `zone` is that zone's table. `links` makes the booking links.
[[nodiscard]] Times times_from(const SlotsAnswer& answer, const ZoneOffsets& zone, Instant now, const Language& language,
                               const Links& links);

}  // namespace slotwire::pages
