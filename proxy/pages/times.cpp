#include "proxy/pages/times.h"

#include <algorithm>

#include "proxy/pages/words.h"
#include "shared/percent.h"

namespace slotwire::pages {

std::string link_in_zone(std::string_view url, std::string_view zone) {
  const std::size_t fragment = std::min(url.find('#'), url.size());
  std::string link(url.substr(0, fragment));
  link += link.find('?') == std::string::npos ? '?' : '&';
  return link + "timezone=" + query_encoded(zone) + std::string(url.substr(fragment));
}

Times times_from(const SlotsAnswer& answer, const ZoneOffsets& zone, Instant now) {
  Times times{.zone = answer.timezone, .days = answer.days, .free = {}, .is_complete = answer.complete};
  for (const DaySlots& day : slots_by_day(answer.slots, zone)) {
    FreeDay free{.day = day.day, .times = {}};
    for (const Slot& slot : day.slots) {
      free.times.push_back({clock_text(slot.start, zone), text_from_instant(slot.start),
                            link_in_zone(slot.scheduling_url, answer.timezone), slot.invitees_remaining});
    }
    times.free.push_back(std::move(free));
  }
  if (answer.stale && answer.fetched_at)
    times.age = std::chrono::floor<std::chrono::seconds>(std::max(now - *answer.fetched_at, Instant::duration::zero()));
  return times;
}

}  // namespace slotwire::pages
