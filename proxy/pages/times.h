#pragma once
// Free times as a page or a mail shows them: by the days of a zone, in words, each with where it is booked. Pure; any thread.
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
  std::string url;      // where it is booked, which will speak of the same day and zone
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
  bool is_complete = true;    // false: some of the days are not known
  // How old the oldest of it is, where it is a copy because Calendly did not answer.
  std::optional<std::chrono::seconds> age = {};
};

// The answer by its own zone's days, which `zone` is the table of. Links lead where `links` says.
[[nodiscard]] Times times_from(const SlotsAnswer& answer, const ZoneOffsets& zone, Instant now, const Language& language,
                               const Links& links);

}  // namespace slotwire::pages
